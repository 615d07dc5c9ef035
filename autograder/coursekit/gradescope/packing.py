"""The zip that Gradescope builds its image from: set-up, run script, our packages, one set.

Read in November 2026 from Gradescope's samples and documentation: ``setup.sh`` and
``run_autograder`` lie at the root of the zip, and the set-up is run once, as root.
"""

import importlib.metadata
import io
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement

import backprop
from coursekit.authoring.masters import Master, files_behind
from coursekit.course_toml import NAME as SETTINGS
from coursekit.courses import CONFIG_TEMPLATE, PACKAGE, Course
from coursekit.errors import CourseError
from coursekit.gradescope.running import PROBLEM_SET
from coursekit.grading.beforehand import master_of
from coursekit.grading.ordinary import released_notebooks
from coursekit.grading.recorded import require_released
from coursekit.replacing import write_whole
from coursekit.roster import (
    COLUMNS,
    EMAIL,
    FILE,
    LOGIN,
    Person,
    Roster,
    read_roster,
    write_roster,
)
from coursekit.sandbox.packages import holds_here, packages
from coursekit.seeds import derived_secret

PROJECT = "backprop-book"
EXTRAS = ("plot", "grader")
SCRIPTS = ("setup.sh", "run_autograder")
NOT_SHIPPED = ("__pycache__", "problem_sets")
"""Folders of our packages that stay here."""
PERSONAL = ("student", "name", "first_name", "last_name", "email", "login")
"""What of the roster goes along: by what Gradescope knows a student, and what students type."""
LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The time of each file of the zip: the same course gives the same bytes."""
PROGRAM, FILE_MODE = 0o100755, 0o100644


@dataclass(frozen=True)
class Packed:
    """A zip that was written.

    Attributes
    ----------
    path : Path
    judged, by_hand : float
        Points that the autograder gives, and those that a person gives later.
    students : int
        Of the roster that is in it, with the address by which Gradescope knows them.
    unknown : tuple of str
        Those of the roster who have no address there.
    is_personal : bool
        Whether students type a name for numbers of their own.
    """

    path: Path
    judged: float
    by_hand: float
    students: int
    unknown: tuple[str, ...]
    is_personal: bool


def pack(course: Course, problem_set: str) -> Packed:
    """Write the zip of a problem set into the course directory; its owner alone can read it.

    Raises
    ------
    CourseError
        If the set was not released, or has no master.
    """
    master = gradable(course, problem_set)
    roster = read_roster(course.root)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files(course, master, roster):
            entry = zipfile.ZipInfo(name, LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (PROGRAM if name in SCRIPTS else FILE_MODE) << 16
            packed.writestr(entry, data)
    path = course.root / f"gradescope-{problem_set}.zip"
    write_whole(path, content.getvalue())
    judged = sum(exercise.points for exercise in master.exercises)
    unknown = [one.student for one in roster.people.values() if not has_address(one)]
    return Packed(
        path,
        judged,
        master.points - judged,
        len(roster.people) - len(unknown),
        tuple(sorted(unknown)),
        master.is_personal,
    )


def has_address(person: Person) -> bool:
    """Whether the roster has an address of somebody; many an account is one."""
    return bool(person[EMAIL]) or "@" in person[LOGIN]


def gradable(course: Course, problem_set: str) -> Master:
    """The master of a set, for what was released of it."""
    require_released(course, problem_set)
    if not course.has_master(problem_set):
        raise CourseError(
            f"{problem_set} is an ordinary notebook: its hidden tests lie in the gradebook, which "
            "does not go to Gradescope. Expected is a set with a master, as `course new-exercise` "
            "begins one"
        )
    return master_of(course, problem_set, released_notebooks(course, problem_set)[problem_set])


def files(course: Course, master: Master, roster: Roster) -> Iterator[tuple[str, bytes]]:
    """Name and content of each file of the zip."""
    for name in SCRIPTS:
        yield name, Path(__file__).with_name(name).read_bytes()
    yield from requirements(course)
    yield from own_packages()
    yield f"course/{PROBLEM_SET}", f"{master.id}\n".encode()
    yield "course/secret", derived_secret(course.secret, "gradescope", master.id)
    yield f"course/{course.config.name}", CONFIG_TEMPLATE.read_bytes()  # plugins stay at home
    if (settings := course.root / SETTINGS).is_file():
        yield f"course/{SETTINGS}", settings.read_bytes()
    for path in (master.path, *files_behind(master.path)):
        yield (
            f"course/exercises/{path.relative_to(master.path.parent).as_posix()}",
            path.read_bytes(),
        )
    release = course.release(master.id) / f"{master.id}.ipynb"
    yield f"course/release/{master.id}/{release.name}", release.read_bytes()
    if roster.people:
        yield f"course/{FILE}", as_table(roster)


def as_table(roster: Roster) -> bytes:
    """The roster, without numbers that Gradescope does not know students by."""
    kept = [
        Person({name: person[name] if name in PERSONAL else "" for name in COLUMNS})
        for person in roster.people.values()
    ]
    with tempfile.TemporaryDirectory() as folder:
        write_roster(Path(folder), Roster(kept))
        return Path(folder, FILE).read_bytes()


def requirements(course: Course) -> Iterator[tuple[str, bytes]]:
    """What pip installs, and which versions of what student code sees: those of this machine."""
    needed = [
        requirement
        for requirement in map(Requirement, importlib.metadata.requires(PROJECT) or ())
        if requirement.name != PROJECT and holds_here(requirement, EXTRAS)
    ]
    for one in needed:
        one.marker = None
    added = course.settings.packages.problem_sets
    versions = packages(tuple(sorted(added))).versions
    yield "requirements.txt", as_lines(dict.fromkeys([*map(str, needed), *added]))
    yield "versions.txt", as_lines(version.replace(" ", "==") for version in versions)


def as_lines(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def own_packages() -> Iterator[tuple[str, bytes]]:
    """Our packages as they lie in ``site-packages``, without a problem set."""
    for folder in (Path(backprop.__file__).parent, PACKAGE):
        for path in sorted(folder.rglob("*")):
            place = path.relative_to(folder)
            if path.is_file() and not {*place.parts} & {*NOT_SHIPPED}:
                yield f"packages/{folder.name}/{place.as_posix()}", path.read_bytes()
    about = importlib.metadata.distribution(PROJECT)
    name = f"{PROJECT.replace('-', '_')}-{about.version}.dist-info"
    yield f"packages/{name}/METADATA", (about.read_text("METADATA") or "").encode()
