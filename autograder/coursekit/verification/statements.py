"""What a statement says is enough to write the function: its example runs, its pages are there."""

import ast
import doctest
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from nbformat import NotebookNode

from coursekit.authoring.book_page import narrow
from coursekit.authoring.masters import Master, PlacedExercise
from coursekit.authoring.reference_source import section
from coursekit.verification.report import ExerciseReport
from coursekit.worker.personal import my_numbers

WIDEST = 80
"""Columns of code that a page of the book shows."""

GIVEN = (ast.Import, ast.ImportFrom, ast.Assign, ast.FunctionDef, ast.ClassDef)
"""The statements of a notebook's own cells that define something."""


def check_statement(
    report: ExerciseReport, master: Master, exercise: PlacedExercise, book: Path | None
) -> None:
    """An example that runs, a page that teaches it, and every section that a message names."""
    check_example(report, master, exercise)
    check_page(report, exercise)
    check_width(report, exercise)
    for mistake in exercise.declaration.misconceptions:
        trouble = missing_section(mistake.section, book)
        report.wish(
            not trouble, f"the message of {mistake.id} points to {mistake.section!r}: {trouble}"
        )


def check_example(report: ExerciseReport, master: Master, exercise: PlacedExercise) -> None:
    reason = exercise.declaration.no_example
    examples = list(examples_of(exercise))
    if reason:
        report.expect(
            not examples, f"it has an example; take no_example={reason!r} out of {report.place}"
        )
        return
    report.wish(
        bool(examples),
        "its statement has no example: add one to the docstring of the reference, under Examples, "
        "or to the text above the cell, as ```python with >>>; where there can be none, say why "
        f"by no_example= in {report.place}",
    )
    names = names_of(master)
    for example in examples:
        # What a text shows may be printed by one right answer and not by another: 2 or 2.0.
        functions = (exercise.reference.function, *exercise.declaration.right_answers)
        told = [failures(example, {**names, exercise.reference.name: f}) for f in functions]
        report.expect("" in told, f"its example does not run as it says:\n{told[0]}")


def examples_of(exercise: PlacedExercise) -> Iterator[str]:
    """The examples of the docstring, or else those of the text."""
    in_docstring = section(exercise.reference.docstring, "Examples")
    if ">>>" in in_docstring:
        yield in_docstring
        return
    in_text = re.findall(r"^```python\n(>>> .*?)^```", exercise.statement, re.M | re.S)
    if in_text:
        yield "\n".join(in_text)


def names_of(master: Master) -> Mapping[str, object]:
    """What the notebook's own cells define; what the checks are called with is ours to supply."""
    names: dict[str, object] = {"my_numbers": my_numbers}
    for cell in master.cells:
        if not isinstance(cell, NotebookNode) or cell.cell_type != "code":
            continue
        for node in ast.parse(cell.source).body:
            if isinstance(node, GIVEN) and getattr(node, "module", "") != "checks":
                exec(compile(ast.Module([node], []), f"<{master.id}>", "exec"), names)
    return names


def failures(source: str, names: Mapping[str, object]) -> str:
    """What doctest says of examples; nothing if all come out as written."""
    examples = doctest.DocTestParser().get_doctest(source, dict(names), "statement", None, 0)
    lines: list[str] = []
    doctest.DocTestRunner(verbose=False).run(examples, out=lines.append)
    return "".join(lines)


def check_page(report: ExerciseReport, exercise: PlacedExercise) -> None:
    named = re.search(r"\]\([^)]*\bbook/|[Nn]o page", exercise.statement)
    report.wish(
        bool(named or exercise.declaration.no_page),
        "its statement names no page that teaches it: link one, say that no page does, or say why "
        f"by no_page= in {report.place}",
    )


def check_width(report: ExerciseReport, exercise: PlacedExercise) -> None:
    """Prose is wrapped anew for the page; what stands as it is must not be wider."""
    wide = [line for line in narrow(exercise.reference.stub()).splitlines() if len(line) > WIDEST]
    report.wish(
        not wide,
        f"its stub has lines of more than {WIDEST} columns, more than a page shows: break "
        f"{'; '.join(line.strip() for line in wide)}",
    )


def missing_section(pointer: str, book: Path | None) -> str:
    """What is wrong with a pointer "page#Title"; where there is no book its form alone counts."""
    page, _, title = pointer.partition("#")
    if not page or not title:
        return "expected is page#Title, the page as book/chapter/page"
    if book is None:
        return ""
    path = book / f"{page}.md"
    if not path.is_file():
        return f"there is no page {page}.md"
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.M)
    return "" if title in headings else f"{page}.md has no heading {title!r}"


def missing_links(master: Master, book: Path | None) -> list[str]:
    """Pages that the text of a master links and that are not there.

    A link into the book leads to the book of the checkout, from wherever the master lies.
    """
    links = re.findall(r"\]\((?!https?:)([^)#\s]+\.md)", master.path.read_text(encoding="utf-8"))
    return [link for link in dict.fromkeys(links) if not leads_somewhere(master, link, book)]


def leads_somewhere(master: Master, link: str, book: Path | None) -> bool:
    if (master.path.parent / link).is_file():
        return True
    into_book = re.search(r"(?:^|/)(book/.+)$", link)
    if into_book and book is not None:
        return (book / into_book[1]).is_file()
    return bool(into_book)
