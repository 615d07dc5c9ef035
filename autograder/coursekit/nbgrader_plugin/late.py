"""The course's late policy for ``nbgrader autograde``, as nbgrader's plugin for late penalties."""

from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import LateSubmissionPlugin

from coursekit.courses import Course
from coursekit.policies.lateness import penalty
from coursekit.policies.terms import policies_of


class CourseLatePolicy(LateSubmissionPlugin):  # type: ignore[misc]  # nbgrader has no types
    """What ``course.toml`` says of late hand-ins, or nbgrader's own method where that counts."""

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None:
        """The points that a late notebook loses; None for nothing."""
        policies = policies_of(Course(Path(CourseDirectory(config=self.config).root).resolve()))
        if not policies.decide:
            own: float | None = super().late_submission_penalty(
                student_id, score, total_seconds_late
            )
            return own
        asked = self.parent
        notebook = asked.gradebook.find_submission_notebook(
            asked.notebook_id, asked.assignment_id, student_id
        )
        return penalty(policies.rules, score, notebook.max_score, total_seconds_late) or None
