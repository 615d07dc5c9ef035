"""One small change to a student's code that mends it is found, told by its place, and true."""

import ast
import inspect
import linecache
import math
import sys
import textwrap

import numpy as np
import pytest

from coursekit.checks import bounded
from coursekit.checks import one_change as searching
from coursekit.checks.calling import call
from coursekit.checks.compare import examine
from coursekit.checks.edits import edits_of
from coursekit.checks.hints import AS_MEANT, hint_text, ladder
from coursekit.checks.model import Case, Task
from coursekit.checks.one_change import one_change

rng = np.random.default_rng(5)
CALLS = [(rng.normal(size=shape), rng.normal(size=shape[0])) for shape in [(2, 3), (4, 2), (3, 3)]]


def layer(W, d):
    """The right answer: what a layer hands back, each column added up and halved."""
    return (W * d[:, None]).sum(axis=0) / 2


TASK = Task("back", ("W", "d"), tuple(Case("drawn", given, layer(*given)) for given in CALLS),
            hints=("What goes back?", "At the sum.", "The wrong axis."))  # fmt: skip


def tried(code, task=TASK, **names):
    """What is found out about an answer."""
    source, cell = textwrap.dedent(code).lstrip(), f"<cell {hash(code)}>"
    linecache.cache[cell] = (len(source), None, source.splitlines(keepends=True), cell)
    notebook = {"__name__": "__main__", "np": np, **names}
    exec(compile(source, cell, "exec"), notebook)
    function = notebook[task.name]
    outcomes = [call(function, task.parameters, case.arguments) for case in task.cases]
    verdict = examine(task, outcomes)
    return verdict, one_change(function, verdict)


