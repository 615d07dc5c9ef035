"""A full stop stays beside the formula that it ends."""

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


def test_a_formula_at_the_end_stays_as_it_is():
    formula = nodes.math("", "x")
    paragraph = nodes.paragraph("", "", formula)
    keep_together(formula)
    assert paragraph[0] is formula
