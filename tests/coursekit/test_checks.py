"""Comparing, explaining, naming: what students read, and what the judge awards by."""

import collections

import numpy as np
import pytest

from coursekit.checks.calling import call
from coursekit.checks.case_file import load_tasks, save_tasks
from coursekit.checks.compare import ATOL_OF_SCALE, close, compare
from coursekit.checks.diagnosis import diagnose, report
from coursekit.checks.hints import hint_text
from coursekit.checks.model import Case, Raised, Returned, Task
from coursekit.checks.patterns import numbers_pattern, pattern_of
from coursekit.checks.values import Code
from coursekit.verification.answers import verdict_of

X = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])


def task_of(reference, inputs, mistakes=(), **options) -> Task:
    cases = tuple(
        Case(
            group,
            arguments,
            reference(*arguments),
            {name: call(wrong, ("X",), arguments) for name, wrong in dict(mistakes).items()},
        )
        for group, arguments in inputs
    )
    messages = {name: f"Message of {name}." for name in dict(mistakes)}
    return Task("f", ("X",), cases, messages, **options)


def mean_rows(X):
    return X.mean(axis=0)


INPUTS = [("two rows", (X,)), ("five rows", (np.arange(15.0).reshape(5, 3) ** 1.5,))]
MISTAKES = {
    "sum": lambda X: X.sum(axis=0),
    "axis": lambda X: X.mean(axis=1),
    "sum-too": lambda X: X.sum(axis=0),
}
TASK = task_of(mean_rows, INPUTS, MISTAKES)


class TestCompare:
    @pytest.mark.parametrize(
        "found",
        [
            [2.5, 3.5, 4.5],
            (2.5, 3.5, 4.5),
            np.array([2.5, 3.5, 4.5], dtype=np.float32),
            np.array([2.5, 3.5, 4.5]) * (1 + 1e-9),
        ],
    )
    def test_honest_variety_passes(self, found):
        assert compare(np.array([2.5, 3.5, 4.5]), found) is None

    @pytest.mark.parametrize("found", [3, 3.0, np.float64(3), np.array(3.0), np.int64(3)])
    def test_a_number_may_come_in_any_type(self, found):
        assert compare(3.0, found) is None

    @pytest.mark.parametrize(
        ("expected", "found", "prop", "words"),
        [
            (X, None, "type", "did you forget the return"),
            (X, "x", "type", "expected is an array"),
            (X, X.T, "shape", r"has shape \(3, 2\); expected is \(2, 3\)"),
            (np.array([1.0, 2.0]), np.array([[1.0], [2.0]]), "shape", r"\(2, 1\)"),
            (3.0, np.array([3.0]), "shape", "a single number"),
            (X, X + 0j, "dtype", "complex"),
            (
                X,
                np.where(X == 4, 5, X),
                "value",
                r"entry \[1, 0\] of the result is 5; expected is 4",
            ),
            (X, np.where(X == 4, np.nan, X), "finite", r"entry \[1, 0\]"),
            (
                (1.0, 2.0),
                (1.0,),
                "type",
                "of 1 number; expected is a tuple or a list of 2 numbers",
            ),
            ((1.0, 2.0), (1.0, 3.0), "value", r"the result\[1\] is 3"),
            (
                {"W": 1.0},
                {"w": 1.0},
                "type",
                "has no key 'W'; has a key that is not asked for: 'w'",
            ),
            ({"W": 1.0}, {"W": 2.0}, "value", r"\['W'\]"),
            ("mean", "sum", "value", "expected is 'mean'"),
            (True, False, "value", "expected is True"),
            (np.array([1, 2]), np.array([1, 3]), "value", "is 3; expected is 2"),
        ],
    )
    def test_the_first_difference_is_said(self, expected, found, prop, words):
        finding = compare(expected, found)
        assert finding.prop == prop
        assert __import__("re").search(words, finding.text), finding.text

    def test_nan_and_infinity_equal_themselves(self):
        assert compare(np.array([np.nan, np.inf]), np.array([np.nan, np.inf])) is None

    def test_a_true_zero_may_carry_rounding_and_no_more(self):
        assert compare(np.zeros(2), np.array([0, 1e-12])) is None
        assert compare(np.zeros(2), np.array([0, 1e-6])) is not None

    def test_small_values_are_compared_relatively(self):
        assert compare(np.array([1e-6]), np.array([1.01e-6]), scale=1e-6) is not None

    def test_objects_that_claim_to_be_equal_are_not(self):
        class Equal:
            def __eq__(self, other):
                return True

        assert compare(X, Equal()).prop == "type"
        assert compare("x", Equal()).prop == "type"


