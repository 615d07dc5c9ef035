"""The tables of the book that show which mistake fails in which group of cases.

The file holds a section for each problem set, and in it a block to unfold for each exercise. One
exercise can be renewed by itself: the line that adds up a set is made from its blocks.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from coursekit.authoring.masters import Master
from coursekit.grading.results import write_atomically
from coursekit.verification.report import Counts, ExerciseReport
from coursekit.verification.rightness import OUTCOMES, SORTS

FILE = Path("book/teaching/kill_matrix_tables.txt")
"""Of a checkout."""

TOLD = "What students are told"
"""Title of the table that adds up all problem sets."""

BLOCK = re.compile(r"^````\{dropdown\} (?P<id>\S+)\n.*?^````$", re.M | re.S)


def outdated(text: str, master: Master, reports: Sequence[ExerciseReport]) -> list[str]:
    """Ids of the exercises whose block is not what verifying them gave; the set's own id last.

    Parameters
    ----------
    text : str
        Of the file.
    master : Master
    reports : sequence of ExerciseReport
        Of all exercises of the set, or of some.
    """
    section = section_of(text, master.title)
    found = blocks_of(section)
    stale = [report.id for report in reports if found.get(report.id) != block(report)]
    kept = {
        exercise.id: found[exercise.id] for exercise in master.exercises if exercise.id in found
    }
    summed = section == compose(master.title, kept) and section_of(text, TOLD) == told_in_all(text)
    return stale or ([] if summed else [master.id])


def renewed(text: str, master: Master, reports: Sequence[ExerciseReport]) -> str:
    """The text of the file with the blocks of these exercises, and what adds up their set."""
    section = section_of(text, master.title)
    blocks = blocks_of(section) | {report.id: block(report) for report in reports}
    ids = [exercise.id for exercise in master.exercises if exercise.id in blocks]
    new = compose(master.title, {name: blocks[name] for name in ids})
    if section:
        text = text.replace(section, new)
    else:
        text = f"{text.rstrip()}\n\n{new}\n" if text.strip() else f"{new}\n"
    before = section_of(text, TOLD)
    rest = text.replace(before, "").lstrip() if before else text
    return f"{told_in_all(text)}\n\n{rest}"


def told_in_all(text: str) -> str:
    """The table of what students are told, added up over the blocks of all problem sets."""
    total = {sort: Counter[str]() for sort in SORTS}
    for found in blocks_of(text).values():
        for sort, outcomes in told_of(found).items():
            total[sort] += outcomes
    lines = [f"## {TOLD}", "", *told_rows(total, shares=True)]
    return "\n".join(lines)


def told_rows(told: Mapping[str, Counter[str]], shares: bool = False) -> Iterable[str]:
    """A table of what becomes of messages, a row for each sort of wrong answers."""
    yield row(["wrong answers", *OUTCOMES.values()])
    yield row(["---"] * (len(OUTCOMES) + 1))
    for sort in SORTS:
        outcomes = told.get(sort, Counter())
        counts = [str(outcomes[key]) for key in OUTCOMES]
        if shares and outcomes.total():
            counts[0] += f" ({outcomes['right'] / outcomes.total():.0%})"
        yield row([sort, *counts])


def told_of(block: str) -> dict[str, Counter[str]]:
    """What :func:`told_rows` wrote into a block."""
    found = {}
    for sort in SORTS:
        line = re.search(rf"^\| {sort} \|(.*)\|$", block, re.M)
        if line:
            numbers = [int(cell) for cell in line[1].split("|")]
            found[sort] = Counter(dict(zip(OUTCOMES, numbers, strict=True)))
    return found


def write(file: Path, master: Master, reports: Sequence[ExerciseReport]) -> None:
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    write_atomically(file.resolve(), renewed(text, master, reports))


def section_of(text: str, title: str) -> str:
    """The section of a problem set, without empty lines around it; empty if there is none."""
    found = re.search(rf"^## {re.escape(title)}$.*?(?=^## |\Z)", text, re.M | re.S)
    return found.group().strip() if found else ""


def blocks_of(section: str) -> dict[str, str]:
    return {found["id"]: found.group() for found in BLOCK.finditer(section)}


def counts_of(block: str) -> Counts:
    """What was tried on an exercise, as its block says."""
    return Counts.of_line(block.splitlines()[1])


def compose(title: str, blocks: Mapping[str, str]) -> str:
    total = total_line([counts_of(block) for block in blocks.values()])
    return "\n\n".join([f"## {title}", total, *blocks.values()])


def block(report: ExerciseReport) -> str:
    """The kill matrix of an exercise, to unfold."""
    lines = [f"````{{dropdown}} {report.id}", f"{report.counts.line()}.", ""]
    lines += [row(["mistake", *report.groups]), row(["---"] * (len(report.groups) + 1))]
    for mistake, failed in report.kills.items():
        cells = ["caught" if group in failed else "–" for group in report.groups]
        lines.append(row([mistake, *cells]))
    if report.told:
        lines += ["", *told_rows(report.told)]
    return "\n".join([*lines, "````"])


def total_line(several: Sequence[Counts]) -> str:
    """What was tried on a whole problem set."""
    total = Counts.sum(several)
    return (
        f"{len(several)} exercises. Caught: {total.misconceptions} declared mistakes and "
        f"{total.mutants - total.equivalent} mutants; {total.equivalent} more mutants are "
        f"equivalent. Passed: {total.right} right implementations. "
        f"Named rightly: {total.named} of {total.wrong} second wrong implementations. "
        f"Rejected besides: {total.tried} changed results."
    )


def row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
