"""Take a plain script apart into the cells that it would have been in a notebook.

Scripts come from editors and from JupyterLab's *Save and Export as*. Each function and each class
of the outermost level is a cell by itself, so that it answers its exercise and no other; what
stands between two of them is a cell, too.
"""

import ast
import itertools
import re
import warnings
from collections.abc import Iterator

MAX_SCRIPT = 400_000
"""Characters of a plain script that is taken apart: parsing Python takes long."""

DEFINES = re.compile(r"^(?:async[ \t]+)?(?:def|class)[ \t]+\w", re.MULTILINE)
"""The line at which a function or a class of the outermost level begins."""

OUTERMOST = re.compile(r"[^\s#)\]}]")
"""What a line begins with that belongs to nothing above it."""

MAGIC = re.compile(r"[%!?].*")
"""A line of IPython's own."""

LINE_END = re.compile(r"\r\n?|\n")
"""As Python sees it."""


def is_script(text: str) -> bool:
    """Whether a text defines functions, as what a student is asked for does."""
    return DEFINES.search(text) is not None


def parts_of(script: str) -> list[str]:
    """The cells of a plain script, in order.

    Raises
    ------
    ValueError
        If it is too long.
    """
    if len(script) > MAX_SCRIPT:
        raise ValueError(f"the script has {len(script)} characters, more than {MAX_SCRIPT}")
    lines = LINE_END.split(script)
    places = [0, *boundaries(lines), len(lines)]
    parts = ("\n".join(lines[a:b]).strip("\n") for a, b in itertools.pairwise(places))
    return [part for part in parts if part.strip()]


def boundaries(lines: list[str]) -> list[int]:
    """The lines, counted from 0, before which a script is cut."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Python thinks of a student's string escapes
            tree = ast.parse("\n".join("pass" if MAGIC.match(line) else line for line in lines))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return sorted(set(as_it_looks(lines)))  # so that an error costs the function it stands in
    return sorted(set(as_python_reads(tree)))


def as_python_reads(tree: ast.Module) -> Iterator[int]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield min([node.lineno, *(each.lineno for each in node.decorator_list)]) - 1
            yield node.end_lineno or node.lineno


def as_it_looks(lines: list[str]) -> Iterator[int]:
    """The same by the first character of each line, for a script that is not Python."""
    within = decorated = False
    for number, line in enumerate(lines):
        if DEFINES.match(line):
            if not decorated:
                yield number
            within, decorated = True, False
        elif line.startswith("@"):
            yield number
            within, decorated = False, True
        elif within and OUTERMOST.match(line):
            yield number
            within = False
