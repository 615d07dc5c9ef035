"""What becomes of answers: the reference, empty ones, mistakes, mutants, other right ones.

Each is tried on the public cases and on several sets of hidden ones, in this process.
"""

from collections.abc import Sequence
from dataclasses import replace

from coursekit.authoring.exercises import Answer
from coursekit.authoring.masters import PlacedExercise
from coursekit.authoring.standalone import name_in, standalone_source
from coursekit.authoring.tasks import opaque
from coursekit.checks.calling import call
from coursekit.checks.compare import examine
from coursekit.checks.diagnosis import diagnose
from coursekit.checks.held_out import HeldOut
from coursekit.checks.hints import naming
from coursekit.checks.model import Task, Verdict
from coursekit.errors import CourseError
from coursekit.verification.mutants import mutants
from coursekit.verification.report import ExerciseReport


def verdict_of(task: Task, function: Answer) -> Verdict:
    """What the judge finds of a function."""
    return examine(task, [call(function, task.parameters, case.arguments) for case in task.cases])


def try_reference(report: ExerciseReport, exercise: PlacedExercise, tasks: Sequence[Task]) -> None:
    passed = all(verdict_of(task, exercise.reference.function).passed for task in tasks)
    report.expect(passed, f"the reference does not get full marks; look at {report.place}")


def try_misconceptions(
    report: ExerciseReport, exercise: PlacedExercise, tasks: Sequence[Task]
) -> None:
    """Each fails in every set of cases, is named, and its message reaches the student."""
    public = opaque(tasks[0])
    for mistake in exercise.declaration.misconceptions:
        verdicts = [verdict_of(task, mistake.wrong) for task in tasks]
        passing = {group for verdict in verdicts for group in counting(exercise, verdict)}
        failed = set(report.groups) - passing
        report.kills[mistake.id] = failed
        passed = sum(verdict.passed for verdict in verdicts)
        report.expect(
            not passed,
            f"the misconception {mistake.id} passes {passed} of {len(tasks)} draws: draw cases "
            "that tell it from the reference",
        )
        report.expect(
            bool(failed) or bool(passed),
            f"the misconception {mistake.id} loses the points of no group in every draw, it keeps "
            "all of them by chance: give a group more calls, or draws that always show it",
        )
        for names in {diagnose(verdict) for verdict in verdicts if not verdict.passed}:
            report.expect(
                names == (mistake.id,),
                f"the misconception {mistake.id} is named {' and '.join(names) or 'nothing'}: "
                "draw cases in which the two differ, or make one of them",
            )
        told = " ".join(" ".join(naming(verdict_of(public, mistake.wrong))).split())
        reached = " ".join(mistake.message.split()) in told
        report.expect(reached, f"the message of {mistake.id} does not reach the student")


def counting(exercise: PlacedExercise, verdict: Verdict) -> set[str]:
    """The groups of which an answer earns all."""
    counted = exercise.declaration.counted(verdict.credits)
    return {group for group, credit in counted.items() if credit == 1}


def try_mutants(report: ExerciseReport, exercise: PlacedExercise, tasks: Sequence[Task]) -> None:
    """Each mutant fails in every set of cases, or is listed as equivalent and never fails.

    Where a training is measured there are none: a training that is changed may learn as well.
    """
    if isinstance(tasks[0].cases[0].expected, HeldOut):
        return
    listed = dict(exercise.declaration.equivalent)
    made, equivalent = 0, 0
    for mutant in mutants(exercise.reference.function):
        made += 1
        survived = [verdict_of(task, mutant.function).passed for task in tasks]
        if listed.pop(mutant.change, None) is not None:
            equivalent += 1
            report.expect(
                all(survived),
                f"listed as equivalent, but it fails: {mutant.change}; take it out of "
                f"equivalent= in {report.place}",
            )
        else:
            report.expect(not any(survived), survivor(report, mutant.change, survived))
    report.expect(
        not listed,
        f"listed as equivalent, but no such mutant: {sorted(listed)}; take it out of "
        f"equivalent= in {report.place}",
    )
    report.counts = replace(report.counts, mutants=made, equivalent=equivalent)


def survivor(report: ExerciseReport, change: str, survived: Sequence[bool]) -> str:
    """What to do about a mutant that some set of cases lets pass."""
    text = f"the mutant {change} survives {sum(survived)} of {len(survived)} draws: "
    if not all(survived):
        return text + "draw cases that always tell it from the reference, or more of them"
    return (
        text + "draw cases that tell it from the reference or, where it does what the reference "
        f"does, add to equivalent= in {report.place}: equivalent={{{change!r}: 'why'}}"
    )


def try_right_answers(
    report: ExerciseReport, exercise: PlacedExercise, tasks: Sequence[Task]
) -> None:
    """Right answers of other kinds pass, and no mistake is seen in them."""
    answers = exercise.declaration.right_answers
    report.counts = replace(report.counts, right=len(answers))
    report.wish(
        len(answers) >= 2,
        f"it has {len(answers)} right answers of another kind than the reference and needs two, "
        f"so that nobody loses points for another way: add them under @EXERCISE.right in "
        f"{report.place}",
    )
    for answer in answers:
        name = checked_name(report, exercise, answer)
        for task in tasks:
            verdict = verdict_of(task, answer)
            text = "" if verdict.passed else verdict.failure.text
            report.expect(verdict.passed, f"the right answer {name} fails: {text}")
            report.expect(
                not diagnose(verdict), f"the right answer {name} is said to make a mistake"
            )


def try_second_wrong(
    report: ExerciseReport, exercise: PlacedExercise, tasks: Sequence[Task]
) -> None:
    """Second wrong answers fail, and are named rightly or not at all."""
    wrong, named = 0, 0
    for mistake in exercise.declaration.misconceptions:
        report.wish(
            bool(mistake.second),
            f"the misconception {mistake.id} has no second wrong answer, which shows that others "
            f"who make it are told, too: add one under @EXERCISE.second in {report.place}",
        )
        for answer in mistake.second:
            wrong += 1
            name = checked_name(report, exercise, answer)
            verdicts = [verdict_of(task, answer) for task in tasks]
            report.expect(
                not any(verdict.passed for verdict in verdicts),
                f"the second wrong answer {name} to {mistake.id} passes",
            )
            found = {diagnose(verdict) for verdict in verdicts}
            named += found == {(mistake.id,)}
            others = sorted({other for names in found for other in names} - {mistake.id})
            report.expect(
                not others,
                f"the second wrong answer {name} makes {mistake.id} and is named "
                f"{' and '.join(others)}",
            )
    report.counts = replace(report.counts, wrong=wrong, named=named)


def checked_name(report: ExerciseReport, exercise: PlacedExercise, answer: Answer) -> str:
    """The name of an answer; it is noted if a student could not have handed it in."""
    if exercise.room is None:
        return answer.__name__
    try:
        standalone_source(exercise.room, answer)
        return name_in(exercise.room, answer)
    except CourseError as error:
        report.wish(False, str(error))
        return answer.__name__
