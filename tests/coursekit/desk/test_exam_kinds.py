"""What can go wrong with a question that is drawn: each kind of it, over two hundred seeds."""

import ast
import inspect
import re
from itertools import combinations, islice

import numpy as np
import pytest
from tests.some_of_many import some_of

from backprop.activations import relu
from coursekit.authoring.exercises import draw_cases
from coursekit.authoring.masters import find_master, known_problem_sets, read_master
from coursekit.checks.compare import compare, largest
from coursekit.exams.drawing import KINDS, draw_exam
from coursekit.exams.friendly import Call, friendly_calls, is_agreed, result_of
from coursekit.exams.kinds import find_the_mistake, one_step, shapes, which_message
from coursekit.exams.mending import PLAIN_NUMPY, mend_of
from coursekit.exams.questions import Block, in_figures, visibly_apart
from coursekit.exams.rounding import MOST_GIVEN, small_and_round
from coursekit.exams.statements import is_repair, returned, stub_without_shapes, told
from coursekit.exams.trees import can_be_written, flat

SECRET = b"s" * 32
SEEDS = range(1, 201)
SETS = known_problem_sets()
MASTERS = {name: read_master(find_master(name)) for name in SETS}
EXERCISES = [one for master in MASTERS.values() for one in master.exercises]
BOOK = find_master("ps1").parents[2] / "book"


def exercise_of(name):
    return MASTERS[name.partition("-")[0]].exercise(name)


def some_calls(name, seeds=SEEDS):
    """Calls of an exercise, one try for each seed."""
    exercise = exercise_of(name)
    return [c for seed in seeds for c in friendly_calls(exercise, np.random.default_rng(seed), 1)]


@pytest.mark.slow
@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("seeds", some_of([SEEDS[:50], SEEDS[50:]], 2), ids=str)
def test_every_question_of_two_hundred_seeds_is_unambiguous(name, seeds):
    """Each exercise and kind, drawn from as many seeds: the package computes it once more."""
    seen, exercises = 0, MASTERS[name].exercises
    for seed in seeds:
        exercise = exercises[seed % len(exercises)]
        kind = KINDS[seed % len(KINDS)]
        for question in islice(kind(exercise, np.random.default_rng(seed)), 3):
            seen += 1
            require_unambiguous(question, exercise)
    assert seen > len(seeds) / 10


def require_unambiguous(question, exercise):
    labels = [asked.label for asked in question.asked]
    assert len(set(labels)) == len(labels) <= 3
    assert all(isinstance(a.answer, str) or np.isfinite(a.answer) for a in question.asked)
    assert len(set(question.options)) == len(question.options)
    assert question.minutes > 0
    if question.options:
        assert len(question.options) == 4
        messages = {m.message for m in exercise.declaration.misconceptions}
        assert set(question.options) == question.gives_away <= messages
    if question.essay:
        right, wrong = (asked.answer for asked in question.asked)
        assert visibly_apart(right, wrong)
    for slip in question.slips:
        right = [in_figures(asked.answer) for asked in question.asked]
        same = [one == other for one, other in zip(right, slip.values, strict=True)]
        each = question.asked[0].points
        assert not all(same)
        assert slip.earned <= each * (len(same) - 0.5)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda one: one.id)
def test_calls_are_small_and_round_and_as_the_exercise_takes_them(exercise):
    for call in friendly_calls(exercise, np.random.default_rng(5)):
        given = [v for leaf in call.given() for v in np.ravel(leaf.value).tolist()]
        assert len(given) <= MOST_GIVEN
        assert all(len(f"{v:g}") <= 6 for v in given)
        assert is_agreed(call)
        assert all(max(np.shape(leaf.value), default=0) <= 6 for leaf in call.given())


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda one: one.id)
def test_what_differs_in_a_case_differs_in_the_small_call_and_in_the_same_order(exercise):
    """Sizes, steps and rates: a docstring that says steps > warmup is held by this."""
    drawn = [] if exercise.declaration.personal else range(1, 11)
    for seed in drawn:
        rng = np.random.default_rng(seed)
        for case in draw_cases(exercise.declaration, rng):
            scalars = [k for k, one in enumerate(case.arguments) if np.isscalar(one)]
            if len(scalars) < 2 or not can_be_written(case.arguments):
                continue
            small = small_and_round(case.arguments, rng) or case.arguments
            for k, other in combinations(scalars, 2):
                before = case.arguments[k], case.arguments[other]
                if isinstance(before[0], int) == isinstance(before[1], int):
                    assert np.sign(small[k] - small[other]) == np.sign(before[0] - before[1])


