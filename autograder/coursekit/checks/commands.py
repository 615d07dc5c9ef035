"""The student's two commands: check a function, and ask for a hint."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from coursekit.checks.case_file import load_tasks
from coursekit.checks.compare import examine
from coursekit.checks.diagnosis import diagnose, pattern_of, report
from coursekit.checks.model import Outcome, Raised, Returned, Task, Verdict
from coursekit.checks.words import wrap


class CheckFailed(AssertionError):
    """A check that failed; a notebook shows its message alone, without a traceback."""

    def _render_traceback_(self) -> list[str]:
        return str(self).splitlines()


def check(function: Callable) -> None:
    """Call your function with the public cases and compare; say what is wrong, if anything.

    Parameters
    ----------
    function : callable
        Your solution, under the name that the exercise gives it.

    Raises
    ------
    CheckFailed
        If a case fails; its message says which property fails, where, and for which call.
    """
    verdict = examine_publicly(function)
    if not verdict.passed:
        text = report(verdict)
        raise CheckFailed(f"{text}\nFor more, call hint({verdict.task.name}).")
    print(f"{verdict.task.name}: all {len(verdict.task.cases)} public cases pass.")


def hint(function: Callable, level: int = 1) -> None:
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


def examine_publicly(function: Callable) -> Verdict:
    task = find_task(getattr(function, "__name__", repr(function)))
    return examine(task, [call(function, task.parameters, case.arguments) for case in task.cases])


def call(function: Callable, parameters: Sequence[str], arguments: tuple) -> Outcome:
    """Call with copies of the arguments, and note which of them the function changed."""
    given = copy.deepcopy(arguments)
    try:
        value = function(*given)
    except Exception as error:
        return Raised(type(error).__name__, str(error))
    pairs = zip(parameters, given, arguments, strict=True)
    mutated = tuple(name for name, new, old in pairs if not unchanged(old, new))
    return Returned(value, mutated)


def unchanged(old: object, new: object) -> bool:
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
    folder = Path(__file__).parent
    tasks = {}
    for path in sorted(folder.glob("*_cases.npz")):
        tasks |= load_tasks(path)
    if name not in tasks:
        known = ", ".join(tasks) or "none: the file of cases is missing beside checks.py"
        raise CheckFailed(f"There is no exercise with a function {name!r}. There are: {known}.")
    return tasks[name]
