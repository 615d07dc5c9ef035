"""Text is UTF-8 wherever the project runs: what Windows or an old locale would take is not asked.

ruff's rule for this sees only the paths whose type it can tell.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("autograder", "book", "solutions", "tests")
SOURCES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))


def names_encoding(call: ast.Call, position: int) -> bool:
    """Whether a call names an encoding, by keyword or as the argument in a position."""
    return len(call.args) > position or any(k.arg in ("encoding", None) for k in call.keywords)


def opens_text(call: ast.Call, position: int) -> bool:
    """Whether the mode, at its place among the arguments, is one of text."""
    given = [k.value for k in call.keywords if k.arg == "mode"] or call.args[position:][:1]
    mode = given[0].value if given and isinstance(given[0], ast.Constant) else "r"
    return isinstance(mode, str) and "b" not in mode and set(mode) <= set("rwaxt+")


def leaves_encoding_open(call: ast.Call) -> bool:
    match call.func:
        case ast.Name("open"):
            return opens_text(call, 1) and not names_encoding(call, 3)
        case ast.Attribute(ast.Name("os")):
            return False
        case ast.Attribute(_, "read_text"):
            return not names_encoding(call, 0)
        case ast.Attribute(_, "write_text"):
            return not names_encoding(call, 1)
        case ast.Attribute(_, "open") if all(isinstance(a, ast.Constant) for a in call.args):
            return opens_text(call, 0) and not names_encoding(call, 2)
    flags = {k.arg for k in call.keywords if isinstance(k.value, ast.Constant) and k.value.value}
    reads_text = not flags.isdisjoint({"text", "universal_newlines"})
    return reads_text and not names_encoding(call, len(call.args))


def places(code: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and leaves_encoding_open(node):
            yield f"{node.lineno}: {ast.unparse(node)}"


def test_every_text_file_is_opened_with_an_encoding():
    found = [
        f"{path.relative_to(ROOT)}:{place}"
        for path in SOURCES
        for place in places(path.read_text(encoding="utf-8"))
    ]
    assert not found, 'these need encoding="utf-8":\n' + "\n".join(found)


@pytest.mark.parametrize(
    "call",
    [
        "open(name)",
        "open(name, 'w')",
        "open(name, mode='a')",
        "path.open()",
        "path.open('w')",
        "path.read_text()",
        "path.write_text('x')",
        "subprocess.run(command, text=True)",
    ],
)
def test_what_leaves_it_open_is_found(call):
    assert list(places(call)) == [f"1: {call}"]


@pytest.mark.parametrize(
    "call",
    [
        "open(name, encoding='utf-8')",
        "open(name, 'rb')",
        "path.open('wb', buffering=0)",
        "path.read_text('utf-8')",
        "path.write_text('x', encoding='utf-8')",
        "os.open(name, flags)",
        "subprocess.run(command, encoding='utf-8')",
        "subprocess.run(command)",
        "output(text=text)",
    ],
)
def test_what_names_it_or_needs_none_is_not(call):
    assert not list(places(call))
