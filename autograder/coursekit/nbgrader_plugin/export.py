"""``nbgrader export``, with what people are called quoted, and never a formula."""

import csv
from collections.abc import Iterator
from pathlib import Path

from nbgrader.api import Assignment, Gradebook, MissingEntry, Student
from nbgrader.plugins import CsvExportPlugin

from coursekit.tables import as_text

COLUMNS = (
    "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email",
    "raw_score", "late_submission_penalty", "score", "max_score",
)  # fmt: skip
"""Those of nbgrader's own export."""

NAMES = ("assignment", "student_id", "last_name", "first_name", "email")


class QuotedCsv(CsvExportPlugin):  # type: ignore[misc]  # nbgrader has no types
    """nbgrader's table of grades as a CSV file that every program reads in the same way.

    nbgrader's own writes names as they are: a comma in one moves the columns behind it, and one
    that begins with an equals sign is a formula. Here they are quoted, and an apostrophe before
    such a sign makes it text, as spreadsheets themselves write it.
    """

    def export(self, gradebook: Gradebook) -> None:
        """Write the grades of the chosen assignments and students, or of all."""
        place = Path(self.to or "grades.csv")
        self.log.info("Exporting grades to %s", place)
        place.touch(mode=0o600)
        with place.open("w", encoding="utf-8", newline="") as file:
            table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            table.writeheader()
            table.writerows(self._rows(gradebook))

    def _rows(self, gradebook: Gradebook) -> Iterator[dict[str, object]]:
        assignments, students = set(map(str, self.assignment)), set(map(str, self.student))
        for assignment in gradebook.assignments:
            for student in gradebook.students:
                if (not assignments or assignment.name in assignments) and (
                    not students or student.id in students
                ):
                    yield row(gradebook, assignment, student)


def row(gradebook: Gradebook, assignment: Assignment, student: Student) -> dict[str, object]:
    """What one student has of one assignment; nothing was handed in is no points."""
    found = {
        "assignment": assignment.name,
        "duedate": assignment.duedate,
        "student_id": student.id,
        "last_name": student.last_name,
        "first_name": student.first_name,
        "email": student.email,
        "max_score": assignment.max_score,
    }
    try:
        submission = gradebook.find_submission(assignment.name, student.id)
    except MissingEntry:
        found.update(raw_score=0.0, late_submission_penalty=0.0, score=0.0)
    else:
        late = submission.late_submission_penalty
        found.update(
            timestamp=submission.timestamp,
            raw_score=submission.score,
            late_submission_penalty=late,
            score=max(0.0, submission.score - late),
        )
    return {**found, **{name: as_text(found[name]) for name in NAMES}}
