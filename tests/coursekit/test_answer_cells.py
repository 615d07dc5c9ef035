"""Which cells answer an exercise, which others they need, and what is kept for each answer."""

import contextlib

import pytest

from coursekit.checks.answer_cells import NOTES, CodeCell, plan
from coursekit.checks.cell_names import cell_names, without_stubs
from coursekit.worker.kept_answers import KeptAnswers

STUB = 'def f(x):\n    """Do it."""\n    # your code here\n    raise NotImplementedError()'
ANSWER = "def f(x):\n    return 2 * x"
EXERCISES = {"e-f": "f", "e-g": "g"}


def own(source):
    return CodeCell(None, source)


def marked(source, name="f"):
    return CodeCell(f"e-{name}", source)


def planned(*cells, **options):
    return plan(cells, EXERCISES, **options)


def run(*cells):
    """The answers of a notebook after its planned cells have run."""
    namespace = {}
    kept = KeptAnswers(namespace)
    for step in planned(*cells).steps:
        before = dict(namespace)
        with contextlib.suppress(ZeroDivisionError, SyntaxError):
            exec(step.source, namespace)
        kept.keep(step.answers, before)
    return kept


def called(kept, name, *arguments):
    kept.bring_back(name)
    return kept.namespace[name](*arguments)


TWICE = {
    "as it is": [marked(ANSWER)],
    "helper above": [marked("k = 2"), marked("def f(x):\n    return k * x")],
    "helper below": [marked("def f(x):\n    return k * x"), marked("k = 2")],
    "try-out below": [marked(ANSWER), marked("f(3) / 0")],
    "try-out that takes the name": [marked(ANSWER), marked("f = f(3)")],
    "in the middle": [marked("def f(x):\n    y = 2 * x"), marked("    return y")],
    "in the middle, in three": [
        marked("def f(\n"),
        marked("    x):\n    y = 2 * x"),
        marked("    return y"),
    ],
    "an old try above": [marked("def f(x):\n    return 3 * x"), marked(ANSWER)],
    "a broken try above": [marked("def f(x):\n    return 3 *"), marked(ANSWER)],
    "the stub below": [marked(ANSWER), marked(STUB)],
    "the stub below, with a helper": [
        marked("def f(x):\n    return k * x"),
        marked(f"k = 2\n{STUB}"),
    ],
    "elsewhere, the stub above": [marked(STUB), own(ANSWER)],
    "elsewhere, the stub below": [own(ANSWER), marked(STUB)],
    "elsewhere, after an old try": [marked(STUB), own("def f(x):\n    return 3 * x"), own(ANSWER)],
    "elsewhere, before a number": [marked(STUB), own(ANSWER), own("f = f(3)"), own("f = 3")],
    "elsewhere, no stub": [own(ANSWER)],
    "elsewhere, while its own cell does not parse": [marked("def f(:"), own(ANSWER)],
    "elsewhere, as a lambda": [marked(STUB), own("f = lambda x: 2 * x")],
    "elsewhere, as a method": [marked(STUB), own("f = (2).__mul__")],
    "elsewhere, as what a call gives": [
        marked(STUB),
        own("import functools, operator\nf = functools.partial(operator.mul, 2)"),
    ],
    "in the cell of another": [marked(f"def g():\n    return 1\n{ANSWER}", "g"), marked(STUB)],
    "in the cell of another, the own one empty": [marked(ANSWER, "g"), marked("")],
    "own cells do not count where its own does": [marked(ANSWER), own("def f(x):\n    return 0")],
    "a helper of ones own below": [
        marked("def f(x):\n    return k() * x"),
        own("def k(): return 2"),
    ],
    "a helper of a helper": [
        own("n = 2"),
        own("def k(): return n"),
        marked("def f(x):\n    return k() * x"),
    ],
    "a table that is filled": [
        own("t = {}"),
        own("t[0] = 2"),
        marked("def f(x):\n    return t[0] * x"),
    ],
    "a list that grows": [
        own("t = []"),
        own("t.append(2)"),
        marked("def f(x):\n    return t[0] * x"),
    ],
    "a star": [own("from operator import *"), marked("def f(x):\n    return mul(2, x)")],
    "a helper in a pattern": [
        own("match [2]:\n    case [k]:\n        pass"),
        marked("def f(x):\n    return k * x"),
    ],
}


@pytest.mark.parametrize("name", TWICE)
def test_an_answer_is_found_whatever_became_of_its_cell(name):
    assert called(run(*TWICE[name]), "f", 21) == 42


def test_what_was_not_answered_is_the_stub():
    with pytest.raises(NotImplementedError):
        called(run(marked(STUB), own("f = [1, 2]")), "f", 1)


def test_each_answer_keeps_the_helpers_that_stood_at_its_cell():
    kept = run(
        marked("def core(x):\n    return x + 1\ndef f(x):\n    return core(x)"),
        marked("def core(x):\n    return -x\ndef g(x):\n    return core(x) + f(x)", "g"),
    )
    assert called(kept, "f", 1) == 2
    assert called(kept, "g", 1) == -1 + 2
    assert called(kept, "f", 1) == 2


