"""The commands of the desk as somebody types them, and what comes of each: run as a program.

    python -m tests.coursekit.desk.faults COURSE

prints for each command its status, what it said, and which files of the course it changed.
"""

import contextlib
import hashlib
import io
import json
import os
import sys
from pathlib import Path

from coursekit.cli import main
from coursekit.courses import FORMER_LOCKS

ROSTER = "student,first_name,last_name,email\nada-right,Ada,Right,ada@uni.example\n"
CHANGING = {".results/locks", "__pycache__", *FORMER_LOCKS}
"""What may come and go without anybody missing it."""


def commands(beside: Path) -> dict[str, list[str]]:
    """Each command by a name; the files that it reads lie beside the course."""
    archive = str(beside / "class")
    return {
        "roster": ["roster", str(beside / "students.csv")],
        "collect": ["collect", "ps1", archive],
        "undo": ["collect", "ps1", "--undo"],
        "regrade": ["regrade", "mine", "mine-leaky"],
        "export": ["export", "ps1"],
        "report": ["report", "ps1"],
        "explain": ["explain", "ada-right", "ps1-logistic"],
        "exam": ["exam", "ps1", "--seed", "7"],
        "viva": ["viva", "ada-right", "ps1"],
        "feedback": ["feedback", "ps1", archive + ".zip"],
        "gradescope": ["gradescope", "ps1"],
    }


def contents(course: Path) -> dict[str, str]:
    """Digests of all files of a course but those that come and go."""
    found = {}
    for path in sorted(course.rglob("*")):
        place = path.relative_to(course).as_posix()
        if path.is_file() and not any(part in place for part in CHANGING):
            found[place] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def typed(words: list[str], course: Path) -> dict[str, object]:
    """What comes of a command."""
    before, said = contents(course), io.StringIO()
    os.chdir(course)
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(said):
        try:
            status = main([*words, "--course", str(course)])
        except SystemExit as ended:
            status = ended.code
        except BaseException as error:
            status = f"{type(error).__name__}: {error}"
    after = contents(course)
    lost = sorted(name for name in before if after.get(name) != before[name])
    return {
        "status": status, "said": said.getvalue(), "printed": out.getvalue(), "lost": lost,
        "left": sorted(set(after) - set(before)),
    }  # fmt: skip


if __name__ == "__main__":
    place = Path(sys.argv[1])
    chosen = sys.argv[2:]
    found = {
        name: typed(words, place)
        for name, words in commands(place.parent).items()
        if not chosen or name in chosen
    }
    print(json.dumps(found, indent=1))
