"""Feedback prints no right answer that a reference gave, and none that stays as it is."""

import inspect
import re

import numpy as np
import pytest

from coursekit.authoring.masters import find_master, read_master
from coursekit.demo import sample_answers
from coursekit.grading.judge import PRELUDE, Examiner
from coursekit.sandbox.opening import open_pool
from coursekit.sandbox.outcomes import Cell
from coursekit.worker.personal import my_numbers

pytestmark = [pytest.mark.tier("auto"), pytest.mark.xdist_group("withheld")]

MASTER = read_master(find_master("ps1"))
REFERENCES = {each.reference.name: each.reference.function for each in MASTER.exercises}
FUNCTIONS = [getattr(sample_answers, name) for name in REFERENCES]
HEAD = "import numpy as np\nfrom checks import my_numbers"
BROKEN = "def logistic(z):\n    return [][0]"
TOLD = f"{REFERENCES['logistic'](3.0):.17g}"[:8]
"""What the reference tells whoever asks it."""

LEAKS = {
    "message": "raise ValueError(repr(float(told)))",
    "name of the error": "raise type(f'{float(told)}', (Exception,), {})()",
    "name of a warning": "raise type(f'{float(told)}', (ValueError,), {})('x')",
    "value": "return np.full(np.shape(z), told)",
    "text": "return f'{float(told)}'",
    "key": "return {f'{float(told)}': 1}",
    "too large": "return [f'{float(told)}'] * 10**8",
    "line": "import linecache\n"
    "    code = compile(f'raise ValueError #{float(told)}', '<own>', 'exec')\n"
    "    linecache.cache['<own>'] = (9, None, [f'raise ValueError #{float(told)}'], '<own>')\n"
    "    exec(code, {'__name__': '__main__'})",
    "argument": "z[...] = told\n    return z",
}


@pytest.fixture(scope="module")
def pool():
    with open_pool() as opened:
        yield opened


def judged(pool, *changes: str, student: str = "ada"):
    """Results by function, of right answers but for some cells."""
    sources = [HEAD, *map(inspect.getsource, FUNCTIONS), *changes]
    cells = [Cell(str(number), source) for number, source in enumerate(sources)]
    with pool.submission([PRELUDE, *cells]) as run:
        assert {cell.status for cell in run.cells} == {"ok"}, run.cells
        results = Examiner(run, sources, student).judge(
            (each, np.random.default_rng(1)) for each in MASTER.exercises
        )
    names = [each.reference.name for each in MASTER.exercises]
    return dict(zip(names, results, strict=True))


@pytest.mark.parametrize("route", LEAKS)
def test_what_a_reference_told_is_not_shown(route, pool):
    leaky = f"def logistic_derivative(z):\n    told = logistic(3.0)\n    {LEAKS[route]}"
    result = judged(pool, BROKEN, leaky)["logistic_derivative"]
    assert result.points == 0
    assert TOLD not in result.message
    assert "the reference stood in for logistic" in " ".join(result.message.split())


def test_what_a_reference_told_reaches_no_later_call_that_is_shown(pool):
    leaky = """
def logistic_derivative(z):
    with open("told", "w") as file:
        file.write(repr(float(logistic(3.0))))
    return 0.0

def mean_cost(A, Y):
    import os
    if os.path.exists("told"):
        raise ValueError(open("told").read())
    return None
"""
    for result in judged(pool, BROKEN, leaky).values():
        assert TOLD not in result.message


def test_the_line_and_the_kind_of_an_honest_error_are_shown(pool):
    honest = "def logistic_derivative(z):\n    a = logistic(z)\n    return a * (1 - b)"
    text = " ".join(judged(pool, BROKEN, honest)["logistic_derivative"].message.split())
    assert "it stopped with NameError, in the line `return a * (1 - b)`" in text


def test_where_no_reference_was_asked_all_is_shown(pool):
    own = "def logistic_derivative(z):\n    raise ValueError('my own words')  # not logistic"
    assert "my own words" in judged(pool, BROKEN, own)["logistic_derivative"].message


