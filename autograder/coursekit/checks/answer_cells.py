"""Which cells of a notebook answer its exercises, and which other cells these need.

Editors split cells and copy their metadata, merge them and drop it, paste a cell twice. One rule
holds for all of that, in the student's notebook and in grading: all parts that carry the id of an
exercise count, in their order, if they define its function beyond the stub; otherwise the last
definition elsewhere that is not the stub.
"""

from __future__ import annotations

import builtins
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from coursekit.checks.cell_names import CellNames, cell_names, without_stubs

MAX_OWN = 40
"""Cells of the student's own that are run; more than this nobody needs."""

MAX_PARTS = 40
"""Parts of an answer that are run: the last ones."""

MAX_HALVES = 10
"""Halves of a statement that are put together again; each is read anew with all before it."""

NOTES = {
    "too": "{name} is defined in another cell, too; the exercise's own counts",
    "elsewhere": "its own cell does not define {name}; another one does, and counts",
}
"""What student and instructor are told of an answer that does not stand in its own cell alone."""


@dataclass(frozen=True)
class CodeCell:
    """A code cell, and the id that it carries."""

    grade_id: str | None
    source: str


@dataclass(frozen=True)
class Step:
    """A cell that is run.

    Attributes
    ----------
    place : int
        Of the cell in the notebook.
    source : str
    exercise : str or None
        Id of the exercise whose part it is; None for other cells.
    answers : dict
        The functions that are to be kept as they are when it has run, and whether it defines them.
    """

    place: int
    source: str
    exercise: str | None = None
    answers: dict[str, bool] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """What is run of a notebook, in which order, and what student and instructor should know.

    Attributes
    ----------
    steps : tuple of Step
    notes : dict of str to str
        Keys of :data:`NOTES`, for the exercises that need one.
    """

    steps: tuple[Step, ...]
    notes: dict[str, str]

    def parts(self, exercise: str) -> list[Step]:
        """The parts of an answer, in their order."""
        return [step for step in self.steps if step.exercise == exercise]


def note_in_words(kind: str, name: str) -> str:
    """A note on where the function of an exercise is defined."""
    return NOTES[kind].format(name=name)


def plan(
    cells: Sequence[CodeCell], exercises: Mapping[str, str], given: Collection[str] = frozenset(),
    keep_all: bool = False,
) -> Plan:  # fmt: skip
    """Choose the cells that count and those that they need.

    Parameters
    ----------
    cells : sequence of CodeCell
        In the order of the notebook.
    exercises : mapping
        Ids of the exercises to the names of their functions; no name where none is asked for.
    given : collection of str
        Sources of the cells of the release that are run as they were given.
    keep_all : bool
        Whether all of the student's own cells are run, and not only those that are needed.
    """
    return Planner(rejoined(cells, exercises), exercises, given).plan(keep_all)


