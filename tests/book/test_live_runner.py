"""The runner of the live pages, in CPython: what a cell prints, shows, and is stopped by."""

import json
import subprocess
import sys
from textwrap import dedent

import pytest
from book._ext.live import PAGE

PROGRAM = """\
import json, sys
sys.path.insert(0, sys.argv[1])
import runner
found = []
for number, source in enumerate(json.loads(sys.argv[2])):
    pieces = []
    error = runner.run_cell(f"c{number}", source, lambda *piece: pieces.append(piece))
    found.append([pieces, error])
print(json.dumps(found))
"""


def run(*sources):
    """Run cells one after the other in a process of their own: [(pieces, error), ...]."""
    cells = json.dumps([dedent(source) for source in sources])
    done = subprocess.run([sys.executable, "-c", PROGRAM, str(PAGE), cells],
                          capture_output=True, encoding="utf-8", check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def text_of(pieces, stream):
    return "".join(text for name, text in pieces if name == stream)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("1 + 1", "2"),
        ("1 + 1;", ""),
        ("None", ""),
        ("x = 3", ""),
        ("'a'", "'a'"),
        ("dict(b=1.5, a=2)", "{'b': 1.5, 'a': 2}"),
        ("import numpy as np\nnp.array([1.0, 2.0])", "array([1., 2.])"),
    ],
)
def test_the_last_value_is_shown_as_in_a_notebook(source, shown):
    [[pieces, error]] = run(source)
    assert error is None
    assert text_of(pieces, "result") == shown


def test_cells_share_their_names_and_streams_stay_in_order():
    [_, [pieces, error]] = run("a = 2", "import sys\nprint(a)\nprint('no', file=sys.stderr)\na * 2")
    assert error is None
    assert sorted(pieces) == [["result", "4"], ["stderr", "no\n"], ["stdout", "2\n"]]


def test_the_cells_own_line_comes_first():
    [_, [_, error]] = run("def f(x):\n    return 1 / x", "y = 0\n\nf(y)")
    assert error["line"] == 3
    assert error["text"].splitlines() == [
        "line 2 of the cell c0: return 1 / x",
        "ZeroDivisionError: division by zero",
        "  called from line 3: f(y)",
    ]


def test_what_is_no_python_is_marked():
    [[_, error]] = run("x = 1\ny = (2 +\n")
    assert error["kind"] == "SyntaxError"
    assert error["line"] == 2
    assert error["text"].splitlines()[:3] == ["line 2:", "y = (2 +", "    ^"]


def test_an_error_that_knows_how_a_notebook_shows_it_is_shown_so():
    [[_, error]] = run(
        """
        class CheckFailed(AssertionError):
            def _render_traceback_(self):
                return ["wrong", "here"]

        raise CheckFailed
        """
    )
    assert error == {"kind": "CheckFailed", "text": "wrong\nhere", "line": 0}


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import no_such_module", "In this page there are NumPy and Python's standard library."),
        ("input('name')", "nobody can: write the value into the code"),
        ("def f(): return f()\nf()", "A function calls itself without an end."),
        ("import sys\nsys.exit(1)", "SystemExit: 1"),
        ("raise MemoryError", "take fewer or smaller arrays"),
        ("raise ValueError('array is too big; so')", "take fewer or smaller arrays"),
        ("class Odd(Exception):\n    def __str__(self): raise KeyError\nraise Odd", "Odd"),
        ("class Odd:\n    def __repr__(self): return 1 / 0\nOdd()", "ZeroDivisionError"),
    ],
)
def test_what_stops_a_cell_is_said_with_what_to_do(source, said):
    [[_, error], [pieces, nothing]] = run(source, "print('goes on')")
    assert said in error["text"]
    assert (text_of(pieces, "stdout"), nothing) == ("goes on\n", None)


def test_of_much_output_the_beginning_is_shown_and_the_rest_is_counted():
    [[pieces, error], [wide, _]] = run("for k in range(100_000): print(k)", "'x' * 10**6")
    printed = text_of(pieces, "stdout")
    assert error is None
    assert printed.splitlines() == [str(k) for k in range(500)]
    assert "and 99,500 more lines" in text_of(pieces, "stderr")
    assert len(pieces) < 20
    assert len(text_of(wide, "result")) == 40_000
    assert "960,002 characters" in text_of(wide, "stderr")


def test_halves_of_characters_become_signs_that_can_be_sent():
    [[pieces, error], [_, raised]] = run(
        "print('\\ud800')\n'a\\ud800'", "raise ValueError('\\ud800')"
    )
    assert (pieces, error) == ([["stdout", "?\n"], ["result", "'a\\ud800'"]], None)
    assert "ValueError: ?" in raised["text"]


def test_a_cell_that_replaces_the_streams_does_not_silence_the_next():
    [_, [pieces, _]] = run("import sys, io\nsys.stdout = io.StringIO()", "print('heard')")
    assert text_of(pieces, "stdout") == "heard\n"


def test_code_that_catches_exceptions_does_not_catch_that_time_is_up():
    [[_, error]] = run(
        """
        import os, signal, runner
        runner.stop_after(2)
        try:
            os.kill(os.getpid(), signal.SIGINT)
            while True:
                pass
        except Exception:
            pass
        """
    )
    assert error["kind"] == "TimeIsUp"
    assert "It ran for 2 seconds and was stopped" in error["text"]
