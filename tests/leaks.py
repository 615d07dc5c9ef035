"""Find the bodies of exercise functions in what must not hold them."""

import ast
import re
from collections.abc import Iterable, Iterator

from coursekit.authoring.masters import MASTERS, PlacedExercise, read_master
from coursekit.verification.counterparts import body_of


def all_exercises() -> list[PlacedExercise]:
    return [e for path in sorted(MASTERS.glob("*.md")) for e in read_master(path).exercises]


def leaks(texts: Iterable[str], exercises: Iterable[PlacedExercise]) -> set[str]:
    """Ids of the exercises whose body stands in one of the texts, however it is laid out.

    What the package computes in the place of the reference is an answer as well.
    """
    haystack = [squeezed(text) for text in texts]
    return {
        exercise.id
        for exercise in exercises
        for hay in haystack
        if any(needle in hay for needle in needles(exercise))
    }


def needles(exercise: PlacedExercise) -> Iterator[str]:
    """The body as it is written, and as the parser prints it."""
    bodies = [body_of(one.function) for one in exercise.declaration.counterparts]
    for body in (exercise.reference.body, *bodies):
        yield squeezed(body)
        yield squeezed(ast.unparse(ast.parse(body)))


def squeezed(code: str) -> str:
    """Code without comments, quotes and white space, so that layout does not matter."""
    return re.sub(r"[\s'\"\\]+|#[^\n]*", "", code)
