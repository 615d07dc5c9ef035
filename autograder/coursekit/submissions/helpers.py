"""Which of a student's own cells the answers need: imports and helper functions.

A student may put ``import math`` or a helper function into a cell of their own, or add to a cell
of the release. Without these a right answer would fail, so they are run, too. They can do nothing
that the answers themselves cannot.
"""

import ast
import builtins
import re
import warnings
from collections import defaultdict
from collections.abc import Iterable, Sequence

MAX_HELPERS = 40
"""Cells of the student's own that are kept; more than this nobody needs."""

MAX_LENGTH = 20_000
"""Characters of a cell of the student's own that is looked at."""


def needed_cells(answers: Iterable[str], given: Iterable[str], own: Sequence[str]) -> list[int]:
    """Places of the student's own cells that define what the answers name and nobody else does.

    Parameters
    ----------
    answers : iterable of str
        Sources of the cells that the student was asked to fill in.
    given : iterable of str
        Sources of the other code cells of the release.
    own : sequence of str
        Sources of the student's own cells.
    """
    if not own:
        return []
    answers = list(answers)
    known = names_bound([*answers, *given]) | set(dir(builtins))
    binds = [names_bound([source]) for source in own]
    binders: dict[str, set[int]] = defaultdict(set)
    for k, names in enumerate(binds):
        for name in names:
            binders[name].add(k)
    kept: set[int] = set()
    missing = names_read(answers) - known
    while missing:
        found = set().union(*(binders[name] for name in missing if name in binders)) - kept
        kept |= found
        known = known.union(*(binds[k] for k in found))
        missing = names_read(own[k] for k in found) - known  # each cell is parsed twice, ever
    return sorted(kept)[:MAX_HELPERS]


def names_read(sources: Iterable[str]) -> set[str]:
    """The names that some cells look up, anywhere in them."""
    return {
        node.id
        for tree in map(parsed, sources)
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }


def names_bound(sources: Iterable[str]) -> set[str]:
    """The names that some cells define for the cells behind them."""
    return {
        name
        for tree in map(parsed, sources)
        for statement in outer_statements(tree)
        for name in bound_by(statement)
    }


def outer_statements(tree: ast.Module) -> Iterable[ast.AST]:
    """All nodes but those within functions and classes."""
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            waiting += ast.iter_child_nodes(node)


def bound_by(node: ast.AST) -> Iterable[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    elif isinstance(node, ast.Import | ast.ImportFrom):
        for alias in node.names:
            yield (alias.asname or alias.name).split(".")[0]


def parsed(source: str) -> ast.Module:
    """The syntax tree of a cell, its magics and commands left out; empty if it is not Python."""
    without_magics = re.sub(r"^([ \t]*)[%!?].*$", r"\1pass", source, flags=re.MULTILINE)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Python thinks of a student's string escapes
        for text in (source, without_magics):
            try:
                return ast.parse(text)
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                continue
    return ast.Module([], [])