def test_three_sizes_are_three_numbers_and_the_warm_up_ends_before_the_training():
    for call in some_calls("ps2-shapes"):
        assert len(set(call.arguments)) == 3
    for call in some_calls("ps4-schedule"):
        _, warmup, steps, _ = call.arguments
        assert 1 <= warmup < steps


def test_no_call_has_a_single_class_a_single_minibatch_or_a_symmetric_matrix_of_weights():
    for name in ("ps2-softmax", "ps3-cross-entropy-forward", "ps3-cross-entropy-backward"):
        calls = some_calls(name, SEEDS[:20])
        assert calls
        assert all(np.shape(leaf)[-1] > 1 for call in calls for leaf in flat(call.value)
                   if np.ndim(leaf))  # fmt: skip
    for gradients, sizes in (
        call.arguments for call in some_calls("ps3-combined-gradient", SEEDS[:40])
    ):
        assert len(gradients) == len(sizes) > 1
        assert len(set(sizes)) > 1
    for name in ("ps3-columns", "ps3-linear-backward", "ps1-hidden-deltas", "ps3-tied"):
        for call in some_calls(name, SEEDS[:20]):
            for leaf in call.given():
                if np.ndim(leaf.value) == 2 and len(leaf.value) == len(leaf.value.T):
                    assert not np.array_equal(leaf.value, leaf.value.T)


@pytest.mark.parametrize("name", ["ps3-columns", "ps3-linear-backward", "ps1-mean-cost"])
def test_a_mean_over_examples_differs_from_a_sum(name):
    """With one example a factor 1/M cannot show."""
    rngs = map(np.random.default_rng, SEEDS[:20])
    calls = [call for rng in rngs for call in friendly_calls(exercise_of(name), rng)]
    assert calls
    assert all(call.single == 0 for call in calls)


def test_of_all_small_calls_those_are_asked_in_which_most_mistakes_show():
    exercise = exercise_of("ps2-total-derivative")
    for seed in range(1, 41):
        calls = friendly_calls(exercise, np.random.default_rng(seed))
        assert all(call.shown == len(call.wrong) for call in calls)  # none with a direct path of 0
        assert calls


@pytest.mark.parametrize(
    ("name", "function"), [("ps3-relu-backward", relu), ("ps3-tanh-backward", np.tanh)]
)
def test_what_a_cache_holds_follows_from_what_it_holds(name, function):
    calls = some_calls(name, SEEDS[:20])
    assert calls
    for call in calls:
        _, cache = call.arguments
        np.testing.assert_allclose(cache.A, function(cache.Z), atol=5.1e-4)


def test_the_pre_activations_of_a_network_are_those_of_its_weights():
    exercise, seen = exercise_of("ps3-network-backward"), 0
    for seed in SEEDS[:20]:
        rng = np.random.default_rng(seed)
        for case in draw_cases(exercise.declaration, rng):
            small = small_and_round(case.arguments, rng)
            for A_in, W, Z in small[1] if small and len(small[1][0][0]) > 1 else ():
                seen += 1
                rest = Z - A_in @ W
                np.testing.assert_allclose(rest, np.broadcast_to(rest[0], rest.shape), atol=1e-9)
    assert seen > 20


def test_labels_are_classes_that_there_are_and_not_all_the_same():
    for Z, Y in (call.arguments for call in some_calls("ps3-cross-entropy-forward", SEEDS[:20])):
        if np.ndim(Y) == 1:
            assert set(Y.tolist()) <= set(range(len(Z.T)))
        else:
            np.testing.assert_allclose(Y.sum(axis=1), 1)


def test_targets_of_0_and_1_are_not_all_the_same():
    calls = some_calls("ps1-mean-cost", SEEDS[:20])
    assert {float(np.ptp(call.arguments[1])) for call in calls} == {1.0}


