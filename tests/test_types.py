"""The types hold: mypy looks at all that is ours, finds what it is there to find, and ignores
nothing without a reason.
"""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FAULTS = """

def untyped(seed):  # no-untyped-def
    return seed

def incomplete(seeds: list) -> int:  # type-arg
    return 1

def implicit(seed: int = None) -> int:  # assignment
    return seed

def unknown() -> int:
    import json
    return json.loads("1")  # no-any-return

def checked() -> None:
    unknown().append(1)  # attr-defined
"""


@pytest.mark.slow
def test_what_breaks_the_types_is_found(tmp_path):
    module = ROOT / "autograder" / "coursekit" / "seeds.py"
    source = module.read_text(encoding="utf-8")
    planted = tmp_path / "seeds.py"
    planted.write_text(source + FAULTS, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "-m", "coursekit.seeds", "--cache-dir", tmp_path / "cache",
         "--shadow-file", module.relative_to(ROOT), planted],
        capture_output=True, encoding="utf-8", cwd=ROOT,
    )  # fmt: skip
    found = re.findall(r"seeds\.py:(\d+): error: .*\[([\w-]+)\]$", done.stdout, re.M)
    lines = enumerate(FAULTS.splitlines(), len(source.splitlines()) + 1)
    expected = [(str(n), line.split("# ")[1]) for n, line in lines if "# " in line]
    assert found == expected, done.stdout + done.stderr


def test_all_that_is_ours_is_looked_at_and_no_error_is_ignored_wholesale():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]
    assert {"backprop", "coursekit"} <= set(settings["packages"])
    assert settings["strict"]
    everywhere = [settings, *settings["overrides"]]
    blanket = {"ignore_errors", "disable_error_code", "follow_imports", "exclude"}
    assert [blanket & set(part) for part in everywhere if blanket & set(part)] == []
    ours = ("backprop", "coursekit")
    unseen = [part["module"] for part in everywhere if part.get("ignore_missing_imports")]
    assert [name for names in unseen for name in names if name.startswith(ours)] == []


def test_an_ignored_type_error_says_which_and_why():
    bare = [
        f"{path}:{number}"
        for folder in ("solutions", "autograder")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if "type: ignore" in line and not re.search(r"# type: ignore\[[\w, -]+\]  # \w+", line)
    ]
    assert bare == []