class TestExamine:
    def test_the_right_function_passes_every_group(self):
        verdict = verdict_of(TASK, mean_rows)
        assert verdict.passed
        assert verdict.passed_groups == {"two rows", "five rows"}

    def test_a_group_passes_by_itself(self):
        verdict = verdict_of(TASK, lambda X: X.mean(axis=0) if len(X) == 2 else X[0])
        assert verdict.passed_groups == {"two rows"}
        assert verdict.first == 1

    def test_an_error_is_a_finding(self):
        verdict = verdict_of(TASK, lambda X: 1 / 0)
        assert "it stopped with ZeroDivisionError: division by zero" in report(verdict)

    def test_a_changed_argument_is_a_finding(self):
        def mutates(X):
            result = X.mean(axis=0)
            X += 1
            return result

        finding = verdict_of(TASK, mutates).findings[0]
        assert finding.prop == "arguments"
        assert "changed its argument X" in finding.text

    def test_the_inputs_of_the_task_survive_a_mutating_function(self):
        def mutates(X):
            X[:] = 0

        verdict_of(TASK, mutates)
        assert TASK.cases[0].arguments[0][0, 0] == 1


class TestDiagnose:
    def test_a_known_mistake_is_named(self):
        assert diagnose(verdict_of(TASK, lambda X: X.mean(axis=1))) == ("axis",)

    def test_mistakes_that_do_the_same_are_all_named(self):
        assert diagnose(verdict_of(TASK, lambda X: len(X) * X.mean(axis=0))) == ("sum", "sum-too")

    def test_an_unknown_mistake_is_not_guessed(self):
        assert diagnose(verdict_of(TASK, lambda X: X.mean(axis=0) + 1)) == ()

    def test_one_case_that_differs_is_enough_to_name_nothing(self):
        two = verdict_of(TASK, lambda X: X.sum(axis=0) if len(X) == 2 else X[0])
        assert diagnose(two) == ()

    def test_a_right_answer_has_no_diagnosis(self):
        assert diagnose(verdict_of(TASK, mean_rows)) == ()

    def test_an_error_matches_only_the_same_error(self):
        task = task_of(mean_rows, INPUTS, {"crash": lambda X: X @ X})
        assert diagnose(verdict_of(task, lambda X: X @ X)) == ("crash",)
        assert diagnose(verdict_of(task, lambda X: {}["x"])) == ()


