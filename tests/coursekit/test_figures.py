"""Figures that one can touch: hints and statements lead to them, where the book is published."""

from dataclasses import replace

import pytest

from coursekit.authoring.book_page import render_page
from coursekit.authoring.exercises import Exercise
from coursekit.authoring.markdown import plain_markdown
from coursekit.authoring.masters import find_master, known_problem_sets, read_master
from coursekit.authoring.tasks import public_tasks
from coursekit.book_links import figure_address
from coursekit.checks.case_file import load_tasks, save_tasks
from coursekit.checks.hints import LOOKING, ladder
from coursekit.errors import CourseError
from coursekit.verification.answers import verdict_of

BOOK = "https://book.example"
ADDRESS = f"{BOOK}/_static/explorables/microscope.html#microscope?v=1&step=2&see=u.0.0"


@pytest.mark.parametrize(
    ("situation", "url", "address"),
    [
        ("microscope?step=8", BOOK, "/_static/explorables/microscope.html#microscope?v=1&step=8"),
        ("microscope", f"{BOOK}/", "/_static/explorables/microscope.html#microscope"),
        (
            "shapes?line=(A@d)*M",
            BOOK,
            "/_static/explorables/shapes.html#shapes?v=1&line=%28A@d%29*M",
        ),
    ],
)
def test_a_situation_has_an_address_on_a_page_of_its_own(situation, url, address):
    assert figure_address(situation, url) == BOOK + address


@pytest.mark.parametrize(("situation", "url"), [("microscope?step=8", ""), ("", BOOK), ("a", None)])
def test_without_a_book_or_a_situation_there_is_none(situation, url):
    assert figure_address(situation, url) == ""


@pytest.mark.parametrize("situation", ["the microscope", "microscope#step=8", "https://x", "m?"])
def test_what_is_no_situation_is_refused(situation):
    with pytest.raises(CourseError, match="expected is the name of a figure and its state"):
        Exercise(situation=situation)


def unit_hints(tmp_path, book_url):
    """The hints of an exercise whose function is wrong, as a release holds them."""
    path = tmp_path / "cases.npz"
    master = read_master(find_master("ps1"))
    alone = replace(master, cells=(master.exercises[2],))
    save_tasks(path, public_tasks(alone, book_url=book_url))
    (task,) = load_tasks(path).values()
    assert task.name == "unit_preactivation"
    return ladder(verdict_of(task, lambda *arguments: 0.25))


def test_the_hint_on_where_to_look_leads_to_the_figure(tmp_path):
    hints = unit_hints(tmp_path, BOOK)
    assert hints[LOOKING][-1] == f"See it happen in the book: {ADDRESS}"
    assert not [line for hint in (hints[0], *hints[2:]) for line in hint if BOOK in line]


def test_nothing_is_promised_where_nobody_said_where_the_book_is(tmp_path):
    assert "in the book:" not in str(unit_hints(tmp_path, ""))


def test_a_statement_leads_to_a_figure_too():
    text = "{explore}`Try it <shapes?step=1>`, then go on."
    address = f"{BOOK}/_static/explorables/shapes.html#shapes?v=1&step=1"
    assert plain_markdown(text, BOOK) == f"[Try it]({address}), then go on."
    assert plain_markdown(text) == "*Try it*, then go on."


def test_the_page_of_the_book_has_the_figure_beside_the_hints():
    page = render_page(read_master(find_master("ps1")), show_solutions=True)
    assert "{explore}`See it happen <microscope?step=2&see=u.0.0>`" in page
    course = render_page(read_master(find_master("ps1")), show_solutions=False)
    assert "See it happen" not in course


def test_twenty_hints_lead_to_figures():
    masters = [read_master(find_master(name)) for name in known_problem_sets()]
    situations = [e.declaration.situation for master in masters for e in master.exercises]
    assert len([situation for situation in situations if situation]) >= 20
