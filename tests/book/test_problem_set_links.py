"""Where a page names a problem set by its number, a reader can follow the name."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOT_FOR_READERS = {"_build", "developing", "teaching"}
PAGES = sorted(
    path for path in (ROOT / "book").rglob("*.md") if not NOT_FOR_READERS & set(path.parts)
)
LINKED = [
    re.compile(r"\[[^\]]*\]\([^)]*\)"),
    re.compile(r"^(:{3,})\{grid-item-card\}[^\n]*\n:link: .*?^\1$", re.M | re.DOTALL),
    re.compile(r"^(`{3,})\{code-cell\}.*?^\1$", re.M | re.DOTALL),
]


def unlinked(text: str) -> list[str]:
    """Names of problem sets that stand in no link."""
    for pattern in LINKED:
        text = pattern.sub(" ", text)
    return re.findall(r"[Pp]roblem set \d", text)


def test_every_problem_set_that_is_named_is_linked():
    found = {
        str(page.relative_to(ROOT)): unlinked(page.read_text(encoding="utf-8")) for page in PAGES
    }
    assert len(PAGES) > 50
    assert {page: names for page, names in found.items() if names} == {}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("**Exercises**: problem set 2, *Jacobians*.", ["problem set 2"]),
        ("[Problem set 2](../ps2.md): a checker.", []),
        ("::::{grid-item-card} Go\n:link: ps0\n\nProblem set 0\n::::\n", []),
        ("Each chapter has a problem set.", []),
    ],
)
def test_a_name_without_a_link_is_found(text, found):
    assert unlinked(text) == found
