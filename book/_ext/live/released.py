"""What students get of a problem set, made as an instructor makes it: by a release in a course."""

import hashlib
import shutil
import tempfile
from pathlib import Path

import backprop
from coursekit.authoring.masters import files_behind
from coursekit.authoring.release import release
from coursekit.courses import MASTERS, PACKAGE, init_course

CODE = ("authoring", "checks", "worker")
"""Packages of the grader that decide what a release holds."""

GIVEN = ("{}.ipynb", "{}_cases.npz", "checks.py")
"""The files that a page needs of it."""


def released_set(master: Path, kept: Path) -> Path:
    """A folder with the files of a release, from an earlier build if nothing of it has changed.

    Parameters
    ----------
    master : Path
    kept : Path
        Where releases stay for the next build.
    """
    name = master.stem
    place = kept / f"{name}-{digest(master)}"
    if not place.is_dir():
        new = kept / f"{name}.new"
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(parents=True)
        with tempfile.TemporaryDirectory() as folder:
            made = release(init_course(Path(folder, "course")), name)
            for file in GIVEN:
                shutil.copy(made / file.format(name), new)
        for old in kept.glob(f"{name}-*"):
            shutil.rmtree(old)
        new.rename(place)
    return place


def digest(master: Path) -> str:
    """A name for what a release follows from."""
    shared = [
        *PACKAGE.glob("*.py"),
        *(path for part in CODE for path in (PACKAGE / part).rglob("*.py")),
    ]
    reference = Path(backprop.__file__).parent.rglob("*.py")
    found = hashlib.sha256()
    for path in sorted(
        {master, *files_behind(master), *MASTERS.rglob("*.py"), *shared, *reference}
    ):
        found.update(path.name.encode())
        found.update(path.read_bytes())
    return found.hexdigest()[:16]
