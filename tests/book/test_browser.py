"""Every page in a real browser: no script error, no broken formula, no sideways scroll."""

import io

import numpy as np
import pytest
from PIL import Image

pytest.importorskip("selenium.webdriver")
from tests.site.browsing import CHROMIUM, DRIVER, chromium, said, shown_at

needs_browser = pytest.mark.skipif(
    not (CHROMIUM and DRIVER), reason="SKIPPED: chromium and chromedriver are not installed"
)
pytestmark = [pytest.mark.xdist_group("book"), needs_browser]
PHONE, DESKTOP = 390, 1280


@pytest.fixture(scope="module")
def browser():
    with chromium() as driver:
        yield driver


def open_page(browser, page, width, theme="light"):
    shown_at(browser, width, theme)
    browser.get(page.as_uri())


def content_pages(editions):
    built = editions["textbook"]
    skipped = {"genindex.html", "search.html", "index.html"}
    return [page for page in built.pages if page.parent != built.html or page.name not in skipped]


def faults(browser, page, width):
    open_page(browser, page, width)
    name = page.name
    yield from (f"{name}: {message}" for message in said(browser))
    broken = browser.execute_script(
        "return [...document.querySelectorAll('.math')].filter(e => !e.querySelector('.katex'))"
        ".map(e => e.textContent)"
    )
    yield from (f"{name}: formula {formula}" for formula in broken)
    wide = browser.execute_script("return document.documentElement.scrollWidth")
    if wide > width:
        yield f"{name}: {wide} pixels wide on a screen of {width}"


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_every_page_shows_without_a_fault(editions, browser, width):
    found = [fault for page in content_pages(editions) for fault in faults(browser, page, width)]
    assert not found, "\n".join(found)


def test_formulas_are_read_and_reached_without_a_script(editions, browser):
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        open_page(browser, editions["textbook"].html / "book/chain_rule/cost.html", DESKTOP)
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    formulas = browser.find_elements("css selector", ".math .katex-html")
    assert len(formulas) > 5
    assert all(formula.size["width"] > 1 for formula in formulas if formula.is_displayed())
    assert not browser.find_elements("css selector", ".katex [tabindex], .math [tabindex]")


def test_paper_is_light_whatever_the_screen_is(editions, browser):
    open_page(browser, editions["textbook"].html / "book/chain_rule/cost.html", DESKTOP, "dark")
    shown = "const of = getComputedStyle(document.body); return of.color + of.backgroundColor"
    on_screen = browser.execute_script(shown)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        on_paper = browser.execute_script(shown)
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    open_page(browser, editions["textbook"].html / "book/chain_rule/cost.html", DESKTOP, "light")
    assert browser.execute_script(shown) == on_paper != on_screen


def test_what_is_reached_by_keyboard_is_seen(editions, browser):
    open_page(browser, editions["textbook"].html / "book/chain_rule/cost.html", DESKTOP)
    reached = ".bd-header-article button, .bd-sidebar-primary summary"
    outlines = browser.execute_script(
        f"return [...document.querySelectorAll('{reached}')]"
        ".filter(e => e.checkVisibility()).map(e => { e.focus({focusVisible: true});"
        "return [e.className, getComputedStyle(e).outlineStyle]; })"
    )
    assert len(outlines) > 5
    assert not [name for name, style in outlines if style == "none"]


def test_the_sidebar_shows_the_page_that_is_open(editions, browser):
    book = editions["textbook"].html / "book"
    in_sight = """
        const sidebar = document.querySelector('.bd-sidebar-primary');
        const here = [...sidebar.querySelectorAll('.active')].pop().getBoundingClientRect();
        return here.top >= 0 && here.bottom <= innerHeight;
    """
    open_page(browser, book / "developing/measurements.html", DESKTOP)
    browser.execute_script("document.querySelector('.bd-sidebar-primary').scrollTop = 9999")
    for page in ("chain_rule/which_pass", "optimizers/nadam", "developing/decisions"):
        open_page(browser, book / f"{page}.html", DESKTOP)
        assert browser.execute_script(in_sight), page


def test_the_search_is_in_the_bar_at_the_top(editions, browser):
    shown = """
        document.querySelector('.primary-toggle').click();
        const seen = [...document.querySelectorAll('.search-button__button')];
        return seen.filter(e => e.checkVisibility() && e.closest('.bd-header-article'))
            .map(e => e.textContent.split(/\\s+/).join(' ').trim());
    """
    page = editions["textbook"].html / "book/optimizers/momentum.html"
    open_page(browser, page, DESKTOP)
    assert browser.execute_script(shown) == ["Search Ctrl+K"]
    open_page(browser, page, PHONE)
    assert browser.execute_script(shown) == [""]


def test_the_button_for_the_theme_shows_one_icon(editions, browser):
    open_page(browser, editions["textbook"].html / "book/index.html", DESKTOP)
    icons = browser.find_elements("css selector", ".theme-switch-button i")
    assert sum(icon.is_displayed() for icon in icons) == 1


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_shadow_says_that_a_formula_goes_on_however_little_is_hidden(editions, browser, theme):
    open_page(browser, editions["textbook"].html / "book/chain_rule/two_paths.html", PHONE, theme)
    formula = browser.find_element("css selector", ".katex-display")
    fit = "arguments[0].firstChild.style.cssText = `display: block; width: ${arguments[1]}px`"
    wide = browser.execute_script("return arguments[0].clientWidth", formula)

    def edge() -> float:
        with Image.open(io.BytesIO(formula.screenshot_as_png)) as picture:
            lines = np.asarray(picture.convert("L"), dtype=float)
        return float(np.median(lines[:, -3]))

    browser.execute_script(fit, formula, wide)
    ground = edge()
    browser.execute_script(fit, formula, wide + 8)
    assert abs(edge() - ground) > 20
    browser.execute_script("arguments[0].scrollLeft = 99", formula)
    assert abs(edge() - ground) < 2


@pytest.mark.parametrize(("theme", "dark"), [("light", False), ("dark", True)])
def test_figures_follow_light_and_dark(editions, browser, theme, dark):
    open_page(browser, editions["textbook"].html / "book/chain_rule/units.html", DESKTOP, theme)
    ink = browser.execute_script(
        "return getComputedStyle(document.documentElement).getPropertyValue('--figure-ink')"
    )
    assert (ink.strip() == "#e6e8eb") == dark
