"""Put collected hand-ins into ``submitted/``, all of them or none, so that it can be undone.

New folders are made beside the course first. Then it is written down which folder goes where,
and only then is anything moved: a collection that was stopped in the middle is finished by the
next one, and an undone one moves everything back. Nothing is ever deleted.
"""

import hashlib
import json
import os
import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from coursekit.collecting.archives import NotReadError, safe_name
from coursekit.collecting.placing import Attempt, Unplaced
from coursekit.courses import Course
from coursekit.errors import CourseError
from coursekit.nbgrader_out.agreed import utc
from coursekit.nbgrader_out.timestamps import NAME as TIMESTAMP
from coursekit.nbgrader_out.timestamps import read_timestamp
from coursekit.submissions.handed_in import handed_in

ATTEMPTS = "attempts"
COLLECTIONS = Path(".results", "collections")
MOST_FILES = 500
"""Of one attempt."""


@dataclass
class Collection:
    """What one collection did.

    Attributes
    ----------
    number : int
    problem_set : str
    archive, when : str
    moves : list of (str, str)
        Folders or files of the course directory, from where to where.
    new, again, earlier, timed, same : list of str
        Students whose first hand-in this is, whose later one, whose earlier one, whose hand-in was
        there and got another time, and whose was there just so.
    stale : list of str
        Students whose time in the table is that of another hand-in, so it was not taken.
    late : list of str
        Students of whose last hand-in the platform says that it is late, and nobody when it came.
    moved : bool
        Whether all is where it should be.
    undone : bool
    """

    number: int
    problem_set: str
    archive: str
    when: str
    moves: list[tuple[str, str]] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    again: list[str] = field(default_factory=list)
    earlier: list[str] = field(default_factory=list)
    timed: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    moved: bool = False
    undone: bool = False


def collected(course: Course) -> bool:
    """Whether anything was ever collected."""
    return (course.root / COLLECTIONS).is_dir()


