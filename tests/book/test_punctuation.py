"""A full stop stays beside the formula that it ends."""

import re
import sys
from pathlib import Path

import pytest
from docutils import nodes

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "book" / "_ext"))

from punctuation import keep_together  # noqa: E402


@pytest.mark.parametrize(
    ("behind", "kept", "left"),
    [
        ("; then", ";", " then"),
        (".", ".", ""),
        (").” And", ").”", " And"),
        (" and", None, " and"),
        ("-th", None, "-th"),
    ],
)
def test_a_formula_keeps_the_punctuation_behind_it(behind, kept, left):
    formula = nodes.math("", "x")
    paragraph = nodes.paragraph("", "", nodes.Text("With "), formula, nodes.Text(behind))
    keep_together(formula)
    assert paragraph.astext() == f"With x{behind}"
    assert paragraph[-1] == left
    together = paragraph[1]
    assert (together.astext(), "together" in together.get("classes")) == (
        f"x{kept or ''}",
        kept is not None,
    )


def test_words_that_stand_twice_are_not_mistaken_for_each_other():
    """A full stop behind a link, and the same behind a formula."""
    paragraph = nodes.paragraph("", "", nodes.strong("", "epoch"), nodes.Text("."))
    paragraph += [nodes.math("", "x"), nodes.Text("."), nodes.math("", "x"), nodes.Text(".")]
    for formula in list(paragraph.findall(nodes.math)):
        keep_together(formula)
    assert paragraph.astext() == "epoch.x.x."
    assert [child.astext() for child in paragraph] == ["epoch", ".", "x.", "", "x.", ""]


@pytest.mark.xdist_group("book")
def test_no_built_page_has_a_stop_twice(editions):
    """A stop that stands twice was taken away elsewhere."""
    twice = re.compile(r'<span class="together">.{0,2000}?([.,;:])</span>\1(?![.])', re.DOTALL)
    offenders = {
        page.name: found[0]
        for page in editions["textbook"].pages
        if (found := twice.search(page.read_text(encoding="utf-8")))
    }
    assert offenders == {}


def test_a_formula_at_the_end_stays_as_it_is():
    formula = nodes.math("", "x")
    paragraph = nodes.paragraph("", "", formula)
    keep_together(formula)
    assert paragraph[0] is formula
