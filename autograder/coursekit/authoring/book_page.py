"""From a master to its page in the book: each exercise as the student sees it."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from coursekit.authoring.exercises import Misconception
from coursekit.authoring.masters import ManualExercise, Master, PlacedExercise
from coursekit.authoring.render import formula_text, render_notebook

PAGE_WIDTH = 77
"""Columns of code that a page shows without scrolling."""

ROOT = PurePosixPath("../..")
"""Of the book, as the pages of the problem sets see it."""


def render_page(master: Master, show_solutions: bool) -> str:
    """The page of the book: the master's text, each exercise as the student sees it.

    Parameters
    ----------
    master : Master
    show_solutions : bool
        Whether each exercise is followed by its solution, folded away: the textbook edition.
    """
    return "\n\n".join(_page_parts(master, show_solutions)) + "\n"


def _page_parts(master: Master, show_solutions: bool) -> Iterator[str]:
    ids = code_cell_ids(master)
    for cell in master.cells:
        if isinstance(cell, ManualExercise):
            yield f"[{points_line(cell)[:-2]}, marked by hand.*]{{#{cell.id}}}"
            continue
        if not isinstance(cell, PlacedExercise):
            yield cell.source if cell.cell_type == "markdown" else fenced(cell.source, next(ids))
            continue
        if formula_text(cell):
            yield formula_text(cell)
        yield points_line(cell)
        yield fenced(f"{narrow(cell.reference.stub())}\n    # your code here", cell.id)
        if show_solutions:
            yield solution(cell)


def code_cell_ids(master: Master) -> Iterator[str]:
    """The ids that the notebook's cells of code have which are no exercises, in their order."""
    for cell in render_notebook(master).cells:
        if cell.cell_type == "code" and "nbgrader" not in cell.metadata:
            yield cell.id


def narrow(stub: str, width: int = PAGE_WIDTH) -> str:
    """The text of a stub with no line wider than the page; code and examples stay as they are."""
    lines, rest = [], stub.splitlines()
    while rest:
        line = rest.pop(0)
        indent, cut = indent_of(line), line.rfind(" ", 0, width + 1)
        if len(line) <= width or cut <= indent or line.lstrip().startswith((">>>", "def ")):
            lines.append(line)
            continue
        lines.append(line[:cut])
        remainder = line[:indent] + line[cut + 1 :]
        if goes_on(line, rest):
            rest[0] = f"{remainder} {rest[0].lstrip()}"
        else:
            rest.insert(0, remainder)
    return "\n".join(lines)


def indent_of(line: str) -> int:
    return len(line) - len(line.lstrip())


def goes_on(line: str, rest: list[str]) -> bool:
    """Whether the sentence of a line runs on in the line below."""
    if not rest or not rest[0].strip() or line.endswith((".", ":", ";", '"""')):
        return False
    return indent_of(rest[0]) == indent_of(line)


def solution(exercise: PlacedExercise) -> str:
    """The solution, folded away: its code, the steps that lead to it, the mistakes on the way."""
    parts = [fenced(exercise.reference.source()), "**Hints, from a question to the usual mistake**"]
    parts.append("\n".join(f"1. {escaped(hint)}" for hint in exercise.declaration.hints))
    if exercise.declaration.situation:
        parts.append(f"{{explore}}`See it happen <{exercise.declaration.situation}>`")
    if exercise.declaration.misconceptions:
        parts.append("**Mistakes that are known, and what to look at**")
        parts.append("\n".join(map(mistake_line, exercise.declaration.misconceptions)))
    content = "\n\n".join(parts)
    return f"````{{dropdown}} Solution\n:name: solution-of-{exercise.id}\n\n{content}\n````"


def mistake_line(mistake: Misconception) -> str:
    """What is said to who makes a mistake, with a link to the page that teaches it."""
    page, _, title = mistake.section.partition("#")
    return f"- {escaped(mistake.message)} [{escaped(title)}]({ROOT / page}.md)"


def escaped(text: str) -> str:
    """Plain words as Markdown: the terminal shows them as they stand, and so does the page."""
    return re.sub(r"([\\`*_<>$\[\]])", r"\\\1", text)


def points_line(exercise: PlacedExercise | ManualExercise) -> str:
    if not exercise.points:
        return "*Practice, no points.*"
    return f"*{exercise.points:g} point{'s' if exercise.points != 1 else ''}.*"


def fenced(code: str, id: str = "") -> str:
    """Code on a page; with an id it is the place of a cell of the notebook."""
    if not id:
        return f"```python\n{code}\n```"
    return f"```{{code-block}} python\n:name: {id}\n\n{code}\n```"
