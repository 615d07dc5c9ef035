"""Small changes to the code of a function, each of one kind and at one place.

A change is made in the tree itself and taken back, so that thousands can be tried.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from coursekit.checks.swaps import swaps_of

Field = tuple[ast.AST, str, Any]
"""A node, one of its fields, and what this field is to hold."""

UNLIKELY, MOST_UNLIKELY = 3, 9
"""Ranks from which on something is put around an expression, and beyond all."""

LEFT_ALONE = (ast.Raise, ast.arguments, ast.JoinedStr, ast.Import, ast.ImportFrom, ast.Assert)
"""Nodes in which nothing is changed."""


@dataclass(frozen=True)
class Edit:
    """A change.

    Attributes
    ----------
    node : ast.expr or ast.stmt
        What it changes, as it was written.
    statement : ast.stmt
        The statement in which that stands.
    words : str
        What to ask of it if the change mends it, with ``{}`` in the place of the node.
    rank : int
        The lower, the likelier the mistake.
    fields : sequence of Field
    drops : bool
        Whether something that the student does is left out.
    """

    node: ast.expr | ast.stmt | ast.Slice
    statement: ast.stmt
    words: str
    rank: int
    fields: Sequence[Field]
    drops: bool = False

    @contextmanager
    def made(self) -> Iterator[None]:
        """The tree with the change in it."""
        before = [(node, name, getattr(node, name)) for node, name, _ in self.fields]
        try:
            for node, name, value in self.fields:
                setattr(node, name, value)
            yield
        finally:
            for node, name, value in before:
                setattr(node, name, value)


def edits_of(function: ast.FunctionDef) -> list[Edit]:
    """All changes to a function, the likeliest first."""
    names = names_of(function)
    found = [*edits_of_statements(function)]
    for statement in statements_in(function):
        found += edits_of_expressions(statement, names)
    return sorted(found, key=lambda edit: edit.rank)


def names_of(function: ast.FunctionDef) -> list[str]:
    """The parameters and what is assigned to."""
    given = [argument.arg for argument in function.args.args]
    nodes = [node for node in ast.walk(function) if isinstance(node, ast.Name)]
    return list(dict.fromkeys([*given, *(n.id for n in nodes if isinstance(n.ctx, ast.Store))]))


def statements_in(block: ast.AST) -> Iterator[ast.stmt]:
    """All statements of a block and of the blocks in it, but for functions in a function."""
    for name, body in bodies(block):
        for statement in body:
            if name == "body" and is_text(statement):
                continue
            yield statement
            yield from statements_in(statement)


def bodies(block: ast.AST) -> Iterator[tuple[str, list[ast.stmt]]]:
    for name in ("body", "orelse"):
        body = getattr(block, name, None)
        if isinstance(body, list) and body:
            yield name, body


def is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def edits_of_expressions(statement: ast.stmt, names: Sequence[str]) -> Iterator[Edit]:
    """Other expressions in the place of those of a statement, without the statements in it."""
    for node, field, value in expressions_below(statement):
        place = value.index if isinstance(value, Entry) else None
        old: Any = node_of(value)
        whole = node is statement and not isinstance(statement, ast.For | ast.If | ast.While)
        highest = UNLIKELY - 1 if passes_on(statement, node) else MOST_UNLIKELY
        for swap in swaps_of(old, names, whole):
            if swap.rank > highest:
                continue
            new: Any = swap.new
            if place is not None:
                siblings = getattr(node, field)
                new = [*siblings[:place], swap.new, *siblings[place + 1 :]]
            changed = [(node, field, new)]
            yield Edit(old, statement, swap.words, swap.rank, changed, swap.drops)
    yield from other_names(statement, names)


def passes_on(statement: ast.stmt, node: ast.AST) -> bool:
    """Whether an expression below a node only hands on: what is missing is missing elsewhere.

    So are names that are unpacked, and what a function of the student's own is called with.
    """
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return not hasattr(builtins, node.func.id)
    if not isinstance(statement, ast.Assign) or not isinstance(statement.value, ast.Tuple):
        return False
    return all(isinstance(part, ast.Name | ast.Attribute) for part in statement.value.elts)


def other_names(statement: ast.stmt, names: Sequence[str]) -> Iterator[Edit]:
    """Another variable wherever a statement uses one, where it does so more than once."""
    parts = [part for _, _, value in expressions_below(statement) for part in [node_of(value)]]
    used = [node for node in parts if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)]
    for name in dict.fromkeys(node.id for node in used):
        same = [node for node in used if node.id == name]
        if len(same) > 1 and name in names:
            for other in names:
                if other != name:
                    words = "Does `{}` belong into this line, or another of your variables?"
                    fields: list[Field] = [(node, "id", other) for node in same]
                    yield Edit(same[0], statement, words, 2, fields)


def node_of(value: ast.AST | Entry) -> ast.AST:
    return value.node if isinstance(value, Entry) else value


@dataclass(frozen=True)
class Entry:
    """A node in a list of nodes."""

    node: ast.AST
    index: int


def expressions_below(node: ast.AST) -> Iterator[tuple[ast.AST, str, ast.AST | Entry]]:
    """Each expression below a node: what holds it, in which field, and itself."""
    for field, value in ast.iter_fields(node):
        parts: list[Any] = [value]
        if isinstance(value, list):
            parts = [Entry(part, index) for index, part in enumerate(value)]
        for part in parts:
            child = node_of(part)
            if not isinstance(child, ast.AST) or isinstance(child, (*LEFT_ALONE, ast.stmt)):
                continue
            if isinstance(child, ast.expr):
                yield node, field, part
            yield from expressions_below(child)


def edits_of_statements(block: ast.AST) -> Iterator[Edit]:
    """Statements left out, one later, into a loop or out of it; `=` for `+=` and back."""
    for name, body in bodies(block):
        for place, statement in enumerate(body):
            if is_text(statement):
                continue
            rest = [*body[:place], *body[place + 1 :]]
            if rest and not isinstance(statement, ast.Return | ast.FunctionDef):
                words = "Is what this line does asked for?"
                does = not isinstance(statement, ast.Import | ast.ImportFrom)
                yield Edit(statement, statement, words, 3, [(block, name, rest)], drops=does)
            if place + 1 < len(body) and not isinstance(body[place + 1], ast.Return):
                yield one_later(block, name, body, place)
            yield from into_the_next_loop(block, name, body, place)
            yield from out_of_the_loop(block, name, body, place)
            yield from other_assignment(block, name, body, place)
            yield from edits_of_statements(statement)


def one_later(block: ast.AST, name: str, body: list[ast.stmt], place: int) -> Edit:
    first, second = body[place : place + 2]
    swapped = [*body[:place], second, first, *body[place + 2 :]]
    words = "Does this line come too early? What is it to use, and what uses what it changes?"
    return Edit(first, first, words, 3, [(block, name, swapped)])


def into_the_next_loop(
    block: ast.AST, name: str, body: list[ast.stmt], place: int
) -> Iterator[Edit]:
    """A statement before a loop that belongs to the beginning of each turn, and one behind it."""
    statement, rest = body[place], [*body[:place], *body[place + 1 :]]
    loop = body[place + 1] if place + 1 < len(body) else None
    if isinstance(loop, ast.For):
        words = "This line is run once, before the loop; is that enough for all its turns?"
        inside = [statement, *loop.body]
        yield Edit(statement, statement, words, 3, [(block, name, rest), (loop, "body", inside)])
    loop = body[place - 1] if place else None
    if isinstance(loop, ast.For) and not isinstance(statement, ast.Return):
        words = "This line is run once, behind the loop; is that enough for all its turns?"
        inside = [*loop.body, statement]
        yield Edit(statement, statement, words, 2, [(block, name, rest), (loop, "body", inside)])


def out_of_the_loop(block: ast.AST, name: str, body: list[ast.stmt], place: int) -> Iterator[Edit]:
    """The first statement of a loop that belongs before it, and the last that belongs behind."""
    loop = body[place]
    if not isinstance(loop, ast.For | ast.If) or len(loop.body) < 2:
        return
    kind = "loop" if isinstance(loop, ast.For) else "`if`"
    first, last = loop.body[0], loop.body[-1]
    before = [*body[:place], first, *body[place:]]
    words = f"This line stands in the {kind}: is it to be run anew in each turn?"
    yield Edit(first, first, words, 2, [(block, name, before), (loop, "body", loop.body[1:])])
    behind = [*body[: place + 1], last, *body[place + 1 :]]
    words = f"This line stands in the {kind}: when is it to be run, and how often?"
    yield Edit(last, last, words, 2, [(block, name, behind), (loop, "body", loop.body[:-1])])


def other_assignment(block: ast.AST, name: str, body: list[ast.stmt], place: int) -> Iterator[Edit]:
    statement = body[place]
    found: list[tuple[ast.stmt, str]] = []
    if isinstance(statement, ast.AugAssign):
        value, target = statement.value, statement.target
        sign = "-=" if isinstance(statement.op, ast.Sub) else "+="
        words = f"`{sign}` goes on from what was there before; is that what is asked?"
        found.append((ast.Assign([target], value), words))
        if isinstance(statement.op, ast.Add | ast.Sub):
            other = ast.Sub() if isinstance(statement.op, ast.Add) else ast.Add()
            found.append((ast.AugAssign(target, other, value), f"Is the sign of `{sign}` right?"))
    elif isinstance(statement, ast.Assign):
        words = "`=` replaces what was there before; is that what is asked?"
        targets = [one for one in statement.targets if isinstance(one, ast.Name | ast.Subscript)]
        if len(targets) == len(statement.targets) == 1:
            found.append((ast.AugAssign(targets[0], ast.Add(), statement.value), words))
    for new, words in found:
        ast.copy_location(new, statement)
        after = [*body[:place], new, *body[place + 1 :]]
        yield Edit(statement, statement, words, 1, [(block, name, after)])
