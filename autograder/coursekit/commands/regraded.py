"""What the instructor reads of a regrade: who gained, who lost, who kept what there was."""

from coursekit.commands.report import errors
from coursekit.courses import Course
from coursekit.errors import CourseError
from coursekit.grading.class_run import grade_class
from coursekit.grading.recorded import results_by_student
from coursekit.grading.regrade import Regrade
from coursekit.grading.results import Result
from coursekit.grading.settings import Settings
from coursekit.names import shown


def regrade(course: Course, problem_set: str, exercise: str, may_lower: bool) -> int:
    """Judge an exercise again; the result is the exit status."""
    job = Regrade(course, problem_set, exercise, may_lower)
    students = job.students()
    if not students:
        raise CourseError(f"nobody was graded for {problem_set}: run `course grade {problem_set}`")
    done, failed = 0, []
    with job.beginning():
        settings = Settings(graded=graded_files(course, problem_set))
        for result in grade_class(
            course, problem_set, settings, print, students=students, change=job.change
        ):
            done += 1
            if not result.final:
                failed.append(result.student)
                print(f"{shown(result.student):24} not regraded: {shown(why(result))}")
            elif result.student in job.changed:
                before, now = job.changed[result.student]
                print(f"{shown(result.student):24} {before:g} -> {now:g}")
            elif result.student in job.notes:
                print(f"{shown(result.student):24} {job.notes[result.student]}")
        if failed:
            raise CourseError(
                f"{len(failed)} of {done} could not be regraded and keep their points; run it again"
            )
    print(f"{job.exercise}: {done} regraded, {len(job.changed)} have other points")
    return 0


def graded_files(course: Course, problem_set: str) -> dict[str, str]:
    """The digest of what was graded, by student: of several attempts this one is judged again."""
    found = results_by_student(course, problem_set)
    return {s: result.made_of["file"] for s, result in found.items() if result.made_of}


def why(result: Result) -> str:
    """What kept a submission from being judged."""
    found = [result.fault, result.refused, *(exercise.message for exercise in errors(result))]
    return next(filter(None, found), "the grader failed")