class TestPatterns:
    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            (lambda X: -X.mean(axis=0), "the negative of"),
            (lambda X: X.mean(axis=0) / 2, "1/2 of"),
            (lambda X: 2 * X.mean(axis=0), "2 times"),
            (
                lambda X: X.sum(axis=0),
                "is too large by a factor that is exactly the number of rows",
            ),
            (lambda X: X.mean(axis=0) / len(X), "small by a factor that is exactly the number of "),
            (lambda X: X.mean(axis=0) / len(X), "rows of X (for example 2)."),
            (lambda X: 2 * X.sum(axis=0), "Apart from a factor 2, every result is too large"),
            (lambda X: -X.sum(axis=0), "Apart from the sign, every result is too large"),
            (lambda X: X.mean(axis=0) + 1, "Every number is too large by exactly 1."),
            (lambda X: X.mean(axis=0) - 0.5, "Every number is too small by exactly 0.5."),
            (lambda X: X.mean(axis=0)[::-1], "the right numbers, but some stand in the wrong"),
        ],
    )
    def test_a_common_factor_is_said(self, wrong, words):
        assert words in pattern_of(verdict_of(TASK, wrong))

    def test_a_transpose_is_said(self):
        task = task_of(lambda X: 2 * X, INPUTS)
        assert "transpose" in pattern_of(verdict_of(task, lambda X: 2 * X.T))

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            (lambda X: (X, -X.mean(axis=0)), "In the result[1]: Every result is the negative"),
            (lambda X: (X, -X.mean(axis=0)), "Right in every case: the result[0]."),
            (lambda X: (X**2, X.mean(axis=0)), "Right in every case: the result[1]."),
            (lambda X: (2 * X, 3 * X.mean(axis=0)), "the result[0]: Every result is 2 t"),
            (lambda X: (2 * X, 3 * X.mean(axis=0)), "the result[1]: Every result is 3 t"),
            (lambda X: (-X, -X.mean(axis=0)), "In the result[0] and the result[1]: Every"),
        ],
    )
    def test_the_parts_of_a_result_are_looked_at_one_by_one(self, wrong, words):
        task = task_of(lambda X: (X, X.mean(axis=0)), INPUTS)
        assert words in pattern_of(verdict_of(task, wrong))

    def test_the_entries_of_a_dict_are_named(self):
        task = task_of(lambda X: {"a": X, "b": X.sum()}, INPUTS)
        text = pattern_of(verdict_of(task, lambda X: {"a": X, "b": 2 * X.sum()}))
        assert text == "Right in every case: 'a'. In 'b': Every result is 2 times the expected one."

    def test_a_list_of_arrays_is_taken_as_one(self):
        task = task_of(lambda X: [X, X.sum(axis=0)], INPUTS)
        wrong = verdict_of(task, lambda X: [-X, -X.sum(axis=0)])
        assert "the negative of" in pattern_of(wrong)
        assert pattern_of(verdict_of(task, lambda X: [X, -X.sum(axis=0)])) == ""

    def test_arguments_that_are_ragged_lists_have_no_axes(self):
        inputs = [("a", ([X, X[0]],)), ("b", ([X[0], X],))]
        task = task_of(lambda parts: parts[0].sum(), inputs)
        wrong = verdict_of(task, lambda parts: parts[0].sum() * parts[0].ndim)
        assert numbers_pattern(wrong) == ""

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            (lambda X: X.mean(axis=0)[:, None], "shape is not: (3, 1) instead of (3,)."),
            (lambda X: X / len(X), "A sum is missing: added up along axis 0"),
            (lambda X: X, "A mean is missing: averaged along axis 0"),
            (lambda X: X.mean(axis=0).sum(), "You add up what should stay apart"),
        ],
    )
    def test_an_axis_too_many_or_too_few_is_said(self, wrong, words):
        assert words in pattern_of(verdict_of(TASK, wrong))

    def test_a_transpose_and_a_factor_are_said_together(self):
        task = task_of(lambda X: 2 * X, INPUTS)
        text = pattern_of(verdict_of(task, lambda X: -2 * X.T))
        assert "transpose" in text
        assert "it is the negative of it" in text

    def test_a_single_number_has_no_factor_but_the_plain_ones(self):
        task = task_of(lambda X: {"a": X.sum()}, INPUTS[:1])
        assert pattern_of(verdict_of(task, lambda X: {"a": 1.7 * X.sum()})) == ""
        assert "the negative of" in pattern_of(verdict_of(task, lambda X: {"a": -X.sum()}))

    @pytest.mark.parametrize("several", [False, True])
    def test_right_numbers_have_no_pattern_though_an_argument_was_changed(self, several):
        def changes(X):
            result = X.mean(axis=0)
            X += 1
            return (result, result) if several else result

        reference = (lambda X: (X.mean(axis=0),) * 2) if several else mean_rows
        assert numbers_pattern(verdict_of(task_of(reference, INPUTS), changes)) == ""

    def test_answers_are_counted_by_what_was_expected(self):
        inputs = [(f"case {k}", (np.array([k]),)) for k in range(6)]
        task = task_of(lambda X: bool(X[0] % 2), inputs)
        text = pattern_of(verdict_of(task, lambda X: np.bool_(X[0] > 0)))
        assert text == "Where False is expected, the result is True in 2 of 3 cases."
        assert numbers_pattern(verdict_of(task, lambda X: 1)) == ""

    def test_right_numbers_that_are_put_together_otherwise_are_said(self):
        task = task_of(lambda X: [(X, X.sum(axis=0)), (X + 1, X[0])], INPUTS)
        flat = verdict_of(task, lambda X: [X, X.sum(axis=0), X + 1, X[0]])
        assert "not put together as the exercise asks" in pattern_of(flat)

    @pytest.mark.parametrize(("digits", "words"), [(4, "about 5 digits"), (3, "about 4 digits")])
    def test_rounding_is_said(self, digits, words):
        inputs = [("a", (np.array([[11.23456, 12.51237]]),)), ("b", (np.array([[23.45678, 1.0]]),))]
        task = task_of(mean_rows, inputs)
        assert words in pattern_of(verdict_of(task, lambda X: X.mean(axis=0).round(digits)))
        assert pattern_of(verdict_of(task, lambda X: X.mean(axis=0).round(0))) == ""

    def test_numbers_without_a_pattern_have_none(self):
        assert pattern_of(verdict_of(TASK, lambda X: X[0])) == ""


