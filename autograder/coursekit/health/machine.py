"""The machine: interpreter, packages, programs, disk, sandbox."""

import importlib.metadata
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement

from coursekit.courses import Course
from coursekit.errors import CourseError
from coursekit.grading.grader_process import tested
from coursekit.grading.settings import Settings
from coursekit.health.findings import Finding, advice, good, to_mend
from coursekit.sandbox.worker_process import SandboxUnavailableError

PROJECT = "backprop-book"
OLDEST = (3, 11)
GIB = 2**30
ENOUGH, SCARCE = 2 * GIB, GIB // 4
"""Free bytes of a disk: a class of 300 leaves half a gigabyte."""
FEWEST_FILES = 10_000
SHIPPED = "ps1"
"""The sandbox is tried as for this problem set; a class run then knows the result."""


def about_machine(course: Course) -> Iterator[Finding]:
    """Look at all that does not depend on what is in the course."""
    yield about_python(sys.version_info[:3])
    yield from about_packages()
    yield from about_programs(Path(sys.executable).parent)
    yield about_disk(course.root)
    yield about_sandbox(course)


def about_python(version: tuple[int, ...]) -> Finding:
    shown = ".".join(map(str, version))
    if version[:2] < OLDEST:
        return to_mend("Python", f"{shown} runs this, 3.11 or newer is needed: make .venv with one")
    return good("Python", f"{shown}, {sys.executable}")


def about_packages(extra: str = "grader") -> Iterator[Finding]:
    """What grading needs, in the versions that it admits."""
    wrong = []
    for text in importlib.metadata.requires(PROJECT) or ():
        needed = Requirement(text)
        if needed.marker and not needed.marker.evaluate({"extra": extra}):
            continue
        if needed.name == PROJECT:
            continue
        try:
            found = importlib.metadata.version(needed.name)
        except importlib.metadata.PackageNotFoundError:
            wrong.append(f"{needed.name} is not installed")
        else:
            if not needed.specifier.contains(found, prereleases=True):
                wrong.append(f"{needed.name} is {found}, expected is {needed.specifier}")
    if wrong:
        install = f"{sys.executable} -m pip install '.[grader]' in the checkout installs them"
        yield to_mend("packages", f"{'; '.join(wrong)}: {install}")
    else:
        version = importlib.metadata.version(PROJECT)
        yield good("packages", f"version {version} has what it needs")


def about_programs(folder: Path) -> Iterator[Finding]:
    """nbgrader starts ``alembic`` by name; both lie beside the interpreter."""
    for name in ("alembic", "nbgrader"):
        beside, found = (folder / name).is_file(), shutil.which(name)
        if not beside and not found:
            yield to_mend(name, "is not there: install nbgrader again in this environment")
        elif found is None:
            yield advice(
                name,
                f"is not on the PATH: `course` finds it, and for nbgrader's own commands type "
                f". {folder}/activate in each new shell",
            )
        elif beside and Path(found).resolve().parent != folder.resolve():
            yield advice(name, f"{found} comes first on the PATH, which is not of {folder}")
        else:
            yield good(name, found)


def about_disk(place: Path) -> Finding:
    """Room for results, pages and the gradebook."""
    free = shutil.disk_usage(place).free
    files = os.statvfs(place).f_favail
    words = f"{free / GIB:.1f} GB are free"
    if free < SCARCE or 0 < files < FEWEST_FILES:
        left = f"{words}, and room for {files} files"
        return to_mend("disk", f"{left}: make room before you grade, a class needs half a GB")
    if free < ENOUGH:
        return advice("disk", f"{words}: a class of 300 leaves half a GB in a problem set")
    return good("disk", words)


def about_sandbox(course: Course) -> Finding:
    """Which tier locks student code in, now that its promises were tried; or why none does."""
    try:
        found = tested(course, SHIPPED, Settings())
    except SandboxUnavailableError as error:
        return to_mend("sandbox", str(error))
    except CourseError:  # what is wrong with the settings is said where they are looked at
        return advice("sandbox", "was not tried, as the settings are not right")
    if found.sandbox == "bwrap":
        return good("sandbox", found.description)
    return advice("sandbox", f"{found.description}: it grades, and has no limit on shared memory")
