"""Independent implementations of exercises, right and wrong, which only tests hold."""

import runpy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from coursekit.authoring.masters import MASTERS
from coursekit.errors import CourseError

VARIANTS = MASTERS.parent.parent / "tests" / "problem_sets"
"""Folder of the independent implementations: one module for each problem set."""


@dataclass(frozen=True)
class Variants:
    """Independent implementations of a problem set, which only tests hold.

    Attributes
    ----------
    right : mapping
        Exercise id to implementations that must get full marks.
    wrong : mapping
        Exercise id to misconception to an implementation of the mistake, or several, written
        without looking at the declared one.
    source : str
        Of the module; it runs beside student code when the sandbox is asked for.
    """

    right: Mapping[str, Sequence[Callable]] = field(default_factory=dict)
    wrong: Mapping[str, Mapping[str, Sequence[Callable]]] = field(default_factory=dict)
    source: str = ""


def read_variants(problem_set: str, folder: Path = VARIANTS) -> Variants:
    """The independent implementations of a problem set; none if there is no such module."""
    path = folder / f"{problem_set}.py"
    if not path.is_file():
        return Variants()
    names = runpy.run_path(str(path))
    if "RIGHT" not in names or "WRONG" not in names:
        raise CourseError(f"{path} must define RIGHT and WRONG, dicts by exercise id")
    wrong = {
        exercise: {name: several(functions) for name, functions in mistakes.items()}
        for exercise, mistakes in names["WRONG"].items()
    }
    return Variants(names["RIGHT"], wrong, path.read_text(encoding="utf-8"))


def several(functions: Callable | Sequence[Callable]) -> Sequence[Callable]:
    return (functions,) if callable(functions) else functions
