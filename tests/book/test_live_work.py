"""What a reader has done on the pages of a book: remembered, shown, taken away, brought back."""

import json
import shutil
import sys

import pytest

pytest.importorskip("selenium.webdriver")
from book._ext.live import PAGE as SCRIPTS
from selenium.webdriver.support.wait import WebDriverWait
from tests.book.conftest import FRONT_MATTER, ROOT, build_small
from tests.book.live_browser import KEEP_DOWNLOADS, OPEN_FILE
from tests.book.live_pages import needs_browser
from tests.site.browsing import ONLY_THIS_MACHINE, chromium, command, said
from tests.site.measure import AXE, BARRIERS
from tests.site.serving import served

sys.path.insert(0, str(ROOT / "book" / "_ext"))

import explorables
from book._ext.live.your_work import PLACE
from questions import name_of, read_question

from coursekit.web_page.offer import FROM_DISK

pytestmark = pytest.mark.xdist_group("explorables")

LINES = ["Three quarters are", "= 3 / 4", "~ 3: The 4 is forgotten."]
PAGE = """\
<!doctype html>
<html lang="en" data-theme="light" data-content_root="../"><head><meta charset="utf-8">
<title>A page</title><script defer src="../_static/explorables/start.js"></script></head>
<body><main><h1>A page</h1>{content}</main></body></html>
"""
ROWS = """
    return [...document.querySelectorAll("tbody tr")].map(
        row => [...row.children].map(cell => cell.textContent));
"""
PRESS = """
    [...document.querySelectorAll("button")]
        .find(button => button.textContent.startsWith(arguments[0])).click();
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A book of two pages in a folder: one with a question, one that shows what was done."""
    folder = tmp_path_factory.mktemp("work")
    book = folder / "a/book"
    shutil.copytree(SCRIPTS, book / "live")
    explorables.write_beside(book / "_static/explorables")
    shutil.copy(explorables.SOURCES / "start.js", book / "_static/explorables")
    (book / "pages").mkdir()
    shown = explorables.explorable("question")
    asked = read_question(LINES) | {"page": "pages/asks", "key": name_of(LINES)}
    inside = explorables.opening(shown, height=(90, 90)) + explorables.inside(shown, asked)
    (book / "pages/asks.html").write_text(PAGE.format(content=f"{inside}</div>"), encoding="utf-8")
    pages = [
        {"name": "pages/asks", "title": "It asks", "href": "asks.html", "questions": 1,
         "exercises": 0},
        {"name": "ps1", "title": "Set 1", "href": "ps1.html", "questions": 0, "exercises": 13},
    ]  # fmt: skip
    table = PLACE.format(live="../live/", pages=json.dumps(pages), from_disk=FROM_DISK)
    (book / "pages/work.html").write_text(PAGE.format(content=table), encoding="utf-8")
    return folder


@pytest.fixture
def pages(site):
    with served(site) as address, chromium(ONLY_THIS_MACHINE) as driver:
        command(driver, "Page.addScriptToEvaluateOnNewDocument", source=KEEP_DOWNLOADS)
        yield driver, f"{address}/a/book/pages"


def until(driver, script, *arguments):
    WebDriverWait(driver, 60).until(lambda driver: driver.execute_script(script, *arguments))


def answer(driver, address, text):
    driver.get(f"{address}/asks.html")
    until(driver, "return !!document.querySelector('.answer input')")
    before = driver.find_element("css selector", ".verdict").text
    driver.find_element("css selector", ".answer input").send_keys(text)
    driver.execute_script(PRESS, "Check")
    return before


def rows(driver, address):
    driver.get(f"{address}/work.html")
    until(driver, "return !!document.querySelector('tbody tr')")
    return driver.execute_script(ROWS)


@needs_browser
def test_what_was_done_is_shown_taken_away_removed_and_brought_back(pages):
    driver, address = pages
    assert answer(driver, address, "3") == ""
    nothing = [["It asks", "0 of 1", "–", "–"], ["Set 1", "–", "0 of 13", "–"]]
    assert rows(driver, address) == nothing
    answer(driver, address, "0.75")
    assert answer(driver, address, "1") == "You have answered this one right before."
    for kind in ("text ps1-logistic", "done ps1-logistic", "tried ps1-logistic"):
        name = f"live /a/book/live/ ps1 {kind}"
        driver.execute_script("localStorage.setItem(arguments[0], 'x')", name)
    driver.execute_script("localStorage.setItem('live /other/live/ ps1 done a', 'x')")
    all_done = [["It asks", "1 of 1", "–", "–"], ["Set 1", "–", "1 of 13", "1"]]
    assert rows(driver, address) == all_done
    driver.execute_script(PRESS, "Take it away")
    taken = driver.execute_async_script("window.downloads.at(-1).text().then(arguments[0])")
    assert len(json.loads(taken)) == 4
    driver.execute_script("window.confirm = () => true")
    driver.execute_script(PRESS, "Remove it all")
    assert driver.execute_script(ROWS) == nothing
    assert driver.execute_script("return localStorage.length") == 1
    bring = OPEN_FILE.replace(".live-offer ", "")
    driver.execute_script(bring, "{}", "other.json")
    until(driver, "return document.body.textContent.includes('has no work of this book')")
    driver.execute_script(bring, taken, "book-work.json")
    until(driver, "return document.body.textContent.includes('is kept here')")
    assert driver.execute_script(ROWS) == all_done
    driver.execute_script((AXE / "axe.min.js").read_text(encoding="utf-8"))
    for theme in ("light", "dark"):
        assert driver.execute_async_script(BARRIERS, theme) == []
    assert [line for line in said(driver) if "favicon" not in line] == []


def test_the_page_knows_how_many_questions_each_page_has(small_book):
    shutil.copytree(explorables.SOURCES, small_book / "book/_static/explorables")
    question = "```{question}\n" + "\n".join(LINES) + "\n```\n"
    text = f"{FRONT_MATTER}# Plain\n\n{question}\n{question}\n```{{your-work}}\n```\n"
    (small_book / "book/plain.md").write_text(text, encoding="utf-8")
    built = build_small(small_book)
    assert built.status == 0, built.log[-3000:]
    page = (built.html / "book/plain.html").read_text(encoding="utf-8")
    assert '{"name": "book/plain", "title": "Plain", "href": "", "questions": 2' in page
    assert f'"page":"book/plain","key":"{name_of(LINES)}"' in page
    assert (built.html / "live/work.js").is_file()
    assert not list((built.html / "live").glob("python-*"))
