"""A problem set in its page, in a browser that finds no other host: run, check, keep, hand in."""

import json

import pytest

pytest.importorskip("selenium.webdriver")
from selenium.webdriver import ActionChains, Keys
from tests.book.live_answers import answers_to
from tests.book.live_browser import LivePage
from tests.book.live_pages import given_notebook, live_site, needs_assets, needs_browser
from tests.site.browsing import ONLY_THIS_MACHINE, chromium, command, loaded, said
from tests.site.serving import served

from coursekit.authoring.masters import MASTERS, read_master
from coursekit.book_links import link_to
from coursekit.checks.words import WIDTH

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("live"), needs_assets, needs_browser]

TWICE, SUMS = "ps0-twice", "ps0-column-sums"
RIGHT = "def twice(x):\n    return 2 * np.asarray(x)\n"
NO_STORAGE = """
    Object.defineProperty(window, "localStorage", {
        get() { throw new DOMException("", "SecurityError"); }});
"""
LEAVING = """
    const event = new Event("beforeunload", {cancelable: true});
    window.dispatchEvent(event);
    return event.defaultPrevented;
"""
"""Whether the page asks before it is left: a browser that is driven never shows the question."""

FULL = "Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); };"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("live")
    live_site(folder, ["ps0", "ps3"])
    return folder


@pytest.fixture(scope="module")
def address(site):
    with served(site) as found:
        yield f"{found}/some/course"


@pytest.fixture(scope="module")
def browser():
    with chromium(ONLY_THIS_MACHINE) as driver:
        yield driver


@pytest.fixture
def page(browser, address):
    """The page of problem set 0, which nobody has begun."""
    made = LivePage(browser, f"{address}/ps0.html")
    made.visit()
    yield made
    made.close()


HANGS = """
    const scroller = document.querySelector(`#live-${arguments[0]} .cm-scroller`);
    const line = scroller.querySelectorAll(".cm-line")[1];
    const indent = -parseFloat(line.style.textIndent);
    const height = parseFloat(getComputedStyle(line).lineHeight);
    return [line.offsetHeight > 1.5 * height, indent, scroller.scrollWidth <= scroller.clientWidth];
"""
"""Of the second line: whether it goes on below, its indent, and whether all of it is in sight."""

HINTING = """
    const cell = document.getElementById(`live-${arguments[0]}`);
    return cell.querySelectorAll("button")[2].textContent;
"""


def begun_with(page, **texts):
    """The page of somebody who has written these texts, by the rest of the cell's name."""
    page.visit(
        opened="yes", **{f"text {key.replace('_', '-')}": text for key, text in texts.items()}
    )
    page.until_begun()


@pytest.fixture
def without(browser):
    """Have a script run before those of each page, until the test ends."""
    made = []

    def before(source):
        found = command(browser, "Page.addScriptToEvaluateOnNewDocument", source=source)
        made.append(found["identifier"])

    yield before
    for identifier in made:
        command(browser, "Page.removeScriptToEvaluateOnNewDocument", identifier=identifier)


def test_nothing_is_loaded_until_somebody_begins(page, browser):
    loaded(browser)
    page.visit()
    assert [url for url in loaded(browser) if "/live/" in url] == []
    page.begin()
    assert any(url.endswith("/live/page.js") for url in loaded(browser))
    assert not page.js("return window.started")


def test_a_reader_writes_checks_and_downloads(page, site, browser):
    page.begin()
    assert page.state(TWICE) == "not begun"
    verdict = page.done(TWICE, "Check")
    assert "NotImplementedError" in verdict
    assert page.told(TWICE).startswith("Not yet")
    assert "2 is " not in page.done(TWICE, "Hint")
    page.type(TWICE, RIGHT)
    assert page.state(TWICE) == "begun"
    assert "public case" in page.done(TWICE, "Check")
    assert page.told(TWICE) == "The check passes."
    assert page.state(TWICE) == "✓ complete"
    notebook = page.downloaded()
    given = given_notebook(site / "some/course/live", "ps0")
    changed = [new["id"] for new, old in zip(notebook["cells"], given["cells"], strict=True)
               if new != old]  # fmt: skip
    assert changed == [TWICE]
    page.type(TWICE, f"{RIGHT}# more\n")
    assert page.state(TWICE) == "changed since it passed"
    assert [line for line in said(browser) if "SEVERE" in line] == []


