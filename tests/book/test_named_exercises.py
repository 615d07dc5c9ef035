"""An exercise that a page of chapter 3 names is a heading of a problem set that it links to."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "book/matrix_backprop").glob("*.md"))
SETS = {
    path.name: path.read_text(encoding="utf-8")
    for path in (ROOT / "autograder/problem_sets").glob("*.md")
}
SHORT = {"forward", "backward"}  # "*A linear layer, forward* and *backward*"


def exercise_section(text: str) -> str:
    """What stands between the heading Exercises and the pencil tasks, or the next page."""
    found = re.search(
        r"^(?:## Exercises|```\{rubric\} Exercises)$(.*?)^(?:With a pencil|\*\*Next)",
        text,
        re.M | re.S,
    )
    return found.group(1) if found else ""


def plain(title: str) -> str:
    return title.lower().removeprefix("practice: ").removeprefix("transfer: ")


def headings(names: list[str]) -> set[str]:
    text = "\n".join(SETS.get(name, "") for name in names)
    return {plain(title) for title in re.findall(r"^## (.+)$", text, re.M)}


def unknown_names(text: str) -> list[str]:
    """Names in italics that are no exercise of the sets that the section links to."""
    section = exercise_section(text)
    linked = headings(re.findall(r"/problem_sets/(ps\d+\.md)\)", section))
    named = {plain(name) for name in re.findall(r"(?<!\*)\*([^*\n]+)\*(?!\*)", section)}
    return sorted(named - SHORT - linked)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_each_page_links_a_problem_set_and_names_exercises_that_it_has(page):
    text = page.read_text(encoding="utf-8")
    assert re.search(r"/problem_sets/ps\d+\.md\)", exercise_section(text))
    assert unknown_names(text) == []


@pytest.mark.parametrize(
    ("name", "unknown"),
    [("A linear layer, backward", []), ("A linear layer, sideways", ["a linear layer, sideways"])],
)
def test_a_name_that_is_no_exercise_is_found(name, unknown):
    page = f"## Exercises\n\n[Set](../../autograder/problem_sets/ps3.md): *{name}*.\n\n**Next**: x"
    assert unknown_names(page) == unknown
