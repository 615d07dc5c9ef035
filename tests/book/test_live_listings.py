"""Listings of a chapter, in a browser that finds no other host: run, changed, kept, reset."""

import re

import pytest

pytest.importorskip("selenium.webdriver")
from selenium.webdriver import ActionChains, Keys
from tests.book.live_chapter import CELLS, ChapterPage, chapter_site
from tests.book.live_pages import ROOT, needs_assets, needs_browser
from tests.site.browsing import ONLY_THIS_MACHINE, chromium, loaded, said, shown_at
from tests.site.measure import AXE, BARRIERS, CUT
from tests.site.serving import served

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("live"), needs_assets, needs_browser]

CHANGED = "x = [1, 2]\nprint(len(x))"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("chapter")
    chapter_site(made)
    return made


@pytest.fixture(scope="module")
def browser():
    with chromium(ONLY_THIS_MACHINE) as driver:
        yield driver


@pytest.fixture
def page(browser, folder):
    with served(folder) as address:
        made = ChapterPage(browser, f"{address}/some/course/page.html")
        made.visit()
        yield made
        made.close()


def test_nothing_is_loaded_until_somebody_runs_a_listing(page, browser):
    loaded(browser)
    page.visit()
    assert [url for url in loaded(browser) if "/live/" in url] == []


def test_a_listing_runs_after_those_above_it_and_says_so(page, browser):
    said(browser)
    assert page.run("last") == "array([0.5  , 0.731, 0.881])"
    assert page.told("last") == "First ran what stands above: 2 cells. It ran."
    assert page.state("last").startswith("Python 3.")
    assert "NumPy 2." in page.state("last")
    assert not page.sees("last", ".cell_output")
    assert page.sees("first", ".cell_input")
    assert page.js("return document.activeElement.textContent") == "Run"
    assert [line for line in said(browser) if "SEVERE" in line] == []


def test_an_error_above_is_seen_where_it_is(page):
    page.visit(opened="yes", **{"text first": "x = 1 / 0"})
    page.wait(lambda: page.is_open("first"))
    page.run("last")
    assert page.output("first").startswith("line 1: x = 1 / 0\nZeroDivisionError")
    assert "stopped by an error: Listing 1" in page.told("last")


def test_a_figure_stays_and_says_that_it_does(page):
    page.run("first")
    page.type("first", "import numpy as np\nx = np.ones(2)")
    page.done("first", "Run")
    assert "Drawn" not in page.text("first", "")
    note = page.js("return document.querySelector('#listing-curve .live-still').textContent")
    assert note.startswith("This figure was drawn when the book was built")
    said_of_it = page.run("curve")
    assert said_of_it == "The page cannot draw this figure again; it stays as the book has it."
    assert page.sees("curve", "svg")


def test_a_change_is_kept_until_the_listing_is_started_over(page, browser):
    page.run("first")
    page.type("first", CHANGED)
    page.done("first", "Run")
    assert page.output("first") == "2\n"
    browser.refresh()
    page.wait(lambda: page.is_open("first"))
    assert page.editor("first") == CHANGED
    page.press("first", "Start this cell over")
    assert page.editor("first") == CELLS["first"][0]
    assert page.sees("first", ".cell_output")
    assert page.kept("text first") is None
    assert page.kept("opened") is None
    page.press("first", "Take my text back")
    assert page.kept("text first") == CHANGED


def test_the_keyboard_is_enough(page, browser):
    page.run("first")
    page.type("first", CHANGED)
    ActionChains(browser).key_down(Keys.SHIFT).send_keys(Keys.ENTER).key_up(Keys.SHIFT).perform()
    page.wait(lambda: page.output("first") == "2\n")
    ActionChains(browser).send_keys(Keys.ESCAPE, Keys.TAB).perform()
    assert page.js("return document.activeElement.textContent") == "Run"


def test_an_endless_loop_can_be_stopped(page):
    page.run("first")
    page.type("first", "while True:\n    pass")
    page.press("first", "Run")
    page.wait(lambda: page.runs("first"))
    page.press("first", "Stop")
    page.wait(lambda: not page.runs("first"))
    assert page.told("first").startswith("You stopped it.")
    assert page.editor("first") == "while True:\n    pass"


def test_from_a_disk_it_says_what_to_do(folder, browser):
    browser.get((folder / "some/course/page.html").as_uri())
    browser.execute_script("document.querySelector('.live-run button').click()")
    text = browser.execute_script("return document.querySelector('.cell_input').textContent")
    assert "python3 -m http.server" in text


def policy():
    """What the book asks a web server to send."""
    text = (ROOT / "book/teaching/publishing.md").read_text(encoding="utf-8")
    return re.search(r'Content-Security-Policy "([^"]+)"', text)[1]


def told_under(browser, folder, policy):
    with served(folder, Content_Security_Policy=policy) as address:
        page = ChapterPage(browser, f"{address}/some/course/page.html")
        page.visit()
        page.run("last")
        page.close()
        return page.told("last")


def test_the_policy_of_the_book_lets_python_run(folder, browser):
    assert told_under(browser, folder, policy()).endswith("It ran.")


def test_where_a_policy_forbids_python_the_page_says_what_is_to_be_done(folder, browser):
    strict = policy().replace(" 'wasm-unsafe-eval'", "")
    assert "allows it by 'wasm-unsafe-eval'" in told_under(browser, folder, strict)


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (360, "dark")])
def test_there_are_no_barriers_and_nothing_is_cut(page, browser, width, theme):
    shown_at(browser, width, theme)
    try:
        page.run("last")
        browser.execute_script((AXE / "axe.min.js").read_text(encoding="utf-8"))
        assert browser.execute_async_script(BARRIERS, theme) == []
        assert browser.execute_script(CUT, width) == []
    finally:
        shown_at(browser, 1280)
