"""What students read when something is wrong: of what happened, in plain words, in order."""

import warnings

import numpy as np
import pytest
from tests.coursekit.students.variants import place_of

from coursekit.authoring.masters import find_master, read_master
from coursekit.authoring.render import render_notebook
from coursekit.checks.commands import CheckFailed, check, hint
from coursekit.checks.compare import compare
from coursekit.checks.diagnosis import report
from coursekit.checks.model import Case, Ended, Raised, Task
from coursekit.checks.patterns import pattern_of
from coursekit.checks.words import describe
from coursekit.demo import sample_answers
from coursekit.demo.sample_class import answered, source_as
from coursekit.grading.judge import judge
from coursekit.sandbox.opening import open_pool
from coursekit.verification.answers import verdict_of

ONE = np.ones(3)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (1.5, "a number"),
        (np.float64(1), "a number"),
        (np.array(1.0), "a number"),
        (2, "a number"),
        (np.True_, "True"),
        (ONE, "an array of float64 with shape (3,)"),
        ([], "an empty list"),
        ([ONE] * 3, "a list of 3 arrays"),
        ((ONE,), "a tuple of 1 array"),
        ([1, 2.0], "a list of 2 numbers"),
        ([(ONE, ONE)] * 3, "a list of 3 pairs"),
        (([ONE] * 3, [ONE] * 3), "a tuple of 2, each a list of 3 arrays"),
        (([ONE] * 3, 1), "a tuple of 2: a list of 3 arrays and a number"),
        ([[[1, 2], [3]], "x"], "a list of 2: a list of 2 values and a value"),
        (list(range(500)), "a list of 500 values"),
        ({"a": 1}, "a dict"),
    ],
)
def test_a_value_in_words(value, words):
    assert describe(value) == words


def test_a_list_of_parameters_in_the_place_of_a_pair_of_lists_is_called_what_it_is():
    said = compare(([ONE] * 3, [ONE] * 3), [ONE] * 3).text
    assert said == (
        "the result is a list of 3 arrays; expected is a tuple or a list of 2, each a list of 3 "
        "arrays"
    )
    assert "part" not in said


def test_pairs_are_called_pairs():
    said = compare([(ONE, ONE)] * 3, {"dW1": ONE}).text
    assert said == "the result is a dict; expected is a tuple or a list of 3 pairs"


def test_a_number_is_called_a_number_where_its_shape_is_meant():
    assert compare(1.0, ONE).text == "the result has shape (3,); expected is a single number"
    assert compare(1.0, "x").text == "the result is the text 'x'; expected is a number"
    assert compare(ONE, 1.0).text == (
        "the result is a single number; expected is an array with shape (3,)"
    )


TASK = Task("f", ("x",), (Case("a case", (1.0,), 2.0),), hints=("Draw it.", "Write it down."))


def reported(outcome):
    from coursekit.checks.compare import examine

    return report(examine(TASK, [outcome]))


def test_only_what_does_not_end_does_not_come_to_an_end():
    assert "f: it does not come to an end." in reported(Ended("TimeoutError", "not within 2 s"))
    assert "f: it stops with an error." in reported(Raised("TimeoutError", "mine"))
    assert "f: it was ended before it came back." in reported(Ended("Stopped", "killed"))
    refused = " ".join(report(verdict_of(TASK, lambda x: {x})).split())
    assert "f: it does not return the right kind of thing." in refused
    assert "a value of type set cannot be taken" in refused


def logistic(z):
    warnings.warn("careful", RuntimeWarning, stacklevel=1)
    print("on the way")
    return 1 / (1 + np.exp(-np.clip(z, -700, 700)))


@pytest.fixture
def tasks(monkeypatch):
    """Public cases of two functions, as if their file lay beside the checks."""
    cases = (Case("a case", (0.0,), 0.5), Case("another", (1.0,), 1 / (1 + np.exp(-1.0))))
    known = {
        "logistic": Task("logistic", ("z",), cases, hints=("Draw it.", "Write it down.")),
    }
    monkeypatch.setattr("coursekit.checks.commands.known_tasks", lambda: known)


@pytest.mark.filterwarnings("always")
def test_prints_and_warnings_come_behind_the_verdict_once(tasks, capsys):
    check(logistic)
    said = capsys.readouterr().out.splitlines()
    assert said == [
        "logistic: all 2 public cases pass.",
        "While it was called, it printed:",
        "  on the way",
        "  on the way",
        "Python warned 2 times: RuntimeWarning: careful",
    ]


def test_they_come_behind_the_verdict_where_it_fails_and_are_capped(tasks, capsys):
    def logistic(z):
        print("\n".join(f"line {k}" for k in range(10**5)))
        return z

    with pytest.raises(CheckFailed) as failed:
        check(logistic)
    lines = str(failed.value).splitlines()
    assert lines[0] == "logistic: a value is not right."
    assert lines[-3:] == ["  line 8", "  line 9", "  ... and more"]
    assert capsys.readouterr().out == ""


