"""The student's two commands: check a function, and ask for a hint."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from coursekit.checks.attempt_log import log_attempt, log_name, switch_log
from coursekit.checks.calling import call
from coursekit.checks.case_file import load_tasks
from coursekit.checks.compare import examine
from coursekit.checks.diagnosis import report
from coursekit.checks.hints import hint_text, names_mistake
from coursekit.checks.imports import refused_import
from coursekit.checks.model import Raised, Task, Verdict
from coursekit.checks.one_change import one_change
from coursekit.checks.overheard import overhear, say
from coursekit.checks.pictures import displayed, picture_of
from coursekit.checks.saved_notebook import Reading, SavedNotebook, read_notebook
from coursekit.checks.sealed import KEPT, examine_sealed, whose_numbers
from coursekit.checks.words import NOT_THERE, wrap

OLDEST_NUMPY = 2
COMPLETE = "complete"


class CheckFailed(AssertionError):
    """A check that failed; a notebook shows its message alone, without a traceback."""

    def _render_traceback_(self) -> list[str]:
        return str(self).splitlines()


def check(function: Callable[..., object]) -> None:
    """Call your function with the public cases and compare; say what is wrong, if anything.

    Parameters
    ----------
    function : callable
        Your solution, under the name that the exercise gives it.

    Raises
    ------
    CheckFailed
        If a case fails; its message says which property fails, where, and for which call. Or
        if it imports what grading has not.
    """
    if Reading.active:
        return
    with overhear() as heard:
        verdict = examine_publicly(function)
    log_attempt(lambda: log_of(verdict.task), verdict, "check")
    if not verdict.passed:
        drawn = not displayed(picture_of(verdict))
        more = f"For more, call hint({verdict.task.name})."
        raise CheckFailed("\n".join([report(verdict, drawn), more, *heard.lines()]))
    if KEPT in verdict.task.sealed:
        say(f"{verdict.task.name}: nothing is missing. Whether it is right is said when graded.")
        return
    if verdict.task.sealed:
        say(f"{verdict.task.name}: all is right. {whose_numbers(verdict)}")
        return
    count = len(verdict.task.cases)
    cases = f"all {count} public cases pass" if count > 1 else "the public case passes"
    say("\n".join([f"{verdict.task.name}: {cases}.", *heard.lines()]))


def hint(function: Callable[..., object], level: int = 1) -> None:
    """Ask a question about what your function gave; with a higher level, say more.

    Parameters
    ----------
    function : callable
        Your solution.
    level : int
        1 for a question, 2 for where to look, 3 for the mistake, where it is known.
    """
    if Reading.active:
        return
    with overhear():
        verdict = examine_publicly(function)
        change = one_change(function, verdict) if level > 1 else None
    asked = "message" if names_mistake(verdict, level, change) else "hint"
    log_attempt(lambda: log_of(verdict.task), verdict, asked)
    say(hint_text(verdict, level, change))


def log_attempts(on: bool = True) -> None:
    """Keep a log of your checks and hints in a file beside the notebook, or stop keeping it.

    It is off until you call this. It holds no code: the book says what it holds, and for whom.

    Parameters
    ----------
    on : bool
        Whether to keep it, until the notebook is restarted.
    """
    if Reading.active:
        return
    switch_log(on, [log_name(set_of_cases(path)) for path in tasks_by_file()])


def log_of(task: Task) -> Path:
    """The log of the problem set that a task is in."""
    paths = (path for path, tasks in tasks_by_file().items() if task.name in tasks)
    path = next(paths, Path(__file__).with_name("ps_cases.npz"))
    return path.with_name(log_name(set_of_cases(path)))


def check_environment() -> None:
    """Say whether Python and NumPy are new enough for the problem sets.

    Raises
    ------
    CheckFailed
        If NumPy is too old; a Python that is too old is said when this file is imported.
    """
    if Reading.active:
        return
    if int(np.__version__.split(".")[0]) < OLDEST_NUMPY:
        raise CheckFailed(
            f"NumPy {OLDEST_NUMPY} or newer is needed, and this is NumPy {np.__version__}. "
            "The README beside this notebook says how to install it."
        )
    python = ".".join(map(str, sys.version_info[:3]))
    say(f"Python {python} and NumPy {np.__version__}: you can begin.")


def summary() -> None:
    """Check every function of the problem set, and print a line for each.

    The functions are those of the notebook as it lies saved beside this file, found by the rule of
    grading; where there is none, those that are defined here.
    """
    if Reading.active:
        return
    states: dict[str, str] = {}
    endings: list[str] = []
    for path, tasks in tasks_by_file().items():
        saved = saved_notebook(path, tasks)
        found = {name: state_of(name, saved) for name in tasks}
        endings.append(ending_of_summary(path, saved, found))
        states |= found
    width = max(map(len, states), default=0)
    say("\n".join([*(f"{name:{width}}  {state}" for name, state in states.items()), *endings]))


def saved_notebook(cases: Path, tasks: Mapping[str, Task]) -> SavedNotebook | None:
    """The notebook that belongs to a file of cases; None if there is none that can be read."""
    path = notebook_of(cases)
    try:
        return read_notebook(path, {task.exercise or name: name for name, task in tasks.items()})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def notebook_of(cases: Path) -> Path:
    """The notebook of a problem set: that of its name, or the only one beside it."""
    path = cases.with_name(f"{set_of_cases(cases)}.ipynb")
    others = list(path.parent.glob("*.ipynb"))
    return others[0] if len(others) == 1 else path


def set_of_cases(cases: Path) -> str:
    """The name of the problem set that a file of cases belongs to."""
    return cases.stem.removesuffix("_cases")


def ending_of_summary(cases: Path, saved: SavedNotebook | None, states: Mapping[str, str]) -> str:
    """How many are complete, in which file, and for what that is promised."""
    done = f"{sum(map(is_complete, states.values()))} of {len(states)} are complete"
    if saved is None:
        return f"{done}. There is no notebook {notebook_of(cases).name} here that could be read."
    clock = time.strftime("%H:%M", time.localtime(saved.path.stat().st_mtime))
    return "\n".join(
        [
            "Grading runs the notebook from top to bottom. To see the same here, restart it and "
            "run all cells; then save it.",
            f"{done} in {saved.path.name}, as it was saved at {clock}.",
        ]
    )


def is_complete(state: str) -> bool:
    return state.partition(" (")[0] == COMPLETE


def state_of(name: str, saved: SavedNotebook | None) -> str:
    """How far one exercise is, in a few words."""
    here = getattr(sys.modules["__main__"], name, None)
    if saved is None:
        return state_of_function(name, here)
    state, note = state_of_function(name, saved.function(name)), saved.notes.get(name, "")
    if state != COMPLETE and here is not None and state_of_function(name, here) == COMPLETE:
        state = f"{COMPLETE}, but not in the saved notebook: save it, and run this cell again"
    return f"{state} ({note})" if note else state


def state_of_function(name: str, function: Callable[..., object] | None) -> str:
    if function is None:
        return "not defined: run its cell"
    if module := refused_import(function):
        return f"not yet: it imports {module}"
    with overhear():
        verdict = examine_publicly(function, name)
    if verdict.passed:
        return "typed" if KEPT in verdict.task.sealed else COMPLETE
    if all(isinstance(o, Raised) and o.kind == "NotImplementedError" for o in verdict.outcomes):
        return "not begun"
    failed, count = sum(map(bool, verdict.findings)), len(verdict.findings)
    return f"not yet: {failed} of {count} public {'cases fail' if count > 1 else 'case fails'}"


def examine_publicly(function: Callable[..., object], name: str = "") -> Verdict:
    task = find_task(name or name_of(function))
    if module := refused_import(function):
        text = f"{task.name} imports {module}. {NOT_THERE.format(module=module)}"
        raise CheckFailed(wrap(text))
    if task.sealed:
        return examine_sealed(task, call(function, task.parameters, ("",)))
    return examine(task, [call(function, task.parameters, case.arguments) for case in task.cases])


def name_of(function: Callable[..., object]) -> str:
    """The exercise that a function answers: a lambda or a wrapped one is known by its variable."""
    own = getattr(function, "__name__", repr(function))
    tasks, variables = known_tasks(), vars(sys.modules["__main__"])
    if own in tasks:
        return own
    return next((name for name in tasks if variables.get(name) is function), own)


def find_task(name: str) -> Task:
    """The task of that name in the case files beside this module."""
    tasks = known_tasks()
    if name not in tasks:
        known = ", ".join(tasks) or "none: the file of cases is missing beside checks.py"
        raise CheckFailed(f"There is no exercise with a function {name!r}. There are: {known}.")
    return tasks[name]


def known_tasks() -> dict[str, Task]:
    """All tasks in the case files beside this module, by the name of the function."""
    return {name: task for tasks in tasks_by_file().values() for name, task in tasks.items()}


def tasks_by_file() -> dict[Path, dict[str, Task]]:
    """The tasks in each case file beside this module."""
    paths = sorted(Path(__file__).parent.glob("*_cases.npz"))
    return {path: load_tasks(path) for path in paths}
