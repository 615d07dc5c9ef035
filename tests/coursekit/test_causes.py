"""What is wrong in an answer: it is said where it holds in every case, and nowhere else."""

import functools
import inspect
from dataclasses import replace

import numpy as np
import pytest

from coursekit.authoring.causes import CalledCauses, causes_for
from coursekit.authoring.exercises import Cases, Exercise
from coursekit.authoring.kept_causes import digest_of
from coursekit.authoring.masters import MASTERS, PlacedExercise, read_master
from coursekit.authoring.reference_source import read_reference
from coursekit.authoring.tasks import make_task, opaque
from coursekit.checks.calling import call
from coursekit.checks.case_file import load_tasks, save_tasks
from coursekit.checks.causes import IN_PAIRS, causes_of, sentences, simplest
from coursekit.checks.compare import examine
from coursekit.checks.hints import ladder, naming
from coursekit.checks.model import Cause
from coursekit.checks.patterns import known_exactly, pattern_of


def step(theta, grad, moment, eta, beta, t):
    """One step.

    Examples
    --------
    >>> step(np.zeros(2), np.ones(2), np.zeros(2), 0.1, 0.5, 1)[1]
    array([0.5, 0.5])
    """
    new = beta * moment + (1 - beta) * grad
    return theta - eta * new / (1 - beta**t), new


def table(S, u):
    """The rows of a table, weighed, each with what it has in common with another."""
    total = np.zeros(len(u))
    for k in range(len(u)):
        total = total + S[k] @ u * np.log(np.abs(u) + 1)
    return total, np.sum(S, axis=0), np.linalg.norm(u)


def shuffled(X, rng):
    """Rows in another order, from the last to the first, and what each pair has in common."""
    order = rng.permutation(len(X))
    return X[order][::-1], X.T @ np.abs(X), np.sum((X - 1) ** 2, axis=1)


def draw_step(rng):
    theta, grad, moment = rng.normal(size=(3, 4))
    eta, beta = float(rng.uniform(0.1, 0.5)), float(rng.uniform(0.3, 0.9))
    return theta, grad, moment, eta, beta, int(rng.integers(2, 6))


def draw_table(rng):
    return rng.normal(size=(3, 3)), rng.normal(size=3)


def draw_shuffled(rng):
    return rng.normal(size=(4, 3)), np.random.default_rng(rng.integers(1000))


def exercise_of(reference, draw, share=0.5):
    cases = [Cases("some", draw, share, 3), Cases("more", draw, 1 - share, 3)]
    return PlacedExercise("mine", read_reference(reference), 1, Exercise(reference, cases))


EXERCISES = {
    step: exercise_of(step, draw_step),
    table: exercise_of(table, draw_table),
    shuffled: exercise_of(shuffled, draw_shuffled),
}


@functools.cache
def task_of(reference, kept):
    task = make_task(EXERCISES[reference], np.random.default_rng(0))
    return opaque(task) if kept else task


def verdict_of(reference, wrong, kept=False):
    """The verdict on an answer: in grading, or with what a release holds."""
    task = task_of(reference, kept)
    with np.errstate(all="ignore"):
        return examine(task, [call(wrong, task.parameters, c.arguments) for c in task.cases])


def told(reference, wrong, **options):
    return " ".join(sentences(verdict_of(reference, wrong, **options)))


def without_power(theta, grad, moment, eta, beta, t):
    new = grad + beta * (moment - grad)
    return theta - new * (eta / (1 - beta)), new


def share_for_rest(theta, grad, moment, eta, beta, t):
    new = beta * moment + beta * grad
    return theta - eta * new / (1 - beta**t), new


def state_before(theta, grad, moment, eta, beta, t):
    new = beta * moment + (1 - beta) * grad
    return theta - eta * moment / (1 - beta**t), new


def sign(theta, grad, moment, eta, beta, t):
    new = beta * moment - (1 - beta) * grad
    return theta - eta * new / (1 - beta**t), new


def sum_kept(theta, grad, moment, eta, beta, t):
    new = moment * beta + grad
    return theta - eta * new / (1 - beta**t), new


def argument_for_argument(theta, grad, moment, eta, beta, t):
    new = beta * grad + (1 - beta) * grad
    return theta - eta * new / (1 - beta**t), new


def one_off(theta, grad, moment, eta, beta, t):
    new = beta * moment + (1 - beta) * grad
    return theta - eta * new / (1 - beta ** (t + 1)), new


def guarded(theta, grad, moment, eta, beta, t):
    new = beta * moment + (1 - beta) * grad
    return theta - eta * new / (1e-5 + 1 - beta**t), new