def test_what_stands_above_runs_first_and_the_page_says_so(page):
    begun_with(page, ps0_twice="def twice(x):\n    return 1 / 0\nprint('above')")
    page.done(SUMS, "Run")
    assert "First ran what stands above: 2 cells" in page.told(SUMS)
    assert page.output(TWICE) == "above\n"
    page.done(SUMS, "Run")
    assert page.told(SUMS) == "It ran."


def test_an_error_names_the_line_of_the_cell(page):
    begun_with(page, ps0_twice="x = 0\n1 / x")
    assert page.done(TWICE, "Run").startswith("line 2: 1 / x\nZeroDivisionError")
    assert page.told(TWICE).endswith("Stopped by ZeroDivisionError in line 2.")


def test_the_cell_that_asks_for_python_says_that_it_is_loaded(page):
    page.begin()
    page.press(TWICE, "Check")
    page.wait(lambda: page.told(TWICE).startswith("Loading"))
    page.wait(lambda: not page.runs(TWICE))
    assert page.told(TWICE).startswith("Not yet")


def test_stop_ends_what_runs_and_nothing_is_lost(page):
    begun_with(page, ps0_twice="while True:\n    pass")
    page.press(TWICE, "Run")
    page.wait(lambda: page.runs(TWICE))
    page.press(TWICE, "Stop")
    page.wait(lambda: not page.runs(TWICE))
    assert page.told(TWICE).startswith("You stopped it.")
    assert page.editor(TWICE) == "while True:\n    pass"
    page.type(TWICE, RIGHT)
    page.done(TWICE, "Check")
    assert page.told(TWICE) == "The check passes."


def test_a_reload_in_mid_run_loses_nothing(page, browser):
    begun_with(page, ps0_twice="while True:\n    pass")
    page.press(TWICE, "Run")
    page.wait(lambda: page.runs(TWICE))
    browser.refresh()
    page.until_begun()
    assert page.told(TWICE).startswith("The page was left while this cell ran.")
    assert page.editor(TWICE) == "while True:\n    pass"


def test_two_tabs_tell_each_other(page, browser, address):
    page.begin()
    first = browser.current_window_handle
    browser.switch_to.new_window("tab")
    try:
        browser.get(f"{address}/ps0.html")
        page.until_begun()
        page.type(TWICE, RIGHT)
        page.wait(lambda: page.kept(f"text {TWICE}") == RIGHT)
        browser.switch_to.window(first)
        page.wait(lambda: "changed in another tab" in page.told(TWICE))
        assert page.editor(TWICE) == RIGHT
        page.press(TWICE, "Take my text back")
        assert "NotImplementedError" in page.editor(TWICE)
    finally:
        browser.switch_to.window(browser.window_handles[1])
        browser.close()
        browser.switch_to.window(first)


@pytest.mark.parametrize(
    ("script", "why"), [(NO_STORAGE, "keeps nothing"), (FULL, "has no more room")]
)
def test_a_browser_that_keeps_nothing_says_so_and_asks_before_leaving(
    page, browser, without, address, script, why
):
    without(script)
    browser.get(f"{address}/ps0.html")
    page.begin()
    page.type(TWICE, RIGHT)
    assert why in page.text_above()
    assert "Download ps0.ipynb before you leave" in page.text_above()
    page.done(TWICE, "Check")
    assert page.state(TWICE) == "✓ complete"
    assert page.js(LEAVING) is True
    page.press_above("Download")
    assert page.js(LEAVING) is False


