"""Formulas as plain text, for descriptions and the search."""

import sys

import pytest
from docutils import nodes
from tests.book.conftest import ROOT

sys.path.insert(0, str(ROOT / "book" / "_ext"))

from readable import formula, text_of


@pytest.mark.parametrize(
    ("tex", "said"),
    [
        (r"\sigma(z) = \frac{1}{1 + e^{-z}}", "σ(z) = 1/(1 + e^(−z))"),
        (r"\frac{\partial C}{\partial w_{ij}} = \delta_i\,a_j", "∂C/∂w_ij = δ_i a_j"),
        (r"\delta_j = \sigma'(z_j)", "δ_j = σ′ (z_j)"),
        (r"W \leftarrow W - \eta\, X^\top\Delta", "W ← W − η X⊤ Δ"),
        (r"\hat m_t, \bar x", "m̂_t, x̄"),
        (r"x_{t-1} + \sqrt{v_t}", "x_(t − 1) + √v_t"),
        (r"\begin{pmatrix}1&2\\3&4\end{pmatrix}", "(1 2; 3 4)"),
        (r"\underbrace{a + b}_{n} = c", "a + b = c"),
        (r"\nabla_{\!x} f", "∇_x f"),
        (r"\no_such_command", r"\no_such_command"),
    ],
)
def test_a_formula_is_said_in_one_line(tex, said):
    assert formula(tex) == said


def test_drawings_and_comments_are_not_read():
    paragraph = nodes.paragraph(
        "", "", nodes.Text("The slope "), nodes.math("", "x_1"), nodes.Text("."),
        nodes.raw("", "<svg/>", format="html"), nodes.comment("", "no"),
    )  # fmt: skip
    assert text_of(paragraph) == "The slope x_1."
