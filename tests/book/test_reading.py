"""The ways through the book: minutes by one rule, needs that hold, an index of all exercises."""

import re

import pytest
from book._ext import reading

from coursekit.authoring.masters import MASTERS, known_problem_sets, read_master

PAGES = [page for pages in reading.chapters().values() for page in pages]
ORDER = ["prerequisites/sums", "prerequisites/shapes", *PAGES]
NEEDS = [(page, need) for page in PAGES for need in reading.needs(page)]


def text_of(name: str) -> str:
    return reading.page_file(name).read_text(encoding="utf-8")


def test_words_formulas_listings_figures_and_answers_take_their_time():
    def page(*parts: str) -> float:
        return reading.minutes("---\nfront: matter here\n---\n# One\n\n" + "\n\n".join(parts))

    nothing = page()
    assert page("five more words of prose") - nothing == pytest.approx(0.05)
    assert page("$a = b$ and `code`") - nothing == pytest.approx(0.01)
    assert page("$$\na = b\n$$") - nothing == pytest.approx(0.5)
    assert page("```{code-cell} ipython3\nx = 1\n```") - nothing == pytest.approx(0.5)
    assert page("```{code-cell} ipython3\n:tags: [remove-cell]\nx\n```") == nothing
    answer = page("```{dropdown} Compare\nIt is seven.\n```")
    assert answer - nothing == pytest.approx(3.0 + 0.05)


def test_the_map_says_the_rule_that_is_computed():
    said = " ".join(text_of("map").split())
    assert f"{reading.WORDS_A_MINUTE} words a minute" in said
    assert (reading.LOOK, "half a minute for each formula" in said) == (0.5, True)
    assert (reading.THINK, "three minutes for each question" in said) == (3.0, True)
    assert (reading.STEP, "rounded to five minutes" in said) == (5, True)


@pytest.mark.parametrize(
    ("taken", "words"), [(2, "5 min"), (58, "1 h"), (103, "1 h 45 min"), (122, "2 h")]
)
def test_a_time_is_said_as_one_plans_with_it(taken, words):
    assert reading.in_words(taken) == words


def test_what_a_page_needs_comes_before_it():
    declared = {*reading.reading()["needs"], *(need for _, need in NEEDS)}
    assert declared <= set(ORDER)
    assert [(page, need) for page, need in NEEDS if ORDER.index(need) >= ORDER.index(page)] == []


def leads_to(page: str, need: str) -> bool:
    """Whether a page links to another, refers into it, or uses a word that it gives.

    The first page of a chapter may leave that to the chapter's own.
    """
    text, needed = text_of(page), text_of(need)
    chapter = page.split("/")[0]
    if page == reading.chapters()[chapter][0]:
        text += text_of(f"{chapter}/index")
    labels = re.findall(r"^\((\S+)\)=$", needed, re.M)
    name = need.split("/")[-1]
    words = reading.gives().get(need, [])
    return (
        f"{name}.md" in text
        or any(label in text for label in labels)
        or any(re.search(rf"\b{re.escape(word)}", text, re.I) for word in words)
    )


def test_a_page_speaks_of_what_it_needs():
    assert [(page, need) for page, need in NEEDS if not leads_to(page, need)] == []


def test_every_word_of_the_glossary_is_given_by_a_page():
    assert set(reading.gives()) <= set(ORDER)
    terms = re.findall(r"^(\S.*)\n  ", text_of("glossary").split("{glossary}")[1], re.M)
    assert sorted(terms) == sorted(word for words in reading.gives().values() for word in words)


def test_the_paths_take_what_their_names_promise():
    taken = {
        name: [reading.path_minutes(part.get("pages", [])) for part in parts]
        for name, parts in reading.reading()["paths"].items()
    }
    assert sum(taken["evening"]) <= 155
    assert max(taken["weekend"]) <= 4 * 60


@pytest.mark.parametrize("name", ["evening", "weekend"])
def test_a_path_goes_forward(name):
    pages = [page for part in reading.reading()["paths"][name] for page in part["pages"]]
    assert sorted(pages, key=ORDER.index) == pages


@pytest.mark.parametrize("name", ["evening", "weekend"])
def test_a_path_leaves_out_nothing_that_a_page_on_it_needs(name):
    pages = [page for part in reading.reading()["paths"][name] for page in part["pages"]]
    before = [one for one in ORDER if one.startswith("prerequisites/")]
    for number, page in enumerate(pages):
        assert set(reading.needs(page)) <= {*before, *pages[:number]}, page


def test_six_weeks_are_the_whole_book():
    parts = reading.reading()["paths"]["six-weeks"]
    assert len(parts) == 6
    assert [c for part in parts for c in part.get("chapters", [])] == list(reading.chapters())
    assert [s for part in parts for s in part["sets"]] == known_problem_sets()


@pytest.mark.parametrize("problem_set", known_problem_sets())
def test_the_index_leads_from_every_mistake_to_its_page(problem_set):
    rows = list(reading.exercises_of(problem_set))
    for exercise in read_master(MASTERS / f"{problem_set}.md").exercises:
        for mistake in exercise.declaration.misconceptions:
            page = mistake.section.partition("#")[0]
            named = mistake.id.replace("-", " ")
            assert any(f"(/{page}.md)" in row and named in row for row in rows)
    assert f"{{exercises-of}} {problem_set}" in text_of("teaching/exercise_index")


@pytest.mark.xdist_group("book")
def test_the_built_pages_have_it(editions):
    html = editions["textbook"].html / "book"
    first = (html / "index.html").read_text(encoding="utf-8")
    assert first.count("Compare") >= 8
    assert "Saturday morning" in first
    assert "Week 6" in first
    assert "Training XOR" in (html / "map.html").read_text(encoding="utf-8")
    glossary = (html / "glossary.html").read_text(encoding="utf-8")
    assert re.search(
        r'href="chain_rule/units.html#chain-bias"><span[^>]*>A unit and its layer', glossary
    )
    assert "one path of three" in (html / "teaching/exercise_index.html").read_text(
        encoding="utf-8"
    )