class Store:
    """The collections of a course.

    Parameters
    ----------
    course : Course
        Held by this process.
    """

    def __init__(self, course: Course) -> None:
        self.course = course
        self.folder = course.root / COLLECTIONS
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def collections(self) -> list[Collection]:
        """All that were made, the first first."""
        found = []
        for path in sorted(self.folder.glob("*.json")):
            fields = json.loads(path.read_text(encoding="utf-8"))
            fields["moves"] = [(old, new) for old, new in fields["moves"]]
            found.append(Collection(**fields))
        return found

    def finish(self) -> None:
        """Finish what an earlier command had begun to move."""
        for one in self.collections():
            if not one.moved:
                self._move(one)

    def add(
        self, problem_set: str, archive: str, attempts: dict[str, list[Attempt]]
    ) -> tuple[Collection, list[Unplaced]]:
        """Put attempts into the course.

        Returns
        -------
        Collection
        list of Unplaced
            Files that could not be read.
        """
        self.finish()
        number = len(self.collections()) + 1
        when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        made = Collection(number, problem_set, archive, when)
        stage = self.folder / f"{number:04}"
        shutil.rmtree(stage, ignore_errors=True)  # of a command that was stopped before it moved
        unread: list[Unplaced] = []
        try:
            for student in sorted(attempts):
                unread += self._stage(made, stage / student, student, attempts[student])
        except BaseException:
            shutil.rmtree(stage, ignore_errors=True)
            raise
        last = ((student, several[-1]) for student, several in sorted(attempts.items()))
        made.late = [student for student, one in last if one.late and one.came is None]
        if made.moves:
            self._keep(made)
            self._move(made)
        return made, unread

    def called_late(self, problem_set: str) -> set[str]:
        """Of whose hand-in the platform said that it is late, when nobody knew when it came."""
        found: set[str] = set()
        for one in self.collections():
            if one.problem_set == problem_set and not one.undone:
                found = (found - {*one.new, *one.again, *one.timed}) | {*one.late}
        return found

    def undo(self, problem_set: str) -> Collection:
        """Take back the last collection of a problem set that was not taken back yet.

        Raises
        ------
        CourseError
            If there is none, or what it brought was replaced since.
        """
        self.finish()
        done = [one for one in self.collections() if not one.undone]
        if not done or not any(one.problem_set == problem_set for one in done):
            raise CourseError(f"no collection of {problem_set} is there that could be undone")
        last = [one for one in done if one.problem_set == problem_set][-1]
        gone = [new for _, new in last.moves if not os.path.lexists(self.course.root / new)]
        if gone:
            raise CourseError(
                f"{gone[0]} is not there any more, which the collection of {last.when} made; put "
                "it back, or mend `submitted/` by hand"
            )
        last.undone, last.moved = True, False
        self._keep(last)
        self._move(last)
        return last

    def _stage(
        self, made: Collection, stage: Path, student: str, attempts: Sequence[Attempt]
    ) -> Iterator[Unplaced]:
        """Write one student's attempts beside the course, and plan where they go."""
        known = self._present(student, made.problem_set)
        released = notebooks_of(self.course, made.problem_set)
        fresh: list[tuple[Path, Attempt]] = []
        there, timed = False, False
        for count, attempt in enumerate(attempts):
            folder = stage / str(count)
            yield from write_attempt(folder, attempt, released)
            if not folder.is_dir():
                continue  # nothing of it could be read
            digest = digest_of(folder)
            if attempt.is_given and self._has_another(known, digest, attempt.came):
                made.stale.append(student)
                attempt.came, attempt.is_given = attempt.parts[0].piece.came, False
                write_time(folder, attempt)
            same = self._same(known.get(digest, ()), attempt)
            if same is None or self._is_again(same, attempt):
                fresh.append((folder, attempt))
                continue
            there = True
            shutil.rmtree(folder)
            timed = self._plan_time(made, folder, same, attempt) or timed
        if fresh:
            self._plan(made, student, fresh)
        elif there:
            (made.timed if timed else made.same).append(student)

    def _present(self, student: str, problem_set: str) -> dict[str, list[Path]]:
        """Where hand-ins of the student lie already, by their content."""
        roots = [*self.course.earlier_attempts(student, problem_set), self.course.submitted()]
        found: dict[str, list[Path]] = defaultdict(list)
        for folder in (root / student / problem_set for root in roots):
            if folder.is_dir() and not folder.is_symlink():
                found[digest_of(folder)].append(folder)
        return found

    def _has_another(
        self, known: Mapping[str, Sequence[Path]], digest: str, came: datetime | None
    ) -> bool:
        """Whether a hand-in of other content came at a time: then a table of before says it."""
        others = (path for of, paths in known.items() if of != digest for path in paths)
        return any(self._came_in(path) == came for path in others)

    def without_time(self, problem_set: str) -> list[str]:
        """Students of whom it is not known when what lies in ``submitted/`` came."""
        students = self.course.students(problem_set)
        root = self.course.submitted()
        return [name for name in students if self._came_in(root / name / problem_set) is None]

    def _same(self, folders: Sequence[Path], attempt: Attempt) -> Path | None:
        """The hand-in of this content that is this attempt: that of its time, or the last one."""
        for folder in folders:
            if attempt.came is not None and self._came_in(folder) == attempt.came:
                return folder
        return folders[-1] if folders else None

    def _is_again(self, same: Path, attempt: Attempt) -> bool:
        """Whether somebody went back to an earlier attempt, and handed that in once more."""
        if same.parents[1] == self.course.submitted() or attempt.came is None:
            return False
        before = self._came_in(same)
        return before is not None and before < attempt.came

    def _plan_time(self, made: Collection, stage: Path, there: Path, attempt: Attempt) -> bool:
        """Plan another time for a hand-in that is there: one that is known now, or a later one."""
        old, new, before = there / TIMESTAMP, timestamp(attempt), self._came_in(there)
        if attempt.came is None or attempt.came == before:
            return False
        if before is not None and before > attempt.came and not attempt.is_given:
            return False  # an archive of before
        stage.mkdir(parents=True)
        (stage / "new").write_text(new, encoding="utf-8")
        if os.path.lexists(old):
            made.moves.append((self._name(old), self._name(stage / "old")))
        made.moves.append((self._name(stage / "new"), self._name(old)))
        return True

    def _plan(self, made: Collection, student: str, fresh: list[tuple[Path, Attempt]]) -> None:
        """The last attempt goes to ``submitted/``, the others to folders with numbers."""
        place = self.course.submitted() / student / made.problem_set
        there = os.path.lexists(place)
        numbers = self.course.earlier_attempts(student, made.problem_set)
        number = max((int(path.name) for path in numbers), default=0)
        newest = fresh[-1][1].came
        came = self._came_in(place) if there else None
        stays = there and came is not None and newest is not None and newest < came
        moves = [folder for folder, _ in fresh]
        if there and not stays:
            moves.insert(0, place)
        for folder in moves if stays else moves[:-1]:
            number += 1
            aside = self.course.root / ATTEMPTS / str(number) / student / made.problem_set
            made.moves.append((self._name(folder), self._name(aside)))
        if not stays:
            made.moves.append((self._name(moves[-1]), self._name(place)))
        (made.earlier if stays else made.again if there else made.new).append(student)

    def _came_in(self, folder: Path) -> datetime | None:
        """When a hand-in came that lies in the course."""
        student, problem_set = folder.parent.name, folder.name
        with handed_in(self.course, student, problem_set, folder.parents[1]) as hand_in:
            return utc(read_timestamp(hand_in))

    def _name(self, path: Path) -> str:
        return path.relative_to(self.course.root).as_posix()

    def _keep(self, made: Collection) -> None:
        path = self.folder / f"{made.number:04}.json"
        new = path.with_suffix(".new")
        new.write_text(json.dumps(asdict(made), indent=1), encoding="utf-8")
        os.replace(new, path)

    def _move(self, made: Collection) -> None:
        """Move what is not moved yet, or back; a second call does nothing more."""
        for old, new in back(made.moves) if made.undone else made.moves:
            source, target = self.course.root / old, self.course.root / new
            if os.path.lexists(source) and not os.path.lexists(target):
                target.parent.mkdir(parents=True, exist_ok=True)
                os.rename(source, target)
                with suppress(OSError):  # it holds something else
                    source.parent.rmdir()
        made.moved = True
        self._keep(made)


