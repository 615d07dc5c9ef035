"""The student's two commands: check a function, and ask for a hint."""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from coursekit.checks.case_file import load_tasks
from coursekit.checks.compare import examine
from coursekit.checks.diagnosis import diagnose, report
from coursekit.checks.imports import refused_import
from coursekit.checks.model import Outcome, Raised, Returned, Task, Verdict
from coursekit.checks.patterns import pattern_of
from coursekit.checks.sealed import KEPT, examine_sealed
from coursekit.checks.words import NOT_THERE, wrap
from coursekit.worker.failing_line import failing_line

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
    verdict = examine_publicly(function)
    if not verdict.passed:
        text = report(verdict)
        raise CheckFailed(f"{text}\nFor more, call hint({verdict.task.name}).")
    if KEPT in verdict.task.sealed:
        print(f"{verdict.task.name}: nothing is missing. Whether it is right is said when graded.")
        return
    count = len(verdict.task.cases)
    cases = f"all {count} public cases pass" if count > 1 else "the public case passes"
    print(f"{verdict.task.name}: {cases}.")


def hint(function: Callable[..., object], level: int = 1) -> None:
    """Say what the mistake looks like; with a higher level, say more about the way to go.

    Parameters
    ----------
    function : callable
        Your solution.
    level : int
        1 for the first hint of the exercise, 2 for the second, and so on.
    """
    verdict = examine_publicly(function)
    print(hint_text(verdict, level))


def hint_text(verdict: Verdict, level: int = 1) -> str:
    """The text of :func:`hint`: mistakes known by name, a pattern in the numbers, then advice."""
    if verdict.passed:
        return f"{verdict.task.name}: all public cases pass; there is nothing to hint at."
    lines = [verdict.task.messages[name] for name in diagnose(verdict)]
    if not lines:
        lines = [line for line in (pattern_of(verdict),) if line]
    lines += verdict.task.hints[:level]
    if not lines:
        lines = ["No known mistake fits. " + report(verdict)]
    if level < len(verdict.task.hints):
        lines.append(f"More: hint({verdict.task.name}, {level + 1}).")
    return "\n".join(wrap(line) for line in lines)


def check_environment() -> None:
    """Say whether Python and NumPy are new enough for the problem sets.

    Raises
    ------
    CheckFailed
        If NumPy is too old; a Python that is too old is said when this file is imported.
    """
    if int(np.__version__.split(".")[0]) < OLDEST_NUMPY:
        raise CheckFailed(
            f"NumPy {OLDEST_NUMPY} or newer is needed, and this is NumPy {np.__version__}. "
            "The README beside this notebook says how to install it."
        )
    python = ".".join(map(str, sys.version_info[:3]))
    print(f"Python {python} and NumPy {np.__version__}: you can begin.")


def summary() -> None:
    """Check every function of the problem set, and print a line for each.

    The functions are looked up by name among those that the notebook has defined.
    """
    verdicts = {name: state_of(name) for name in known_tasks()}
    width = max(map(len, verdicts), default=0)
    for name, state in verdicts.items():
        print(f"{name:{width}}  {state}")
    done = sum(state == COMPLETE for state in verdicts.values())
    print(f"{done} of {len(verdicts)} are complete.")


def state_of(name: str) -> str:
    """How far one exercise is, in a few words."""
    function = getattr(sys.modules["__main__"], name, None)
    if function is None:
        return "not defined: run its cell"
    if module := refused_import(function):
        return f"not yet: it imports {module}"
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


def call(
    function: Callable[..., object], parameters: Sequence[str], arguments: tuple[object, ...]
) -> Outcome:
    """Call with copies of the arguments, and note which of them the function changed."""
    given = copy.deepcopy(arguments)
    try:
        value = function(*given)
    except Exception as error:
        return Raised(type(error).__name__, str(error), failing_line(error))
    pairs = zip(parameters, given, arguments, strict=True)
    mutated = tuple(name for name, new, old in pairs if not unchanged(old, new))
    return Returned(value, mutated)


def unchanged(old: Any, new: Any) -> bool:
    """Whether a call left an argument as it was; a generator is there to be used."""
    if isinstance(old, np.random.Generator) or callable(old):
        return True
    if isinstance(old, tuple | list):
        return len(old) == len(new) and all(map(unchanged, old, new))
    if isinstance(old, dict):
        return set(old) == set(new) and all(unchanged(old[key], new[key]) for key in old)
    if isinstance(old, np.ndarray):
        return np.array_equal(old, new, equal_nan=old.dtype.kind in "fc")
    return old is new or old == new or old != old


def find_task(name: str) -> Task:
    """The task of that name in the case files beside this module."""
    tasks = known_tasks()
    if name not in tasks:
        known = ", ".join(tasks) or "none: the file of cases is missing beside checks.py"
        raise CheckFailed(f"There is no exercise with a function {name!r}. There are: {known}.")
    return tasks[name]


def known_tasks() -> dict[str, Task]:
    """All tasks in the case files beside this module, by the name of the function."""
    tasks: dict[str, Task] = {}
    for path in sorted(Path(__file__).parent.glob("*_cases.npz")):
        tasks |= load_tasks(path)
    return tasks