def twice(theta, grad, moment, eta, beta, t):
    new = beta * moment + (1 - beta) * grad
    return theta - eta * new / (1 - beta**t) ** 2, new


def mean_for_sum(S, u):
    total, _, norm = table(S, u)
    return total, S.mean(axis=0), norm


def square_of_norm(S, u):
    total, columns, _ = table(S, u)
    return total, columns, u @ u


def last_path(S, u):
    _, columns, norm = table(S, u)
    return S[-1] @ u * np.log(np.abs(u) + 1), columns, norm


def other_axis(S, u):
    total, _, norm = table(S, u)
    return total, S.sum(axis=1), norm


def last_turn_left_out(S, u):
    total, columns, norm = table(S, u)
    return total - S[-1] @ u * np.log(np.abs(u) + 1), columns, norm


def first_term_left_out(S, u):
    total, _, norm = table(S, u)
    return total, S[1:].sum(axis=0), norm


def summed_apart(S, u):
    _, columns, norm = table(S, u)
    return sum(s.sum() * u.sum() * np.log(np.abs(u) + 1) for s in S), columns, norm


def first_turn_alone(S, u):
    _, columns, norm = table(S, u)
    return S[0] @ u * np.log(np.abs(u) + 1), columns, norm


def doubled_inside(S, u):
    _, columns, norm = table(S, u)
    return np.sum(S @ u) * np.log(2 * (np.abs(u) + 1)), columns, norm


def without_its_sign(theta, grad, moment, eta, beta, t):
    return step(theta, np.sqrt(grad**2), moment, eta, beta, t)


def softmax_too_many(theta, grad, moment, eta, beta, t):
    return step(theta, np.exp(grad) / np.exp(grad).sum(), moment, eta, beta, t)


def one_mean(theta, grad, moment, eta, beta, t):
    return step(theta, np.full(4, grad.sum() / 4), moment, eta, beta, t)


def each_time(theta, grad, moment, eta, beta, t):
    new = beta * moment + sum((1 - beta) * grad for _ in theta)
    return theta - eta * new / (1 - beta**t), new


def multiplied(theta, grad, moment, eta, beta, t):
    new = beta * moment * grad * (1 - beta)
    return theta - eta * new / (1 - beta**t), new


def other_side(theta, grad, moment, eta, beta, t):
    moved, new = step(theta, grad, moment, eta, beta, t)
    return -moved, new


def scattered(X, rng):
    order, result = rng.permutation(len(X)), np.zeros(X.shape)
    for k, row in enumerate(order):
        result[row] = X[k]
    return result[::-1], *shuffled(X, np.random.default_rng(0))[1:]


def in_the_order_of_the_draw(X, rng):
    first, *rest = shuffled(X, rng)
    return first[::-1], *rest


def reshaped(X, rng):
    first, _, squares = shuffled(X, rng)
    return first, X.reshape(3, 4) @ np.abs(X), squares


def squared_too_late(X, rng):
    first, products, _ = shuffled(X, rng)
    return first, products, (X - 1).sum(axis=1) ** 2


FAMILIES = [
    (step, without_power, "the power of the part with `beta` is left out"),
    (step, share_for_rest, "the part with `beta` is taken without the one minus in front of it"),
    (step, state_before, "`moment` is used as it came in"),
    (step, sign, "`beta` and `grad`"),
    (step, sum_kept, "`beta`"),
    (step, argument_for_argument, "`grad` stands where `moment` is to stand"),
    (step, one_off, "one too large"),
    (step, guarded, "a small number such as 1e-8 is added to what divides"),
    (step, twice, "the division by the part with `beta` and `t` is made twice"),
    (table, mean_for_sum, "a mean is taken where a sum is to be taken"),
    (table, square_of_norm, "the square of the part with `u`"),
    (table, last_path, "overwrite|left out"),
    (table, other_axis, "along another axis"),
    (table, last_turn_left_out, "the last turn of a loop"),
    (table, first_term_left_out, "the first term of the sum over the part with `S` is left out"),
    (table, summed_apart, "are added up apart, and the sums multiplied"),
    (table, first_turn_alone, "ends after its first turn"),
    (table, doubled_inside, "the logarithm of the part with `u` is twice as large"),
    (step, without_its_sign, "the absolute value of `grad` is taken"),
    (step, softmax_too_many, "softmax is applied to `grad`, which is to be taken as it is"),
    (step, one_mean, "one mean stands in the place of the entries of the part with `grad`"),
    (step, each_time, "is added more than once, for each of the entries of `theta`"),
    (step, multiplied, "are multiplied where they are to be added"),
    (step, other_side, "wrong sides of a minus|sides of a minus with"),
    (shuffled, scattered, "say where an example goes to, and not where it comes from"),
    (shuffled, in_the_order_of_the_draw, "is not turned round"),
    (shuffled, reshaped, "is reshaped where it is to be transposed"),
    (shuffled, squared_too_late, "the sum of the part with `X` is squared, and not each term"),
]
IDS = [wrong.__name__ for _, wrong, _ in FAMILIES]


