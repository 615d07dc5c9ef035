"""What verifying an exercise gave: what was tried, what each mistake loses, what is to mend."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Counts:
    """What was tried on an exercise.

    Attributes
    ----------
    misconceptions, mutants, equivalent, right : int
        Declared mistakes; automatic mutants made, and those of them that are listed as equivalent;
        right answers of another kind.
    wrong, named : int
        Second wrong answers, and those of them that are named rightly.
    tried : int
        Changed results that nobody declared, all of them rejected.
    """

    misconceptions: int = 0
    mutants: int = 0
    equivalent: int = 0
    right: int = 0
    wrong: int = 0
    named: int = 0
    tried: int = 0

    def line(self) -> str:
        parts = [
            f"{self.misconceptions} misconceptions",
            f"{self.mutants - self.equivalent} mutants and {self.equivalent} equivalent",
            f"{self.right} right variants",
            f"{self.named} of {self.wrong} second wrong named",
        ]
        if self.tried:
            parts.append(f"{self.tried} changed results rejected")
        return ", ".join(parts)

    @classmethod
    def of_line(cls, line: str) -> "Counts":
        """What :meth:`line` wrote."""
        numbers = [int(number) for number in re.findall(r"\d+", line)]
        misconceptions, mutants, equivalent, right, named, wrong, *tried = numbers
        return cls(
            misconceptions, mutants + equivalent, equivalent, right, wrong, named, *tried[:1]
        )

    @classmethod
    def sum(cls, several: Iterable["Counts"]) -> "Counts":
        rows = [list(vars(counts).values()) for counts in several]
        return cls(*map(sum, zip(*rows, strict=True))) if rows else cls()


@dataclass
class ExerciseReport:
    """What verifying one exercise gave.

    Attributes
    ----------
    id : str
    groups : tuple of str
    place : str
        The file of the exercise, as messages name it.
    own : bool
        Whether the exercise is an instructor's own: then some of what is missing is advice.
    kills : dict
        Misconception to the groups in which it fails.
    counts : Counts
    told : mapping
        Sort of wrong answers to what becomes of the messages on them; see
        :mod:`coursekit.verification.rightness`.
    problems, advice : list of str
        What must be mended, and what could be better, a sentence each.
    """

    id: str
    groups: tuple[str, ...]
    place: str = "its room"
    own: bool = False
    kills: dict[str, set[str]] = field(default_factory=dict)
    counts: Counts = field(default_factory=Counts)
    told: Mapping[str, Counter[str]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    advice: list[str] = field(default_factory=list)

    def expect(self, holds: bool, problem: str) -> None:
        """Note a problem unless something holds."""
        if not holds:
            self.problems.append(f"{self.id}: {problem}")

    def wish(self, holds: bool, problem: str) -> None:
        """Note what an exercise of the course must have, and an instructor's own should have."""
        if not holds:
            (self.advice if self.own else self.problems).append(f"{self.id}: {problem}")


def text_table(reports: Sequence[ExerciseReport]) -> str:
    """A line for each exercise, with the kill matrix below it, to be read in a terminal."""
    lines = []
    for report in reports:
        lines.append(f"{report.id}: {report.counts.line()}")
        for sort, outcomes in report.told.items():
            words = ", ".join(f"{count} {outcome}" for outcome, count in outcomes.most_common())
            lines.append(f"    told of {sort}: {words or 'none'}")
        width = max(map(len, report.kills), default=0)
        for mistake, groups in report.kills.items():
            lines.append(f"    {mistake:{width}}  fails in {in_words(report, groups)}")
    return "\n".join(lines)


def in_words(report: ExerciseReport, groups: set[str]) -> str:
    if groups == set(report.groups):
        return "every group"
    return "; ".join(group for group in report.groups if group in groups) or "single cases only"
