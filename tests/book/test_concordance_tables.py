"""What the concordance pages name exists: functions of the package, tests, exercises."""

import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "book/sources").glob("*.md"))
CHAPTERS = [path for path in PAGES if path.name != "index.md"]
MODULES = {path.stem for path in (ROOT / "solutions/backprop").glob("*.py")}
PACKAGES = {path.parent.name for path in (ROOT / "solutions/backprop").glob("*/__init__.py")}
LABELS = {
    label
    for path in (ROOT / "book").rglob("*.md")
    for label in re.findall(r"^\(([a-z0-9-]+)\)=$", path.read_text(encoding="utf-8"), re.M)
}
EXERCISES = {
    f"{path.stem}-{name}"
    for path in (ROOT / "autograder/problem_sets").glob("*.md")
    for name in re.findall(r"^  name: (\S+)$", path.read_text(encoding="utf-8"), re.M)
}


def table_rows(page: Path) -> list[str]:
    """Rows of the tables of a page, without headings and rules."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
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


def incomplete(row: str) -> list[str]:
    """What a row of a chapter lacks: a page, a test, or a function that its tests use."""
    names = re.findall(r"`([^`]+)`", row)
    tests = [name for name in names if re.fullmatch(r"test_\w+\.py", name)]
    functions = [name for name in names if name.partition(".")[0] in MODULES | PACKAGES]
    if not tests and not functions and row.rstrip("| ").endswith("`"):
        return []  # history: a page and nothing to compute
    lacks = [] if re.search(r"\{ref\}`|\]\(", row) else ["a page"]
    lacks += [] if tests else ["a test"]
    lacks += [] if functions else ["a function"]
    text = "".join(
        path.read_text(encoding="utf-8") for name in tests for path in (ROOT / "tests").rglob(name)
    )
    # A class is tested through the functions that take or return it.
    called = [name for name in functions if not name.split(".")[-1][0].isupper()]
    unused = [name for name in called if text and name.split(".")[-1] not in text]
    return lacks + [f"{name} in its tests" for name in unused]


@pytest.mark.parametrize("page", CHAPTERS, ids=lambda path: path.name)
def test_every_item_has_a_page_a_function_and_a_test_that_uses_it(page):
    rows = [row for row in table_rows(page) if not row.startswith("| item")]
    lacking = {row: lacks for row in rows if (lacks := incomplete(row))}
    assert rows
    assert not lacking, f"{page.relative_to(ROOT)} lacks {lacking}"


@pytest.mark.parametrize(
    ("row", "lacks"),
    [
        ("| z | `units.hidden_deltas` | `test_units.py` |", ["a page"]),
        ("| z | {ref}`chain-units` | `units.hidden_deltas` |", ["a test"]),
        ("| z | {ref}`chain-units` | `test_units.py` |", ["a function"]),
        (
            "| z | {ref}`chain-units` | `units.hidden_deltas` | `test_losses.py` |",
            ["units.hidden_deltas in its tests"],
        ),
        ("| Kelley, Bryson | {ref}`chain-units` | |", []),
    ],
)
def test_a_row_that_lacks_something_is_found(row, lacks):
    assert incomplete(row) == lacks


@pytest.mark.parametrize(
    ("page", "problem_set"),
    [
        ("chain_rule", "ps1"),
        ("jacobians", "ps2"),
        ("matrix_backprop", "ps3"),
        ("optimizers", "ps4"),
    ],
)
def test_a_chapter_names_the_exercises_of_its_problem_set(page, problem_set):
    rows = "\n".join(table_rows(ROOT / f"book/sources/{page}.md"))
    own = {name for name in EXERCISES if name.startswith(f"{problem_set}-")}
    named = {name for name in own if f"`{name}`" in rows}
    assert len(named) > len(own) / 2, f"{page} does not name {sorted(own - named)}"


def test_the_first_chapter_has_a_row_for_every_kind_of_source():
    text = (ROOT / "book/sources/chain_rule.md").read_text(encoding="utf-8")
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


# The equations of C that the book holds, by their numbers 5.xx.
EQUATIONS = {39, 40, *range(46, 50), *range(51, 60), 67, 68, *range(75, 93), *range(109, 119)}


def equations(item: str) -> set[int]:
    """The numbers xx of the equations (5.xx) that an item names, ranges included."""
    found = set()
    for first, _, last in re.findall(r"\(5\.(\d+)\)((?: to |–)\(5\.(\d+)\))?", item):
        found |= set(range(int(first), int(last or first) + 1))
    return found


def test_every_equation_of_c_has_a_row():
    rows = [row for page in CHAPTERS for row in table_rows(page)]
    named = set().union(*(equations(row.split("|")[1]) for row in rows))
    assert named >= EQUATIONS, f"no row for {sorted(EQUATIONS - named)}"


def test_ranges_of_equations_are_read():
    assert equations("(5.46)") == {46}
    assert equations("(5.51), (5.52): x") == {51, 52}
    assert equations("(5.75) to (5.77)") == equations("(5.75)–(5.77)") == {75, 76, 77}