def test_a_call_on_which_right_answers_differ_is_not_asked():
    exercise = exercise_of("ps1-output-deltas")
    exercise.declaration.right_answers.append(lambda a, y: a - y)
    try:
        assert not friendly_calls(exercise, np.random.default_rng(5))
    finally:
        exercise.declaration.right_answers.pop()
    assert friendly_calls(exercise, np.random.default_rng(5))


def test_an_exercise_that_hands_out_a_broken_function_asks_for_no_mistake():
    repairs = [one for one in EXERCISES if is_repair(one)]
    assert [one.id for one in repairs] == ["ps5-repair"]
    for exercise in repairs:
        for seed in range(1, 11):
            rng = np.random.default_rng(seed)
            assert not list(find_the_mistake(exercise, rng))
            assert not list(which_message(exercise, rng))
            assert all(not question.slips for question in one_step(exercise, rng))


def mended(exercise):
    for mistake in exercise.declaration.misconceptions:
        mend = mend_of(exercise, mistake)
        if mend is not None:
            yield mend


def defined(code):
    names = {"np": np}
    exec(code, names)
    return next(value for value in names.values() if inspect.isfunction(value))


@pytest.mark.slow
@pytest.mark.parametrize("name", some_of(SETS, 2))
def test_a_function_with_one_mistake_is_right_when_its_line_is_mended(name):
    """In cases that were not drawn when the mend was found."""
    seen = 0
    for exercise in MASTERS[name].exercises:
        for mend in () if exercise.declaration.personal else mended(exercise):
            lines = mend.code.splitlines()
            assert is_wrong(exercise, mend.code)
            for place in mend.places:
                seen += 1
                line = lines[place.line - 1]
                assert line.strip() == place.wrong
                repaired = [*lines]
                repaired[place.line - 1] = line.replace(place.wrong, place.right)
                assert not is_wrong(exercise, "\n".join(repaired)), (exercise.id, place)
    assert seen >= {"ps0": 9, "ps4": 5, "ps5": 0}.get(name, 20)


def is_wrong(exercise, code):
    function, reference = defined(code), exercise.reference.function
    cases = draw_cases(exercise.declaration, np.random.default_rng(77))
    with np.errstate(all="ignore"):
        return any(
            compare(
                result_of(reference, case.arguments),
                result_of(function, case.arguments),
                exercise.declaration.rtol,
                largest(case.arguments),
            )
            for case in cases
        )


def test_two_mistakes_in_one_function_are_not_called_one():
    """Mended in one line it would still subtract the largest logit of the whole table."""
    exercise = exercise_of("ps2-softmax")

    def both(Z):
        E = np.exp(Z - np.max(Z))
        return E / E.sum()

    mistake = next(m for m in exercise.declaration.misconceptions if m.id == "over-everything")
    source = inspect.getsource(both)
    assert mend_of(exercise, mistake) is None or source not in mend_of(exercise, mistake).code
    assert all("np.max(Z))" not in mend.code for mend in mended(exercise))


def test_code_on_paper_uses_of_numpy_what_the_book_does():
    text = "".join(page.read_text(encoding="utf-8") for page in BOOK.rglob("*.md"))
    assert {name for name in PLAIN_NUMPY if f"np.{name}" not in text} == set()
    for exercise in MASTERS["ps1"].exercises:
        for mend in mended(exercise):
            assert set(re.findall(r"\bnp\.(\w+)", mend.code)) <= PLAIN_NUMPY
            assert not any(isinstance(node, ast.Starred) for node in ast.walk(ast.parse(mend.code)))


def test_the_key_of_a_mistake_names_its_line_and_splits_the_points():
    seen = 0
    for seed in range(1, 21):
        for name in ("ps1-hidden-deltas", "ps3-combined-gradient"):
            for question in islice(
                find_the_mistake(exercise_of(name), np.random.default_rng(seed)), 2
            ):
                seen += 1
                place, reason = question.good
                code = next(b.content for b in question.text if re.match(r" 1  def", b.content))
                number, line = re.match(r"The place: line (\d+), `(.+?)`; right is", place).groups()
                assert code.splitlines()[int(number) - 1].strip() == f"{number}      {line}"
                assert question.asks_for == {reason.partition("says of it: ")[2]}
                assert question.points == 4
    assert seen > 20


