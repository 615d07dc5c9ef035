"""Hand-ins that are not files: links, pipes, sockets, devices, and names that act where shown."""

import os
import socket
import stat
from collections.abc import Callable
from pathlib import Path

import nbformat
from tests.coursekit.attacks.corpus import RIGHT, answered, written

from coursekit.courses import Course

KEY = "-----BEGIN OPENSSH PRIVATE KEY----- of the instructor"
"""Stands in a file outside of the course."""

Plant = Callable[[Path, Course], None]
"""Puts something where ``target.ipynb`` of a student should lie."""


def right_answers(course: Course) -> bytes:
    release = nbformat.read(course.release("target") / "target.ipynb", as_version=4)
    return written(answered(release, RIGHT))["target.ipynb"]


def honest(course: Course, student: str, name: str = "target.ipynb") -> Path:
    """Hand right answers in, which earn all 4 points."""
    folder = course.submitted() / student / "target"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(right_answers(course))
    return folder / name


def link(target: str) -> Plant:
    return lambda place, course: place.symlink_to(target)


def link_to_course(*path: str) -> Plant:
    return lambda place, course: place.symlink_to(course.root.joinpath(*path))


def hard_link(*path: str) -> Plant:
    return lambda place, course: os.link(course.root.joinpath(*path), place)


def listening(place: Path, course: Course) -> None:
    """A socket; its path must be short to be bound."""
    here = os.open(place.parent, os.O_RDONLY)
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(f"/proc/self/fd/{here}/{place.name}")
    os.close(here)


def zero_device(place: Path, course: Course) -> None:
    os.mknod(place, stat.S_IFCHR | 0o666, os.makedev(1, 5))


def unreadable(place: Path, course: Course) -> None:
    place.write_bytes(right_answers(course))
    place.chmod(0)


FILES: dict[str, tuple[Plant, str]] = {
    "link-to-source": (link("../../../source/target/target.ipynb"), "a symbolic link to ../"),
    "absolute-link": (link_to_course("source", "target", "target.ipynb"), "a symbolic link to /"),
    "link-to-other": (link("../../honest/target/target.ipynb"), "a symbolic link"),
    "link-to-secret": (link("../../../secret"), "a symbolic link"),
    "dangling": (link("nowhere"), "a symbolic link to nowhere"),
    "loop": (link("target.ipynb"), "a symbolic link"),
    "link-to-zero": (link("/dev/zero"), "a symbolic link to /dev/zero"),
    "link-to-proc": (link("/proc/self/environ"), "a symbolic link"),
    "link-in-disguise": (link("x\x1b]0;pwned\x07\n[9/9] mallory 4 of 4"), "a symbolic link to x\\"),
    "pipe": (lambda place, course: os.mkfifo(place), "a named pipe"),
    "socket": (listening, "a socket"),
    "folder": (lambda place, course: place.mkdir(), "a folder"),
    "hard-link-to-source": (hard_link("source", "target", "target.ipynb"), "a hard link"),
    "hard-link-to-secret": (hard_link("secret"), "the same file as secret"),
}
"""Kinds of file by student, and what is said of each."""

ROOT_ONLY: dict[str, tuple[Plant, str]] = {"device": (zero_device, "a device")}
USER_ONLY: dict[str, tuple[Plant, str]] = {"unreadable": (unreadable, "may not be read")}
"""Root reads everything."""


def files_for_me() -> dict[str, tuple[Plant, str]]:
    return FILES | (ROOT_ONLY if os.geteuid() == 0 else USER_ONLY)


def plant_files(course: Course) -> dict[str, str]:
    """Hand in one of each kind; returns by student what must be said."""
    honest(course, "honest")
    for student, (plant, _) in files_for_me().items():
        place = course.submitted() / student / "target" / "target.ipynb"
        place.parent.mkdir(parents=True)
        plant(place, course)
    return {student: said for student, (_, said) in files_for_me().items()}


def plant_folders(course: Course) -> dict[str, str]:
    """Links in the place of folders; returns by student what must be said."""
    (course.submitted() / "student-link").symlink_to("honest")
    (course.submitted() / "student-loop").symlink_to("student-loop")
    (course.submitted() / "set-link").mkdir()
    (course.submitted() / "set-link" / "target").symlink_to("../../source/target")
    (course.submitted() / "set-file").mkdir()
    (course.submitted() / "set-file" / "target").write_text("not a folder", encoding="utf-8")
    linked = "submitted/{} is a symbolic link"
    return {
        "student-link": linked.format("student-link"),
        "student-loop": linked.format("student-loop"),
        "set-link": linked.format("set-link/target"),
        "set-file": "submitted/set-file/target is a file, where a folder is expected",
    }


def plant_beside(course: Course, key: Path) -> Path:
    """Right answers with links beside them, and with two files that are the student's own."""
    folder = honest(course, "beside").parent
    (folder / "key.txt").symlink_to(key)
    (folder / "notes.txt").symlink_to("../../../secret")
    (folder / "solutions").symlink_to("../../../source")
    (folder / "deep" / "deeper").mkdir(parents=True)
    (folder / "deep" / "deeper" / "key.txt").symlink_to(key)
    (folder / "deep" / "data.csv").write_text("1,2\n", encoding="utf-8")
    os.mkfifo(folder / "deep" / "pipe")
    os.link(course.root / "secret", folder / "hard.txt")
    (folder / "x\x1b[31m.txt").write_text("a name that acts", encoding="utf-8")
    (folder / "mine.txt").write_text("mine", encoding="utf-8")
    return folder


HOSTILE_NAMES = {
    "markup": '<img src=x onerror="window.ran=1">',
    "quotes": '";window.ran=1;"',
    "entity in an address": "%3Cimg src=x onerror=window.ran=1%3E",
    "bare address": "%3Cscript%3Ewindow.ran(1)%3C%2Fscript%3E",
    "backslash": "back\\",
    "formula": "=1+1",
    "plus": "+1",
    "at": "@SUM(1)",
    "minus": "-1",
    "columns": 'a,b"c',
    "semicolon": "a;b",
    "tab": "a\tb",
    "line": "a\n[99 of 99] mallory 4 of 4",
    "carriage return": "a\rmallory",
    "escape": "a\x1b]0;pwned\x07",
    "bidi": "a\u202eb",
    "isolate": "a\u2066b",
    "zero width": "a\u200bb",
    "filler": "a\u3164",
    "bytes": b"\xff\xfe".decode("utf-8", "surrogateescape"),
    "hidden": ".a",
    "option": "--help",
    "template": "{{7*7}}",
    "trailing space": "a ",
    "mark first": "\u0301a",
    "long": "a" * 201,
}
HONEST_NAMES = [
    "ann", "O'Brien", "O\u2019Brien",
    "José Núñez", "Jose\u0301 Nun\u0303ez", "山田太郎", "Doe, Jane",
    "jane.doe+cs@uni.de", "doe_jane-7", "Łukasz", "محمد", "देवी", "Ann & Bob", "Jane (JJ) Doe",
    "12345", "Joan Vil·la", "a" * 100,
]  # fmt: skip
