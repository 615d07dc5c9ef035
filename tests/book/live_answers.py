"""All known answers to the exercises, and what the page's runner says to them in CPython."""

import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from book._ext.live import PAGE

from coursekit.authoring.bundle import bundle_checks
from coursekit.authoring.masters import PlacedExercise
from coursekit.errors import CourseError
from coursekit.sandbox.packages import packages
from coursekit.verification.in_sandbox import answer_cell

ROOT = Path(__file__).resolve().parents[2]
PRELUDE = """\
import sys
sys.path.append("packages.zip")
import numpy as np
from checks import check, hint, my_numbers
"""
FLOAT_WARNING = re.compile(
    r"^Python warned (?:(?:once|\d+ times): RuntimeWarning: .* encountered in .*"
    r"|of \d+ more things\.)\n?",
    re.M,
)
OF_COURSEKIT = ("__init__.py", "worker/__init__.py", "worker/personal.py")
IN_CPYTHON = """\
import json, pathlib, sys
sys.path[:0] = [{runner!r}, "."]
import runner
said = {{}}
for cell in json.loads(pathlib.Path("cells.json").read_text(encoding="utf-8")):
    said[cell["name"]] = texts = []
    error = runner.run_cell(cell["name"], cell["source"], lambda stream, text: texts.append(text))
    texts += [error["text"]] if error else []
print(json.dumps({{name: "".join(texts) for name, texts in said.items()}}))
"""
"""A program that runs cells with the page's runner, and prints what each said."""


def answers_to(exercise: PlacedExercise) -> Iterator[tuple[str, str]]:
    """Each answer with what it is: the stub, the reference, right ones, and wrong ones."""
    stub = f"{exercise.reference.stub()}\n    # your code here\n    raise NotImplementedError()"
    yield "stub", stub
    yield "reference", exercise.reference.source()
    declared = exercise.declaration
    for answer in declared.right_answers:
        yield f"right {answer.__name__}", answer_cell(exercise, answer).source
    for mistake in declared.misconceptions:
        for number, answer in enumerate([mistake.wrong, *mistake.second]):
            with suppress(CourseError):  # one without a name; who makes the mistake again has one
                yield f"wrong {mistake.id} {number}", answer_cell(exercise, answer).source


def cells_to_try(exercise: PlacedExercise) -> list[dict[str, str]]:
    """For each answer its cell, its check, and the hint that names the mistake."""
    name = exercise.reference.name
    return [
        {"name": f"{exercise.id}, {label}: {what}", "source": source}
        for label, answer in answers_to(exercise)
        for what, source in (
            ("answer", answer),
            ("check", f"check({name})"),
            ("hint", f"hint({name}, 3)"),
        )
    ]


def as_without_float_flags(text: str) -> str:
    """What a check says where NumPy sees no overflow: WebAssembly has no flags for that."""
    kept = FLOAT_WARNING.sub("", text)
    return kept if text.endswith("\n") else kept.removesuffix("\n")  # before a last warning


def let_references_run(folder: Path) -> None:
    """Put the packages beside a release that its references import, and checks that admit them."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted((ROOT / "solutions").rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                archive.write(path, path.relative_to(ROOT / "solutions"))
        for name in OF_COURSEKIT:
            archive.write(ROOT / "autograder/coursekit" / name, f"coursekit/{name}")
    (folder / "packages.zip").write_bytes(made.getvalue())
    checks = bundle_checks([*packages(()).names, "backprop", "coursekit"])
    (folder / "checks.py").write_text(checks, encoding="utf-8")


def said_in_cpython(folder: Path, cells: list[dict[str, str]]) -> dict[str, str]:
    """What each cell says here, run beside a release."""
    (folder / "cells.json").write_text(json.dumps(cells), encoding="utf-8")
    program = IN_CPYTHON.format(runner=str(PAGE))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8",
                          cwd=folder, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def said_in_messages(messages: list[dict]) -> dict[str, str]:
    """What each cell said, by the messages of the worker."""
    said: dict[str, str] = {}
    for message in messages:
        if "name" in message:
            text = message.get("text") or (message.get("error") or {}).get("text", "")
            said[message["name"]] = said.get(message["name"], "") + text
    return said
