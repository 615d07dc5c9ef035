"""Find what was handed in, whatever it is called and however it is packed.

A student is asked for one notebook under one name. What comes has got another ending from a
browser, lies a folder too deep or in a zip, is a script, or lies beside an older copy. So where
the file that was asked for is not alone, or not what it should be, all that lies there is looked
at, and what has answers counts, by the rule by which it is graded. What counted and what did not
is said, to the instructor and to the student.
"""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cached_property
from zipfile import ZipInfo

from nbformat import NotebookNode

from coursekit.names import shown
from coursekit.submissions.answers import (
    count_answers,
    marks_of_file,
    marks_of_release,
    set_of,
)
from coursekit.submissions.cells import MAX_FILE
from coursekit.submissions.handed_in import HandIn, NotTakenError
from coursekit.submissions.kinds import HEAD, ZIP, kind_of
from coursekit.submissions.zips import Zip, ZipRefusedError

PASSED_OVER = (".*", "__*", "timestamp.txt", "*_attempts*.jsonl")
"""Made by programs, and not by students."""

MAX_LOOKED, DEPTH = 200, 3
"""Files of a hand-in that are looked at, and how many folders deep."""

MAX_READ = 2 * MAX_FILE
"""Bytes of all of them together."""

MAX_NAMED = 5
"""Files that are named one by one."""


@dataclass(frozen=True)
class Asked:
    """What students were asked to hand in.

    Attributes
    ----------
    problem_set : str
    releases : dict
        The notebooks that were released, by name.
    own_cells : str
        As :func:`coursekit.submissions.rebuild.rebuild` takes it.
    """

    problem_set: str
    releases: Mapping[str, NotebookNode]
    own_cells: str = "needed"

    @cached_property
    def ids(self) -> dict[str, list[bytes]]:
        """The identities of the cells of each notebook, as they stand in a file."""
        marks = {name: marks_of_release(release) for name, release in self.releases.items()}
        return {name: [f'"{i}"'.encode() for i in found.ids] for name, found in marks.items()}


@dataclass(frozen=True)
class SubmittedFile:
    """A notebook as it was handed in.

    Attributes
    ----------
    name : str
        That it should have, without its ending.
    content : bytes or None
        None if there is nothing to grade.
    oddities : tuple of str
        For the instructor, a sentence each.
    advice : tuple of str
        What was wrong with the file, for the student.
    """

    name: str
    content: bytes | None
    oddities: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """A file that may be the one that was asked for."""

    place: str
    content: bytes
    answers: int
    is_expected: bool = False
    notes: tuple[str, ...] = ()

    @property
    def is_notebook(self) -> bool:
        return self.content[:HEAD].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")

    @property
    def rank(self) -> tuple[bool, bool, int, bool]:
        """A script beside a notebook is a helper of it, unless the notebook has no answers."""
        return self.answers > 0, self.is_notebook, self.answers, self.is_expected


def read_file(hand_in: HandIn, name: str, asked: Asked) -> SubmittedFile:
    """The notebook of a name, or what was handed in in its place."""
    file = read_plainly(hand_in, name)
    content = file.content
    if content is not None and is_plain(content, name, asked) and not has_more(hand_in, asked):
        return file
    return Search(hand_in, name, asked, file.oddities).result(content)


def read_plainly(hand_in: HandIn, name: str) -> SubmittedFile:
    """The file of a name as it lies there; nothing else is looked at."""
    content = hand_in.read(f"{name}.ipynb", MAX_FILE + 1)
    refused, hand_in.oddities = tuple(hand_in.oddities), []
    return SubmittedFile(name, content, refused)


def is_plain(content: bytes, name: str, asked: Asked) -> bool:
    """Whether a file has a cell of the release at least; it is not taken apart for that."""
    return any(grade_id in content for grade_id in asked.ids[name])


def has_more(hand_in: HandIn, asked: Asked) -> bool:
    """Whether more lies in a folder than was released and asked for."""
    known = {*released_names(hand_in, asked), *(f"{name}.ipynb" for name in asked.releases)}
    return any(not is_passed_over(name) and name not in known for name in hand_in.names())