def test_shapes_are_asked_only_where_the_page_does_not_say_them():
    seen = 0
    for exercise in EXERCISES:
        returned = stub_without_shapes(exercise).partition("Returns\n")[2]
        assert not re.search(r"shape \(|same shape|the shape of", returned), exercise.id
        for seed in (1, 2, 3):
            for question in islice(shapes(exercise, np.random.default_rng(seed)), 3):
                seen += 1
                answers = [asked.answer for asked in question.asked]
                assert len(set(answers)) == len(answers) <= 3
                given = question.text[-1].content
                for name in inspect.signature(exercise.reference.function).parameters:
                    assert re.search(rf"\b{name}\b", given) or name == "rng"
    assert seen > 20


def test_the_size_of_a_minibatch_is_on_the_page_and_each_part_has_a_name():
    (question, *_) = shapes(exercise_of("ps4-minibatches"), np.random.default_rng(1))
    assert re.search(r"batch_size is \d", question.text[-1].content)
    assert all(re.match(r"[XY]_batch of result\[\d\]", a.label) for a in question.asked)


@pytest.mark.parametrize("name", some_of(["ps1", "ps3", "ps4"], 3))
def test_only_the_right_message_gives_the_numbers_that_are_shown(name):
    seen = 0
    for exercise in MASTERS[name].exercises:
        for seed in range(5):
            for question in islice(which_message(exercise, np.random.default_rng(seed)), 1):
                calls = friendly_calls(exercise, np.random.default_rng(seed))
                blocks = list(question.text)
                came = blocks[blocks.index(Block("text", "What comes back is")) + 1 : -1]
                asked_with = blocks[1 : -len(came) - 2]
                call = next(c for c in calls if [*told(exercise, c.given())] == asked_with)
                fitting = {
                    mistake.message
                    for mistake in exercise.declaration.misconceptions
                    if call.of(mistake) and list(returned(call.of(mistake).leaves)) == came
                }
                assert fitting == {question.options[question.right]}
                seen += 1
    assert seen > 10


@pytest.mark.parametrize("name", SETS)
def test_no_question_prints_what_another_one_asks_for(name):
    for seed in range(1, 31 if name == "ps0" else 6):
        for form in draw_exam(MASTERS[name], SECRET, seed, 2):
            messages = {m for q in form.questions for m in q.asks_for}
            for question in form.questions:
                shown = " ".join([*question.options, *(b.content for b in question.text)])
                assert not any(message in shown for message in messages)


def test_work_earns_points():
    """A long sum earns more than one function's value, and several of them more than one."""
    function, one_sum, sums = (
        next(one_step(exercise_of(name), np.random.default_rng(1)))
        for name in ("ps1-logistic", "ps2-total-derivative", "ps3-tied")
    )
    assert function.points / len(function.asked) < one_sum.points / len(one_sum.asked)
    assert one_sum.points < sums.points


def test_a_right_number_comes_out_by_few_mistakes():
    """In half of the numbers of an array at least that a mistake changes, it shows."""
    for name in ("ps3-input-derivation", "ps3-weight-derivation", "ps3-linear-backward"):
        exercise = exercise_of(name)
        for seed in SEEDS[:20]:
            for question in islice(one_step(exercise, np.random.default_rng(seed)), 2):
                right = [in_figures(asked.answer) for asked in question.asked]
                parts = [re.sub(r"\[[\d, ]+\]$", "", asked.label) for asked in question.asked]
                for slip in question.slips:
                    wrong = {p for p, r, v in zip(parts, right, slip.values, strict=True) if r != v}
                    at_risk = [k for k, part in enumerate(parts) if part in wrong]
                    same = sum(right[k] == slip.values[k] for k in at_risk)
                    assert 2 * same <= len(at_risk)


def test_a_call_holds_what_its_mistakes_return():
    (call, *_) = friendly_calls(exercise_of("ps1-mean-cost"), np.random.default_rng(1))
    assert isinstance(call, Call)
    for mistake in call.exercise.declaration.misconceptions:
        value = mistake.wrong(*call.arguments)
        assert call.of(mistake).entries == {"result": pytest.approx(float(value))}