@pytest.mark.parametrize("kept", [False, True], ids=["graded", "released"])
@pytest.mark.parametrize(("reference", "wrong", "words"), FAMILIES, ids=IDS)
def test_a_family_speaks_where_it_holds(reference, wrong, words, kept):
    said = told(reference, wrong, kept=kept)
    assert any(part in said for part in words.split("|")), said


@pytest.mark.parametrize("spoil", [np.nan, np.inf, 1e3, 0.0])
@pytest.mark.parametrize("kept", [False, True], ids=["graded", "released"])
@pytest.mark.parametrize(("reference", "wrong", "words"), FAMILIES, ids=IDS)
def test_it_says_nothing_where_one_number_of_one_case_does_not_fit(
    reference, wrong, words, kept, spoil
):
    calls = iter(range(100))

    def almost(*arguments):
        parts = [np.array(part, dtype=float) for part in wrong(*arguments)]
        if next(calls) == 4:
            for part in parts:
                part.flat[0] = spoil
        return tuple(parts)

    almost.__name__ = wrong.__name__
    assert told(reference, almost, kept=kept) == ""


def float32(part):
    return np.asarray(part, dtype=np.float32).astype(float)


NEARLY = {
    "float32": float32,
    "one ulp": lambda part: np.nextafter(part, np.inf),
    "six digits": lambda part: np.array([float(f"{x:.6g}") for x in np.ravel(part)]).reshape(
        np.shape(part)
    ),
    "a part in a million": lambda part: np.asarray(part) * (1 + 3e-6),
    "an added 1e-8": lambda part: np.asarray(part) + 1e-8,
}


@pytest.mark.parametrize("near", NEARLY.values(), ids=NEARLY)
@pytest.mark.parametrize("kept", [False, True], ids=["graded", "released"])
@pytest.mark.parametrize("reference", EXERCISES, ids=lambda function: function.__name__)
def test_an_answer_that_is_right_or_nearly_right_is_not_explained(reference, near, kept):
    def nearly(*arguments):
        return tuple(near(part) for part in reference(*arguments))

    assert told(reference, nearly, kept=kept) == ""


def test_each_part_has_its_own_cause_and_a_right_part_has_none():
    def two_mistakes(S, u):
        total, _, norm = table(S, u)
        return total, S.mean(axis=0), norm**2

    said = told(table, two_mistakes)
    assert "In the result[1]: your numbers are just what comes out when a mean" in said
    assert "In the result[2]: your numbers are just what comes out when the square" in said
    assert "result[0]" not in said


def test_a_cause_that_would_spoil_another_part_is_none():
    def first_part_only(theta, grad, moment, eta, beta, t):
        spoiled, _ = sign(theta, grad, moment, eta, beta, t)
        return spoiled, step(theta, grad, moment, eta, beta, t)[1] * 7

    assert "In the result[0]" not in told(step, first_part_only)


def test_no_constant_and_no_answer_of_another_kind_is_explained():
    assert told(step, lambda theta, *rest: (0 * theta, 0 * theta)) == ""
    assert told(step, lambda *arguments: None) == ""
    assert told(step, lambda *arguments: 1 / 0) == ""
    assert told(step, lambda *arguments: ("a", "b")) == ""


def test_what_is_said_reaches_the_student_beside_the_pattern():
    text = pattern_of(verdict_of(table, mean_for_sum, kept=True))
    assert "1/3 of the expected one" in text
    assert "a mean is taken where a sum is to be taken" in text


def test_where_it_is_known_what_went_wrong_the_place_is_named():
    verdict = verdict_of(step, share_for_rest, kept=True)
    task = replace(verdict.task, hints=("Which?", "Look at the root.", "Most forget it."))
    assert ladder(replace(verdict, task=task))[1] == ["Look at what you do with `beta`."]
    unknown = ladder(replace(verdict, task=replace(task, causes=None)))
    assert unknown[1] == ["Most often it goes wrong here. Look at the root."]


def test_of_some_causes_each_kind_at_a_place_is_said_once_and_of_pairs_one():
    kinds = [Cause(kind, ("a",), kind) for kind in ("sign", "power", "axis", "order")]
    again = Cause("sign", ("a",), "sign, in other words")
    assert simplest([*kinds[:3], again]) == kinds[:3]
    assert simplest(kinds) == []
    assert simplest([replace(kinds[0], rank=1), kinds[1]]) == [kinds[1]]
    pairs = [replace(cause, rank=IN_PAIRS) for cause in kinds]
    assert simplest(pairs) == pairs[:1]


