"""Which regular expressions take more than linearly long, seen from the expression alone.

A timed test would tell the machine's mood. What makes an expression slow can be read off it: a
text that one repeat took may be taken by another one instead, so that all ways to divide it are
tried (*two repeats*); or a match can begin anew within what a repeat takes, so that the repeat
runs again from each place (*a new beginning*).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from re import _constants as kinds
from re import _parser

ALPHABET = "".join(map(chr, range(256))) + "\u2019\u4e2d\u0301"
"""The characters by which classes are compared."""

Node = tuple[object, object]


def slow_parts(pattern: str, flags: int = 0, anchored: bool = False) -> Iterator[str]:
    """Why an expression may take more than linearly long; nothing for one that cannot.

    Parameters
    ----------
    pattern : str
    flags : int
    anchored : bool
        Whether it is tried at the beginning of a text only, as ``match`` and ``fullmatch`` do.
    """
    parsed = _parser.parse(pattern, flags)
    for branch in branches(list(parsed), parsed.state.flags):
        yield from slow_in_branch(branch, anchored)


class Piece:
    """A part of an expression in a row: which characters it takes, and how often.

    Attributes
    ----------
    takes : frozenset of str
    least : int
    endless, backs : bool
        Whether it takes any number, and whether it gives back what it took.
    """

    def __init__(self, takes: set[str], least: int, endless: bool = False, backs: bool = True):
        self.takes, self.least, self.endless, self.backs = frozenset(takes), least, endless, backs


def slow_in_branch(pieces: list[Piece], anchored: bool) -> Iterator[str]:
    for place, piece in enumerate(pieces):
        if not piece.endless:
            continue
        rest = pieces[place + 1 :]
        before = [other for other in pieces[:place] if other.least]
        again = all(piece.takes & other.takes for other in before)
        if not anchored and again and any(other.least for other in rest):
            yield "a new beginning"
        common = piece.takes if piece.backs else frozenset()
        for other in rest:
            if not common & other.takes and other.least:
                break
            if other.endless and common & other.takes:
                yield "two repeats"
                break
            common &= other.takes if other.least else common


def branches(nodes: list[Node], flags: int) -> Iterator[list[Piece]]:
    """All ways through an expression, as rows of pieces; a repeat of a group is one piece."""
    if not nodes:
        yield []
        return
    (kind, content), *rest = nodes
    for head in heads(kind, content, flags):
        for tail in branches(rest, flags):
            yield [*head, *tail]


def heads(kind: object, content: object, flags: int) -> Iterator[list[Piece]]:
    if kind is kinds.AT:
        yield list(place_piece(content, flags))
    elif kind is kinds.GROUPREF:
        yield []
    elif kind in (kinds.ASSERT, kinds.ASSERT_NOT):  # it may look as far as it likes, and fail
        for way in branches(list(content[1]), flags):
            yield [*way, Piece(set(), 1)] if content[0] > 0 else []
    elif kind is kinds.SUBPATTERN:
        yield from branches(list(content[3]), flags)
    elif kind is kinds.ATOMIC_GROUP:
        yield from branches(list(content), flags)
    elif kind is kinds.BRANCH:
        for way in content[1]:
            yield from branches(list(way), flags)
    elif kind in (kinds.MAX_REPEAT, kinds.MIN_REPEAT, kinds.POSSESSIVE_REPEAT):
        yield from repeats(kind, content, flags)
    else:
        yield [Piece(characters(kind, content, flags), 1)]


def place_piece(place: object, flags: int) -> Iterator[Piece]:
    """A place in the text as what it needs beside it: the end of a line, or nothing at all."""
    if place is kinds.AT_END or (place is kinds.AT_BEGINNING and flags & re.MULTILINE):
        yield Piece(set("\n"), 1)
    elif place in (kinds.AT_BEGINNING, kinds.AT_BEGINNING_STRING):
        yield Piece(set(), 1)


def repeats(kind: object, content: tuple, flags: int) -> Iterator[list[Piece]]:
    least, most, inner = content
    for way in branches(list(inner), flags):
        taken = set().union(*(piece.takes for piece in way))
        nested = any(piece.endless and piece.backs for piece in way)
        endless = most is kinds.MAXREPEAT
        backs = kind is not kinds.POSSESSIVE_REPEAT
        piece = Piece(taken, least, endless or nested, backs)
        yield [piece, piece] if endless and nested and backs else [piece]


def characters(kind: object, content: object, flags: int) -> set[str]:
    """Which characters of the alphabet one node takes."""
    code = {kinds.LITERAL: lambda: re.escape(chr(content)), kinds.ANY: lambda: "."}
    if kind in code:
        found = re.compile(code[kind](), flags & (re.DOTALL | re.IGNORECASE))
        return {c for c in ALPHABET if found.match(c)} | ({chr(content)} if content else set())
    if kind is kinds.NOT_LITERAL:
        return set(ALPHABET) - {chr(content)}
    assert kind is kinds.IN, kind
    negated = content[0][0] is kinds.NEGATE
    found = {c for c in ALPHABET for part in content if in_part(part, c, flags)}
    return set(ALPHABET) - found if negated else found


def in_part(part: Node, character: str, flags: int) -> bool:
    kind, content = part
    if kind is kinds.LITERAL:
        same = (character.lower(), chr(content).lower()) if flags & re.IGNORECASE else None
        return same[0] == same[1] if same else ord(character) == content
    if kind is kinds.RANGE:
        cases = {character, character.lower(), character.upper()}
        return any(content[0] <= ord(c[0]) <= content[1] for c in cases
                   if flags & re.IGNORECASE or c == character)  # fmt: skip
    if kind is kinds.CATEGORY:
        return re.match(CATEGORIES[content], character) is not None
    return False


CATEGORIES = {
    kinds.CATEGORY_DIGIT: r"\d", kinds.CATEGORY_NOT_DIGIT: r"\D", kinds.CATEGORY_SPACE: r"\s",
    kinds.CATEGORY_NOT_SPACE: r"\S", kinds.CATEGORY_WORD: r"\w", kinds.CATEGORY_NOT_WORD: r"\W",
}  # fmt: skip

USES = ("compile", "search", "match", "fullmatch", "findall", "finditer", "split", "sub", "subn")


def expressions(folder: Path) -> Iterator[tuple[str, str, int, bool]]:
    """The expressions that modules give to ``re`` as they stand: place, pattern, flags, anchored.

    What is put together while a module runs has holes, each filled with a letter.
    """
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {f"re.{u}" for u in USES}:
                pattern = literal(node.args[0])
                if pattern is not None:
                    anchored = node.func.attr in ("match", "fullmatch")
                    place = f"{path.name}:{node.lineno}"
                    yield place, pattern, flags_of(node), anchored


def literal(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            part.value if isinstance(part, ast.Constant) else "q" for part in node.values
        )
    return None


def flags_of(call: ast.Call) -> int:
    words = ast.unparse(call)
    return sum(value for name, value in (("re.MULTILINE", re.M), ("re.DOTALL", re.S),
                                         ("re.IGNORECASE", re.I)) if name in words)  # fmt: skip
