"""Every erratum of the five sources has an entry with a proof that runs when the book is built."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "book/sources"
ERRATA = {"P": range(1, 9), "D": range(9, 17), "C": range(17, 27), "B": range(27, 31), "L": [31]}
NUMBERS = [(key, number) for key, numbers in ERRATA.items() for number in numbers]


def section(text: str, label: str) -> str:
    """The heading that a label stands above, and all up to the next heading or label."""
    start = re.search(rf"^\({label}\)=\n(?:\([a-z0-9-]+\)=\n)*(?=#)", text, re.M)
    if start is None:
        return ""
    heading, _, rest = text[start.end() :].partition("\n")
    return heading + "\n" + re.split(r"^(?:#{2,3} |\([a-z0-9-]+\)=$)", rest, flags=re.M)[0]


def proofs(section: str) -> list[str]:
    """The code cells of a section that assert something."""
    cells = re.findall(r"^```\{code-cell\}[^\n]*\n(.*?)^```$", section, re.M | re.DOTALL)
    return [cell for cell in cells if re.search(r"^\s*assert ", cell, re.M)]


@pytest.fixture(scope="module")
def pages() -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted(SOURCES.glob("*.md"))]


@pytest.mark.parametrize(("key", "number"), NUMBERS)
def test_every_erratum_has_one_entry_with_a_proof_that_runs(pages, key, number):
    found = [text for page in pages if (text := section(page, f"erratum-{number}"))]
    assert len(found) == 1, f"erratum {number} has {len(found)} entries"
    assert re.search(rf"\b{key}\b", found[0].splitlines()[0]), found[0].splitlines()[0]
    assert proofs(found[0]), f"the entry of erratum {number} asserts nothing"


@pytest.mark.parametrize(("key", "number"), NUMBERS)
def test_the_table_of_all_errata_leads_to_the_proof(key, number):
    table = (SOURCES / "index.md").read_text(encoding="utf-8")
    row = re.search(rf"^\| {number} \| (\w) \| [^|]+ \| .*<erratum-{number}>` \|$", table, re.M)
    assert row is not None
    assert row[1] == key


def test_there_are_as_many_errata_as_the_table_has_rows():
    rows = re.findall(r"<erratum-(\d+)>", (SOURCES / "index.md").read_text(encoding="utf-8"))
    assert [int(row) for row in rows] == list(range(1, 32)) == [n for _, n in NUMBERS]


@pytest.mark.parametrize(
    ("page", "count"),
    [
        ("(erratum-1)=\n### P: x\n\n```{code-cell} ipython3\nassert 1\n```\n", 1),
        ("(erratum-1)=\n(erratum-2)=\n### P: x\n\n```{code-cell} ipython3\nassert 1\n```\n", 1),
        ("(erratum-1)=\n### P: x\n\n```{code-cell} ipython3\nprint(1)\n```\n", 0),
        ("(erratum-1)=\n### P\n\nA claim.\n\n### D\n\n```{code-cell} ipython3\nassert 1\n```\n", 0),
        ("### P: x\n\n```{code-cell} ipython3\nassert 1\n```\n", 0),
    ],
)
def test_an_entry_without_a_proof_of_its_own_is_found(page, count):
    assert len(proofs(section(page, "erratum-1"))) == count