def back(moves: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """What undoes some moves."""
    return [(new, old) for old, new in reversed(moves)]


def notebooks_of(course: Course, problem_set: str) -> frozenset[str]:
    """What the notebooks of a release are called, without their ending."""
    return frozenset(path.stem for path in course.release(problem_set).glob("*.ipynb"))


def write_attempt(folder: Path, attempt: Attempt, released: frozenset[str]) -> Iterator[Unplaced]:
    """Write the files of an attempt; those that cannot be read are yielded."""
    names = [part.piece.file for part in attempt.parts]
    for part, name in zip(attempt.parts, names, strict=True):
        if part.member.path[-1].lower() == TIMESTAMP or name[-1].lower() == TIMESTAMP:
            yield Unplaced(
                part.member.place,
                "a time that the student may have written is not taken; --times gives one",
            )
            continue
        if len(attempt.parts) > MOST_FILES:
            yield Unplaced(part.member.place, f"one of more than {MOST_FILES} files")
            continue
        try:
            content = part.member.read()
        except NotReadError as reason:
            yield Unplaced(part.member.place, str(reason))
            continue
        place = free(folder.joinpath(*safe_name(as_asked(name, names, released))))
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    if folder.is_dir():
        write_time(folder, attempt)


def write_time(folder: Path, attempt: Attempt) -> None:
    """Write when an attempt came beside its files; nothing where that is not known."""
    place = folder / TIMESTAMP
    place.unlink(missing_ok=True)
    if time := timestamp(attempt):
        place.write_text(time, encoding="utf-8")


def as_asked(
    name: tuple[str, ...], names: Sequence[tuple[str, ...]], released: frozenset[str]
) -> tuple[str, ...]:
    """The name that was asked for, where a platform has put a number behind it."""
    stem, dot, ending = name[-1].rpartition(".")
    first, dash, number = stem.rpartition("-")
    plain = (*name[:-1], f"{first}.{ending}")
    if dot and dash and first in released and number.isdecimal() and plain not in names:
        return plain
    return name


def free(place: Path) -> Path:
    """A name that nothing has yet."""
    found, count = place, 1
    while os.path.lexists(found):
        count += 1
        found = place.with_name(f"{place.stem} ({count}){place.suffix}")
    return found


def timestamp(attempt: Attempt) -> str:
    """What nbgrader writes beside a hand-in; nothing where the time is not known."""
    return attempt.came.strftime("%Y-%m-%d %H:%M:%S.%f UTC") if attempt.came else ""


def digest_of(folder: Path) -> str:
    """Of the files in a folder, without the time."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.name != TIMESTAMP and path.is_file() and not path.is_symlink():
            content = hashlib.sha256(path.read_bytes()).digest()
            digest.update(f"{path.relative_to(folder).as_posix()}\0".encode() + content)
    return digest.hexdigest()