def released_names(hand_in: HandIn, asked: Asked) -> set[str]:
    """Names of what students were given beside the notebooks."""
    given = hand_in.course.release(asked.problem_set)
    return {path.name for path in given.glob("*") if path.suffix != ".ipynb"}


def is_passed_over(name: str) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in PASSED_OVER)


@dataclass
class Search:
    """Looks at all that lies in a folder.

    Attributes
    ----------
    hand_in : HandIn
    name : str
        Of the notebook that was asked for.
    asked : Asked
    refused : tuple of str
        What was odd about the file of this name.
    found : list of Found
    unfit : dict
        What cannot be graded, by its place, with what it is.
    """

    hand_in: HandIn
    name: str
    asked: Asked
    refused: tuple[str, ...]
    found: list[Found] = field(default_factory=list)
    unfit: dict[str, str] = field(default_factory=dict)
    room: int = MAX_READ

    @property
    def expected(self) -> str:
        return f"{self.name}.ipynb"

    def result(self, content: bytes | None) -> SubmittedFile:
        if content is not None:
            self.look_at(self.expected, content, is_expected=True)
        for path in self.paths():
            self.look_into(path)
        best = max(self.found, key=lambda file: file.rank, default=None)
        if best is None or not self.fits(best):
            return self.nothing(content is not None)
        said = [*self.how(best), *self.besides(best)]
        if not self.own_marks(best) and (other := self.other_set(best)):
            said.append(f"{shown(best.place)} has the cells of {other}")
        self.refused += best.notes
        return self.answer(best.content, said)

    # Looking

    def paths(self) -> Iterator[tuple[str, ...]]:
        """The files that are no part of the release, and are not asked for by another name."""
        others = {f"{name}.ipynb" for name in self.asked.releases} | {self.expected}
        given = released_names(self.hand_in, self.asked)
        for path in self.hand_in.files(PASSED_OVER, MAX_LOOKED, DEPTH):
            if path[-1] not in given and not (len(path) == 1 and path[0] in others):
                yield path
        self.hand_in.oddities.clear()  # of links and pipes that nobody asked for

    def look_into(self, path: tuple[str, ...]) -> None:
        before, place = len(self.hand_in.oddities), "/".join(path)
        try:
            with self.hand_in.open(*path) as file:
                content = file.read(min(MAX_FILE, self.room) + 1)
        except NotTakenError as reason:
            self.refused = tuple(dict.fromkeys((*self.refused, str(reason))))
        except FileNotFoundError:
            self.unfit[place] = "gone while it was looked for"
        else:
            notes = tuple(self.hand_in.oddities[before:])
            self.look_at(place, content, notes=notes)

    def look_at(
        self, place: str, content: bytes, is_expected: bool = False, notes: tuple[str, ...] = ()
    ) -> None:
        """Keep a file that may be graded; note what another is."""
        kind = kind_of(content[:HEAD])
        if len(content) > min(MAX_FILE, self.room) or len(self.found) >= MAX_LOOKED:
            self.unfit[place] = "too large, or one of too many"
            return
        self.room -= len(content)
        if kind == ZIP:
            self.look_into_zip(place, content)
        elif kind:
            self.unfit[place] = kind
        elif is_expected or marks_of_file(content) is not None:
            answers = count_answers(self.asked.releases[self.name], content, self.asked.own_cells)
            self.found.append(Found(place, content, answers, is_expected, notes))
        else:
            self.unfit[place] = "neither a notebook nor a script that defines functions"

    def look_into_zip(self, place: str, content: bytes) -> None:
        given, before = released_names(self.hand_in, self.asked), len(self.found)
        try:
            packed = Zip(content)
            for path, member in packed.members():
                if not any(map(is_passed_over, path)) and path[-1] not in given:
                    self.look_at_member(f"{'/'.join(path)} in {place}", packed, member)
        except ZipRefusedError as reason:
            self.unfit[place] = str(reason)
        else:
            if len(self.found) == before:
                self.unfit[place] = "a zip without a notebook"

    def look_at_member(self, place: str, packed: Zip, member: ZipInfo) -> None:
        try:
            content = packed.read(member, min(MAX_FILE, self.room))
        except ZipRefusedError as reason:
            self.unfit[place] = str(reason)
            return
        if kind_of(content[:HEAD]) == ZIP:
            self.unfit[place] = "a zip in a zip, which is not opened"
        else:
            self.look_at(place, content)

    # Deciding

    def own_marks(self, file: Found) -> int:
        """How many cells of the release a file has."""
        marks = marks_of_file(file.content)
        return marks.shared_with(marks_of_release(self.asked.releases[self.name])) if marks else 0

    def fits(self, file: Found) -> bool:
        """Whether a file is of this problem set, or stands under its name and is of no other."""
        if file.answers or self.own_marks(file):
            return True
        return file.is_expected and not self.other_set(file)

    def other_set(self, file: Found) -> str:
        """The problem set that a file is of, if it is of another one."""
        marks = marks_of_file(file.content)
        return set_of(self.hand_in.course, marks, self.asked.problem_set) if marks else ""

    # Saying

    def answer(self, content: bytes | None, said: list[str]) -> SubmittedFile:
        oddities, advice = (*self.refused, *said), list(said)
        self.hand_in.oddities = []
        if self.refused and content is None:
            advice.insert(0, f"{self.expected} is no plain file, and was not read")
        if advice:
            advice.append(what_to_hand_in(self.name))
        return SubmittedFile(self.name, content, oddities, tuple(advice))

    def how(self, best: Found) -> Iterator[str]:
        """Why another file was graded than the one that was asked for."""
        own = next((file.answers for file in self.found if file.is_expected), None)
        where, instead = shown(best.place), f"{shown(best.place)} was graded instead"
        if best.is_expected:
            if not best.answers:
                yield from self.of_no_use()
        elif own is not None:
            has = f"{self.expected} has {in_words(own)}"
            yield f"{has}; {where} has {best.answers} and was graded instead"
        elif best.place.endswith(f" in {self.expected}"):
            yield f"{self.expected} is a zip; {where} was graded"
        elif self.expected in self.unfit:
            yield f"{self.expected} is {self.unfit[self.expected]}; {instead}"
        elif self.refused:
            yield instead
        else:
            yield f"{self.expected} is missing; {instead}"

    def besides(self, best: Found) -> Iterator[str]:
        """The notebooks that lie beside the one that was graded, and scripts with answers."""
        left = (file for file in self.found if file.content != best.content)
        named = [
            file for file in left if file.answers or (file.is_notebook and not file.is_expected)
        ]
        for file in named[:MAX_NAMED]:
            yield f"{shown(file.place)} was not graded; it has {in_words(file.answers)}"
        if len(named) > MAX_NAMED:
            yield f"{len(named) - MAX_NAMED} more notebooks were not graded"

    def nothing(self, expected_is_there: bool) -> SubmittedFile:
        """Nothing can be graded: what there is instead, each file with what it is."""
        for file in self.found:
            other = self.other_set(file)
            self.unfit[file.place] = (
                f"the notebook of {other}, not of {self.asked.problem_set}"
                if other
                else f"a notebook without a cell of {self.asked.problem_set}"
            )
        missing = not (expected_is_there or self.refused)
        said = [f"{self.expected} is missing"] if missing else []
        return self.answer(None, [*said, *self.of_no_use()])

    def of_no_use(self) -> Iterator[str]:
        for place, kind in itertools.islice(self.unfit.items(), MAX_NAMED):
            yield f"{shown(place)} is {kind}"
        if len(self.unfit) > MAX_NAMED:
            yield f"{len(self.unfit) - MAX_NAMED} more files are no notebooks of it, either"


def what_to_hand_in(name: str) -> str:
    return f"Hand in one notebook, {name}.ipynb, and nothing else"


def in_words(answers: int) -> str:
    return "1 answer" if answers == 1 else f"{answers or 'no'} answers"
