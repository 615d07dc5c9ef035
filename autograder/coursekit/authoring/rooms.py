"""Read the rooms of a problem set: a file for each exercise, with all of it that is not prose.

Beside ``ps4.md`` lies the folder ``ps4``. A room is a file in it that binds ``EXERCISE``; every
other file is shared: rooms import from it, and from each other, as ``from .pages import BATCH``.
The folder is read afresh each time, as a package with a name of its own, so two sets never meet
and a file that was changed a moment ago counts as it stands.
"""

import importlib
import itertools
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, FunctionType, ModuleType

from coursekit.authoring.exercises import Exercise
from coursekit.errors import CourseError

BOUND_TO = "EXERCISE"
PACKAGE = "coursekit_rooms"
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Room:
    """The file of one exercise.

    Attributes
    ----------
    path : Path
    exercise : Exercise
    namespace : mapping
        What the file defines and imports.
    """

    path: Path
    exercise: Exercise
    namespace: Mapping[str, object] = field(repr=False)


def files_of_rooms(folder: Path) -> list[Path]:
    """The files of a folder of rooms, rooms and shared ones."""
    return sorted(path for path in folder.glob("*.py") if not path.name.startswith((".", "__")))


def read_rooms(folder: Path) -> dict[str, Room]:
    """Run all files of a folder, and take the rooms by the name of their file.

    Raises
    ------
    CourseError
        With the file, and the line where there is one, if a file cannot be run or if a room does
        not bind ``EXERCISE`` to one Exercise of its own.
    """
    rooms: dict[str, Room] = {}
    with fresh_package(folder) as package:
        for path in files_of_rooms(folder):
            namespace = vars(run(package, path))
            exercise = exercise_of(path, namespace)
            if exercise is None:
                continue
            for other in rooms.values():
                if other.exercise is exercise:
                    raise CourseError(
                        f"{short(path)} and {short(other.path)} share one Exercise; "
                        "each room makes its own"
                    )
            rooms[path.stem] = Room(path, exercise, namespace)
    return rooms


def exercise_of(path: Path, namespace: Mapping[str, object]) -> Exercise | None:
    """The one Exercise of a file; None for a file that has none, which is shared."""
    bound = {name: value for name, value in namespace.items() if isinstance(value, Exercise)}
    if not bound and BOUND_TO not in namespace:
        return None
    if list(bound) != [BOUND_TO]:
        raise CourseError(
            f"{short(path)} must bind one Exercise, under the name {BOUND_TO}; "
            f"it binds {', '.join(bound) or f'something else to {BOUND_TO}'}"
        )
    exercise = bound[BOUND_TO]
    reference = exercise.reference
    if not isinstance(reference, FunctionType) or reference.__name__ == "<lambda>":
        raise CourseError(
            f"{short(path)}: the reference must be a function that is written with def; "
            f"write {BOUND_TO} = Exercise(function, cases=[...])"
        )
    return exercise


@contextmanager
def fresh_package(folder: Path) -> Iterator[str]:
    """A package whose modules are the files of a folder, for as long as it takes to run them."""
    name = f"{PACKAGE}_{next(_numbers)}"
    package = ModuleType(name)
    package.__path__ = [str(folder)]
    finder = Finder(name, folder)
    sys.modules[name] = package
    sys.meta_path.insert(0, finder)
    try:
        yield name
    finally:
        sys.meta_path.remove(finder)
        for module in [module for module in sys.modules if module.partition(".")[0] == name]:
            del sys.modules[module]


class Finder:
    """Finds the modules of one package by looking for their files, and remembers nothing."""

    def __init__(self, package: str, folder: Path) -> None:
        self.package, self.folder = package, folder

    def find_spec(
        self, fullname: str, path: object = None, target: object = None
    ) -> ModuleSpec | None:
        parent, _, name = fullname.rpartition(".")
        file = self.folder / f"{name}.py"
        if parent != self.package or not file.is_file():
            return None
        return spec_from_file_location(fullname, file, loader=Loader(fullname, str(file)))


class Loader(SourceFileLoader):
    """Compiles the file as it is: compiled files are known by their time, to the second."""

    def get_code(self, fullname: str) -> CodeType:
        return self.source_to_code(self.get_data(self.path), self.path)


def run(package: str, path: Path) -> ModuleType:
    """The module of a file; what stops it is said with file and line."""
    try:
        return importlib.import_module(f"{package}.{path.stem}")
    except (Exception, SystemExit) as error:
        kind = "" if isinstance(error, CourseError) else f"{type(error).__name__}: "
        words = error.msg if isinstance(error, SyntaxError) else str(error)
        text = words.replace(f"{package}.", ".").replace(package, path.parent.name)
        raise CourseError(f"{place(error, path)}: {kind}{text}") from error


def place(error: BaseException, path: Path) -> str:
    """The line of a file beside ``path``, or of itself, in which an error arose."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{short(Path(error.filename))}, line {error.lineno}"
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame for frame in frames if Path(frame.filename).parent == path.parent]
    if not lines:
        return short(path)
    return f"{short(Path(lines[-1].filename))}, line {lines[-1].lineno}"


def short(path: Path) -> str:
    """A file as messages name it: with its folder."""
    return f"{path.parent.name}/{path.name}"
