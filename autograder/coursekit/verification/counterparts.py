"""Whether a reference that stands in its room is held to the package that the course teaches.

An exercise takes its reference from ``backprop`` where the two have the same form. Where they
differ the package's own way is declared beside the reference, and both must do the same: in the
drawn cases, and in whole runs where the reference makes one step of many.
"""

import ast
import copy
import functools
import inspect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import FunctionType
from typing import Any

import numpy as np

import backprop
from coursekit.authoring.exercises import Answer, Counterpart, Draw, arguments_of
from coursekit.authoring.masters import PlacedExercise
from coursekit.authoring.reference_source import is_of_package
from coursekit.authoring.rewriting import bare, parsed
from coursekit.authoring.tasks import expected_value
from coursekit.checks.model import Case, Task
from coursekit.errors import CourseError
from coursekit.verification.answers import verdict_of
from coursekit.verification.report import ExerciseReport
from coursekit.worker.kept_answers import names_in

STEPS = 6
"""Steps of a run: enough for a state that is carried wrongly to show."""

AGREEMENT = 1e-9
"""Relative tolerance: reference and package differ by rounding, whatever students are allowed."""


def try_counterparts(
    report: ExerciseReport, exercise: PlacedExercise, tasks: Sequence[Task]
) -> None:
    """Each counterpart calls the package, and does what the reference does."""
    check_home(report, exercise)
    wanted = parameters(exercise.reference.function)
    for counterpart in exercise.declaration.counterparts:
        name, taken = counterpart.function.__name__, parameters(counterpart.function)
        report.expect(
            calls_package(counterpart.function),
            f"the counterpart {name} calls nothing of backprop; let it show what backprop computes",
        )
        report.expect(
            taken == wanted,
            f"the counterpart {name} takes {', '.join(taken)}; let it take what the reference "
            f"takes, {', '.join(wanted)}",
        )
        if taken != wanted or yields_unasked(report, counterpart, tasks[0]):
            continue
        difference = next(differences(counterpart, tasks_for(exercise, counterpart, tasks)), "")
        report.expect(
            not difference,
            f"its reference and the counterpart {name}, which backprop computes, differ "
            f"{difference}; mend the one that is wrong",
        )


def yields_unasked(report: ExerciseReport, counterpart: Counterpart, task: Task) -> bool:
    """Whether a counterpart of single calls makes the steps of a run; then it is noted."""
    if counterpart.makes_steps:
        return False
    try:
        yields = isinstance(counterpart.function(*copy.deepcopy(task.cases[0].arguments)), Iterator)
    except Exception:  # how it fails is said where the two are compared
        return False
    report.expect(
        not yields,
        f"the counterpart {counterpart.function.__name__} is declared under @EXERCISE.in_package, "
        "and what it returns is run through, as a generator is: where it yields the steps of a "
        "run, declare it under @EXERCISE.steps_in_package(new=..., carried=[...]); else return "
        "the result",
    )
    return yields


def tasks_for(
    exercise: PlacedExercise, counterpart: Counterpart, tasks: Sequence[Task]
) -> Iterable[Task]:
    """What a counterpart is called with: the drawn cases, or as many sets of runs."""
    if not counterpart.makes_steps:
        return tasks
    return (task_of_runs(exercise, counterpart, seed) for seed in range(len(tasks)))


def check_home(report: ExerciseReport, exercise: PlacedExercise) -> None:
    """The reference comes from the package, or is held to it, or says why it can be neither."""
    declared = exercise.declaration
    held = exercise.reference.in_package or bool(declared.counterparts)
    free = exercise.reference.in_package or report.own
    same = None if free else repeated(exercise.reference.function)
    namesake = None if held or report.own or same else namesake_of(exercise)
    report.expect(
        not (held and declared.alone),
        f"backprop has what it computes; take alone={declared.alone!r} out of {report.place}",
    )
    report.expect(
        not (declared.alone and namesake),
        f"alone={declared.alone!r}, and backprop has {namesake}: show it under "
        f"@EXERCISE.in_package or @EXERCISE.steps_in_package in {report.place} and take alone= "
        "out; where it is something else, give the exercise another name",
    )
    report.expect(
        held or bool(declared.alone.strip()) or report.own,
        "nothing holds its reference to backprop: import the reference from there; where backprop "
        f"computes the same in another form, call that under @EXERCISE.in_package in "
        f"{report.place}; where it makes whole runs of what the reference makes one step of, under "
        "@EXERCISE.steps_in_package; where it has nothing of the kind, say so by alone= there",
    )
    report.expect(
        same is None,
        f"its reference repeats {same}: import it from there, so that it is written once",
    )


def namesake_of(exercise: PlacedExercise) -> str | None:
    """The class or function of the package that is called as an exercise, or its function, is."""
    names = public_names()
    name = exercise.room.path.stem if exercise.room else exercise.reference.name
    return names.get(plain(name)) or names.get(plain(exercise.reference.name))


@functools.cache
def public_names() -> dict[str, str]:
    """The classes and functions of the package by their plain names."""
    things = {
        name: value
        for module in backprop.__all__
        for name, value in vars(getattr(backprop, module)).items()
        if isinstance(value, FunctionType | type)
        and is_of_package(value)
        and not name.startswith("_")
    }
    return {plain(name): f"{thing.__module__}.{name}" for name, thing in things.items()}


def plain(name: str) -> str:
    """A name as it is spoken: RMSprop and rms_prop are one."""
    return name.replace("_", "").casefold()


