"""Which listings of a page can run in it: those that compute with NumPy and the package alone.

A listing uses names of the listings above it, so it runs only if these do. What reads files of a
checkout does not. What draws runs for what it computes, and its figure stays as the build drew it:
no page has matplotlib. In the course edition a listing is left as it is if what it calls uses the
answer to an exercise.
"""

import ast
import builtins
import hashlib
import re
import symtable
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress

from docutils import nodes

from .package import DRAWS, imports, is_part_of, needs_answer

CHAPTERS = ("prerequisites", "chain_rule", "jacobians", "matrix_backprop", "optimizers")
"""Folders of the book whose listings a reader gains by changing."""

LIBRARIES = {"numpy", "backprop", *sys.stdlib_module_names} - {"time"}
"""What a page has; its clock is too coarse for what measures time."""
IN_CHECKOUT = re.compile(r"[\"'](?:\.\./)+")
"""In a cell that reads a file of a checkout."""


def global_names(code: str) -> tuple[set[str], set[str]]:
    """The names that a cell binds at its top level, and the global names that it reads."""
    top = symtable.symtable(code, "cell", "exec")
    bound = {s.get_name() for s in top.get_symbols() if s.is_assigned() or s.is_imported()}
    read, tables = set(), [top]
    while tables:
        table = tables.pop()
        tables += table.get_children()
        read |= {
            s.get_name()
            for s in table.get_symbols()
            if s.is_referenced() and (table is top or s.is_global())
        }
    return bound, read


def can_run(code: str, edition: str) -> bool:
    """Whether a page of an edition has all that a cell imports and reads."""
    if IN_CHECKOUT.search(code):
        return False
    names = {full for _, full in imports(ast.parse(code))}
    if any(full.partition(".")[0] not in LIBRARIES for full in names):
        return False
    return edition == "textbook" or not needs_answer(names)


def live(cells: Iterable[str], edition: str) -> Iterator[bool]:
    """For each cell of a page whether it can run there, after those above it that can.

    One that cannot may have changed what it reads, a generator for example, so that is not there
    for those below; what was imported stays as it is.
    """
    known = set(dir(builtins))
    computed: set[str] = set()
    for code in cells:
        bound, read, runs = set(), set(), False
        with suppress(SyntaxError):  # IPython's own commands
            bound, read = global_names(code)
            runs = can_run(code, edition) and read <= known | bound
        if runs:
            known |= bound
            computed |= bound - {name for name, _ in imports(ast.parse(code))}
        else:
            known -= bound | (read & computed)
        yield runs


def draw_only(cells: list[str]) -> bool:
    """Whether all of some cells draw: then there is nothing that a reader would see change."""
    bound = [name for code in cells for name in imports(ast.parse(code))]
    drawing = {name for name, full in bound if is_part_of(full, DRAWS)}
    return all(drawing & set().union(*global_names(code)) for code in cells)


def code_of(cell: nodes.Element) -> str | None:
    """What a cell of a page shows as its code; None if it shows none."""
    block = next(cell.findall(nodes.literal_block), None)
    return block.astext() if block is not None and "cell_input" in parents(block, cell) else None


def parents(block: nodes.Element, cell: nodes.Element) -> set[str]:
    """The classes of all that stands between a block and its cell."""
    found: set[str] = set()
    while block is not cell:
        block = block.parent
        found.update(block["classes"])
    return found


def live_listings(doctree: nodes.document, docname: str, edition: str) -> list[nodes.Element]:
    """The cells of a page that can run in it, in their order."""
    if not docname.startswith(tuple(f"book/{chapter}/" for chapter in CHAPTERS)):
        return []
    cells = [node for node in doctree.findall(nodes.container) if "cell" in node["classes"]]
    shown = [(cell, code) for cell in cells if (code := code_of(cell)) is not None]
    running = live([code for _, code in shown], edition)
    found = [pair for pair, runs in zip(shown, running, strict=True) if runs]
    return [] if draw_only([code for _, code in found]) else [cell for cell, _ in found]


def mark(cells: list[nodes.Element]) -> None:
    """Let the page's scripts know the cells: a text that changes is another listing."""
    names: list[str] = []
    for cell in cells:
        digest = hashlib.sha256(code_of(cell).encode()).hexdigest()[:10]
        names.append(digest)
        times = names.count(digest)
        cell["ids"].append(f"listing-{digest}" + (f"-{times}" if times > 1 else ""))
        cell["classes"].append("live-listing")
