"""From an exercise to a task that can be checked: cases drawn, answers and mistakes computed."""

import copy
import hashlib
import inspect
import itertools
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from coursekit.authoring.axes import axes_of
from coursekit.authoring.causes import CalledCauses, causes_for
from coursekit.authoring.exercises import Arguments, DrawnCase, Misconception, draw_cases
from coursekit.authoring.kept_causes import kept_causes
from coursekit.authoring.masters import Master, PlacedExercise
from coursekit.authoring.rooms import place
from coursekit.book_links import figure_address
from coursekit.checks.calling import call
from coursekit.checks.model import Case, Outcome, Task
from coursekit.checks.sealed import KEPT
from coursekit.errors import CourseError
from coursekit.worker.personal import SEEDS, my_numbers, one_form, seal


def make_task(
    exercise: PlacedExercise, rng: np.random.Generator, public: bool = False, student: str = ""
) -> Task:
    """Draw the cases of an exercise, and compute what is expected and what each mistake gives.

    Parameters
    ----------
    exercise : PlacedExercise
    rng : numpy.random.Generator
        The same state gives the same task.
    public : bool
        Whether its cases are those that the students get.
    student : str
        Whose numbers a personal exercise is about; by default those of somebody whom ``rng`` draws.
    """
    declaration = exercise.declaration
    parameters = tuple(inspect.signature(exercise.reference.function).parameters)
    cases = drawn_cases(exercise, rng, public)
    if declaration.personal and student:
        cases = [replace(drawn, arguments=(one_form(student),)) for drawn in cases]
    made = tuple(make_case(exercise, parameters, drawn) for drawn in cases)
    return Task(
        name=exercise.reference.name,
        parameters=parameters,
        cases=made,
        messages={mistake.id: message(mistake) for mistake in declaration.misconceptions},
        hints=tuple(declaration.hints),
        rtol=declaration.rtol,
        may_mutate=declaration.may_mutate,
        exercise=exercise.id,
        axes=axes_of(exercise.reference.docstring, declaration.axes),
        causes=causes_for(exercise, made),
    )


def drawn_cases(
    exercise: PlacedExercise, rng: np.random.Generator, public: bool
) -> list[DrawnCase]:
    """The cases of an exercise.

    Raises
    ------
    CourseError
        If what draws them raises, with the line of its room.
    """
    try:
        return draw_cases(exercise.declaration, rng, public)
    except Exception as error:
        where = f"{place(error, exercise.room.path)}: " if exercise.room else ""
        raise CourseError(
            f"{where}the cases of {exercise.id} cannot be drawn: {type(error).__name__}: {error}"
        ) from error


def make_case(exercise: PlacedExercise, parameters: tuple[str, ...], drawn: DrawnCase) -> Case:
    expected = drawn.expected
    if expected is None:
        expected = expected_value(exercise, drawn.arguments)
    return Case(
        drawn.group,
        drawn.arguments,
        expected,
        Fingerprints(exercise.declaration.misconceptions, parameters, drawn.arguments),
    )


class Fingerprints(Mapping[str, Outcome]):
    """What each known mistake makes of a call, computed when it is asked for.

    Most submissions are right, and most wrong ones are told apart from a mistake by one case.

    Parameters
    ----------
    mistakes : sequence of Misconception
    parameters : tuple of str
        Names of the arguments.
    arguments : tuple
        Of the call.
    """

    def __init__(
        self, mistakes: Sequence[Misconception], parameters: tuple[str, ...], arguments: Arguments
    ) -> None:
        self.mistakes = {mistake.id: mistake for mistake in mistakes}
        self.call = (parameters, arguments)
        self.known: dict[str, Outcome] = {}

    def __getitem__(self, name: str) -> Outcome:
        if name not in self.known:
            self.known[name] = quiet_call(self.mistakes[name], *self.call)
        return self.known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.mistakes)

    def __len__(self) -> int:
        return len(self.mistakes)


