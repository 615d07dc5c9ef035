"""The list of files that student code may see."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from coursekit.sandbox.packages import packages

OURS = ("backprop", "coursekit")
ETC = (
    "/etc/ld.so.cache", "/etc/alternatives",
    f"/etc/python{sys.version_info.major}.{sys.version_info.minor}",  # Debian's sitecustomize
)  # fmt: skip
DEVICES = ("null", "zero", "full", "random", "urandom")


@dataclass(frozen=True)
class Listing:
    """The allow-list of files.

    Parameters
    ----------
    trees : tuple of str
        Files and folders to read and execute.
    links : tuple of (str, str)
        Symbolic links to make: target and place.
    hidden : tuple of str
        What lies in the trees and must not be seen.
    sites : tuple of str
        Folders in the trees of which little is seen.
    shown : tuple of str
        What is seen in these.
    modules : tuple of str or None
        Names of the modules that are seen there; None if all are.
    stand_ins : tuple of (str, str)
        Files of ours that are seen in the place of others.
    """

    trees: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    hidden: tuple[str, ...]
    sites: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    modules: tuple[str, ...] | None = None
    stand_ins: tuple[tuple[str, str], ...] = ()


def allow_list(hidden: Iterable[Path] = (), wanted: Iterable[str] | None = None) -> Listing:
    """The files that student code needs: interpreter, ``/usr``, installed packages; not ours.

    Parameters
    ----------
    hidden : iterable of Path
        Further files and folders that must not be seen, wherever they lie.
    wanted : iterable of str, optional
        Of the installed packages only these, what the worker needs, and what all of these need.

    Returns
    -------
    Listing
    """
    roots = ["/lib", "/lib32", "/lib64", "/bin", "/sbin"]
    links = [(os.readlink(path), path) for path in roots if os.path.islink(path)]
    trees = ["/usr", *ETC, "/nix/store", "/gnu/store", *_interpreter()]
    trees += [path for path in roots if not os.path.islink(path)]
    kept = list(outermost(path for path in trees if os.path.exists(path)))
    ours = [*_own_packages(), *(str(Path(path).resolve()) for path in hidden)]

    def inside(paths: Iterable[str]) -> tuple[str, ...]:
        return tuple(path for path in outermost(paths) if within(path, kept))

    stand_ins = tuple((ours, place) for ours, place in _stand_ins() if within(place, kept))
    seen = Listing(tuple(kept), tuple(links), inside(ours), stand_ins=stand_ins)
    if wanted is None:
        return seen
    chosen = packages(tuple(sorted(wanted)))
    sites = inside(chosen.sites)
    shown = tuple(path for path in chosen.shown if within(path, sites))
    return replace(seen, sites=sites, shown=shown, modules=chosen.names)


def _interpreter() -> list[str]:
    """Folders of this interpreter, of the one that its environment is made from, and on the way."""
    found = [str(Path(sys.prefix, "pyvenv.cfg"))]
    for prefix in {sys.prefix, sys.base_prefix, sys.base_exec_prefix}:
        for name in ("bin", "lib", "lib64"):
            path = Path(prefix, name)
            found += [str(path)] if not path.is_symlink() else []
    place = Path(interpreter())
    while place.is_symlink():
        place = place.parent / os.readlink(place)
        found.append(str(place.parent))
    return [*found, str(place.resolve().parent)]


def interpreter() -> str:
    """Path of the interpreter without ``..``: on the way there may lie what the sandbox hides."""
    return os.path.abspath(sys.executable)


def _own_packages() -> list[str]:
    """Our packages, wherever a part of one lies: an installation may leave one beside another."""
    specs = filter(None, map(importlib.util.find_spec, OURS))
    found = [str(Path(spec.origin).parent) for spec in specs if spec.origin]
    places = (Path(folder, name) for folder in sys.path for name in OURS)
    return [*found, *(str(place.resolve()) for place in places if place.is_dir())]


def _stand_ins() -> Iterator[tuple[str, str]]:
    found = importlib.util.find_spec("psutil")
    if found is not None and found.origin:
        yield str(worker_folder() / "without_proc.py"), os.path.normpath(found.origin)


def below(path: str, tree: str) -> bool:
    return path == tree or path.startswith(tree.rstrip("/") + "/")


def within(path: str, trees: Iterable[str]) -> bool:
    return any(below(path, tree) for tree in trees)


def outermost(paths: Iterable[str]) -> Iterator[str]:
    kept: list[str] = []
    by_length = sorted(sorted(set(map(os.path.normpath, paths))), key=len)
    for path in by_length:
        if not any(below(path, other) for other in kept):
            kept.append(path)
            yield path


def worker_folder() -> Path:
    """The one folder of the course that the sandbox shows."""
    return Path(__file__).parents[1] / "worker"


def readable_paths(listing: Listing) -> list[str]:
    """The list as Landlock takes it: a tree with something hidden is given entry by entry."""
    left_out = (*listing.hidden, *listing.sites)
    return [
        *(part for tree in listing.trees for part in _around(tree, left_out)),
        *(part for place in listing.shown for part in _around(place, listing.hidden)),
        *(place for _, place in listing.links), str(worker_folder()),
        *(f"/dev/{name}" for name in DEVICES),
    ]  # fmt: skip


def _around(tree: str, hidden: tuple[str, ...]) -> Iterator[str]:
    if tree in hidden:
        return
    if not any(below(path, tree) for path in hidden):
        yield tree
        return
    for entry in sorted(os.scandir(tree), key=lambda entry: entry.name):
        yield from _around(entry.path, hidden)