class TestHints:
    HINTS = ("Which?", "Look there.", "Most often it is this.", "And more.")

    @pytest.mark.parametrize(
        ("count", "wrong", "said"),
        [
            (3, lambda X: X.mean(axis=1), ["Which?", "Look there.", "Message of axis."]),
            (3, lambda X: X[0] ** 2, ["Which?", "Look there.", "Most often it is this."]),
            (3, lambda X: -X.mean(axis=0), ["Which?", "Look there.", "the negative of"]),
            (2, lambda X: X.mean(axis=1), ["Which?", "Look there.", "Message of axis."]),
            (1, lambda X: X.mean(axis=1), ["Which?", "Message of axis."]),
            (4, lambda X: X.mean(axis=1), ["Which?", "Look there.", "Message of axis.", "more."]),
            (2, lambda X: X[0] ** 2, ["Which?", "Look there.", "No known mistake fits."]),
        ],
    )
    def test_a_question_then_where_to_look_then_the_mistake(self, count, wrong, said):
        task = task_of(mean_rows, INPUTS, MISTAKES, hints=self.HINTS[:count])
        verdict = verdict_of(task, wrong)
        for level, words in enumerate(said, start=1):
            text = hint_text(verdict, level)
            assert words in text
            assert not any(other in text for other in said if other != words)
            assert (f"More: hint(f, {level + 1})." in text) == (level < len(said))
        assert hint_text(verdict, len(said) + 5) == hint_text(verdict, len(said))

    def test_the_first_speaks_of_what_came_and_not_of_what_is_expected(self):
        case = Case("one number", (2.0,), 4.0)
        task = Task("f", ("x",), (case,), hints=("What is the square of 3?",))
        text = hint_text(verdict_of(task, lambda x: x**3))
        assert text.startswith(
            "In the case 'one number' (x = 2.0), the result is 8. What is the square of 3?"
        )
        large = task_of(mean_rows, INPUTS, hints=("Which?",))
        text = hint_text(verdict_of(large, lambda X: -X.mean(axis=0)))
        assert "In the case 'two rows', entry [0] of the result is" in text
        assert "expected" not in text

    def test_what_usually_goes_wrong_stands_behind_what_the_numbers_say(self):
        task = task_of(mean_rows, INPUTS, MISTAKES, hints=self.HINTS)
        text = hint_text(verdict_of(task, lambda X: -X.mean(axis=0)), 3)
        assert text.index("the negative of") < text.index("Most often it is this.")

    def test_without_a_name_the_pattern_speaks(self):
        assert "the negative of" in hint_text(verdict_of(TASK, lambda X: -X.mean(axis=0)))

    def test_with_nothing_known_the_report_is_repeated(self):
        assert "No known mistake fits" in hint_text(verdict_of(TASK, lambda X: X[0] ** 2))

    def test_a_right_function_needs_no_hint(self):
        assert "nothing to hint at" in hint_text(verdict_of(TASK, mean_rows))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda X: __import__("math").exp(X), "np.exp and its kind take arrays"),
        (lambda X: X if X > 0 else -X, "np.where chooses entry by entry"),
        (lambda X: X @ X, "Here there are 3 columns and 2 rows."),
        (lambda X: X + X[:, 0], "Write the shape of each factor beside it"),
        (lambda X: [a for a, b in X], "more or fewer names"),
    ],
)
def test_an_error_that_beginners_meet_is_explained(wrong, words):
    assert words in " ".join(report(verdict_of(TASK, wrong)).split())


KINDS = (bool, np.int64, np.uint8, np.float16, np.float32, np.float64, np.complex128)
SPECIAL = (0, 1, 1 + 1e-7, 2, 200, -1, 1e-12, 1e300, np.inf, -np.inf, np.nan)


