"""No entry of the bibliography and no term of the glossary stands there for nobody."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GLOSSARY = ROOT / "book/glossary.md"
PAGES = {
    path: path.read_text(encoding="utf-8")
    for folder in ("book", "autograder/problem_sets")
    for path in sorted((ROOT / folder).rglob("*.md"))
    if "_build" not in path.parts
}
KEYS = re.findall(
    r"^@\w+\{([^,]+),$", (ROOT / "book/references.bib").read_text(encoding="utf-8"), re.M
)
REQUIRED = {
    *("kelley1960", "bryson1961", "dreyfus1962", "polyak1964", "nesterov1983", "rumelhart1986"),
    *("glorot2010", "duchi2011", "tieleman2012", "sutskever2013", "kingma2015", "he2015"),
    *("dozat2016", "ruder2016", "baydin2018"),
}


def cited_keys(text: str) -> set[str]:
    """The keys of all citations of a page."""
    roles = re.findall(r"\{cite(?::[a-z]+)?\}`([^`]+)`", text)
    return {key.strip() for role in roles for key in role.split(",")}


def terms(glossary: str) -> list[str]:
    """The terms of a glossary directive, in its order."""
    body = re.search(r"^```\{glossary\}\n(.*?)^```$", glossary, re.M | re.DOTALL)[1]
    return [line for line in body.splitlines() if line and not line.startswith(" ")]


def plain(text: str) -> str:
    """Lower case, with line breaks and markup of emphasis removed."""
    return re.sub(r"[\s*_]+", " ", text).lower()


def uses(text: str, term: str) -> bool:
    """Whether a text holds a term, alone or in the plural."""
    stem = re.sub(r"y$", "(?:y|ies)", re.escape(plain(term)))
    return re.search(rf"(?<!\w){stem}(?:s|es)?(?!\w)", text) is not None


TERMS = terms(GLOSSARY.read_text(encoding="utf-8"))
TEXTS = [plain(text) for path, text in PAGES.items() if path != GLOSSARY]


def test_every_work_of_the_bibliography_is_cited():
    cited = set().union(*map(cited_keys, PAGES.values()))
    assert len(KEYS) > 20
    assert [key for key in KEYS if key not in cited] == []


def test_every_work_of_the_bibliography_is_judged_in_further_reading():
    assert cited_keys(PAGES[ROOT / "book/further_reading.md"]) == set(KEYS)


def test_what_the_text_rests_on_is_cited_where_it_is_used():
    text = "".join(text for path, text in PAGES.items() if path.name != "further_reading.md")
    assert REQUIRED <= cited_keys(text) <= set(KEYS)


def test_every_term_of_the_glossary_is_used():
    assert len(TERMS) > 100
    assert [term for term in TERMS if not any(uses(text, term) for text in TEXTS)] == []


def test_the_glossary_is_in_the_order_of_the_alphabet():
    in_order = sorted(TERMS, key=lambda term: re.sub("[-–]", " ", plain(term)))
    assert in_order == TERMS


@pytest.mark.parametrize(
    ("text", "used"), [("two deltas", True), ("the Delta rule", True), ("deltan", False)]
)
def test_a_term_is_found_as_a_word_only(text, used):
    assert uses(plain(text), "delta") == used
