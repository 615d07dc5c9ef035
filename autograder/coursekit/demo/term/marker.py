"""Somebody who gives every answer in words the same mark, as formgrader writes it."""

from coursekit.courses import Course
from coursekit.nbgrader_out.converters import open_gradebook


def mark_what_waits(course: Course, problem_set: str, points: float, words: str) -> None:
    """Give points and a comment wherever a mark is waited for."""
    with open_gradebook(course) as gradebook:
        for submission in gradebook.assignment_submissions(problem_set):
            for notebook in submission.notebooks:
                comments = {comment.name: comment for comment in notebook.comments}
                for grade in notebook.grades:
                    if grade.needs_manual_grade:
                        grade.manual_score, grade.needs_manual_grade = points, False
                        comments[grade.name].manual_comment = words
        gradebook.db.commit()