class Planner:
    """The cells of a notebook while it is decided what they are to the exercises.

    Parameters
    ----------
    cells, exercises, given
        As in :func:`plan`.
    """

    def __init__(
        self, cells: Sequence[CodeCell], exercises: Mapping[str, str], given: Collection[str]
    ) -> None:
        self.cells, self.exercises, self.given = cells, exercises, given
        self.names = [cell_names(cell.source) for cell in cells]
        self.defining: dict[str, list[int]] = defaultdict(list)
        for place, names in enumerate(self.names):
            if cells[place].source not in given:
                for name in names.defines | names.may_define:
                    self.defining[name].append(place)
        self.counted = {exercise: self.cells_that_count(exercise) for exercise in exercises}
        self.answered = {
            exercises[exercise]
            for exercise, places in self.counted.items()
            if self.surely(exercise, places)
        }
        self.part_of = self.parts()
        self.last = {(whose, cells[k].source): k for k, whose in sorted(self.part_of.items())}

    def cells_that_count(self, exercise: str) -> list[int]:
        """The cells that define the function of an exercise: of its own, else of the others."""
        places = self.defining.get(self.exercises[exercise], [])
        own = [place for place in places if self.cells[place].grade_id == exercise]
        return (own or self.surely(exercise, places) or places)[-MAX_PARTS:]

    def surely(self, exercise: str, places: Iterable[int]) -> list[int]:
        """Of some cells those that bind a function, as far as one can see, and not a number."""
        name = self.exercises[exercise]
        return [place for place in places if name in self.names[place].defines]

    def is_own(self, exercise: str) -> bool:
        """Whether a cell that carries the exercise's id defines its function."""
        return any(self.cells[place].grade_id == exercise for place in self.counted[exercise])

    def parts(self) -> dict[int, str]:
        """Whose part a cell is: by the id that it carries, or as the definition elsewhere."""
        marked: dict[str, list[int]] = defaultdict(list)
        for place, cell in enumerate(self.cells):
            if cell.grade_id is not None and cell.grade_id in self.exercises:
                marked[cell.grade_id].append(place)
        found = {k: exercise for exercise, places in marked.items() for k in places[-MAX_PARTS:]}
        for exercise, places in self.counted.items():
            for place in places:
                found.setdefault(place, exercise)
                whose = self.cells[place].grade_id
                if whose is not None and whose in self.exercises:
                    found[place] = whose
        return found

    def plan(self, keep_all: bool) -> Plan:
        """All steps in the order of the notebook, and the notes."""
        places = range(len(self.cells))
        own = [
            k for k in places if self.whose(k) is None and self.cells[k].source not in self.given
        ]
        run = set(own if keep_all else self.needed(own))
        steps: list[Step] = []
        for place in places:
            if place in self.part_of:
                steps += self.part(place)
            elif place in run:
                steps.append(Step(place, self.cells[place].source))
        notes = {exercise: self.note(exercise) for exercise in self.exercises}
        return Plan(tuple(steps), {exercise: note for exercise, note in notes.items() if note})

    def whose(self, place: int) -> str | None:
        """The exercise to which a cell belongs, whether it is run or not."""
        grade_id = self.cells[place].grade_id
        return self.part_of.get(place, grade_id if grade_id in self.exercises else None)

    def part(self, place: int) -> Iterator[Step]:
        """A part of an answer; none if it comes again, or holds a stub that was filled in."""
        source, whose = self.cells[place].source, self.part_of[place]
        if self.last[whose, source] != place:
            return
        stubs = self.names[place].stubs & self.answered
        source = without_stubs(source, stubs) if stubs else source
        if source or not stubs:
            yield Step(place, source, whose, self.answers_behind(place))

    def answers_behind(self, place: int) -> dict[str, bool]:
        """What is to be kept when a part has run, and whether it defines it."""
        name = self.exercises[self.part_of[place]]
        found = {name: False} if name else {}
        for exercise, places in self.counted.items():
            if place in places:
                found[self.exercises[exercise]] = True
        return found

    def note(self, exercise: str) -> str:
        """A key of :data:`NOTES` where the function is not defined in its own cell alone."""
        counted = self.counted[exercise]
        sure = self.surely(exercise, self.defining.get(self.exercises[exercise], ()))
        if self.is_own(exercise):
            return "too" * any(self.whose(place) != exercise for place in sure)
        return "elsewhere" * bool(set(sure) & set(counted))

    # The student's own cells

    def needed(self, own: Sequence[int]) -> list[int]:
        """Own cells that bind or change what the answers look up, and what these look up.

        All that bind a name are needed, as each answer keeps what stood when its own cell ran. A
        function of an exercise is none of these names: which cell defines it is decided.
        """
        released = self.names_given()
        binders: dict[str, list[int]] = defaultdict(list)
        for place in own:
            for name in self.provided(place, released):
                binders[name].append(place)
        opaque = {place for place in own if self.names[place].opaque}
        found = self.reached(binders, self.looked_up(self.part_of), set()) if binders else set()
        if opaque and self.unknown(found, released):
            found = self.reached(binders, self.looked_up(opaque), found | opaque)
        return sorted(found)[:MAX_OWN]

    def reached(
        self, binders: Mapping[str, Sequence[int]], names: set[str], found: set[int]
    ) -> set[int]:
        """Own cells that bind some names, with those that bind what they look up, and so on."""
        asked: set[str] = set()
        while new := names - asked:
            asked |= new
            places = {place for name in new for place in binders.get(name, ())} - found
            found = found | places
            names = self.looked_up(places)
        return found

    def looked_up(self, places: Iterable[int]) -> set[str]:
        """The names that some cells take from others."""
        read = set().union(*(self.names[place].reads for place in places))
        return read - set(self.exercises.values()) - set(dir(builtins))

    def names_given(self) -> set[str]:
        """The names that the cells of the release bind."""
        return set().union(*(cell_names(source).binds for source in self.given))

    def provided(self, place: int, released: Set[str]) -> Set[str]:
        """What an own cell binds or changes; not what it imports as the release does."""
        names = self.names[place]
        return (names.binds - (names.imports & released)) | (names.changes - names.imports)

    def unknown(self, found: Iterable[int], released: Set[str]) -> set[str]:
        """Names that are looked up in what is run, and that nothing of it is seen to bind."""
        run = [*self.part_of, *found]
        return self.looked_up(run) - set().union(
            released, *(self.names[place].binds for place in run)
        )


def rejoined(cells: Sequence[CodeCell], exercises: Mapping[str, str]) -> list[CodeCell]:
    """The cells, with an answer that was split within a statement put together again.

    Together the halves are Python; the later ones are left empty. They carry the same id, or, as
    another editor splits a cell, a later one has none and stands directly below.
    """
    whole, last, halves = list(cells), dict[str, int](), Counter[str]()
    above: str | None = None
    for place, cell in enumerate(cells):
        marked = cell.grade_id if cell.grade_id in exercises else None
        whose = above if cell.grade_id is None else marked
        above = marked
        if whose is None:
            continue
        before = last.get(whose)
        few = halves[whose] < MAX_HALVES
        if before is not None and few and are_halves(whole[before].source, cell.source):
            halves[whose] += 1
            joined = f"{whole[before].source}\n{cell.source}"
            whole[before], whole[place] = CodeCell(whose, joined), CodeCell(None, "")
            above = whose
        elif marked is not None:
            last[marked] = place
    return whole


def are_halves(first: str, second: str) -> bool:
    """Whether two sources are Python only together."""
    both: list[CellNames] = [cell_names(source) for source in (first, second)]
    apart = all(names.readable for names in both)
    return not apart and cell_names(f"{first}\n{second}").readable
