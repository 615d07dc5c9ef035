"""What a student reads of a verdict: report, mistake by name, what kept cells from running."""

from collections.abc import Sequence

from nbformat import NotebookNode

from coursekit.authoring.masters import Master
from coursekit.checks.answer_cells import note_in_words
from coursekit.checks.diagnosis import report
from coursekit.checks.model import Outcome, Raised, Undefined, Verdict
from coursekit.checks.words import error_advice, full_stop, wrap
from coursekit.sandbox.outcomes import CellReport
from coursekit.sandbox.runs import Run
from coursekit.submissions.cells import OURS

SYNTAX_ERRORS = ("SyntaxError", "IndentationError", "TabError")
"""Kinds of error for which a cell is not run at all."""


def explain(verdict: Verdict, names: Sequence[str], pattern: str, run: Run) -> str:
    """The report, the mistake by name or its pattern, and what the cell itself said."""
    if all(not_answered(outcome) for outcome in verdict.outcomes):
        return f"{verdict.task.name}: there is no answer yet."
    lines = [report(verdict)]
    lines += [wrap(verdict.task.messages[name]) for name in names]
    if pattern:
        lines.append(wrap(pattern))
    if isinstance(verdict.outcomes[0], Raised) and verdict.outcomes[0].kind == "NameError":
        lines += troubles(verdict, run)
    return "\n".join(lines)


def troubles(verdict: Verdict, run: Run) -> list[str]:
    """What kept cells from defining what was missing, or else where to define it."""
    task = verdict.task
    found = [
        (cell, cell_trouble(report)) for cell, report in zip(run.given, run.cells, strict=True)
    ]
    if not isinstance(verdict.outcomes[0], Undefined):
        return [words for _, words in found if words]
    own = [words for cell, words in found if words and task.name in cell.answers]
    call = f"{task.name}({', '.join(task.parameters)})"
    return own or [wrap(f"Define it in the cell of the exercise, under this name: def {call}:")]


def not_answered(outcome: Outcome) -> bool:
    return isinstance(outcome, Raised) and outcome.kind == "NotImplementedError"


def cell_trouble(cell: CellReport) -> str:
    """What kept a cell from defining what it should; empty if nothing did."""
    error = cell.error
    if error is not None and error.type in SYNTAX_ERRORS:
        return f"The cell {cell.id} has a {error.type}: {error.line}"
    if error is not None:
        where = f", in the line `{error.line}`" if error.line else ""
        words = f"The cell {cell.id} stopped with {error.type}: {error.message}{where}"
        return wrap(" ".join([full_stop(words), *error_advice(error.message)]))
    if cell.status in ("hung", "crashed", "skipped"):
        return wrap(f"The cell {cell.id} was not run to its end: {cell.reason}.")
    return ""


def notes_on(notebook: NotebookNode, master: Master) -> dict[str, str]:
    """What the students are told of answers that do not stand in their own cells alone."""
    kinds = {
        cell.metadata.get("nbgrader", {}).get("grade_id"): cell.metadata[OURS].get("note")
        for cell in notebook.cells
        if OURS in cell.metadata
    }
    return {
        exercise.id: f"Note: {note_in_words(kinds[exercise.id], exercise.reference.name)}."
        for exercise in master.exercises
        if kinds.get(exercise.id)
    }
