"""What each student has in each problem set, as the gradebook knows it after policies."""

from dataclasses import dataclass

from nbgrader.api import Gradebook, SubmittedAssignment

from coursekit.courses import Course
from coursekit.nbgrader_out.agreed import agreed, terms_of, utc, when_it_came
from coursekit.nbgrader_out.converters import open_gradebook
from coursekit.policies.terms import CoursePolicies
from coursekit.policies.totals import SetScore

HALF_A_CENT = 0.005


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
    outdated : bool
        Whether penalty or excuse would be another one if the set was graded now.
    """

    student: str
    counts: SetScore
    handed_in: bool
    waits: bool = False
    words: str = ""
    outdated: bool = False

    @property
    def problem_set(self) -> str:
        return self.counts.problem_set


def read_set_marks(course: Course, policies: CoursePolicies) -> list[SetMark]:
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
                if student in submissions:
                    found.append(mark_of(course, gradebook, policies, submissions[student]))
                    continue
                excused = bool(policies.extensions.of(student, assignment.name).excused)
                counts = SetScore(assignment.name, 0.0, assignment.max_score, excused)
                found.append(SetMark(student, counts, handed_in=False))
    return found


def points_of_sets(course: Course) -> dict[str, float]:
    """The points that there are in each set that the gradebook knows."""
    with open_gradebook(course) as gradebook:
        return {one.name: float(one.max_score) for one in gradebook.assignments}


def mark_of(
    course: Course, gradebook: Gradebook, policies: CoursePolicies, submission: SubmittedAssignment
) -> SetMark:
    """What a student who handed in has: the penalty of the last grading, the excuse of now."""
    student, assignment = submission.student.id, submission.assignment
    terms = terms_of(
        policies,
        submission,
        utc(submission.timestamp),
        lambda name: when_it_came(course, gradebook, student, name),
    )
    noted = agreed(gradebook.db, submission.id)
    taken = submission.late_submission_penalty
    if terms.excused or noted.excused:
        outdated = terms.excused != noted.excused
    elif policies.decide:
        now = policies.penalty(terms, submission.score, submission.max_score)
        outdated = abs(now - taken) > HALF_A_CENT
    else:
        outdated = terms.seconds_late != submission.total_seconds_late
    return SetMark(
        student,
        SetScore(
            assignment.name,
            max(0.0, submission.score - taken),
            assignment.max_score,
            terms.excused,
        ),
        handed_in=True,
        waits=bool(submission.needs_manual_grade),
        words=" ".join(noted.sentences),
        outdated=outdated,
    )
