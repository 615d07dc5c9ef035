"""Verify a problem set: its cases tell right from wrong, and its messages reach who needs them.

For each exercise the reference must get full marks, and what does nothing none; every misconception
must fail and be named, and so must a second wrong answer that makes it; every automatic mutant of
the reference must fail unless it is listed as equivalent; two right answers of other kinds must
pass and get no diagnosis; changed results that nobody declared must fail; what students are told
of a mistake must not be false, and give nothing of the reference away; the statement must have an
example that runs, and name pages that are there; no message, hint or reason may be blank. All of
this can be asked of one exercise alone: what is accepted here is accepted by the tests.
"""

import contextlib
import io
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from coursekit.authoring.masters import Master, PlacedExercise
from coursekit.authoring.rooms import short
from coursekit.authoring.tasks import make_task, public_rng
from coursekit.checks.model import Task
from coursekit.courses import MASTERS, checkout
from coursekit.errors import CourseError
from coursekit.verification import answers, tables
from coursekit.verification.carried_state import try_carried_state
from coursekit.verification.counterparts import try_counterparts
from coursekit.verification.declared_texts import check_texts
from coursekit.verification.doing_nothing import try_doing_nothing
from coursekit.verification.report import Counts, ExerciseReport
from coursekit.verification.rightness import rightness
from coursekit.verification.statements import check_statement, missing_links
from coursekit.verification.undeclared import SAMPLE, tried_on

SEEDS = 3
"""Sets of hidden cases that each mutant must fail, beside the public one."""

NAMED = 0.95
"""Part of a set's second wrong answers that are named."""

FEWEST = 20
"""Undeclared wrong answers that can be made of a result that consists of numbers."""


@dataclass
class SetReport:
    """What verifying a problem set, or some of its exercises, gave.

    Attributes
    ----------
    master : Master
    exercises : list of ExerciseReport
    problems, advice : list of str
        Of the exercises, and then of the set.
    """

    master: Master
    exercises: list[ExerciseReport]
    problems: list[str] = field(default_factory=list)
    advice: list[str] = field(default_factory=list)


def verify(
    master: Master,
    exercises: Sequence[PlacedExercise] = (),
    seeds: int = SEEDS,
    book: Path | None = None,
    write: bool = False,
) -> SetReport:
    """Verify a problem set, or some of its exercises, in this process.

    Parameters
    ----------
    master : Master
    exercises : sequence of PlacedExercise, optional
        By default all.
    seeds : int
        Sets of hidden cases.
    book : Path, optional
        The checkout with the book to look pages up in; by default the one around the masters.
    write : bool
        Whether the tables of the book are brought up to date; otherwise they are compared.

    Raises
    ------
    CourseError
        If there is no table to write.
    """
    book = book or checkout()
    own = master.path.parent != MASTERS
    if write and (own or not book):
        raise CourseError(
            f"there is no table of {master.id} to write: the book of a checkout has tables of the "
            "problem sets beside it, and of no others; leave --write out"
        )
    said = io.StringIO()  # what implementations print is nobody's business here
    quiet = contextlib.redirect_stdout(said)
    with quiet, warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        reports = [
            verify_exercise(master, exercise, seeds, book, own)
            for exercise in exercises or master.exercises
        ]
    if write and book:
        tables.write(book / tables.FILE, master, reports)
    report = SetReport(master, reports)
    report.problems = [problem for one in reports for problem in one.problems]
    report.advice = [advice for one in reports for advice in one.advice]
    of_set = report.advice if own else report.problems
    of_set += [f"{master.id}: {text}" for text in set_troubles(master, reports, book, own)]
    return report


def verify_exercise(
    master: Master, exercise: PlacedExercise, seeds: int, book: Path | None, own: bool
) -> ExerciseReport:
    """Verify one exercise over its public cases and several sets of hidden ones."""
    declared = exercise.declaration
    groups = tuple(group.name for group in declared.cases)
    place = short(exercise.room.path) if exercise.room else f"{master.id}.py"
    report = ExerciseReport(exercise.id, groups, place, own)
    report.counts = Counts(misconceptions=len(declared.misconceptions))
    hidden = [make_task(exercise, np.random.default_rng(seed)) for seed in range(seeds)]
    tasks = [make_task(exercise, public_rng(exercise.id), public=True), *hidden]
    answers.try_reference(report, exercise, tasks)
    try_doing_nothing(report, exercise, tasks)
    answers.try_misconceptions(report, exercise, tasks)
    answers.try_mutants(report, exercise, tasks)
    answers.try_right_answers(report, exercise, tasks)
    answers.try_second_wrong(report, exercise, tasks)
    check_texts(report, exercise, tasks)
    try_counterparts(report, exercise, tasks)
    try_carried_state(report, exercise)
    try_undeclared(report, exercise)
    try_messages(report, exercise, tasks[0])
    check_statement(report, master, exercise, book)
    return report


def try_undeclared(report: ExerciseReport, exercise: PlacedExercise) -> None:
    """A sample of wrong answers that nobody declared: none passes."""
    found = tried_on(exercise, SAMPLE)
    report.counts = replace(report.counts, tried=found.tried)
    report.expect(
        not found.passing,
        f"wrong answers pass that nobody declared: the result {', '.join(found.passing[:3])}; "
        "draw cases that tell it from the right one",
    )
    report.expect(
        not found.numeric or found.tried >= FEWEST,
        f"only {found.tried} wrong answers could be made of its result, expected are {FEWEST}: "
        "draw cases whose result is not the same when it is changed",
    )


def try_messages(report: ExerciseReport, exercise: PlacedExercise, public: Task) -> None:
    """What students are told of known changes: never what does not hold, and never an answer."""
    report.told = rightness(exercise, public)
    false, leaks = (sum(told[key] for told in report.told.values()) for key in ("false", "leaks"))
    report.wish(
        not false,
        f"{false} messages say of a wrong answer what does not hold in other cases: draw cases "
        "that tell the two apart",
    )
    report.wish(
        not leaks,
        f"{leaks} messages hold an expression of the reference: say what is wrong instead, in "
        f"{report.place}",
    )


def set_troubles(
    master: Master, reports: Sequence[ExerciseReport], book: Path | None, own: bool
) -> list[str]:
    """What is to mend in the set as a whole; exercises not verified now count by the table."""
    text = ""
    if book and not own and (book / tables.FILE).is_file():
        text = (book / tables.FILE).read_text(encoding="utf-8")
    blocks = tables.blocks_of(tables.section_of(text, master.title))
    known = {name: tables.counts_of(block) for name, block in blocks.items()}
    known |= {report.id: report.counts for report in reports}
    total = Counts.sum(known[e.id] for e in master.exercises if e.id in known)
    troubles = [
        f"it links the page {link}, which is not there" for link in missing_links(master, book)
    ]
    if total.named < NAMED * total.wrong:
        troubles.append(
            f"{total.named} of {total.wrong} second wrong answers are named, expected are "
            f"{NAMED:.0%}: let the cases hold where the first and the second are the same mistake"
        )
    if book and not own:
        stale = tables.outdated(text, master, reports)
        troubles += [renewal(master, stale)] if stale else []
    return troubles


def renewal(master: Master, stale: Sequence[str]) -> str:
    """How the tables of exercises, or the sums of the set, are brought up to date."""
    one = len(stale) == 1 and stale[0] != master.id
    what = f" {stale[0].removeprefix(f'{master.id}-')}" if one else ""
    return (
        f"{tables.FILE} is not up to date with {', '.join(stale)}: "
        f"run `course verify {master.id}{what} --write`"
    )
