"""Runs the commands of a page of the guide, in its order, and compares what they print.

A block ``console`` holds commands behind ``$``, each with what it prints; ``...`` stands for what
differs from machine to machine. A block of code with a caption is a file of that name.
"""

import contextlib
import doctest
import io
import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from coursekit.cli import main

FENCE = re.compile(
    r"^```(?:console\n(?P<session>.*?)|\{code-block\} \w+\n:caption: (?P<file>\S+)\n"
    r"(?P<content>.*?))^```$",
    re.MULTILINE | re.DOTALL,
)
COMPARE = doctest.OutputChecker().check_output
SHELL = {"cd", "tar", "head", "mkdir", "echo", "rm", "cp", "chmod", "(umask", "nbgrader"}
"""What a page may type beside ``course``."""
ROOT = Path(__file__).resolve().parents[2]
ACTIVATE = ". .venv/bin/activate"


@dataclass(frozen=True)
class Command:
    """A command of a page and what the page says that it prints; None where it shows nothing."""

    line: str
    output: str


@dataclass(frozen=True)
class File:
    """A file that the reader of a page writes."""

    name: str
    content: str


def steps_of(text: str) -> list[Command | File]:
    found: list[Command | File] = []
    for match in FENCE.finditer(text):
        if match["file"]:
            found.append(File(match["file"], match["content"]))
            continue
        for part in re.split(r"^\$ ", match["session"], flags=re.MULTILINE)[1:]:
            line, _, output = part.partition("\n")
            found.append(Command(line, output))
    return found


class Reader:
    """Somebody who does what pages say, in a home of their own.

    Parameters
    ----------
    home : Path
    """

    def __init__(self, home: Path) -> None:
        self.home = self.place = home
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
        self.environment = {"HOME": str(home), "PATH": path, "XDG_CACHE_HOME": cache}

    def read(self, page: Path) -> list[str]:
        """Do what a page says; what it shows and did not come out is returned."""
        wrong = []
        for step in steps_of(page.read_text(encoding="utf-8")):
            if isinstance(step, File):
                (self.place / step.name).write_text(step.content, encoding="utf-8")
                continue
            status, printed = self.run(step.line)
            if not COMPARE(step.output, printed, doctest.ELLIPSIS) or status:
                wrong.append(f"$ {step.line}\n{printed}[status {status}]\nexpected:\n{step.output}")
        return wrong

    def run(self, line: str) -> tuple[int, str]:
        words = shlex.split(line, comments=True)
        if words[0] == "make" or line == ACTIVATE:
            return self.set_up(words)
        if words[0] == "course":
            return self.course([word.replace("~", str(self.home), 1) for word in words[1:]])
        assert words[0] in SHELL, line
        if words[0] == "cd":
            self.place = Path(words[1].replace("~", str(self.home), 1))
            return 0, ""
        done = subprocess.run(
            ["bash", "-c", line],
            cwd=self.place,
            env=os.environ | self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        return done.returncode, done.stdout

    def set_up(self, words: list[str]) -> tuple[int, str]:
        """What was done before any test could run: only whether it can be typed is looked at."""
        if words[0] == "make":
            done = subprocess.run(
                [*words, "--dry-run"], cwd=ROOT, capture_output=True, encoding="utf-8"
            )
            return done.returncode, done.stderr
        return int(not (Path(sys.executable).parent / "activate").is_file()), ""

    def course(self, words: list[str]) -> tuple[int, str]:
        """Within this process, as starting another takes seconds."""
        printed, before = io.StringIO(), Path.cwd()
        os.chdir(self.place)
        try:
            with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
                status = main(words)
        finally:
            os.chdir(before)
        return status, printed.getvalue()
