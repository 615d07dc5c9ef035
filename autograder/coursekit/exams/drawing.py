"""Draw an exam: the same questions in each form, with numbers of its own."""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np

from coursekit.authoring.masters import Master, PlacedExercise
from coursekit.errors import CourseError
from coursekit.exams.kinds import find_the_mistake, one_step, shapes, which_message
from coursekit.exams.pass_by_hand import Pass
from coursekit.exams.passes import PASSES
from coursekit.exams.questions import Question
from coursekit.seeds import keyed_rng

Kind = Callable[[PlacedExercise, np.random.Generator], Iterator[Question]]
KINDS: tuple[Kind, ...] = (shapes, one_step, find_the_mistake, which_message)
"""Beside the pass by hand, in the order of the paper."""
HARDEST_FIRST: tuple[Kind, ...] = (which_message, find_the_mistake, one_step, shapes)
"""In this order they are drawn: the fewest exercises have four messages."""
LETTERS = "ABCDEFGH"
MOST_DRAWN = 200
"""Questions among which those of the forms are looked for."""
MINUTES_STEP = 5
"""To which the minutes of a form are rounded."""


@dataclass(frozen=True)
class Form:
    """A form of an exam: its letter and its questions."""

    letter: str
    problem_set: str
    title: str
    questions: tuple[Question, ...]

    @property
    def points(self) -> int:
        return sum(question.points for question in self.questions)

    @property
    def minutes(self) -> int:
        """About how long it takes, by an estimate for each kind of question."""
        total = sum(question.minutes for question in self.questions)
        return MINUTES_STEP * max(1, round(total / MINUTES_STEP))


def draw_exam(master: Master, secret: bytes, seed: int, forms: int) -> list[Form]:
    """The forms of an exam; who does not have the secret cannot draw them.

    Raises
    ------
    CourseError
        If the problem set gives no questions.
    """
    drawing = Drawing(master, secret, seed, LETTERS[:forms])
    questions = list(drawing.questions())
    if not questions:
        raise CourseError(
            f"{master.id} gives no questions for paper: its exercises take functions, texts or "
            "generators, or have no known mistakes"
        )
    return [
        Form(letter, master.id, master.title, tuple(of_form))
        for letter, of_form in zip(drawing.letters, zip(*questions, strict=True), strict=True)
    ]


@dataclass(frozen=True)
class Drawing:
    """Draws the same question for each form, with numbers of its own and for equal points."""

    master: Master
    secret: bytes
    seed: int
    letters: str

    def rng(self, *what: str) -> np.random.Generator:
        return keyed_rng(self.secret, "exam", self.master.id, str(self.seed), *what)

    def questions(self) -> Iterator[list[Question]]:
        """Question by question one for each form."""
        if self.master.id in PASSES:
            yield self.passes(PASSES[self.master.id])
        drawn: dict[Kind, list[Question]] = {}
        for kind in HARDEST_FIRST:
            before = [questions[0] for questions in drawn.values()]
            tried = (self.alike(kind, one, before) for one in self.order(kind, before))
            found = next(filter(None, tried), [])
            if found:
                drawn[kind] = found
        yield from (drawn[kind] for kind in KINDS if kind in drawn)

    def passes(self, by_hand: Pass) -> list[Question]:
        return [by_hand.question(self.rng("pass", letter)) for letter in self.letters]

    def order(self, kind: Kind, before: list[Question]) -> list[PlacedExercise]:
        """The exercises in an order that is drawn, those of other questions last."""
        used = {question.exercise for question in before}
        order = self.rng(kind.__name__).permutation(len(self.master.exercises)).tolist()
        return sorted((self.master.exercises[k] for k in order), key=lambda one: one.id in used)

    def alike(self, kind: Kind, exercise: PlacedExercise, before: list[Question]) -> list[Question]:
        """A question for each form, alike but for the numbers; none if there are too few."""
        groups: dict[tuple[Hashable, ...], list[Question]] = {}
        questions = kind(exercise, self.rng(kind.__name__, exercise.id))
        for question in islice(questions, MOST_DRAWN):
            if any(gives_away(question, other) for other in before):
                continue
            group = groups.setdefault((question.points, question.alike), [])
            if all(question.text != other.text for other in group):
                group.append(question)
            if len(group) == len(self.letters):
                return group
        return []


def gives_away(one: Question, other: Question) -> bool:
    """Whether one of two questions prints what the other asks for."""
    return bool(one.gives_away & other.asks_for or other.gives_away & one.asks_for)
