"""The self-test's result, kept until the machine starts again or anything that it tested changes.

What is kept is no proof, and protects the owner against nobody: it lies in a folder that only
the owner can write to, and who can write there can as well change this program, or grade without
a sandbox. Student code sees nothing of the folder. So a forged note does no more than its owner
could do anyway, and one of another user, or that others may write to, is not read. A note says
that the promises were kept by just this system; in doubt the self-test runs once more.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path

from coursekit.own_cache import cache_folder, read_own, write_own
from coursekit.sandbox.bubblewrap import find_bwrap
from coursekit.sandbox.visible_files import allow_list

Packages = tuple[str, ...] | None
BOOT = Path("/proc/sys/kernel/random/boot_id")
SETTINGS_OF_THE_KERNEL = (
    "kernel/unprivileged_userns_clone", "kernel/apparmor_restrict_unprivileged_userns",
    "kernel/seccomp/actions_avail", "user/max_user_namespaces", "kernel/yama/ptrace_scope",
)  # fmt: skip
"""By which namespaces are admitted or not; a kernel has some of them."""
RIGHTS = ("Uid", "Gid", "Groups", "CapEff", "CapBnd", "NoNewPrivs", "Seccomp")
"""Lines about a process that decide what its sandbox can be."""
MAX_NOTES = 64
"""More notes than these, of courses that were graded, are not kept."""


@dataclass(frozen=True)
class KnownTier:
    """The tier that passed the self-test, by name and in words."""

    tier: str
    description: str


def recall(sandbox: str, hidden: Iterable[Path], packages: Packages = None) -> KnownTier | None:
    """What passed here before.

    Parameters
    ----------
    sandbox : str
        What was asked for: "auto" or a tier.
    hidden : iterable of Path
        What student code must not see.
    packages : tuple of str, optional
        What it may import, as of the pool.

    Returns
    -------
    KnownTier or None
        None where nothing is known, or not of just this system.
    """
    facts = facts_of(sandbox, hidden, packages)
    if facts is None:
        return None
    try:
        note = json.loads(read_own(place(facts)))
        return KnownTier(**note["tested"]) if note["facts"] == facts else None
    except (OSError, ValueError, TypeError, KeyError):
        return None


def remember(
    sandbox: str, hidden: Iterable[Path], tested: KnownTier, packages: Packages = None
) -> None:
    """Keep what passed; where that cannot be done the self-test runs the next time, too."""
    facts = facts_of(sandbox, hidden, packages)
    if facts is None or tested.tier == "none":
        return
    with suppress(OSError):
        note = json.dumps({"facts": facts, "tested": asdict(tested)}, indent=1)
        write_own(place(facts), note.encode(), MAX_NOTES)


def facts_of(
    sandbox: str, hidden: Iterable[Path], packages: Packages = None
) -> dict[str, object] | None:
    """All that the self-test's result depends on; None on a system that cannot be told apart."""
    hidden = tuple(hidden)
    try:
        boot = BOOT.read_text(encoding="ascii").strip()
        return {
            "sandbox": sandbox,
            "hidden": sorted(str(path.resolve()) for path in hidden),
            "host": platform.node(),
            "boot": boot,
            "kernel": platform.release(),
            "kernel settings": [
                text_of(Path("/proc/sys", name)) for name in SETTINGS_OF_THE_KERNEL
            ],
            "rights": rights(),
            "namespaces": [os.readlink(f"/proc/self/ns/{kind}") for kind in ("user", "mnt", "net")],
            "python": [sys.executable, sys.prefix, sys.version],
            "numpy": metadata.version("numpy"),
            "bwrap": program(find_bwrap()),
            "shown": repr(allow_list(hidden, packages)),
            "code": digest_of_code(),
        }
    except OSError:
        return None


def text_of(path: Path) -> str | None:
    try:
        return path.read_text(encoding="ascii").strip()
    except OSError:
        return None


def rights() -> list[str]:
    status = Path("/proc/self/status").read_text(encoding="utf-8", errors="replace")
    lines = [line for line in status.splitlines() if line.partition(":")[0] in RIGHTS]
    return [*lines, str(text_of(Path("/proc/self/attr/current")))]


def program(path: str | None) -> list[str | int] | None:
    """By which a program on the disk is known again."""
    if path is None:
        return None
    found = os.stat(path)
    return [os.path.realpath(path), found.st_size, found.st_mtime_ns, found.st_ino, found.st_mode]


def digest_of_code() -> str:
    """Of what builds the sandbox, runs in it and tests it."""
    digest, package = hashlib.sha256(), Path(__file__).parents[1]
    for folder in ("sandbox", "worker"):
        for path in sorted((package / folder).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def place(facts: dict[str, object]) -> Path:
    """Where a note lies: one for each host, course and kind of sandbox, which is overwritten."""
    names = [facts[name] for name in ("host", "sandbox", "hidden", "python", "namespaces")]
    digest = hashlib.sha256(json.dumps(names).encode()).hexdigest()
    return cache_folder("self-tests") / f"{digest[:32]}.json"
