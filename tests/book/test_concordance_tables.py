"""What the concordance pages name exists: functions of the package, tests, exercises."""

import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "book/sources").glob("*.md"))
MODULES = {path.stem for path in (ROOT / "solutions/backprop").glob("*.py")}
LABELS = {
    label
    for path in (ROOT / "book").rglob("*.md")
    for label in re.findall(r"^\(([a-z0-9-]+)\)=$", path.read_text(), re.M)
}
EXERCISES = {
    name
    for path in (ROOT / "autograder/problem_sets").glob("*.md")
    for name in re.findall(r"^\s+id: (\S+)$", path.read_text(), re.M)
}


def table_rows(page: Path) -> list[str]:
    """Rows of the tables of a page, without headings and rules."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(), flags=re.M | re.S)
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [line for line in lines if not re.fullmatch(r"[|:\- ]+", line)]


def missing_names(row: str) -> list[str]:
    """What a row names and the project does not have."""
    missing = []
    for name in re.findall(r"`([^`]+)`", row):
        module, _, attribute = name.partition(".")
        if re.fullmatch(r"test_\w+\.py", name):
            found = any((ROOT / "tests").rglob(name))
        elif re.fullmatch(r"ps\d+-[a-z0-9-]+", name):
            found = name in EXERCISES
        elif re.fullmatch(r"[a-z_]+\.\w+", name) and module in MODULES:
            found = hasattr(importlib.import_module(f"backprop.{module}"), attribute)
        else:
            continue
        if not found:
            missing.append(name)
    labels = re.findall(r"\{ref\}`(?:[^`<]*<)?([a-z0-9-]+)>?`", row)
    return missing + [label for label in labels if label not in LABELS]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_every_row_names_only_what_exists(page):
    missing = {row: names for row in table_rows(page) if (names := missing_names(row))}
    assert not missing, f"{page.relative_to(ROOT)} names {missing}"


def test_the_first_chapter_has_a_row_for_every_kind_of_source():
    text = (ROOT / "book/sources/chain_rule.md").read_text()
    assert all(f"\n### {key}, " in text for key in "DBLC")
    rows = table_rows(ROOT / "book/sources/chain_rule.md")
    assert sum("`test_" in row for row in rows) >= 35


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ("| z | `units.no_such_function` |", "units.no_such_function"),
        ("| z | `test_no_such_file.py` |", "test_no_such_file.py"),
        ("| z | `ps1-no-such-exercise` |", "ps1-no-such-exercise"),
        ("| z | {ref}`no-such-label` |", "no-such-label"),
        ("| z | {ref}`a text <no-such-label>` |", "no-such-label"),
    ],
)
def test_a_name_that_does_not_exist_is_found(row, name):
    assert missing_names(row) == [name]
