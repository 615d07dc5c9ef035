"""No function body stands twice: what two places need has a name and is called."""

import ast
import textwrap
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("autograder", "solutions", "tests", "book", ".ci")
STATEMENTS, LINES = 3, 6
"""A body with more statements, or with as many lines, is worth a name of its own."""


def body_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.stmt]:
    return function.body[ast.get_docstring(function, clean=False) is not None :]


def is_long(body: list[ast.stmt]) -> bool:
    statements = sum(isinstance(node, ast.stmt) for part in body for node in ast.walk(part))
    return statements > STATEMENTS or body[-1].end_lineno - body[0].lineno + 1 >= LINES


def long_bodies(code: str) -> Iterator[tuple[str, str]]:
    """Names of functions, and their bodies without docstring, comments and layout."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = body_of(node)
            if body and is_long(body):
                yield node.name, "\n".join(map(ast.dump, body))


def doubles(sources: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Functions with one body, of named sources."""
    places = defaultdict(list)
    for file, code in sources:
        for name, body in long_bodies(code):
            places[body].append(f"{file}::{name}")
    return [found for found in places.values() if len(found) > 1]


def test_no_function_body_stands_twice():
    files = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
    sources = [(str(path.relative_to(ROOT)), path.read_text("utf-8")) for path in files]
    assert sum(len(list(long_bodies(code))) for _, code in sources) > 1000
    assert doubles(sources) == []


BODY = "    total = 0\n    for x in xs:\n        total += x * x\n    return total\n"
COPIES = {
    "to the letter": f"def g(xs):\n{BODY}",
    "with a docstring": f'def g(xs):\n    """Add squares."""\n{BODY}',
    "with comments": "def g(xs):\n" + BODY.replace("0\n", "0  # so far\n"),
    "in another layout": "def g(xs):\n" + BODY.replace("x * x", "(\n            x * x\n        )"),
    "with types": f"def g(xs: list[float]) -> float:\n{BODY}",
    "as a method": "class A:\n" + textwrap.indent(f"def g(xs):\n{BODY}", "    "),
    "in a function": "def h():\n" + textwrap.indent(f"def g(xs):\n{BODY}", "    "),
}


@pytest.mark.parametrize("copy", COPIES.values(), ids=COPIES)
def test_a_copy_is_found(copy):
    assert doubles([("a", f"def f(xs):\n{BODY}"), ("b", copy)]) == [["a::f", "b::g"]]


def test_another_body_and_a_short_one_are_none():
    other = BODY.replace("x * x", "x")
    assert doubles([("a", f"def f(xs):\n{BODY}"), ("b", f"def f(xs):\n{other}")]) == []
    short = "def f(x):\n    y = x + 1\n    return y\n"
    assert doubles([("a", short), ("b", short)]) == []