def test_a_notebook_goes_out_and_in_again(page, site, browser):
    given = given_notebook(site / "some/course/live", "ps0")
    given["cells"].insert(2, {"cell_type": "code", "id": "own", "metadata": {}, "outputs": [{}],
                              "execution_count": 7, "source": ["helper = 2"]})  # fmt: skip
    for cell in given["cells"]:
        if cell["id"] == TWICE:
            cell["source"] = ["def twice(x):\n", "    return helper * np.asarray(x)"]
    given["cells"] = [cell for cell in given["cells"] if cell["id"] != SUMS]
    page.begin()
    page.open_file(json.dumps(given))
    page.wait(lambda: page.editor("own") == "helper = 2")
    assert "raise NotImplementedError" in page.editor(SUMS)
    page.done(TWICE, "Check")
    assert page.told(TWICE) == "The check passes."
    browser.refresh()
    page.until_begun()
    notebook = page.downloaded()
    ids = [cell["id"] for cell in notebook["cells"]]
    assert ids.index("own") == 2
    assert ids.index(SUMS) > ids.index(TWICE)
    assert all(cell.get("outputs", []) == [] for cell in notebook["cells"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "This file is no notebook. Choose ps0.ipynb"),
        ('{"cells": []}', "no notebook of Jupyter's format 4"),
        ('{"cells": [], "nbformat": 4}', "This notebook has no cell of ps0. Choose the notebook"),
        (
            json.dumps({"nbformat": 4, "cells": [{"cell_type": "code", "source": "", "metadata": {
                "nbgrader": {"grade_id": "ps1-a"}}}]}),
            "it has ps1-a: open it on the page of its own problem set",
        ),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_opened_changes_nothing(page, text, said):
    begun_with(page, ps0_twice=RIGHT)
    page.open_file(text)
    page.wait(lambda: said in page.text_above())
    assert page.editor(TWICE) == RIGHT


def test_a_cell_that_is_started_over_can_be_had_back(page):
    begun_with(page, ps0_twice=RIGHT)
    page.press(TWICE, "Start this cell over")
    assert "NotImplementedError" in page.editor(TWICE)
    page.press(TWICE, "Take my text back")
    assert page.editor(TWICE) == RIGHT == page.kept(f"text {TWICE}")


def test_a_solution_waits_for_an_attempt(page):
    page.begin()
    opened = "return document.getElementById('solution-of-ps0-twice').open"
    click = "document.querySelector('#solution-of-ps0-twice summary').click()"
    page.js(click)
    assert page.js(opened) is False
    assert page.js("return document.activeElement.textContent") == "Show me, I have tried"
    page.js("document.activeElement.click()")
    assert page.js(opened) is True
    page.visit()
    page.begin()
    page.done(TWICE, "Check")
    page.js(click)
    assert page.js(opened) is True


def test_the_keyboard_is_enough(page, browser):
    page.begin()
    page.type(TWICE, RIGHT)
    ActionChains(browser).send_keys(Keys.END, Keys.ENTER, Keys.TAB).perform()
    assert page.editor(TWICE).endswith("\n    ")
    ActionChains(browser).key_down(Keys.CONTROL).send_keys(Keys.ENTER).key_up(
        Keys.CONTROL
    ).perform()
    page.wait(lambda: page.told(TWICE) == "The check passes.")
    ActionChains(browser).send_keys(Keys.ESCAPE, Keys.TAB).perform()
    assert page.js("return document.activeElement.textContent") == "Check"


def test_every_sign_can_be_typed_though_the_page_has_keys_of_its_own(page, browser):
    page.begin()
    page.type(TWICE, "half = 1 ")
    ActionChains(browser).send_keys("/ 2").perform()
    assert page.editor(TWICE) == "half = 1 / 2"


def test_after_the_last_hint_the_first_comes_again_and_a_failed_check_is_said(page):
    page.begin()
    page.type(TWICE, "def twice(x):\n    return 3 * x")
    page.done(TWICE, "Check")
    assert page.state(TWICE) == "does not pass yet"
    page.type(TWICE, "def twice(x):\n    return 3 * x\n")
    first = page.done(TWICE, "Hint")
    for _ in range(9):
        if not (label := page.js(HINTING, TWICE)).startswith("Next"):
            break
        page.done(TWICE, label)
    assert page.js(HINTING, TWICE) == "First hint again"
    assert page.done(TWICE, "First hint again") == first


def test_a_hint_stands_below_what_was_said_before_and_each_line_is_as_long_as_the_page(page):
    page.begin()
    page.type(TWICE, "def twice(x):\n    return 3 * x")
    failed = page.done(TWICE, "Check")
    assert failed.rstrip().endswith("For more, press Hint.")
    first = page.done(TWICE, "Hint")
    assert first.startswith(failed)
    second = page.done(TWICE, "Next hint")
    assert second.startswith(first)
    assert "hint(" not in second
    assert len(second) > len(first) + 30
    longest = max(second.removeprefix(failed).splitlines(), key=len)
    assert len(longest) > WIDTH


def test_a_mistake_leads_to_the_section_that_teaches_it(page):
    exercise = next(one for one in read_master(MASTERS / "ps0.md").exercises if one.id == TWICE)
    mistake = exercise.declaration.misconceptions[0]
    page.begin()
    page.type(TWICE, dict(answers_to(exercise))[f"wrong {mistake.id} 0"])
    while (label := page.js(HINTING, TWICE)) != "First hint again":
        page.done(TWICE, label)
    title = mistake.section.partition("#")[2]
    link = page.js(
        "const a = document.querySelector('.live-output a'); return [a.textContent, a.href]"
    )
    assert link == [title, link_to(mistake.section, page.address.rpartition("/")[0]).href]


def test_the_list_of_what_is_complete_speaks_of_the_page(page):
    begun_with(page, ps0_twice=RIGHT)
    last = page.js("return [...document.querySelectorAll('.live-cell')].at(-1).id.slice(5)")
    said = page.done(last, "Run")
    assert "load this page again and run this cell" in said
    assert said.rstrip().endswith("1 of 3 are complete in ps0.ipynb, as it stands on this page.")


def test_lines_have_numbers_and_a_long_one_goes_on_below_as_far_in_as_it_begins(page):
    page.begin()
    page.type(TWICE, f"def twice(x):\n    return 2 * x  # {'and so on ' * 40}")
    assert page.js("return document.querySelector(`#live-${arguments[0]} .cm-lineNumbers`)"
                   ".innerText.split('\\n').includes('2')", TWICE)  # fmt: skip
    assert page.js(HANGS, TWICE) == [True, 4, True]


def test_below_the_last_cell_stands_how_far_it_is_and_the_download(page):
    begun_with(page, ps0_twice=RIGHT)
    page.js("document.querySelector('.live-below button').click()")
    assert page.js("return window.downloads.length") == 1
    assert page.js("return document.querySelector('.live-below').textContent").startswith("0 of 3 ")
    last = "return [...document.querySelectorAll('.live-cell, .live-below')].at(-1).className"
    assert page.js(last).endswith("live-below")


def test_answers_in_words_are_part_of_the_notebook(browser, address):
    page = LivePage(browser, f"{address}/ps3.html")
    page.visit()
    page.begin()
    page.js(
        "const area = document.querySelector('#live-ps3-tied-derivation textarea');"
        "area.value = 'Because $x$.'; area.dispatchEvent(new Event('input'));"
    )
    cells = {cell["id"]: cell for cell in page.downloaded()["cells"]}
    assert cells["ps3-tied-derivation"]["source"] == ["Because $x$."]
    assert cells["ps3-tied-derivation"]["cell_type"] == "markdown"
    page.close()
