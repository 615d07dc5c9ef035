"""No decimal stands in the prose of a page unless code computed it or it is marked as given."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    path for path in (ROOT / "book").rglob("*.md") if not path.is_relative_to(ROOT / "book/_build")
)
NOT_PROSE = [
    re.compile(r"\A---\n.*?\n---\n", re.DOTALL),  # front matter
    re.compile(r"^(`{3,})\{(code-cell|math|literalinclude|eval-rst)\b.*?^\1$", re.M | re.DOTALL),
    re.compile(r"^(`{3,})[a-z]*\n.*?^\1$", re.M | re.DOTALL),  # a listing
    re.compile(r"\$\$.*?\$\$", re.DOTALL),
    re.compile(r"\\begin\{(align|equation|gather)\*?\}.*?\\end\{\1\*?\}", re.DOTALL),
    re.compile(r"\$[^$\n]+\$"),
    re.compile(r"\{[a-z:]+\}`[^`]*`"),  # a role: glue, given, eq, cite
    re.compile(r"`[^`\n]*`"),
    re.compile(r"\]\([^)]*\)"),  # the target of a link
    re.compile(r"https?://\S+"),
    re.compile(r"^:alt: .*$", re.M),  # what a figure says to those who listen, as in a code cell
    re.compile(
        r"\(5\.\d+[a-z]?\)|\bC 5\.\d\b|[Ss]ections? \d\.\d+(\.\d+)?|[Vv]ersion \d+\.\d+(\.\d+)?"
    ),
    re.compile(r"BY 4\.0|Python 3\.\d+"),
]
DECIMAL = re.compile(r"(?<![\w.])\d+\.\d+(?![\w.]*\d)")


def typed_decimals(text: str) -> list[str]:
    for pattern in NOT_PROSE:
        text = pattern.sub(" ", text)
    return DECIMAL.findall(text)


def test_decimals_in_prose_are_computed_or_marked_as_given():
    found = {
        str(page.relative_to(ROOT)): typed_decimals(page.read_text(encoding="utf-8"))
        for page in PAGES
    }
    typed = {page: decimals for page, decimals in found.items() if decimals}
    assert len(PAGES) > 50
    assert not typed, f"use glue, a formula or {{given}} for these: {typed}"


def test_a_typed_decimal_is_found():
    assert typed_decimals("The error is 0.25 of it.") == ["0.25"]


@pytest.mark.parametrize(
    "text",
    [
        "It is {glue:text}`error:.2f`.",
        "A step of {given}`0.05`.",
        "Formula $0.25\\,x$ and (5.49) and `0.5`.",
        "```{code-cell} ipython3\nx = 0.5\n```",
        '```{glue:figure} chain\n:alt: "An arrow is marked 0.8."\n\nA chain.\n```',
    ],
)
def test_computed_and_marked_decimals_pass(text):
    assert typed_decimals(text) == []
