"""Every page in a real browser: no script error, no broken formula, no sideways scroll."""

import shutil
import warnings

import pytest

webdriver = pytest.importorskip("selenium.webdriver")
from selenium.webdriver.chrome.options import Options  # noqa: E402
from selenium.webdriver.chrome.service import Service  # noqa: E402

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
pytestmark = [
    pytest.mark.xdist_group("book"),
    pytest.mark.skipif(
        not (CHROMIUM and DRIVER), reason="SKIPPED: chromium and chromedriver are not installed"
    ),
]
ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--hide-scrollbars",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--allow-file-access-from-files",
]
PHONE, DESKTOP = 390, 1280
NOISE = ("preload", "invalid theme mode", "favicon")


@pytest.fixture(scope="module")
def browser():
    options = Options()
    options.binary_location = CHROMIUM
    for argument in ARGUMENTS:
        options.add_argument(argument)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        driver = webdriver.Chrome(options=options, service=Service(DRIVER))
        driver.set_script_timeout(110)  # a long page on a busy machine; the driver waits 120
        yield driver
        driver.quit()


def open_page(browser, page, width, theme="light"):
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    scheme = {"features": [{"name": "prefers-color-scheme", "value": theme}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", scheme)
    browser.get(page.as_uri())
    browser.execute_async_script(
        "const done = arguments[0];"
        "const ready = window.MathJax && MathJax.startup ? MathJax.startup.promise : null;"
        "Promise.resolve(ready).then(() => done());"
    )


def content_pages(editions):
    built = editions["textbook"]
    skipped = {"genindex.html", "search.html", "index.html"}
    return [page for page in built.pages if page.parent != built.html or page.name not in skipped]


def faults(browser, page, width):
    open_page(browser, page, width)
    name = page.name
    for entry in browser.get_log("browser"):
        if entry["level"] == "SEVERE" and not any(noise in entry["message"] for noise in NOISE):
            yield f"{name}: {entry['message']}"
    broken = browser.execute_script(
        "return [...document.querySelectorAll('mjx-merror')].map(e => e.textContent)"
    )
    yield from (f"{name}: formula {formula}" for formula in broken)
    wide = browser.execute_script("return document.documentElement.scrollWidth")
    if wide > width:
        yield f"{name}: {wide} pixels wide on a screen of {width}"


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_every_page_shows_without_a_fault(editions, browser, width):
    found = [fault for page in content_pages(editions) for fault in faults(browser, page, width)]
    assert not found, "\n".join(found)


def test_mathematics_is_typeset_without_a_network(editions, browser):
    open_page(browser, editions["textbook"].html / "book/chain_rule/cost.html", DESKTOP)
    assert browser.execute_script("return document.querySelectorAll('mjx-container').length") > 5


@pytest.mark.parametrize(("theme", "dark"), [("light", False), ("dark", True)])
def test_figures_follow_light_and_dark(editions, browser, theme, dark):
    open_page(browser, editions["textbook"].html / "book/chain_rule/units.html", DESKTOP, theme)
    ink = browser.execute_script(
        "return getComputedStyle(document.documentElement).getPropertyValue('--figure-ink')"
    )
    assert (ink.strip() == "#e6e8eb") == dark