def test_an_answer_that_is_called_brings_its_helpers_and_takes_them_away_even_if_it_fails():
    kept = run(
        marked("def core(x):\n    return 1 / x\ndef f(x):\n    return core(x)"),
        marked(
            "def core(x):\n    return 7\ndef g(x):\n    try:\n        f(x)\n"
            "    except ZeroDivisionError:\n        return core(x)",
            "g",
        ),
    )
    assert called(kept, "g", 0) == 7


def test_a_decorated_answer_brings_the_helpers_of_what_it_wraps():
    decorated = (
        "def same(h):\n    return lambda x: h(x)\ndef core(x):\n    return x + 1\n"
        "@same\ndef f(x):\n    return core(x)"
    )
    kept = run(
        marked(decorated),
        marked("def core(x):\n    return -x\ndef g(x):\n    return core(f(x))", "g"),
    )
    assert called(kept, "g", 1) == -2


def test_a_helper_of_ones_own_is_taken_as_it_stood_above_each():
    kept = run(
        own("def core(x):\n    return x + 1"),
        marked("def f(x):\n    return core(x)"),
        own("def core(x):\n    return -x"),
        marked("def g(x):\n    return core(x)", "g"),
    )
    assert (called(kept, "f", 1), called(kept, "g", 1)) == (2, -1)


def test_a_name_that_later_cells_take_is_the_answer_again_for_the_others():
    kept = run(marked(ANSWER), own("k = 1\nf = 5"), marked("def g(x):\n    return f(x) + k", "g"))
    assert called(kept, "g", 2) == 5


def test_an_own_version_of_an_earlier_answer_counts_where_it_stands():
    kept = run(
        marked("def f(x):\n    return 0"),
        marked("def f(x):\n    return x\ndef g(x):\n    return f(x)", "g"),
    )
    assert (called(kept, "f", 3), called(kept, "g", 3)) == (0, 3)


def test_recursion_sees_the_answer():
    recursive = "def f(n):\n    return 1 if n == 0 else n * f(n - 1)"
    assert called(run(marked(recursive), own("f = 3")), "f", 4) == 24


def test_without_answers_nothing_is_kept_and_nothing_changes():
    namespace = {"x": 1}
    kept = KeptAnswers(namespace)
    kept.bring_back("x")
    assert namespace == {"x": 1}


NOT_NEEDED = [
    "x = 3\nprint(x)",
    "while True: pass",
    "def f(x):\n    return 1",
    "import numpy as np\nnp.testing.assert_allclose(f(1), 2)",
    "sum = 3",
]


@pytest.mark.parametrize("source", NOT_NEEDED)
def test_an_own_cell_that_no_answer_needs_is_not_run(source):
    answer = marked("def f(x):\n    y = np.sum(x) + sum([x])\n    return y")
    given = "import numpy as np"
    steps = planned(own(given), answer, own(source), given=frozenset({given})).steps
    assert [step.place for step in steps] == [1]


def test_each_note_is_given_where_it_is_true():
    assert planned(marked(ANSWER)).notes == {}
    assert planned(marked(ANSWER), own("f = f(3)")).notes == {}
    assert planned(marked(STUB), own(ANSWER)).notes == {"e-f": "elsewhere"}
    assert planned(marked(ANSWER), own("def f(x):\n    return 1")).notes == {"e-f": "too"}
    assert set(NOTES) == {"elsewhere", "too"}


@pytest.mark.parametrize(
    ("source", "binds", "defines"),
    [
        ("x = y", "x", ""),
        ("def f():\n    z = 1", "f", "f"),
        (STUB, "f", ""),
        ("f = lambda: 1", "f", "f"),
        ("import a.b as c, d.e", "c d", "c d"),
        ("for i in x:\n    with y as z:\n        w += 1", "i z w", ""),
        ("if (n := 1): pass", "n", ""),
        ("%matplotlib inline\n!ls\nx = 1", "x", ""),
        ("%%time\ndef f():\n    return 1", "f", "f"),
        ("try:\n    pass\nexcept E as e:\n    pass", "e", ""),
        ("class C:\n    k = 1", "C", "C"),
        ("def f(:", "", ""),
        ("x = 1\0", "", ""),
    ],
)
def test_what_a_cell_binds(source, binds, defines):
    names = cell_names(source)
    assert (names.binds, names.defines) == (set(binds.split()), set(defines.split()))


def test_what_a_cell_takes_from_around_it_and_not_what_is_its_own():
    source = "def f(a):\n    b = a + c\n    return [d for d in e]\nclass K:\n    k = g\nh(i)"
    assert cell_names(source).reads == {"c", "e", "g", "h", "i"}


def test_a_stub_is_taken_out_and_the_rest_stays_in_its_lines():
    source = f"import math\n{STUB}\nk = 2"
    assert without_stubs(source, {"f"}).split("\n") == ["import math", "", "", "", "", "k = 2"]
    assert without_stubs(f"# mine\n{STUB}", {"f"}) == ""
    assert without_stubs(ANSWER, {"f"}) == ANSWER


def test_many_cells_that_claim_to_be_an_answer_are_bounded():
    steps = planned(*(marked(f"def f(x):\n    return {k}") for k in range(500))).steps
    assert len(steps) <= 40
    assert called(run(*(marked(f"def f(x):\n    return {k}") for k in range(100))), "f", 1) == 99
