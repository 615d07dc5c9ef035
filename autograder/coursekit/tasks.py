"""From an exercise to a task that can be checked: cases drawn, answers and mistakes computed."""

import hashlib
import inspect
import warnings

import numpy as np

from coursekit.checks.commands import call
from coursekit.checks.model import Case, Outcome, Raised, Task
from coursekit.errors import CourseError
from coursekit.exercises import DrawnCase, Misconception, draw_cases
from coursekit.masters import Master, PlacedExercise


def make_task(exercise: PlacedExercise, rng: np.random.Generator, public: bool = False) -> Task:
    """Draw the cases of an exercise, and compute what is expected and what each mistake gives.

    Parameters
    ----------
    exercise : PlacedExercise
    rng : numpy.random.Generator
        The same state gives the same task.
    public : bool
        Whether its cases are those that the students get.
    """
    declaration = exercise.declaration
    parameters = tuple(inspect.signature(exercise.reference.function).parameters)
    cases = draw_cases(declaration, rng, public)
    return Task(
        name=exercise.reference.name,
        parameters=parameters,
        cases=tuple(make_case(exercise, parameters, drawn) for drawn in cases),
        messages={mistake.id: message(mistake) for mistake in declaration.misconceptions},
        hints=tuple(declaration.hints),
        rtol=declaration.rtol,
        may_mutate=declaration.may_mutate,
    )


def make_case(exercise: PlacedExercise, parameters: tuple[str, ...], drawn: DrawnCase) -> Case:
    return Case(
        drawn.group,
        drawn.arguments,
        expected_value(exercise, parameters, drawn.arguments),
        {
            mistake.id: quiet_call(mistake, parameters, drawn.arguments)
            for mistake in exercise.declaration.misconceptions
        },
    )


def expected_value(
    exercise: PlacedExercise, parameters: tuple[str, ...], arguments: tuple
) -> object:
    """What the reference returns, called with copies: a generator is used up by a call.

    Raises
    ------
    CourseError
        If the reference raises: the case is not one that the exercise can ask about.
    """
    outcome = call(exercise.reference.function, parameters, arguments)
    if isinstance(outcome, Raised):
        raise CourseError(
            f"the reference of {exercise.id} raises {outcome.kind} for one of its own cases: "
            f"{outcome.message}"
        )
    return outcome.value


def quiet_call(mistake: Misconception, parameters: tuple[str, ...], arguments: tuple) -> Outcome:
    """What a mistake makes of a call; that it warns is part of being a mistake."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return call(mistake.wrong, parameters, arguments)


def message(mistake: Misconception) -> str:
    """What to say to who made a mistake, with the title of the section that teaches it."""
    _, _, title = mistake.section.partition("#")
    return f'{mistake.message} The book has it under "{title}".'


def public_tasks(master: Master) -> list[Task]:
    """The tasks of the release: drawn from a public seed, mistakes under opaque names."""
    return [
        opaque(make_task(exercise, public_rng(exercise.id), public=True))
        for exercise in master.exercises
    ]


def public_rng(exercise_id: str) -> np.random.Generator:
    digest = hashlib.sha256(f"public cases of {exercise_id}".encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "big"))


def opaque(task: Task) -> Task:
    """The task with its mistakes numbered, so that their names give nothing away."""
    names = {name: f"m{number}" for number, name in enumerate(task.messages, start=1)}
    cases = tuple(
        Case(
            case.group,
            case.arguments,
            case.expected,
            {names[name]: outcome for name, outcome in case.fingerprints.items()},
        )
        for case in task.cases
    )
    messages = {names[name]: text for name, text in task.messages.items()}
    return Task(**{**vars(task), "cases": cases, "messages": messages})