WRONG = {
    "a sign": ("return -(W * d[:, None]).sum(axis=0) / 2", "sign"),
    "the axis": ("return (W.T * d).sum(axis=0) / 2", "`axis=`|axis"),
    "a factor too many": ("return (W * d[:, None] * d[:, None]).sum(axis=0) / 2", "factor"),
    "a factor missing": ("return (W * d[:, None]).sum(axis=0)", "twice"),
    "the operation": ("return (W + d[:, None]).sum(axis=0) / 2", "operation"),
    "a number": ("return (W * d[:, None]).sum(axis=0) / 3", "right number"),
    "a function": ("return (W * d[:, None]).mean(axis=0) / 2", "`mean`"),
    "a step too many": ("return np.abs((W * d[:, None]).sum(axis=0) / 2)", "`abs`"),
    "whole numbers": (
        "out = np.zeros(W.shape[1], dtype=int)\n"
        "    for row, e in zip(W, d):\n        out = out + (row * e)\n"
        "    result = np.zeros(len(out), dtype=int)\n    result[:] = out / 2\n    return result",
        "dtype",
    ),
    "replaced": (
        "out = np.zeros(W.shape[1])\n    for row, e in zip(W, d):\n        out = row * e / 2\n"
        "    return out",
        "`=` replaces",
    ),
    "set back too rarely": (
        "out, s = [], 0\n    for j in range(W.shape[1]):\n        s = 0\n"
        "        for i in range(len(d)):\n            s = W[i, j] * d[i] / 2\n"
        "        out.append(s)\n    return np.array(out)",
        "`=` replaces",
    ),
    "in the loop": (
        "out = []\n    s = 0\n    for j in range(W.shape[1]):\n"
        "        for i in range(len(d)):\n            s += W[i, j] * d[i] / 2\n"
        "        out.append(s)\n    return np.array(out)",
        "before the loop",
    ),
    "returned too early": (
        "out = np.zeros(W.shape[1])\n    for row, e in zip(W, d):\n        out += row * e / 2\n"
        "        return out",
        "stands in the loop",
    ),
    "an index": (
        "out = np.zeros(W.shape[1])\n    for i in range(len(d)):\n        out += W[i] * d[0] / 2\n"
        "    return out",
        "index",
    ),
    "the range": (
        "out = np.zeros(W.shape[1])\n    for i in range(1, len(d)):\n"
        "        out += W[i] * d[i] / 2\n    return out",
        "begin and end",
    ),
    "brackets": ("return (W * d[:, None]).sum(axis=0) * 1 / (1 + 1 / 1 + 1 - 1 * 1 / 2)", ""),
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_mistake_is_found_whatever_the_exercise(kind):
    body, words = WRONG[kind]
    verdict, change = tried(f"def back(W, d):\n    {body}")
    assert not verdict.passed
    assert change
    if words:
        assert any(word in change.words for word in words.split("|")), change.words
    _, looks, names = ladder(verdict, change)
    assert all(f"  {line}" in looks[0] for line in change.lines)
    assert names == [f"{change.words} {AS_MEANT}"]


def test_two_mistakes_are_found_together():
    _, change = tried("""
        def back(W, d):
            products = W + d[:, None]
            return -products.sum(axis=0) / 2
    """)
    assert len(change.lines) == 2
    assert "operation" in change.words
    assert "sign" in change.words


@pytest.mark.parametrize(
    "body",
    [
        "return W.max() + d.std() * W",
        "print(W)\n    return np.random.rand(3)",
        "if len(d) > 99:\n        np.save('x', W)\n    return -(W * d[:, None]).sum(axis=0) / 2",
        "if len(d) > 99:\n        open('x')\n    return -(W * d[:, None]).sum(axis=0) / 2",
    ],
)
def test_nothing_is_said_where_nothing_is_known_or_running_again_would_leave_something(body):
    _, change = tried(f"def back(W, d):\n    {body}")
    assert change is None


def test_what_needs_a_module_that_is_not_known_is_not_run_again():
    _, change = tried("def back(W, d):\n    return -sys.intern(W)", sys=sys)
    assert change is None


def test_no_change_reaches_the_notebook():
    heard = []
    wrong = (
        "def back(W, d):\n    global seen\n    seen = len(heard)\n"
        "    return -(W * d[:, None]).sum(axis=0) / 2"
    )
    verdict, change = tried(wrong, heard=heard)
    assert "sign" in change.words
    assert verdict.outcomes[0].value is not None
    tried(wrong + "\n\n\nheard.append(back)", heard=heard)
    assert "seen" in heard[0].__globals__
    assert heard[0].__globals__["back"] is heard[0]


def test_a_change_is_taken_back():
    source = inspect.getsource(layer)
    definition = ast.parse(source).body[0]
    before = ast.dump(definition)
    for edit in edits_of(definition):
        with edit.made():
            pass
    assert ast.dump(definition) == before


RUNS_ON = {
    "a loop over what it makes longer": (
        "out = []\n    for j in range(W.shape[1]):\n        out.append(W[:, j] @ d)\n"
        "    for value in range(3):\n        value = out\n    return np.array(out)"
    ),
    "what doubles": "out = []\n    for j in range(60):\n        out = out + [1.0]\n    return out",
    "a table of a table of a table": (
        "A = np.ones(50)\n    for j in range(3):\n        A = np.multiply(A, A)\n    return A"
    ),
    "a list that holds itself": (
        "out = []\n    for j in range(W.shape[1]):\n        total = W[:, j] @ d\n"
        "        out.append(total)\n    return np.array(out)"
    ),
    "a condition": (
        "out, j = [], 0\n    while j < W.shape[1]:\n        out.append(-(W[:, j] @ d) / 2)\n"
        "        j += 1\n    return np.array(out)"
    ),
}


@pytest.mark.parametrize("kind", RUNS_ON)
def test_a_change_that_would_run_on_or_fill_the_memory_is_stopped(kind, monkeypatch):
    sizes = []
    parts_in = bounded.parts_in
    monkeypatch.setattr(
        bounded, "parts_in", lambda value, *depth: sizes.append(parts_in(value)) or sizes[-1]
    )
    _, change = tried(f"def back(W, d):\n    {RUNS_ON[kind]}")
    assert max(size for size in sizes if size < math.inf) <= searching.MOST_HELD**2
    assert kind != "a condition" or "sign" in change.words


def test_what_runs_on_is_stopped_whatever_it_catches():
    lines = (
        "def f(x):\n    while True:\n        try:\n            x += 1\n"
        "        except Exception:\n            pass"
    )
    names = {}
    exec(compile(lines, bounded.CHANGED, "exec"), names)
    with pytest.raises(bounded.RanOnError, match="more than 50 lines"):
        bounded.bounded(names["f"], 50)(0)


def changed_function(lines, **names):
    exec(compile(lines, bounded.CHANGED, "exec"), names)
    return names["f"]


@pytest.mark.parametrize(
    "kept", ["[x]", "{'W': x}", "[(x, 0)]"], ids=["list", "dict", "list of pairs"]
)
def test_what_stands_in_a_list_is_not_multiplied_by_the_next_line(kept):
    made = []

    def outer(part):
        found = part[0] if isinstance(part, tuple) else part
        made.append(np.outer(found, found).ravel())
        return (made[-1], 0) if isinstance(part, tuple) else made[-1]

    lines = f"def f(x):\n    kept = {kept}\n    key = next(iter(kept)) if type(kept) is dict else 0"
    lines += 3 * "\n    kept[key] = outer(kept[key])"
    with pytest.raises(bounded.RanOnError):
        bounded.bounded(changed_function(lines, outer=outer), gathered=4000)(np.ones(100))
    assert [array.size for array in made] == [100**2]


def test_a_list_that_holds_itself_never_comes_to_numpy():
    given = []
    lines = "def f():\n    out = []\n    for k in range(6):\n        out.append(out)\n"
    lines += "    return given.append(out)"
    with pytest.raises(bounded.RanOnError):
        bounded.bounded(changed_function(lines, given=given), gathered=4000)()
    assert given == []


def test_the_looks_into_a_loop_do_not_fall_into_what_it_calls():
    rounds = []
    helper = "def g():\n    k = 0\n" + (bounded.EVERY - 4) * "    k += 1\n" + "    return k\n"
    loop = "def f():\n    deep = {0: {0: []}}\n    while True:\n        "
    loop += "deep[0][0].append(g())\n        rounds.append(len(deep[0][0]))"
    with pytest.raises(bounded.RanOnError):
        bounded.bounded(changed_function(helper + loop, rounds=rounds), 10**6, 50)()
    assert 40 < len(rounds) < 50 + bounded.EVERY


def test_the_search_ends_after_so_many(monkeypatch):
    tries = []
    built = searching.Search.built
    monkeypatch.setattr(searching.Search, "built", lambda self: tries.append(1) or built(self))
    monkeypatch.setattr(searching, "MOST_TRIED", 30)
    monkeypatch.setattr(searching, "MOST_IN_PAIRS", 5)
    tried("def back(W, d):\n    return W.std() + d.std() * W.max() - W.min()")
    assert 30 <= len(tries) <= 30 + 10


def test_the_first_hint_is_a_question_still():
    verdict, change = tried("def back(W, d):\n    return -(W * d[:, None]).sum(axis=0) / 2")
    assert "What goes back?" in hint_text(verdict, 1, change)


@pytest.mark.parametrize("kind", ["str", "complex", "bool"])
def test_whatever_comes_back_is_compared(kind):
    _, change = tried(f"def back(W, d):\n    return np.array(W[0, 0] + 1).astype({kind})\n")
    assert change is None
