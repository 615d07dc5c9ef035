"""What the instructor reads while a class is graded, and what is written for other programs."""

import time
from dataclasses import asdict
from pathlib import Path

from coursekit.commands.class_lines import class_lines, write_class_json
from coursekit.courses import Course
from coursekit.grading.class_run import grade_class
from coursekit.grading.class_summary import class_summary
from coursekit.grading.results import (
    GRADER_ERROR,
    JUDGED,
    NO_ANSWER,
    OPEN,
    UNTRUSTED,
    ExerciseResult,
    Result,
    json_text,
    write_atomically,
)
from coursekit.grading.settings import Settings
from coursekit.names import shown

GIVEN_BACK = "0 for the student and this set in the column late_days of extensions.csv gives back"


def grade_and_report(
    course: Course, problem_set: str, settings: Settings, file: Path | None = None
) -> int:
    """Grade a class, a line for each student as soon as it is known, and a summary."""
    started, results = time.monotonic(), []
    progress = Progress(len(course.students(problem_set)))
    for result in grade_class(course, problem_set, settings, print):
        results.append(result)
        done = progress.after(result, time.monotonic())
        print(f"[{done}] {result_line(result)}", flush=True)
    seconds = time.monotonic() - started
    in_common = class_summary(results)
    if file:
        write_json(file, results)
        write_class_json(file, in_common)
    print("\n".join(class_lines(in_common)))
    print(summary(course, results, seconds))
    return 0 if all(result.final for result in results) else 1


class Progress:
    """How far a run is, how fast it goes, and how long the work that is left will take.

    What was judged in an earlier run comes first and takes no time; neither it nor the start
    says anything of the rest. So the clock runs from the first submission that was judged now.

    Parameters
    ----------
    total : int
        Submissions.
    """

    def __init__(self, total: int) -> None:
        self.total, self.done, self.judged, self.since = total, 0, 0, 0.0

    def after(self, result: Result, now: float) -> str:
        """The state after one more result, for its line."""
        self.done += 1
        place = f"{self.done}/{self.total}"
        if result.kept:
            return f"{place}, judged before"
        if self.judged == 0:
            self.since = now
        self.judged += 1
        seconds = now - self.since
        if self.judged < 2 or not seconds:
            return place
        rate = (self.judged - 1) / seconds
        return f"{place}, {rate:.1f}/s, {(self.total - self.done) / rate:.0f} s left"


def result_line(result: Result) -> str:
    if result.refused:
        return f"{shown(result.student):24} not graded\n{'':10}- {shown(result.refused)}"
    score = f"{shown(result.student):24} {result.score:5g} of {result.max_score:g}"
    mistakes = [e.misconception for e in result.exercises if e.misconception]
    notes = [f"grader error: {result.fault}"] if result.fault else []
    notes += [f"grader error in {e.id}: {e.message}" for e in errors(result)]
    notes += ["no answer was found"] if nothing_answered(result) else []
    waiting = sum(exercise.outcome == OPEN for exercise in result.exercises)
    notes += [f"{waiting} to be marked by hand"] if waiting else []
    if result.penalty:
        came = f"handed in {result.late} late" if result.late else "a penalty in the gradebook"
        notes.append(f"{came}: {result.penalty:g} points are taken off")
    notes += late_days_note(result)
    notes += ["excused: this set does not count for this student"] if result.excused else []
    if any(exercise.evidence == UNTRUSTED for exercise in result.exercises):
        notes.append("untrusted: tests of an ordinary notebook, which run beside student code")
    notes += result.oddities
    line = score + (f"  ({', '.join(mistakes)})" if mistakes else "")
    return line + "".join(f"\n{'':10}- {shown(note)}" for note in notes)


def nothing_answered(result: Result) -> bool:
    judged = [exercise for exercise in result.exercises if exercise.evidence == JUDGED]
    return bool(judged) and all(exercise.failed_by in NO_ANSWER for exercise in judged)


def late_days_note(result: Result) -> list[str]:
    if not result.late_days:
        return []
    waits = any(exercise.outcome == OPEN for exercise in result.exercises)
    if result.score or result.excused or waits:
        return [f"spent: {result.late_days}"]
    return [f"spent, and no points: {result.late_days}; {GIVEN_BACK}"]


def errors(result: Result) -> list[ExerciseResult]:
    return [exercise for exercise in result.exercises if exercise.outcome == GRADER_ERROR]


def summary(course: Course, results: list[Result], seconds: float) -> str:
    refused = [shown(result.student) for result in results if result.refused]
    failed = [shown(r.student) for r in results if not (r.final or r.refused)]
    lines = [
        f"{len(results) - len(refused)} graded in {seconds:.1f} s",
        f"gradebook: {course.gradebook}",
        f"feedback:  {course.root / 'feedback'}",
    ]
    lines += [f"sandbox:   {tier}" for tier in sandboxes(results)]
    if refused:
        lines.append(f"Not graded, rename the folders of {len(refused)}: {', '.join(refused)}")
    if failed:
        lines.append(f"The grader failed for {len(failed)}, run it again: {', '.join(failed)}")
    return "\n".join(lines)


def sandboxes(results: list[Result]) -> list[str]:
    """What student code was locked into: one, unless it differed from machine to machine."""
    return sorted({result.sandbox for result in results if result.sandbox})


def write_json(file: Path, results: list[Result]) -> None:
    """Scores and outcomes of all students, by name."""
    content = {
        result.student: {
            "score": result.score,
            "max_score": result.max_score,
            "penalty": result.penalty,
            "late": result.late,
            "excused": result.excused,
            "policies": result.policies,
            "fault": result.fault,
            "refused": result.refused,
            "sandbox": result.sandbox,
            "oddities": result.oddities,
            "exercises": {
                e.id: {k: v for k, v in asdict(e).items() if k != "id"} for e in result.exercises
            },
        }
        for result in sorted(results, key=lambda result: result.student)
    }
    write_atomically(file.resolve(), json_text(content, indent=1) + "\n")
