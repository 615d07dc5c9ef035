"""Which files of the installed packages student code may see: those of some packages, and no more.

What a file system does not show cannot be imported, whatever student code does to Python.
"""

from __future__ import annotations

import csv
import glob
import importlib.metadata
import json
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import Distribution, PackageNotFoundError

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from coursekit.errors import CourseError

OF_THE_WORKER = ("numpy", "matplotlib", "matplotlib-inline", "ipython")
"""What the worker imports, and each submission with it."""

SITES = ("lib*/python*/site-packages", "lib*/python*/dist-packages")
"""Where packages lie below a prefix."""

PREFIXES = ("/usr", "/usr/local", "/nix/store/*", "/gnu/store/*")
"""Prefixes that the sandbox shows, beside those of the interpreter."""

BELONG_TO_ONE = (".dist-info", ".egg-info", ".libs", ".data")
"""How names of folders end that are no package, and are of one distribution all the same."""


@dataclass(frozen=True)
class Packages:
    """Some packages with all that they need, as files.

    Attributes
    ----------
    names : tuple of str
        Their modules: what an import may begin with, beside the standard library.
    sites : tuple of str
        Folders of which nothing else is shown.
    shown : tuple of str
        Files and folders in these that are shown.
    versions : tuple of str
        Each package with its version.
    """

    names: tuple[str, ...]
    sites: tuple[str, ...]
    shown: tuple[str, ...]
    versions: tuple[str, ...]


@lru_cache(8)
def packages(wanted: tuple[str, ...]) -> Packages:
    """The packages that the worker needs, some others, and what all of these need.

    Parameters
    ----------
    wanted : tuple of str
        The others, by the names under which they are installed.

    Raises
    ------
    CourseError
        If one of them is not installed, or its files lie elsewhere.
    """
    found = with_requirements([*OF_THE_WORKER, *wanted])
    shown = {place for distribution in found.values() for place in places(distribution)}
    versions = [f"{name} {distribution.version}" for name, distribution in found.items()]
    names = {name for place in shown if (name := module_name(place))}
    sites = tuple(folders_of_packages())
    return Packages(tuple(sorted(names)), sites, tuple(sorted(shown)), tuple(versions))


def with_requirements(names: Iterable[str]) -> dict[str, Distribution]:
    """The distributions of some names, and of what they require here, in alphabetical order."""
    found: dict[str, Distribution] = {}
    waiting = [(name, frozenset[str]()) for name in names]
    wanted, seen = set(waiting), set()
    while waiting:
        name, extras = one = waiting.pop()
        if (canonicalize_name(name), extras) in seen:
            continue
        seen.add((canonicalize_name(name), extras))
        try:
            distribution = importlib.metadata.distribution(name)
        except PackageNotFoundError:
            if one in wanted:
                raise CourseError(
                    f"the package {name!r} is not installed for {sys.executable}; install it "
                    "there with pip, or take its name out"
                ) from None
            continue  # pip would say that an installed package lacks something
        found[canonicalize_name(name)] = distribution
        waiting += [
            (requirement.name, frozenset(requirement.extras))
            for requirement in map(Requirement, distribution.requires or ())
            if holds_here(requirement, extras)
        ]
    return dict(sorted(found.items()))


def holds_here(requirement: Requirement, extras: Iterable[str]) -> bool:
    """Whether a package that is wanted with some extras has this requirement on this machine."""
    marker = requirement.marker
    return marker is None or any(marker.evaluate({"extra": one}) for one in ("", *extras))


def folders_of_packages() -> Iterator[str]:
    """Folders in which packages lie, of all interpreters that the sandbox may show."""
    prefixes = [sys.prefix, sys.base_prefix, sys.base_exec_prefix, *PREFIXES]
    patterns = [os.path.join(prefix, site) for prefix in prefixes for site in SITES]
    ours = [path for path in sys.path if path.endswith(("site-packages", "dist-packages"))]
    seen = set()
    for path in [*ours, *(path for pattern in patterns for path in sorted(glob.glob(pattern)))]:
        real = os.path.realpath(path)
        if os.path.isdir(real) and real not in seen:
            seen.add(real)  # one folder has several names where lib64 is a link to lib
            yield os.path.normpath(path)


def places(distribution: Distribution) -> Iterator[str]:
    """The fewest files and folders that hold all of a distribution and nothing of another.

    Raises
    ------
    CourseError
        If it is installed in the editable form.
    """
    origin = json.loads(distribution.read_text("direct_url.json") or "{}")
    if origin.get("dir_info", {}).get("editable"):
        raise CourseError(
            f"the package {distribution.name!r} is installed in the editable form, whose files lie "
            "elsewhere; install it with `pip install DIR`, without -e"
        )
    root = os.path.normpath(str(distribution.locate_file("")))
    for top in tops(distribution):
        yield from (path for path in with_bytecode(os.path.join(root, top)) if os.path.exists(path))


def tops(distribution: Distribution) -> set[str]:
    """The files of a distribution, those of a package as one."""
    # distribution.files would make an object of each, and look whether it is there
    record = csv.reader((distribution.read_text("RECORD") or "").splitlines())
    files = [row[0] for row in record if row and not row[0].startswith(("../", "/", "__pycache__"))]
    if not files:  # a system's package may come without the list
        listed = (distribution.read_text("top_level.txt") or distribution.name).split()
        return {name.replace("-", "_") + end for name in listed for end in ("", ".py", ".libs")}
    packages = {os.path.dirname(file) for file in files if "/__init__." in file}
    return {top_of(file, packages) for file in files}


def top_of(file: str, packages: set[str]) -> str:
    """The outermost folder around a file that no other distribution can share; else the file."""
    end = file.find("/")
    while end >= 0:
        if file[:end] in packages or file[:end].endswith(BELONG_TO_ONE):
            return file[:end]
        end = file.find("/", end + 1)
    return file


def with_bytecode(place: str) -> Iterator[str]:
    """A place, and beside a module of one file what it was compiled to."""
    yield place
    if place.endswith(".py"):
        folder, name = os.path.split(place)
        yield from glob.glob(f"{glob.escape(folder)}/__pycache__/{name.removesuffix('py')}*.pyc")


def module_name(place: str) -> str:
    """What an import of a place begins with; empty for no module."""
    for folder in ("/site-packages/", "/dist-packages/"):
        place = place.rpartition(folder)[2]
    name = place.partition("/")[0].partition(".")[0]
    module = name.isidentifier() and name != "__pycache__" and not place.endswith(BELONG_TO_ONE)
    return name if module else ""