def test_a_right_function_still_passes_with_help(pool):
    results = judged(pool, BROKEN)
    assert results["logistic"].points == 0
    assert results["logistic_derivative"].outcome == "passed"
    assert results["train_step"].outcome == "passed"


FORWARD = "def forward_by_hand(student_id):\n    {}"


CHOICES = {
    "the line of an error": (
        "    told = round(1000 * forward_by_hand(student_id)['cost'])\n"
        + "\n".join(f"    if told == {n}: raise ValueError  # {n / 1000:.3f}" for n in range(1000))
    ),
    "the kind of an error": (
        "    cost = forward_by_hand(student_id)['cost']\n"
        "    raise [KeyError, ValueError, OSError, IndexError][int(4 * cost)]"
    ),
    "a key": (
        "    told = forward_by_hand(student_id)\n"
        "    return dict.fromkeys(['delta_1', f\"cost {told['cost']:.3f}\"], 1.0)"
    ),
    "whether there is an answer": (
        "    if forward_by_hand(student_id): raise NotImplementedError\n    raise KeyError"
    ),
}


@pytest.mark.parametrize("route", CHOICES)
def test_no_choice_tells_an_answer_that_stays_as_it_is(route, pool):
    body = f"def backward_by_hand(student_id):\n{CHOICES[route]}"
    result = judged(pool, FORWARD.format("return {}"), body)["backward_by_hand"]
    said = " ".join(result.message.split())
    assert "it is not right; the reference stood in for forward_by_hand" in said
    assert f"{REFERENCES['forward_by_hand']('ada')['cost']:.3f}" not in said
    assert not re.search("Error|no answer|key", said)
    assert result.misconception == ""


def test_no_points_of_another_exercise_tell_an_answer_that_stays_as_it_is(pool):
    asking = "def train_step(*arguments):\n    forward_by_hand('ada')['cost']\n    raise ValueError"
    result = judged(pool, FORWARD.format("return {}"), asking)["train_step"]
    assert "stood in" not in result.message
    assert "KeyError" in result.message


def test_what_cells_print_when_they_run_again_is_not_shown(pool):
    source = (
        "import os\nprint(os.urandom(8).hex())\n"
        "def attack():\n    os.kill(os.getppid(), 9)\ndef honest(): return 1"
    )
    with pool.submission([Cell("a", source)]) as run:
        before = run.cells
        run.call("attack")
        assert run.call("honest").value == 1
        assert run.cells == before


def test_an_answer_worked_by_hand_is_never_told_by_its_reference(pool):
    leaky = (
        "def backward_by_hand(student_id):\n    raise ValueError(repr(forward_by_hand(student_id)))"
    )
    broken = FORWARD.format("raise KeyError('mine')")
    results = judged(pool, broken, leaky)
    assert "it is not right" in results["backward_by_hand"].message
    for value in REFERENCES["forward_by_hand"]("ada").values():
        assert f"{float(value):.4g}"[:6] not in results["backward_by_hand"].message or value == 0


def numbers(text: str) -> set[float]:
    return {float(found) for found in re.findall(r"-?\d+\.\d+", text)}


@pytest.mark.parametrize("change", ["{key!r}: 0.5", "{key!r}: 2 * right[{key!r}]"])
def test_a_wrong_answer_worked_by_hand_is_named_and_the_right_one_is_not_told(change, pool):
    right = {key: float(value) for key, value in REFERENCES["forward_by_hand"]("ada").items()}
    right["set"] = my_numbers("ada")["set"]
    body = f"right = {right!r}\n    return right | {{{change.format(key='a_1')}}}"
    result = judged(pool, FORWARD.format(body))["forward_by_hand"]
    assert result.points == 0
    text = " ".join(result.message.split())
    assert re.search(r"the result\['a_1'\], [\d.]+, is wrong", text)
    assert not any(abs(found - right["a_1"]) < 1e-4 for found in numbers(text))
    assert "times" not in text
