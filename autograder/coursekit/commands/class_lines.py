"""The lines under a class run that say what the class misunderstood."""

from dataclasses import asdict
from pathlib import Path

from coursekit.grading.class_summary import COMMONEST, ClassSummary
from coursekit.grading.results import json_text, write_atomically
from coursekit.names import shown_names


def class_lines(summary: ClassSummary) -> list[str]:
    """Five lines: up to three mistakes, the hardest exercise, whose file needs a look."""
    tried = f"of {summary.tried} who answered"
    commonest = [
        f"{one.students} {tried}: {one.name} ({one.exercise})"
        for one in summary.mistakes[:COMMONEST]
    ]
    commonest = commonest or ["none that is known by name"]
    heads = ["mistakes:  ", *[" " * 11] * (len(commonest) - 1)]
    hard, look = "none stands out", shown_names(summary.look) or "nobody's"
    if summary.hardest is not None:
        one = summary.hardest
        hard = f"{one.exercise}: {one.passed} of {one.tried} pass, {one.share:.0%} of the points"
    lines = [head + text for head, text in zip(heads, commonest, strict=True)]
    return [*lines, f"hardest:   {hard}", f"files that need a look: {look}"]


def class_file(file: Path) -> Path:
    """Where the summary lies for other programs: beside the results.

    Those are an object with a key for each student, which programs go through to its end.
    """
    return file.with_name(f"{file.stem}.class.json")


def write_class_json(file: Path, summary: ClassSummary) -> None:
    write_atomically(class_file(file.resolve()), json_text(asdict(summary), indent=1) + "\n")