def expected_value(exercise: PlacedExercise, arguments: Arguments) -> object:
    """What the reference returns, called with copies: a generator is used up by a call.

    Raises
    ------
    CourseError
        If the reference raises: the case is not one that the exercise can ask about.
    """
    try:
        return exercise.reference.function(*copy.deepcopy(arguments))
    except Exception as error:
        raise CourseError(
            f"the reference of {exercise.id} raises {type(error).__name__} for one of its own "
            f"cases: {error}"
        ) from error


def quiet_call(
    mistake: Misconception, parameters: tuple[str, ...], arguments: Arguments
) -> Outcome:
    """What a mistake makes of a call; that it warns is part of being a mistake."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return call(mistake.wrong, parameters, arguments)


def message(mistake: Misconception) -> str:
    """What to say to who made a mistake, with the title of the section that teaches it."""
    _, _, title = mistake.section.partition("#")
    return f'{mistake.message} The book has it under "{title}".'


def public_tasks(
    master: Master,
    kept: bool = False,
    begin: Callable[[str], object] = lambda exercise: None,
    book_url: str = "",
) -> list[Task]:
    """The tasks of the release: drawn from a public seed, mistakes under opaque names.

    Parameters
    ----------
    master : Master
    kept : bool
        Whether digests of the answers that are worked by hand stay with the course.
    begin : callable
        Is told each exercise before its task is made, which may take seconds.
    book_url : str
        Address of the published book, to whose figures the hints lead.
    """
    tasks = []
    for exercise in master.exercises:
        begin(exercise.id)
        figure = figure_address(exercise.declaration.situation, book_url)
        tasks.append(replace(public_task(exercise, kept), figure=figure))
    return tasks


def public_task(exercise: PlacedExercise, kept: bool) -> Task:
    if exercise.declaration.personal:
        return kept_task(exercise) if kept else sealed_task(exercise)
    return opaque(make_task(exercise, public_rng(exercise.id), public=True))


def sealed_task(exercise: PlacedExercise) -> Task:
    """The task of a personal exercise: digests of the answers for every set of numbers."""
    task = opaque(make_task(exercise, public_rng(exercise.id)))
    wrong = dict(zip(task.messages, exercise.declaration.misconceptions, strict=True))
    answers, mistakes = {}, {}
    for chosen, student in students_by_set().items():
        right = exercise.reference.function(student)
        answers[str(chosen)] = sealed(chosen, right)
        mistakes[str(chosen)] = {
            name: sealed(chosen, first_difference(right, mistake.wrong(student)))
            for name, mistake in wrong.items()
        }
    return replace(task, cases=(), sealed={"answers": answers, "mistakes": mistakes})


def kept_task(exercise: PlacedExercise) -> Task:
    """The task of a personal exercise of which nothing can be checked but what is missing."""
    task = opaque(make_task(exercise, public_rng(exercise.id)))
    answers: Any = task.cases[0].expected
    return replace(task, cases=(), messages={}, sealed={KEPT: list(answers)})


def students_by_set() -> dict[int, str]:
    """Somebody for each set of numbers."""
    found: dict[int, str] = {}
    for number in itertools.count():
        if len(found) == len(SEEDS):
            return found
        name = f"student {number}"
        found.setdefault(int(my_numbers(name)["set"]), name)
    return found


def sealed(chosen: int, answers: dict[str, float]) -> dict[str, str]:
    return {key: seal(chosen, key, value) for key, value in answers.items() if key != "set"}


def first_difference(right: dict[str, float], wrong: dict[str, float]) -> dict[str, float]:
    """The answer where a mistake begins; what follows from it follows rightly."""
    key = next(key for key in right if not np.isclose(right[key], wrong[key], rtol=1e-9))
    return {key: wrong[key]}


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
    kept = kept_causes(task.causes) if isinstance(task.causes, CalledCauses) else None
    return Task(**{**vars(task), "cases": cases, "messages": messages, "causes": kept})