@pytest.mark.filterwarnings("always")
def test_a_hint_says_no_print_and_no_warning_again(tasks, capsys):
    hint(logistic)
    assert capsys.readouterr().out == (
        "logistic: all public cases pass; there is nothing to hint at.\n"
    )


def test_after_an_error_the_hint_speaks_of_the_error(tasks, capsys):
    def logistic(z):
        return math.exp(z)  # noqa: F821

    hint(logistic)
    first = " ".join(capsys.readouterr().out.split())
    assert first.startswith(
        "In the case 'a case', it stopped with NameError: name 'math' is not defined"
    )
    assert "A module needs its import." in first
    assert "Draw it." not in first
    assert first.endswith("More: hint(logistic, 2).")
    hint(logistic, 2)
    second = capsys.readouterr().out
    assert "Draw it." in second
    assert "Write it down." not in second


def test_before_there_is_an_answer_the_hint_is_the_exercises_own(tasks, capsys):
    def logistic(z):
        raise NotImplementedError

    hint(logistic)
    assert capsys.readouterr().out.startswith("Draw it.")


@pytest.mark.parametrize("wrong", [np.nan, 0.0])
def test_digits_are_spoken_of_only_where_every_result_has_lost_some(wrong):
    cases = tuple(Case("c", (x,), np.array([x, 2 * x])) for x in (1.0, 2.0, 3.0))
    task = Task("f", ("x",), cases)
    off = verdict_of(task, lambda x: np.array([x, 2 * x]) * (1 + x * np.array([1e-4, -1e-5])))
    assert "right to about" in pattern_of(off)
    some = verdict_of(task, lambda x: np.array([x, 2 * x + wrong * x if x == 2 else 2 * x]))
    assert "right to about" not in (pattern_of(some) if not some.passed else "")


BROKEN = {
    "logistic": "def logistic(z):\n    return 1 / (1 + np.exp(-z)\n",
    "unit-preactivation": "def unit_pre_activation(w, x, b):\n    return w @ x + b",
    "layer-preactivation": "rows = 1 / 0\ndef layer_preactivation(W, x, b):\n    return W @ x + b",
    "mean-cost": "def mean_cost(A, Y):\n    s = 0\n   return s",
    "output-deltas": "def output_deltas(a, y):\n    return {1.0}",
    "central-difference": "def central_difference(f, x, h=1):\n    import os\n    os._exit(3)",
    "shared-weight": "shared_weight_slope = 3",
}


@pytest.fixture(scope="module")
def said():
    """What the page says of answers that are broken in different ways."""
    master = read_master(find_master("ps1"))
    right = {
        exercise.id: source_as(exercise, getattr(sample_answers, exercise.reference.name))
        for exercise in master.exercises
    }
    notebook = answered(render_notebook(master), right)
    for name, source in BROKEN.items():
        notebook.cells[place_of(notebook, name)].source = source
    with open_pool() as pool:
        judged = judge(master, notebook, "ann", b"x" * 32, pool)
    return {result.id.removeprefix("ps1-"): result.message for result in judged.exercises}


@pytest.mark.tier("auto")
class TestOnThePage:
    def test_a_syntax_error_names_its_cell_its_line_and_the_place(self, said):
        *words, sign = said["logistic"].split("\n")
        assert words == [
            "logistic: there is no function of this name.",
            "The cell ps1-logistic has a SyntaxError: incomplete input, in line 2:",
            "    return 1 / (1 + np.exp(-z)",
        ]
        assert sign.strip() == "^"
        assert len(sign) > len("    return")

    def test_so_does_one_of_indentation(self, said):
        assert "The cell ps1-mean-cost has a IndentationError" in said["mean-cost"]
        assert "in line 3:\n   return s\n" in said["mean-cost"]

    def test_another_name_is_said_to_be_another(self, said):
        assert said["unit-preactivation"].splitlines() == [
            "unit_preactivation: there is no function of this name.",
            "Define it in the cell of the exercise, under this name: "
            "def unit_preactivation(w, x, b):",
        ]

    def test_a_number_is_no_function(self, said):
        assert said["shared-weight"].startswith(
            "shared_weight_slope: there is no function of this name."
        )

    def test_an_error_above_the_function_is_named_with_its_line(self, said):
        assert "stopped with ZeroDivisionError: division by zero" in said["layer-preactivation"]
        assert "in the line `rows = 1 / 0`" in " ".join(said["layer-preactivation"].split())

    def test_nothing_is_called_endless_that_ended(self, said):
        assert "it does not return the right kind of thing" in said["output-deltas"]
        assert "it was ended before it came back" in said["central-difference"]
        assert not any("come to an end" in words for words in said.values())
        assert not any("NameError" in words for words in said.values())
