"""What verifying a problem set gave: which mistake fails in which group of cases, as tables."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from coursekit.authoring.masters import Master


@dataclass
class ExerciseReport:
    """What verifying one exercise gave.

    Attributes
    ----------
    id : str
    groups : tuple of str
    kills : dict
        Misconception to the groups in which it fails.
    mutants, equivalent, right, wrong, named : int
        Automatic mutants made, those listed as equivalent, right variants run, second wrong
        implementations run, and those of them that are named rightly.
    problems : list of str
        What must be mended, a sentence each.
    """

    id: str
    groups: tuple[str, ...]
    kills: dict[str, set[str]] = field(default_factory=dict)
    mutants: int = 0
    equivalent: int = 0
    right: int = 0
    wrong: int = 0
    named: int = 0
    problems: list[str] = field(default_factory=list)

    def expect(self, holds: bool, problem: str) -> None:
        """Note a problem unless something holds."""
        if not holds:
            self.problems.append(f"{self.id}: {problem}")


def text_table(reports: Sequence[ExerciseReport]) -> str:
    """A line for each exercise, with the kill matrix below it, to be read in a terminal."""
    lines = []
    for report in reports:
        lines += [summary_line(report)]
        width = max(map(len, report.kills), default=0)
        for mistake, groups in report.kills.items():
            lines.append(f"    {mistake:{width}}  fails in {in_words(report, groups)}")
    return "\n".join(lines)


def summary_line(report: ExerciseReport) -> str:
    killed = report.mutants - report.equivalent
    return (
        f"{report.id}: {len(report.kills)} misconceptions, {killed} mutants and "
        f"{report.equivalent} equivalent, {report.right} right variants, "
        f"{report.named} of {report.wrong} second wrong named"
    )


def in_words(report: ExerciseReport, groups: set[str]) -> str:
    if groups == set(report.groups):
        return "every group"
    return "; ".join(group for group in report.groups if group in groups) or "single cases only"


def markdown_table(master: Master, reports: Sequence[ExerciseReport]) -> str:
    """The kill matrices of a problem set as a section of a page, one to unfold per exercise."""
    lines = [f"## {master.title}", "", total_line(reports), ""]
    for report in reports:
        lines += [
            f"````{{dropdown}} {report.id}",
            f"{summary_line(report).partition(': ')[2]}.",
            "",
        ]
        lines += [row(["mistake", *report.groups]), row(["---"] * (len(report.groups) + 1))]
        for mistake, failed in report.kills.items():
            cells = ["caught" if group in failed else "–" for group in report.groups]
            lines.append(row([mistake, *cells]))
        lines += ["````", ""]
    return "\n".join(lines)


def total_line(reports: Sequence[ExerciseReport]) -> str:
    """What was tried on a whole problem set."""
    mistakes = sum(len(report.kills) for report in reports)
    mutants, equivalent, right, wrong, named = (
        sum(getattr(report, name) for report in reports)
        for name in ("mutants", "equivalent", "right", "wrong", "named")
    )
    return (
        f"{len(reports)} exercises. Caught: {mistakes} declared mistakes and "
        f"{mutants - equivalent} mutants; {equivalent} more mutants are equivalent. "
        f"Passed: {right} right implementations. "
        f"Named rightly: {named} of {wrong} second wrong implementations."
    )


def row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
