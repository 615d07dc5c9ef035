"""Draw an exam: the same exercises in each form, with numbers of its own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import takewhile

import numpy as np

from coursekit.authoring.masters import Master, PlacedExercise
from coursekit.errors import CourseError
from coursekit.exams.kinds import find_the_mistake, one_step, shapes, which_message
from coursekit.exams.passes import PASSES
from coursekit.exams.questions import Question
from coursekit.seeds import keyed_rng

Kind = Callable[[PlacedExercise, np.random.Generator], Question | None]
KINDS: tuple[Kind, ...] = (shapes, one_step, find_the_mistake, which_message)
"""Beside the pass by hand, in the order of the paper."""
LETTERS = "ABCDEFGH"
TRIES = 12
"""Draws of a question for another form."""


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
            by_hand = PASSES[self.master.id]
            yield [by_hand.question(self.rng("pass", letter)) for letter in self.letters]
        used: set[str] = set()
        for kind in KINDS:
            order = self.rng(kind.__name__).permutation(len(self.master.exercises)).tolist()
            exercises = sorted(
                (self.master.exercises[k] for k in order), key=lambda one: one.id in used
            )
            found = next(filter(None, (self.parallel(kind, one) for one in exercises)), [])
            if found:
                used.add(found[0].exercise)
                yield found

    def parallel(self, kind: Kind, exercise: PlacedExercise) -> list[Question]:
        """A question for each form, all for equal points and no two alike; else none."""
        found: list[Question] = []
        for letter in self.letters:
            tried = (
                kind(exercise, self.rng(kind.__name__, exercise.id, letter, str(attempt)))
                for attempt in range(TRIES)
            )
            given = takewhile(lambda one: one is not None, tried)  # what gives none once never does
            fitting = next((one for one in given if one and fits(one, found)), None)
            if fitting is None:
                return []
            found.append(fitting)
        return found


def fits(question: Question, found: list[Question]) -> bool:
    """Whether a question can stand beside those of other forms."""
    return all(
        question.points == other.points and len(question.asked) == len(other.asked)
        and (question.text, question.asked) != (other.text, other.asked)
        for other in found
    )  # fmt: skip
