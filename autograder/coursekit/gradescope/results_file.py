"""``results.json``: what Gradescope shows of a graded hand-in.

Of what it documents only plain text is used, and no field that came later.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from coursekit.book_links import link_to
from coursekit.grading.results import JUDGED, ExerciseResult, GroupResult, Result
from coursekit.names import shown_text

VISIBLE, HIDDEN = "visible", "hidden"
NOT_GRADED = (
    "Nothing was graded, and this 0 is no grade of yours. What you handed in is kept. Hand it in "
    "once more; if this comes again, tell your instructor."
)


def results(result: Result, about_the_file: Sequence[str], book_url: str | None) -> dict[str, Any]:
    """What is said of a graded hand-in.

    Parameters
    ----------
    result : Result
    about_the_file : sequence of str
        What the student should know about the file.
    book_url : str, optional
        Where the book is published.
    """
    judged = [exercise for exercise in result.exercises if exercise.evidence == JUDGED]
    by_hand = result.max_score - sum(exercise.max_points for exercise in judged)
    said = [f"{sentence}." for sentence in about_the_file]
    if by_hand:
        said.append(f"{by_hand:g} more points are given by a person, later.")
    return {
        "score": round(sum(exercise.points for exercise in judged), 4),
        "output": shown_text("\n".join(said)),
        "visibility": VISIBLE,
        "stdout_visibility": HIDDEN,
        "tests": [test(*numbered, book_url) for numbered in enumerate(judged, 1)],
        "extra_data": {
            "versions": result.versions,
            "made_of": result.made_of,
            "sandbox": result.sandbox,
            "mistakes": {e.id: e.misconception for e in judged if e.misconception},
        },
    }


def test(number: int, exercise: ExerciseResult, book_url: str | None) -> dict[str, Any]:
    """One exercise: its points, the judge's words, what each group earned, where to read."""
    return {
        "name": exercise.id,
        "number": str(number),
        "score": round(exercise.points, 4),
        "max_score": exercise.max_points,
        "output": shown_text("\n".join(words(exercise, book_url))),
        "visibility": VISIBLE,
    }


def words(exercise: ExerciseResult, book_url: str | None) -> Iterator[str]:
    yield exercise.message
    yield from map(group_line, exercise.groups)
    for section in exercise.sections:
        link = link_to(section, book_url)
        yield f'The book has it in "{link.title}", {link.href or link.page}.'


def group_line(group: GroupResult) -> str:
    right = f"{group.passed} of {group.cases} right"
    return f"- {group.name}: {right}, {group.points:.4g} of {group.max_points:.4g} points"


def refused(why: str) -> dict[str, Any]:
    """What is said where nobody was graded: a file is there in any case."""
    return {
        "score": 0,
        "output": shown_text(f"{NOT_GRADED}\n\n{why}"),
        "visibility": VISIBLE,
        "stdout_visibility": HIDDEN,
    }