def repeated(function: FunctionType) -> str | None:
    """The function of the package that a reference repeats: by its form, or word by word."""
    forms, bodies = written_in_package()
    return forms.get(form_of(function)) or bodies.get(body_of(function))


@functools.cache
def written_in_package() -> tuple[dict[tuple[str, tuple[str, ...]], str], dict[str, str]]:
    """The functions of the package, by what they are called with and by what they do."""
    functions = {
        f"{value.__module__}.{value.__name__}": value
        for name in backprop.__all__
        for value in vars(getattr(backprop, name)).values()
        if isinstance(value, FunctionType) and is_of_package(value)
    }
    return (
        {form_of(function): place for place, function in functions.items()},
        {body_of(function): place for place, function in functions.items()},
    )


def form_of(function: FunctionType) -> tuple[str, tuple[str, ...]]:
    return function.__name__, parameters(function)


def body_of(function: FunctionType) -> str:
    """What a function does, as the parser prints it."""
    (definition,) = parsed(function).body
    if not isinstance(definition, ast.FunctionDef):  # a lambda with a name
        return ast.unparse(definition)
    bare(definition)
    return "\n".join(map(ast.unparse, definition.body))


def parameters(function: Answer) -> tuple[str, ...]:
    return tuple(inspect.signature(function).parameters)


def differences(counterpart: Counterpart, tasks: Iterable[Task]) -> Iterator[str]:
    """Where it differs from the reference: in which group of cases, and how."""
    for task in tasks:
        verdict = verdict_of(replace(task, rtol=AGREEMENT), as_called(counterpart))
        if not verdict.passed:
            group = task.cases[verdict.first].group
            yield f'in "{group}": {verdict.failure.text}'


def as_called(counterpart: Counterpart) -> Answer:
    """The function itself, or one that asks it for all steps of a run."""
    if not counterpart.makes_steps:
        return counterpart.function
    return lambda *arguments: list(counterpart.function(*arguments))


def task_of_runs(exercise: PlacedExercise, counterpart: Counterpart, seed: int) -> Task:
    """A task whose cases are runs of the reference: every draw of every group begins one."""
    rng = np.random.default_rng(seed)
    return Task(
        exercise.reference.name,
        parameters(exercise.reference.function),
        tuple(
            run_of_reference(exercise, counterpart, group.name, draw, rng)
            for group in exercise.declaration.cases
            for draw in group.draws
        ),
    )


def run_of_reference(
    exercise: PlacedExercise,
    counterpart: Counterpart,
    group: str,
    draw: Draw,
    rng: np.random.Generator,
) -> Case:
    """A run begins with a drawn call; of further ones each step takes what is new."""
    names = parameters(exercise.reference.function)
    drawn = [dict(zip(names, arguments_of(draw(rng)), strict=True)) for _ in range(STEPS)]
    new = [arguments[counterpart.new] for arguments in drawn]
    arguments = drawn[0]
    results: list[object] = []
    for given in new:
        arguments = arguments | {counterpart.new: given}
        results.append(next_result(exercise, counterpart, arguments, first=not results))
        arguments |= carried_over(exercise, counterpart, arguments, results[-1])
    return Case(group, tuple((drawn[0] | {counterpart.new: new}).values()), results)


def next_result(
    exercise: PlacedExercise, counterpart: Counterpart, arguments: Mapping[str, Any], first: bool
) -> object:
    """What a step of the reference returns; it cannot go on from what is carried wrongly."""
    try:
        return expected_value(exercise, tuple(arguments.values()))
    except CourseError as error:
        if first:
            raise
        raise CourseError(
            f"{exercise.id}: its reference cannot go on from what {carrying(counterpart)} takes "
            f"of its own result ({error.__cause__}); name one argument for each value that it "
            "returns, in their order"
        ) from error


def carrying(counterpart: Counterpart) -> str:
    return f"steps_in_package(carried={list(counterpart.carried)})"


def carried_over(
    exercise: PlacedExercise, counterpart: Counterpart, arguments: Mapping[str, Any], result: object
) -> Mapping[str, object]:
    """What a step's result gives to the next step, by the name of the argument."""
    names = counterpart.carried
    several = isinstance(result, tuple) and not isinstance(arguments[names[0]], tuple)
    if len(names) == 1 and not several:
        return {names[0]: result}
    if not isinstance(result, tuple) or len(result) != len(names):
        count = "one argument" if len(names) == 1 else f"{len(names)} arguments"
        returned = f"{len(result)} values" if isinstance(result, tuple) else "one value"
        raise CourseError(
            f"{exercise.id}: {carrying(counterpart)} names {count} and its reference "
            f"returns {returned}; name one argument for each value that it returns"
        )
    return dict(zip(names, result, strict=True))


def calls_package(function: FunctionType) -> bool:
    """Whether a function uses something of the package, itself or by what its room lends it."""
    return any(map(is_of_package, reached(function)))


def reached(function: FunctionType) -> Iterator[object]:
    """What a function uses, and what the functions of its folder use that it calls."""
    home = function.__module__.partition(".")[0]
    seen, queue = {function}, [function]
    while queue:
        for used in used_by(queue.pop()):
            yield used
            if not isinstance(used, FunctionType) or used in seen:
                continue
            if used.__module__.partition(".")[0] == home:
                seen.add(used)
                queue.append(used)


def used_by(function: FunctionType) -> Iterator[object]:
    """The things that a function takes from around it."""
    for name in names_in(function.__code__):
        yield function.__globals__.get(name)
    for cell in function.__closure__ or ():
        yield cell.cell_contents
