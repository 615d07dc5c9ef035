"""What each student has in each problem set, as the gradebook knows it after policies."""

from dataclasses import dataclass

from coursekit.courses import Course
from coursekit.nbgrader_out.agreed import agreed
from coursekit.nbgrader_out.converters import open_gradebook
from coursekit.policies.extensions import Extensions
from coursekit.policies.totals import SetScore


@dataclass(frozen=True)
class SetMark:
    """What one student has in one problem set.

    Attributes
    ----------
    student : str
    counts : SetScore
        With what was taken off; nothing where nothing was handed in.
    handed_in : bool
    waits : bool
        Whether a person must still mark something.
    words : str
        What the student reads of due date and penalty.
    """

    student: str
    counts: SetScore
    handed_in: bool
    waits: bool = False
    words: str = ""

    @property
    def problem_set(self) -> str:
        return self.counts.problem_set


def read_set_marks(course: Course, extensions: Extensions) -> list[SetMark]:
    """The marks of all students in all problem sets for which somebody was graded."""
    found = []
    with open_gradebook(course) as gradebook:
        students = [student.id for student in gradebook.students]
        for assignment in gradebook.assignments:
            submissions = {
                submission.student.id: submission
                for submission in gradebook.assignment_submissions(assignment.name)
            }
            for student in students if submissions else ():
                excused = bool(extensions.of(student, assignment.name).excused)
                submission = submissions.get(student)
                if submission is None:
                    counts = SetScore(assignment.name, 0.0, assignment.max_score, excused)
                    found.append(SetMark(student, counts, handed_in=False))
                    continue
                score = max(0.0, submission.score - submission.late_submission_penalty)
                counts = SetScore(assignment.name, score, assignment.max_score, excused)
                words = " ".join(agreed(gradebook.db, submission.id).sentences)
                waits = bool(submission.needs_manual_grade)
                found.append(SetMark(student, counts, True, waits, words))
    return found
