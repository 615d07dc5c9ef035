"""What is declared of an exercise: its reference, cases, misconceptions, hints, other answers.

The declarations are data. From them come the public cases of the release, the hidden cases of
the grading, the mutants that the cases must kill, and the fingerprints by which a mistake is
named. The file that declares an exercise is its room: see :mod:`coursekit.authoring.rooms`.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FunctionType
from typing import Any

import numpy as np

from coursekit.authoring.situations import check_situation
from coursekit.errors import CourseError, guess

Arguments = tuple[Any, ...]
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
    only_with : str
        Another group, without which this one counts for nothing: what an answer passes that does
        nothing, such as returning an argument, counts only together with what it fails.
    """

    name: str
    draw: Draw | Sequence[Draw]
    share: float
    count: int = 3
    public: Sequence[Draw] = ()
    only_with: str = ""

    @property
    def draws(self) -> Sequence[Draw]:
        """What the calls of the group are drawn by."""
        return (self.draw,) if callable(self.draw) else tuple(self.draw)


Answer = Callable[..., Any]
"""What a student may hand in for an exercise: a function that takes what the reference takes."""


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
    second : list of callable
        The same mistake again, written without looking at ``wrong``: is it named as well?
    """

    id: str
    wrong: Answer
    message: str
    section: str
    second: list[Answer] = field(default_factory=list)


@dataclass(frozen=True)
class Counterpart:
    """What the package computes in a form of its own, put into the form of an exercise.

    Attributes
    ----------
    function : callable
        Calls ``backprop``. Takes what the reference takes, and returns the same.
    new : str
        Where the reference makes one step of many: the argument that each step gets anew. The
        function takes a list of these, and yields what each step returns.
    carried : tuple of str
        The arguments that a step gets from the result of the step before.
    """

    function: FunctionType
    new: str = ""
    carried: tuple[str, ...] = ()

    @property
    def makes_steps(self) -> bool:
        return bool(self.new)


@dataclass(frozen=True)
class Exercise:
    """Everything that is judged about one function.

    Attributes
    ----------
    reference : callable
        The function that the student writes: its docstring is the text, its body the solution.
    cases : sequence of Cases
    misconceptions : list of Misconception
        In the order in which they are looked for; mostly added by :meth:`misconception`.
    hints : sequence of str
        Shown one at a time, on request: a question, then where to look, then what goes wrong here
        most often, for whom no mistake can be named.
    situation : str
        A figure of the book that one can touch and that shows what is asked, with its state as a
        link has it: "microscope?step=8". The hint that says where to look leads there.
    axes : mapping from str to str
        What the sizes in the docstring count, one of each: ``{"M": "example", "n_in": "input"}``.
        The place of a wrong number is said in these words, too.
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
    no_example, no_page : str
        Why the statement has no example that runs, or names no page that teaches what it asks.
    nothing_to_do : str
        Why an answer is right that returns an argument as it came, or zeros.
    alone : str
        Why the reference stands in its room and has no counterpart: what the package has not.
    right_answers : list of callable
        Right answers of another kind than the reference, added by :meth:`right`.
    counterparts : list of Counterpart
        The same from ``backprop``, for a reference that stands in its room; added by
        :meth:`in_package` and :meth:`steps_in_package`.
    explained : list of (str, callable)
        Wrong answers, such as several mistakes at once, that are explained as families explain
        theirs: how "Your numbers are just what comes out when" goes on.
    wrong_solutions : list of WrongSolution
        Filled when it is first asked for, from the reference and the right answers.
    public_tasks : list of Task
        One, with the public cases, filled when a class run first asks for it.
    """

    reference: Answer | None = None
    cases: Sequence[Cases] = ()
    misconceptions: list[Misconception] = field(default_factory=list)
    hints: Sequence[str] = ()
    situation: str = ""
    axes: Mapping[str, str] = field(default_factory=dict)
    rtol: float = 1e-6
    may_mutate: bool = False
    cpu_seconds: float | None = None
    equivalent: Mapping[str, str] = field(default_factory=dict)
    personal: bool = False
    no_example: str = ""
    no_page: str = ""
    nothing_to_do: str = ""
    alone: str = ""
    right_answers: list[Answer] = field(default_factory=list)
    counterparts: list[Counterpart] = field(default_factory=list)
    explained: list[tuple[str, Answer]] = field(default_factory=list)
    wrong_solutions: list[Any] = field(default_factory=list, init=False, repr=False, compare=False)
    public_tasks: list[Any] = field(default_factory=list, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.reference is not None and not callable(self.reference):
            raise CourseError(
                f"an Exercise begins with its reference, a function, and got "
                f"{type(self.reference).__name__}; the rest goes by name: cases=[...], hints=[...]"
            )
        check_situation(self.situation)
        total = sum(group.share for group in self.cases)
        if not np.isclose(total, 1.0):
            raise CourseError(
                f"the shares of the groups {[group.name for group in self.cases]} add up to "
                f"{total:g}; they must add up to 1"
            )
        free = {group.name for group in self.cases if not group.only_with}
        for group in self.cases:
            if group.only_with and group.only_with not in free:
                raise CourseError(
                    f"the group {group.name!r} counts only with {group.only_with!r}; "
                    f"{guess(group.only_with, free)}it must be a group that counts by itself: "
                    f"{', '.join(map(repr, sorted(free))) or 'there is none'}"
                )

    def counted(self, credits: Mapping[str, float]) -> dict[str, float]:
        """What each group counts for, from 0 to 1: no more than the one that it counts with."""
        return {
            group.name: min(credits[group.name], credits[group.only_with or group.name])
            for group in self.cases
        }

    def earned(self, credits: Mapping[str, float]) -> float:
        """The part of the points that is earned, from 0 to 1, by what each group is worth."""
        counted = self.counted(credits)
        return sum(group.share * counted[group.name] for group in self.cases)

    def misconception(self, message: str, section: str, id: str = "") -> Callable[[Answer], Answer]:
        """Declare the decorated function as a known mistake.

        Parameters
        ----------
        message, section : str
            As of :class:`Misconception`.
        id : str
            By default the name of the function, with hyphens: ``sum_for_mean`` is "sum-for-mean",
            and ``sum_`` is "sum".
        """

        def declare(wrong: Answer) -> Answer:
            name = id or name_of(wrong).strip("_").replace("_", "-")
            if name in {mistake.id for mistake in self.misconceptions}:
                raise CourseError(
                    f"two misconceptions are called {name!r}; rename one function, or give id="
                )
            self.misconceptions.append(Misconception(name, wrong, message, section))
            return wrong

        return declare

    def right(self, answer: Answer) -> Answer:
        """Declare the decorated function as a right answer of another kind than the reference."""
        self.right_answers.append(answer)
        return answer

    def in_package(self, function: Answer) -> Answer:
        """Declare the decorated function as what ``backprop`` has in the place of the reference.

        It takes what the reference takes, calls the package, and returns what the reference
        returns: `course verify` holds the two to each other.
        """
        return self._counterpart(function)

    def steps_in_package(self, new: str, carried: Sequence[str]) -> Callable[[Answer], Answer]:
        """The same as :meth:`in_package` for a reference that makes one step of many.

        The decorated function makes all steps of a run, so that the package carries its own state
        from one to the next: it takes a list of what is new at each, and yields each result.

        Parameters
        ----------
        new : str
            The argument that each step gets anew: the gradients.
        carried : sequence of str
            The arguments that the result of a step is for the next one, in its order.
        """

        def declare(function: Answer) -> Answer:
            taken = inspect.signature(function).parameters
            unknown = [name for name in (new, *carried) if name not in taken]
            if unknown:
                raise CourseError(
                    f"steps_in_package names {', '.join(unknown)}, and {function.__name__} takes "
                    f"{', '.join(taken)}; {guess(unknown[0], taken)}Name its arguments, which are "
                    "those of the reference"
                )
            if isinstance(carried, str) or not carried or new in carried:
                raise CourseError(
                    f"steps_in_package got carried={carried!r} and new={new!r}; carried lists the "
                    "arguments that a step gets from the result of the step before, as in "
                    'carried=["params"], and new is none of them'
                )
            return self._counterpart(function, new, tuple(carried))

        return declare

    def _counterpart(
        self, function: Answer, new: str = "", carried: tuple[str, ...] = ()
    ) -> Answer:
        if not isinstance(function, FunctionType):
            raise CourseError(
                f"what the package has is shown by a function that is written with def; got "
                f"{type(function).__name__}"
            )
        self.counterparts.append(Counterpart(function, new, carried))
        return function

    def second(self, first: Answer | str) -> Callable[[Answer], Answer]:
        """Declare the decorated function as one more that makes a mistake declared before.

        Parameters
        ----------
        first : callable or str
            What :meth:`misconception` decorates, or the id of it.
        """
        mistake = self._declared(first)

        def declare(again: Answer) -> Answer:
            mistake.second.append(again)
            return again

        return declare

    def _declared(self, first: Answer | str) -> Misconception:
        for mistake in self.misconceptions:
            if first is mistake.wrong or first == mistake.id:
                return mistake
        name = first if isinstance(first, str) else first.__name__
        known = [mistake.id for mistake in self.misconceptions]
        raise CourseError(
            f"second({name}) names no misconception that is declared above it; "
            f"{guess(name, known)}declared are: {', '.join(known) or 'none'}"
        )


def name_of(wrong: Answer) -> str:
    """The name that a function was given where it is written, also when it is wrapped."""
    if "<" in getattr(wrong, "__qualname__", "<"):  # <locals> of a factory, or <lambda>
        name = getattr(wrong, "__name__", "this")
        raise CourseError(
            f"{name!r} says nothing of the mistake: give id=, or let the function that makes it "
            "use functools.wraps"
        )
    return wrong.__name__


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
        DrawnCase(
            group.name, arguments_of(call), call.expected if isinstance(call, Answered) else None
        )
        for group in exercise.cases
        for call in draw_calls(group, rng, public)
    ]


def arguments_of(call: Arguments | Answered) -> Arguments:
    """What a drawn call is made with."""
    return call.arguments if isinstance(call, Answered) else tuple(call)


def draw_calls(
    group: Cases, rng: np.random.Generator, public: bool = False
) -> list[Arguments | Answered]:
    """The calls of one group."""
    draws = tuple(group.public) if public and group.public else group.draws
    calls = [draws[k % len(draws)](rng) for k in range(group.count)]
    if len(draws) == 1:
        return calls
    return [calls[k] for k in rng.permutation(len(calls))]
