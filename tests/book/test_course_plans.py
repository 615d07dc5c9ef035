"""What one plans a course with: weeks that hold together, objectives, prompts, figures in words."""

import re
import sys

import pytest
from tests.book.conftest import ROOT

sys.path.insert(0, str(ROOT / "book" / "_ext"))

import course_plans
import reading

from coursekit.authoring.masters import known_problem_sets

PAGES = [page for pages in reading.chapters().values() for page in pages]
PREREQUISITES = ["prerequisites/sums", "prerequisites/shapes"]
PLANS = {"six-weeks": 6, "twelve-weeks": 12}
WITHOUT_OBJECTIVES = {"matrix_backprop/other_layers"}
"""A page of pointers."""


def weeks(plan: str) -> list[tuple[list[str], list[str]]]:
    """The pages and the problem sets of each week."""
    return [
        (
            part.get("pages", [])
            + [page for one in part.get("chapters", []) for page in reading.chapters()[one]],
            part.get("sets", []),
        )
        for part in reading.reading()["paths"][plan]
    ]


@pytest.mark.parametrize("plan", PLANS)
def test_a_plan_has_each_page_and_each_set_once_in_order(plan):
    planned = weeks(plan)
    assert len(planned) == PLANS[plan]
    assert [page for pages, _ in planned for page in pages] == PREREQUISITES + PAGES
    assert [one for _, sets in planned for one in sets] == known_problem_sets()


def test_no_week_of_twelve_asks_for_more_than_two_hours_and_a_half_of_reading():
    assert max(reading.path_minutes(pages) for pages, _ in weeks("twelve-weeks")) < 150


@pytest.mark.parametrize("plan", PLANS)
def test_no_exercise_with_points_names_a_page_of_a_later_week(plan):
    read: set[str] = set()
    for pages, sets in weeks(plan):
        read |= set(pages)
        named = {
            page
            for page, asked in course_plans.asked_of().items()
            if any(one.problem_set in sets and one.points for one in asked)
        }
        assert named & set(PAGES) <= read, sets


@pytest.mark.parametrize("plan", PLANS)
def test_core_pages_stand_apart_from_those_that_may_be_left_out(plan):
    lines = list(course_plans.syllabus(plan))
    assert sum(line.startswith("- **") for line in lines) == PLANS[plan]
    optional = " ".join(line for line in lines if "optional: " in line)
    core = " ".join(line for line in lines if "optional: " not in line)
    for page in PAGES:
        inside, outside = (optional, core) if course_plans.is_optional(page) else (core, optional)
        assert f"(/book/{page}.md)" in inside
        assert f"(/book/{page}.md)" not in outside


def test_a_page_to_leave_out_says_which_points_go_with_it():
    (line,) = (one for one in course_plans.syllabus("twelve-weeks") if "variants" in one)
    assert "which-rule (3)" in line
    assert "practice" not in line


def test_each_page_says_what_one_can_do_after_it():
    without = {page for page in PAGES if not course_plans.objectives(page)}
    assert without == WITHOUT_OBJECTIVES
    assert course_plans.objectives("chain_rule/chain").startswith("say why influences along a")


def test_every_exercise_with_points_stands_with_a_page_or_says_that_none_has_it():
    placed = {(one.problem_set, one.name) for asked in course_plans.asked_of().values()
              for one in asked}  # fmt: skip
    missing = [
        exercise.id
        for master in course_plans.masters()
        for exercise in master.exercises
        if exercise.points
        and (master.id, exercise.id.removeprefix(f"{master.id}-")) not in placed
        and "No page of the book" not in exercise.statement
    ]
    assert missing == ["ps1-shared-weight"]  # the last one combines all pages of its chapter


def test_the_table_of_objectives_has_a_row_for_each_page():
    for chapter, pages in reading.chapters().items():
        rows = list(course_plans.objectives_of(chapter))[2:]
        assert [re.search(r"\(/book/(.+?)\.md\)", row)[1] for row in rows] == pages
    assert any("**all**" in row for row in course_plans.objectives_of("chain_rule"))


def test_the_glance_adds_up():
    rows = list(course_plans.at_a_glance())[2:]
    assert len(rows) == len(reading.chapters())
    for row, pages in zip(rows, reading.chapters().values(), strict=True):
        assert f"| {len(pages)} |" in row
        assert f"| {reading.in_words(reading.path_minutes(pages))} |" in row


@pytest.mark.parametrize("chapter", reading.chapters())
def test_each_page_has_a_prompt_a_question_and_an_answer(chapter):
    text = (reading.BOOK / "teaching" / "prompts" / f"{chapter}.md").read_text(encoding="utf-8")
    _, *sections = re.split(r"^## ", text, flags=re.MULTILINE)
    asked = []
    for section in sections:
        title, page = re.match(r"\[(.+)\]\(\.\./\.\./(.+)\.md\)\n", section).groups()
        assert title == reading.title(reading.page_file(page))
        asked.append(page)
        parts = ("**In the lecture.** ", "**In the exam.** ", ":::{dropdown} Answer\n")
        assert all(section.count(part) == 1 for part in parts), title
    assert asked == reading.chapters()[chapter]


FIGURE = re.compile(r"^```\{code-cell\} ipython3\n---\n(.*?)^---$", re.MULTILINE | re.DOTALL)


def test_every_figure_is_told_in_words():
    silent = [
        f"{path.relative_to(ROOT)}: {front.strip().splitlines()[2].strip()}"
        for path in (ROOT / "book").rglob("*.md")
        for front in FIGURE.findall(path.read_text(encoding="utf-8"))
        if "figure:" in front and not re.search(r"^ +alt: .{20,}", front, re.MULTILINE)
    ]
    assert silent == []
