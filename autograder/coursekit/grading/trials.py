"""One exercise and the cases of one student, before and after its verdict."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from coursekit.authoring.masters import PlacedExercise
from coursekit.checks.model import Task, Verdict

References = dict[str, Callable[..., Any]]
"""Functions of the course, by the name that the exercises give them."""


@dataclass(frozen=True)
class Trial:
    """One exercise and the cases of one student."""

    exercise: PlacedExercise
    task: Task


@dataclass(frozen=True)
class Decided:
    """A trial whose verdict stands.

    Attributes
    ----------
    trial : Trial
    verdict : Verdict
    told_by : tuple of str
        The functions whose references could have told the student's code what is in the verdict.
    """

    trial: Trial
    verdict: Verdict
    told_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Waiting:
    """A trial that is decided by what help changes.

    Attributes
    ----------
    trial : Trial
    earlier : dict
        The references of the earlier exercises that failed and that the function needs.
    alone : Verdict
        On what the function does by itself, in a process of its own.
    """

    trial: Trial
    earlier: References
    alone: Verdict


@dataclass(frozen=True)
class Faulty:
    """A trial of which nothing is known, and what went wrong in the grader."""

    trial: Trial
    fault: str
