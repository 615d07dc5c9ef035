"""Hold what the commands of a term wrote to what must have come out."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

from coursekit.authoring.masters import Master
from coursekit.demo.term.answers import NOTHING, RIGHT, Work
from coursekit.demo.term.people import Student
from coursekit.demo.term.reckoning import Done, after_penalties, total

HALF_A_CENT = Fraction(1, 200)
BY_HAND = Fraction(5, 2)
"""The mark that is given for each answer in words."""
TOTAL = "total"

Term = dict[str, Done]


@dataclass(frozen=True)
class SetOfTerm:
    """One set as the class had it.

    Attributes
    ----------
    master : Master
    platform : str
    due : datetime
    works : dict
        By the account of the student.
    came : dict
        When each last attempt came, as far as it is known.
    graded : dict
        What ``course grade --json`` wrote.
    """

    master: Master
    platform: str
    due: datetime
    works: Mapping[str, Work]
    came: Mapping[str, datetime]
    graded: Mapping[str, Any]


def wrong_results(one: SetOfTerm) -> Iterator[str]:
    """Exercises that came to something else than they must, a sentence each."""
    for login, work in one.works.items():
        if not work.expected:
            if login in one.graded:
                yield f"{login}, {one.master.id}: graded, and nothing was handed in"
            continue
        results = one.graded[login]["exercises"]
        for exercise, expected in work.expected.items():
            if not is_as_expected(results[exercise], expected):
                found = results[exercise]
                yield (
                    f"{login}, {exercise}: {expected} is expected, and it came to "
                    f"{found['points']:g} of {found['max_points']:g} points, {found['outcome']}, "
                    f"{found['misconception'] or 'no mistake named'}"
                )


def is_as_expected(found: Mapping[str, Any], expected: str) -> bool:
    points, possible = exact(found["points"]), exact(found["max_points"])
    if expected == RIGHT:
        return found["outcome"] == "passed" and points == possible
    if expected == NOTHING:
        return found["outcome"] == "failed" and points == 0
    of_groups = sum(exact(group["points"]) for group in found["groups"])
    named = found["misconception"].split(" or ")
    less = points < possible or possible == 0
    return expected in named and less and abs(of_groups - points) <= HALF_A_CENT


def exact(number: float) -> Fraction:
    """A number as it is written, and not as a computer holds it."""
    return Fraction(repr(float(number)))


def term_of(student: Student, sets: Iterable[SetOfTerm], more: Mapping[str, Any]) -> Term:
    """The facts of one student's term.

    Parameters
    ----------
    student : Student
    sets : iterable of SetOfTerm
    more : mapping
        What is granted to the student: ``more``, by which each due date moves, and ``excused``,
        the sets that do not count.
    """
    found = {}
    for one in sets:
        work = one.works[student.login]
        words = BY_HAND * len(one.master.manual)
        results = one.graded.get(student.login, {"exercises": {}})["exercises"]
        earned = sum((exact(results[name]["points"]) for name in work.expected), Fraction(0))
        found[one.master.id] = Done(
            one.due + more["more"],
            one.came.get(student.login),
            earned + (words if has_words(one, work) else 0),
            exact(one.master.points),
            bool(work.expected),
            one.master.id in more["excused"],
        )
    return found


def has_words(one: SetOfTerm, work: Work) -> bool:
    """Whether a person gave a mark: somebody wrote an answer in words that could be read."""
    return bool(one.master.manual) and any(what != NOTHING for what in work.expected.values())


def wrong_totals(
    terms: Mapping[str, Term], table: Path, last: str, column: str = "student"
) -> Iterator[str]:
    """Cells of an exported table that are not what was reckoned, a sentence each."""
    with table.open(encoding="utf-8", newline="") as file:
        rows = {row[column].lstrip("'#"): row for row in csv.DictReader(file)}
    for login, term in terms.items():
        points = after_penalties(term)
        expected = {name: cell(one, points[name]) for name, one in term.items()}
        expected[TOTAL] = two_places(total(term, points, last))
        for name, text in expected.items():
            found = rows.get(login, {}).get(name)
            if found is not None and not same(found, text):
                yield f"{login}, {name} in {table.name}: {found!r}, and {text!r} is reckoned"
        if login not in rows:
            yield f"{login} is not in {table.name}"


def cell(one: Done, points: Fraction) -> str:
    """What a table says of one set."""
    if one.excused:
        return "excused"
    return two_places(points) if one.handed_in else ""


def two_places(points: Fraction) -> str:
    return f"{float(points):.2f}"


def same(found: str, expected: str) -> bool:
    """Whether two cells say the same; a platform has words of its own for an excuse."""
    words = {"EX": "excused"}.get(found, found)
    if expected == "excused":
        return words in ("excused", "")
    if not expected or words in ("excused", ""):
        return words == expected
    return abs(Fraction(found) - Fraction(expected)) <= Fraction(1, 100)


def read_json(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found
