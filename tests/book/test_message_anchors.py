"""What feedback, report and exams link to is there: each section has the anchor that they name."""

import pytest

from coursekit.authoring.masters import find_master, known_problem_sets, read_master
from coursekit.book_links import anchor_of, link_to
from coursekit.exams.passes import PASSES

pytestmark = pytest.mark.xdist_group("book")
URL = "https://x.example"


def sections():
    for name in known_problem_sets():
        for exercise in read_master(find_master(name)).exercises:
            yield from (mistake.section for mistake in exercise.declaration.misconceptions)
    yield from (by_hand.section for by_hand in PASSES.values())


def test_every_section_that_a_message_names_has_its_anchor(editions):
    html, missing, pages = editions["textbook"].html, set(), {}
    for section in set(sections()):
        page, _, anchor = link_to(section, URL).href.removeprefix(f"{URL}/").partition("#")
        if page not in pages:
            pages[page] = (html / page).read_text(encoding="utf-8")
        if f'id="{anchor}"' not in pages[page]:
            missing.add(section)
    assert len(pages) > 20
    assert not missing


@pytest.mark.parametrize(
    ("title", "anchor"),
    [
        ("Sum or mean", "sum-or-mean"),
        ("Where is η in momentum?", "where-is-in-momentum"),
        ("2 steps: a → b", "steps-a-b"),
    ],
)
def test_anchors_are_those_of_docutils(title, anchor):
    from docutils.nodes import make_id

    assert anchor_of(title) == make_id(title) == anchor