def test_far_fetched_causes_are_not_said_beside_a_factor():
    signless = verdict_of(step, without_its_sign)
    assert list(sentences(signless, 5))
    assert not list(sentences(signless, 4))
    assert not known_exactly(signless)
    tripled = verdict_of(step, lambda *given: [3 * part for part in step(*given)])
    assert known_exactly(tripled)


def nothing_repaired(theta, grad, moment, eta, beta, t):
    return theta * 3 - grad, moment * 5 + grad


def test_what_a_room_lists_is_explained_in_its_words_and_kept_under_another_name():
    exercise = exercise_of(step, draw_step)
    plain = make_task(exercise, np.random.default_rng(0))
    exercise.declaration.explained.append(("nothing is repaired", nothing_repaired))
    exercise.declaration.wrong_solutions.clear()
    for task in (make_task(exercise, np.random.default_rng(0)), opaque(plain)):
        found = [call(nothing_repaired, task.parameters, case.arguments) for case in task.cases]
        assert list(sentences(examine(task, found))) == [
            "Your numbers are just what comes out when nothing is repaired."
        ]
    before = digest_of(plain.causes)
    exercise.declaration.explained.clear()
    assert digest_of(plain.causes) != before


def test_what_goes_wrong_most_often_is_not_said_beside_what_went_wrong_here():
    verdict = verdict_of(table, mean_for_sum, kept=True)
    task = replace(verdict.task, hints=("Which?", "Where?", "Most forget the norm."))
    assert "a mean is taken" in " ".join(naming(replace(verdict, task=task))[0].split())
    assert len(naming(replace(verdict, task=task))) == 1
    assert naming(replace(verdict, task=replace(task, causes=None)))[1:] == [
        "Most forget the norm."
    ]


def test_a_release_keeps_prints_and_no_results(tmp_path):
    task = opaque(make_task(EXERCISES[step], np.random.default_rng(0)))
    save_tasks(tmp_path / "mine_cases.npz", [task])
    loaded = load_tasks(tmp_path / "mine_cases.npz")["step"]
    assert loaded.causes.causes == task.causes.causes
    assert np.array_equal(loaded.causes.numbers, task.causes.numbers)
    assert loaded.causes.numbers.shape == (len(loaded.causes.causes), 2)
    old = {**vars(task), "causes": None}
    save_tasks(tmp_path / "old_cases.npz", [type(task)(**old)])
    assert load_tasks(tmp_path / "old_cases.npz")["step"].causes is None


def test_graded_and_released_name_the_same_causes():
    for reference, wrong, _ in FAMILIES:
        names = [
            [[cause.words for cause in causes] for _, causes in causes_of(verdict)]
            for verdict in (verdict_of(reference, wrong), verdict_of(reference, wrong, kept=True))
        ]
        assert names[0] == names[1]


def grows_what_it_reads(xs):
    """Without end, if the loop goes through the list that grows."""
    out = [xs[0]]
    for x in xs[1:]:
        out.append(out[-1] + x)
    return np.array(out)


def test_a_change_that_would_not_end_is_left_out():
    exercise = exercise_of(grows_what_it_reads, lambda rng: (rng.normal(size=4),))
    causes = make_task(exercise, np.random.default_rng(0)).causes
    assert len(causes.kept().causes) > 5


def repeats(x):
    """Loops by a condition, so that a change may keep it from ending."""
    while np.abs(x).max() > 1:
        x = x / 2
    return x


def test_a_solution_that_loops_by_a_condition_is_not_changed():
    exercise = exercise_of(repeats, lambda rng: (rng.normal(size=3),))
    assert make_task(exercise, np.random.default_rng(0)).causes.wrong == []


@pytest.mark.parametrize("name", ["which-rule", "train", "expose"])
def test_results_that_are_no_numbers_have_no_causes(name):
    exercise = next(
        exercise
        for problem_set in ("ps3", "ps4", "ps5")
        for exercise in read_master(MASTERS / f"{problem_set}.md").exercises
        if exercise.id.endswith(name)
    )
    assert make_task(exercise, np.random.default_rng(0)).causes is None


def test_every_wrong_solution_is_made_once_for_an_exercise():
    exercise = exercise_of(step, draw_step)
    first, second = (make_task(exercise, np.random.default_rng(seed)) for seed in (0, 1))
    assert first.causes.wrong is second.causes.wrong
    assert isinstance(causes_for(exercise, first.cases), CalledCauses)
    assert tuple(inspect.signature(step).parameters) == first.causes.names