@pytest.mark.parametrize("expected", KINDS)
@pytest.mark.parametrize("found", KINDS)
@pytest.mark.filterwarnings("ignore")
def test_close_is_what_numpy_calls_close(expected, found):
    want, got = np.meshgrid(
        np.array(SPECIAL if expected not in KINDS[:3] else SPECIAL[:5]).astype(expected),
        np.array(SPECIAL if found not in KINDS[:3] else SPECIAL[:5]).astype(found),
    )
    said = close(want, got, rtol=1e-6, scale=1.0)
    close_to_numpy = np.isclose(got, want, rtol=1e-6, atol=ATOL_OF_SCALE, equal_nan=True)
    np.testing.assert_array_equal(said, close_to_numpy)


def test_numbers_that_differ_late_are_shown_with_more_digits():
    finding = compare(np.array([0.1234567891]), np.array([0.1234569891]))
    assert finding.text.endswith("is 0.123456989; expected is 0.123456789")


@pytest.mark.parametrize(("expected", "hint"), [((5,), "(5,) is a tuple"), ((5, 4), "2 numbers")])
def test_a_number_is_not_taken_for_a_tuple(expected, hint):
    assert hint in compare(expected, 5).text


def test_a_report_says_property_case_place_and_call():
    text = report(verdict_of(TASK, lambda X: X.mean(axis=0) + (len(X) == 5)))
    assert text.splitlines()[0] == "f: a value is not right."
    assert "In the case 'five rows', entry [0] of the result is" in text
    assert "  X = [[" in text
    assert text.endswith("1 of 2 cases fail.")


def test_tasks_survive_the_file(tmp_path):
    tree = {"W": X, "b": (1.5, None, "x", True), "n": [np.int64(3)]}
    mistakes = {"m1": Returned(X, ("X",)), "m2": Raised("ValueError")}
    task = Task("f", ("X",), (Case("g", (tree,), X, mistakes),), {"m1": "One."}, ("h",), 1e-3, True)
    save_tasks(tmp_path / "cases.npz", [task])
    loaded = load_tasks(tmp_path / "cases.npz")["f"]
    assert loaded.parameters == ("X",)
    assert (loaded.messages, loaded.hints, loaded.rtol) == ({"m1": "One."}, ("h",), 1e-3)
    assert loaded.cases[0].fingerprints["m2"] == Raised("ValueError")
    assert compare(tree, loaded.cases[0].arguments[0]) is None
    assert type(loaded.cases[0].arguments[0]["b"]) is tuple


class TestValues:
    def test_a_function_given_by_source_can_be_called(self):
        assert Code("lambda x, k=2: k * np.square(x)")(3.0) == 18
        assert Code("def cube(x):\n    return x**3")(2) == 8

    def test_functions_generators_and_records_survive_the_file(self, tmp_path):
        layer = collections.namedtuple("Layer", ["W", "b"])(X, 1.0)
        generator = np.random.default_rng(7)
        generator.random(3, dtype=np.float32)
        arguments = (Code("lambda x: x + 1"), generator, [layer])
        task = Task("f", ("g", "rng", "layers"), (Case("g", arguments, 1.0),))
        save_tasks(tmp_path / "cases.npz", [task])
        function, loaded, layers = load_tasks(tmp_path / "cases.npz")["f"].cases[0].arguments
        assert function(1) == 2
        assert loaded.random() == generator.random()
        np.testing.assert_array_equal(layers[0].W, X)
        assert layers[0]._fields == ("W", "b")

    def test_each_call_gets_a_generator_in_the_same_state(self):
        generator = np.random.default_rng(3)
        first, second = (call(lambda rng: rng.random(), ("rng",), (generator,)) for _ in range(2))
        assert first == second
        assert first.mutated == ()

    def test_a_report_shows_a_function_by_its_source(self):
        case = Case("g", (Code("lambda x: x**2"),), 2.0)
        task = Task("f", ("g",), (case,))
        assert "  g = lambda x: x**2" in report(verdict_of(task, lambda g: g(2)))

    def test_a_report_shows_all_lines_of_a_function(self):
        lines = [f"    x = x + {number}" for number in range(30)]
        source = "\n".join(["def g(x):", *lines, "    return x"])
        task = Task("f", ("g",), (Case("g", (Code(source),), 2.0),))
        assert "x = x + 29" in report(verdict_of(task, lambda g: 0.0))
