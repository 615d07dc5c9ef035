"""What a cell binds and what it takes from the cells around it, as far as its source says.

Nothing is run. What cannot be read binds nothing; IPython's magics and commands are passed over.
"""

from __future__ import annotations

import ast
import re
import symtable
import warnings
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)
"""What Python's own parser raises for a source that it cannot take."""

OPAQUE = re.compile(r"\bimport \*|^[ \t]*%(?:run|pylab|load_ext)\b|\bexec\(|\bglobals\(", re.M)
"""What binds names that the source does not show."""

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
PERHAPS_FUNCTIONS = (ast.Call, ast.Name, ast.Attribute, ast.Subscript)
SCOPES = (*FUNCTIONS, ast.ClassDef, ast.Lambda)


@dataclass(frozen=True)
class CellNames:
    """The names in one cell.

    Attributes
    ----------
    binds : frozenset of str
        Bound for the cells behind it.
    defines : frozenset of str
        Of these, those that are bound to a function that is no stub, a class or an import.
    may_define : frozenset of str
        Of these, those that are bound to what a call gives, or to another name.
    imports : frozenset of str
        Of these, those that are imported.
    changes : frozenset of str
        What a statement changes in its place: ``table[0] = 1``, ``table.append(1)``.
    stubs : frozenset of str
        Functions that hold nothing but a docstring and the error that is to be replaced.
    readable : bool
        Whether it is Python.
    opaque : bool
        Whether it may bind names that its source does not show.
    text : str
        Its source as Python alone.
    """

    binds: frozenset[str] = frozenset()
    defines: frozenset[str] = frozenset()
    may_define: frozenset[str] = frozenset()
    imports: frozenset[str] = frozenset()
    changes: frozenset[str] = frozenset()
    stubs: frozenset[str] = frozenset()
    readable: bool = False
    opaque: bool = False
    text: str = ""

    @cached_property
    def reads(self) -> set[str]:
        """The names that it looks up and does not bind in the functions that use them."""
        return names_read(self.text)


@lru_cache(512)
def cell_names(source: str) -> CellNames:
    """The names in a cell, by its source."""
    text, tree = readable(source)
    if tree is None:
        return CellNames()
    outer = list(outer_nodes(tree))
    stubs = {node.name for node in outer if isinstance(node, FUNCTIONS) and is_stub(node)}
    imports = {name for node in outer for name in imported_by(node)}
    functions = {name for node in outer for name in functions_by(node)}
    others = {name for node in outer for name in otherwise_bound_by(node)}
    defines = functions | imports
    return CellNames(
        binds=frozenset(defines | others | stubs),
        defines=frozenset(defines),
        may_define=frozenset(name for node in outer for name in perhaps_functions_by(node)),
        imports=frozenset(imports),
        changes=frozenset(name for node in outer for name in changed_by(node)),
        stubs=frozenset(stubs),
        readable=True,
        opaque=OPAQUE.search(source) is not None,
        text=text,
    )


def readable(source: str) -> tuple[str, ast.Module | None]:
    """A source as Python alone, and its tree; no tree if it is not Python."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Python thinks of a student's string escapes
        for text in (source, without_magics(source)):
            try:
                return text, ast.parse(text)
            except UNREADABLE:
                continue
    return source, None


def without_magics(source: str) -> str:
    """A source with nothing in the place of IPython's magics and commands."""
    return re.sub(r"^([ \t]*)[%!?].*$", r"\1pass", source, flags=re.MULTILINE)


def outer_nodes(tree: ast.Module) -> Iterator[ast.AST]:
    """All nodes but those within functions and classes."""
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, SCOPES):
            waiting += ast.iter_child_nodes(node)


def is_stub(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function is what the release gives to be filled in: it does nothing."""
    return all(isinstance(part, ast.Pass) or is_bare(part) for part in node.body)


def is_bare(statement: ast.stmt) -> bool:
    """Whether a statement is a constant, as docstrings are, or raises NotImplementedError."""
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant)
    raised = statement.exc if isinstance(statement, ast.Raise) else None
    raised = raised.func if isinstance(raised, ast.Call) else raised
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"


def imported_by(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        for alias in node.names:
            yield (alias.asname or alias.name).split(".")[0]


def functions_by(node: ast.AST) -> Iterator[str]:
    """The names that a node binds to a function or a class, stubs left out."""
    if isinstance(node, ast.ClassDef) or (isinstance(node, FUNCTIONS) and not is_stub(node)):
        yield node.name
    elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
        yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def perhaps_functions_by(node: ast.AST) -> Iterator[str]:
    """The names that a node binds to what may be a function; not to what a call of them gives."""
    if isinstance(node, ast.Assign) and isinstance(node.value, PERHAPS_FUNCTIONS):
        called = getattr(node.value, "func", None)
        own = called.id if isinstance(called, ast.Name) else ""
        yield from (
            target.id
            for target in node.targets
            if isinstance(target, ast.Name) and target.id != own
        )


def otherwise_bound_by(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    elif isinstance(node, ast.MatchAs | ast.MatchStar | ast.ExceptHandler) and node.name:
        yield node.name


def changed_by(node: ast.AST) -> Iterator[str]:
    """The name of what a statement may change in its place."""
    thing: ast.AST | None = None
    if isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store):
        thing = node
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        thing = node.value.func
    if not isinstance(thing, ast.Subscript | ast.Attribute):
        return
    while isinstance(thing, ast.Subscript | ast.Attribute):
        thing = thing.value
    if isinstance(thing, ast.Name):
        yield thing.id


def names_read(text: str) -> set[str]:
    """The names that a source looks up at once, and that its functions take from around them."""
    try:
        top = symtable.symtable(text, "<cell>", "exec")
    except UNREADABLE:
        return set()
    found = {symbol.get_name() for symbol in top.get_symbols() if symbol.is_referenced()}
    return found | names_from_around(top)


def names_from_around(top: symtable.SymbolTable) -> set[str]:
    """The names that the functions and classes in a table take from around it."""
    found: set[str] = set()
    tables = list(top.get_children())
    while tables:
        table = tables.pop()
        found |= {symbol.get_name() for symbol in table.get_symbols() if symbol.is_global()}
        tables += table.get_children()
    return found


def without_stubs(source: str, names: Collection[str]) -> str:
    """A source without the stubs of some functions; empty if nothing is left.

    What is left stands in its lines as before, so that errors name the lines that were written.
    """
    _, tree = readable(source)
    lines = source.split("\n")
    for node in tree.body if tree else ():
        if isinstance(node, FUNCTIONS) and node.name in names and is_stub(node):
            first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
            for number in range(first - 1, node.end_lineno or first):
                lines[number] = ""
    left = "\n".join(lines).rstrip()
    return "" if does_nothing(left) else left


def does_nothing(source: str) -> bool:
    """Whether a source is Python and holds no statement."""
    _, tree = readable(source)
    return tree is not None and not tree.body
