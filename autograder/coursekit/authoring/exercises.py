"""What an exercise declares beside its reference: cases, misconceptions, hints.

The declarations are data. From them come the public cases of the release, the hidden cases of
the grading, the mutants that the cases must kill, and the fingerprints by which a mistake is
named.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from coursekit.errors import CourseError

Arguments = tuple
"""Positional arguments of one call: a tuple of trees of arrays and scalars."""


@dataclass(frozen=True)
class Answered:
    """A call whose answer the draw knows: what its result is measured by.

    Attributes
    ----------
    arguments : tuple
    expected : object
        In the place of what the reference returns.
    """

    arguments: Arguments
    expected: object


Draw = Callable[[np.random.Generator], Arguments | Answered]
"""Draws the arguments of one call."""


@dataclass(frozen=True)
class Cases:
    """A group of inputs that earns its share of the points all or nothing.

    Attributes
    ----------
    name : str
        What the group tests, as the student reads it: "typical inputs", "one pattern only".
    draw : callable or sequence of callable
        ``draw(rng) -> arguments``; all randomness comes from ``rng``. Of several the calls take
        one after the other, round and round, and are then shuffled: so the answers of a
        question with few answers are balanced, and their order says nothing.
    share : float
        Part of the exercise's points, in (0, 1]; the shares of an exercise add up to 1.
    count : int
        Number of calls in the group.
    public : sequence of callable, optional
        Draws of the public cases, where these must be of another kind than the hidden ones.
    """

    name: str
    draw: Draw | Sequence[Draw]
    share: float
    count: int = 3
    public: Sequence[Draw] = ()

    @property
    def draws(self) -> Sequence[Draw]:
        """What the calls of the group are drawn by."""
        return (self.draw,) if callable(self.draw) else tuple(self.draw)


@dataclass(frozen=True)
class Misconception:
    """A known mistake: the wrong implementation, and what to say to who made it.

    Attributes
    ----------
    id : str
        Short name in the report to the instructor.
    wrong : callable
        Takes what the reference takes, and makes the mistake.
    message : str
        Names the mistake and says what to look at; never the corrected line.
    section : str
        Title of the section of the book that teaches it, with its page: "page#Title".
    """

    id: str
    wrong: Callable
    message: str
    section: str


@dataclass(frozen=True)
class Exercise:
    """Everything that is judged about one function, apart from its reference.

    Attributes
    ----------
    cases : sequence of Cases
    misconceptions : sequence of Misconception
    hints : sequence of str
        From the gentlest to the plainest, shown one at a time on request.
    rtol : float
        Relative tolerance of the values.
    may_mutate : bool
        Whether the function may change its arguments.
    cpu_seconds : float, optional
        Processor time of a call, where the statement gives a budget.
    equivalent : mapping from str to str
        Automatic mutants of the reference that do what it does, each with the reason.
    personal : bool
        Whether the one argument is the student's name, and the answer a dict of the student's
        own numbers: see :mod:`coursekit.worker.personal`. What the groups draw is not used.
    """

    cases: Sequence[Cases]
    misconceptions: Sequence[Misconception] = ()
    hints: Sequence[str] = ()
    rtol: float = 1e-6
    may_mutate: bool = False
    cpu_seconds: float | None = None
    equivalent: Mapping[str, str] = field(default_factory=dict)
    personal: bool = False

    def __post_init__(self) -> None:
        total = sum(group.share for group in self.cases)
        if not np.isclose(total, 1.0):
            raise CourseError(
                f"the shares of the groups {[group.name for group in self.cases]} add up to "
                f"{total:g}; they must add up to 1"
            )


@dataclass(frozen=True)
class DrawnCase:
    """One call: the group it belongs to, its arguments, and its answer if the draw knows it."""

    group: str
    arguments: Arguments
    expected: object = None


def draw_cases(
    exercise: Exercise, rng: np.random.Generator, public: bool = False
) -> list[DrawnCase]:
    """All calls of an exercise, in the order of its groups.

    Parameters
    ----------
    exercise : Exercise
    rng : numpy.random.Generator
        The same state gives the same cases.
    public : bool
        Whether they are those that the students get.
    """
    return [
        DrawnCase(group.name, call.arguments, call.expected)
        if isinstance(call, Answered)
        else DrawnCase(group.name, tuple(call))
        for group in exercise.cases
        for call in draw_calls(group, rng, public)
    ]


def draw_calls(
    group: Cases, rng: np.random.Generator, public: bool = False
) -> list[Arguments | Answered]:
    """The calls of one group."""
    draws = tuple(group.public) if public and group.public else group.draws
    calls = [draws[k % len(draws)](rng) for k in range(group.count)]
    if len(draws) == 1:
        return calls
    return [calls[k] for k in rng.permutation(len(calls))]


@dataclass(frozen=True)
class ProblemSetDeclarations:
    """The module beside a master: its exercises by id, and its namespace for local references."""

    exercises: Mapping[str, Exercise]
    namespace: Mapping[str, object] = field(repr=False)
