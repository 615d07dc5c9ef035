"""The notebook as it lies saved beside the checks, and its functions by the rule of grading."""

from __future__ import annotations

import contextlib
import importlib
import json
import linecache
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from coursekit.checks.answer_cells import CodeCell, note_in_words, plan
from coursekit.checks.cell_names import readable, without_magics
from coursekit.checks.overheard import overhear
from coursekit.worker.failing_line import kind_of, marked_line
from coursekit.worker.kept_answers import KeptAnswers


@dataclass
class SavedNotebook:
    """What grading would find in a notebook.

    Attributes
    ----------
    path : Path
    answers : KeptAnswers
        Its functions, each with the names around it as they stood when its own cell had run.
    notes : dict of str to str
        By the name of a function: what is to be known of where it is defined.
    """

    path: Path
    answers: KeptAnswers
    notes: dict[str, str] = field(default_factory=dict)

    def function(self, name: str) -> Callable[..., object] | None:
        """A function, ready to be called before another one is asked for."""
        self.answers.bring_back(name)
        found = self.answers.namespace.get(name)
        return found if callable(found) else None


class Reading:
    """Whether a saved notebook is being read: then its own checks say and do nothing."""

    active = False


def read_notebook(path: Path, exercises: Mapping[str, str]) -> SavedNotebook:
    """Run of a notebook what grading runs, apart from the notebook that is open.

    Parameters
    ----------
    path : Path
    exercises : mapping of str to str
        Ids of the exercises, which their cells carry, to the names of their functions.

    Raises
    ------
    OSError, ValueError
        If it cannot be read.
    """
    planned = plan(code_cells(path), exercises)
    namespace: dict[str, object] = {"__name__": "__main__"}
    saved = SavedNotebook(path, KeptAnswers(namespace))
    with unheard():
        for step in planned.steps:
            before = dict(namespace)
            error = run(step.source, f"<saved cell {step.place}>", namespace)
            saved.answers.keep(step.answers, before)
            if error and step.exercise:
                saved.notes[exercises[step.exercise]] = error
    for exercise, kind in planned.notes.items():
        name = exercises[exercise]
        saved.notes[name] = note_in_words(kind, name)
    return saved


def code_cells(path: Path) -> list[CodeCell]:
    """The code cells of a notebook file."""
    document = json.loads(path.read_text(encoding="utf-8"))
    cells = document["cells"] if isinstance(document, dict) and "cells" in document else []
    return [
        CodeCell(grade_id_in(cell.get("metadata", {})), "".join(cell["source"]))
        for cell in cells
        if cell["cell_type"] == "code"
    ]


def grade_id_in(metadata: dict[str, dict[str, str]]) -> str | None:
    """The id that nbgrader gave to a cell."""
    return metadata.get("nbgrader", {}).get("grade_id")


def run(source: str, file: str, namespace: dict[str, object]) -> str:
    """Run a cell; what stopped it, in words, if anything did.

    Its lines are noted as those of a file, as in a notebook, so that they can be looked up.
    """
    text, tree = readable(source)
    if tree is None:
        return is_no_python(source)
    try:
        linecache.cache[file] = len(text), None, text.splitlines(keepends=True), file
        exec(compile(text, file, "exec"), namespace)
    except (Exception, SystemExit) as error:
        return f"its cell stopped with {type(error).__name__}: {error}"
    return ""


def is_no_python(source: str) -> str:
    """What is wrong with a source that cannot be compiled, with its line and a sign below it."""
    try:
        compile(without_magics(source), "<saved cell>", "exec")
    except SyntaxError as error:
        return f"its cell has a {kind_of(error)}: {error.msg}, in {marked_line(error)}"
    except (ValueError, RecursionError, MemoryError) as error:
        return f"its cell is no Python: {error}"
    return ""


@contextlib.contextmanager
def unheard() -> Iterator[None]:
    """Run cells once more without what they print, show and check."""
    figures = open_figures()
    Reading.active = True
    try:
        with contextlib.ExitStack() as silence:
            silence.enter_context(overhear())
            if "IPython" in sys.modules:  # then cells may show pictures
                capture = importlib.import_module("IPython.utils.capture")
                silence.enter_context(capture.capture_output())
            yield
    finally:
        Reading.active = False
        for number in open_figures() - figures:
            sys.modules["matplotlib.pyplot"].close(number)


def open_figures() -> set[int]:
    """The numbers of Matplotlib's figures, if it is there."""
    plots = sys.modules.get("matplotlib.pyplot")
    return set(plots.get_fignums()) if plots else set()
