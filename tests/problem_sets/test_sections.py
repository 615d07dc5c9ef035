"""What the messages of a problem set point to is there."""

import re
from pathlib import Path

import pytest

from coursekit.authoring.masters import MASTERS, read_master

ROOT = MASTERS.parent.parent
POINTERS = sorted(
    {
        mistake.section
        for path in MASTERS.glob("*.md")
        for exercise in read_master(path).exercises
        for mistake in exercise.declaration.misconceptions
    }
)


@pytest.mark.parametrize("pointer", POINTERS)
def test_every_section_that_a_message_names_exists(pointer):
    page, _, title = pointer.partition("#")
    path = ROOT / f"{page}.md"
    assert path.is_file(), f"there is no page {page}"
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert title in headings


@pytest.mark.parametrize("path", sorted(MASTERS.glob("*.md")), ids=lambda path: path.stem)
def test_every_page_that_a_statement_links_exists(path):
    links = re.findall(r"\]\((?!https?:)([^)#]+\.md)", path.read_text(encoding="utf-8"))
    assert links
    missing = [link for link in links if not Path(path.parent, link).resolve().is_file()]
    assert missing == []
