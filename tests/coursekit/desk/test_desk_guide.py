"""The guide's pages on report, appeals, exams and Gradescope: what they show comes out."""

from pathlib import Path

import pytest
from tests.coursekit.guide_pages import Command, Reader, steps_of

GUIDE = Path(__file__).resolve().parents[3] / "book" / "teaching"
PAGES = ("class_report", "appeals", "exams", "gradescope")
"""In the order in which one reader reads them."""


@pytest.mark.tier("auto")
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_the_desk_by_the_guide(tmp_path):
    reader = Reader(tmp_path)
    wrong = [text for name in PAGES for text in reader.read(GUIDE / f"{name}.md")]
    assert not wrong, "\n".join(wrong)


def test_every_block_of_commands_is_read():
    for name in PAGES:
        text = (GUIDE / f"{name}.md").read_text(encoding="utf-8")
        assert sum(isinstance(step, Command) for step in steps_of(text)) == text.count("\n$ ")
        assert "```console" in text
