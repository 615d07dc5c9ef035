"""A page in a browser: barriers, script errors, requests, sideways scroll."""

from tests.site.browsing import loaded, said, shown_at
from tests.site.measure import AXE

BARRIERS = """
const done = arguments[arguments.length - 1];
axe.run(document, {resultTypes: ['violations']}).then(found => done(found.violations.map(
    one => one.id + ': ' + one.nodes.map(node => node.html).slice(0, 3).join(' '))));
"""


def faults(browser, page):
    """What is wrong with a page, on a phone and on a desktop, light and dark; empty if nothing."""
    found = []
    for width, theme in ((1280, "light"), (360, "light"), (360, "dark"), (1280, "dark")):
        shown_at(browser, width, theme)
        loaded(browser)
        browser.get(page.as_uri())
        asked = [url for url in loaded(browser) if url != page.as_uri()]
        browser.execute_script((AXE / "axe.min.js").read_text(encoding="utf-8"))
        barriers = browser.execute_async_script(BARRIERS)
        wide = browser.execute_script("return document.documentElement.scrollWidth")
        found += [f"{width} {theme}: {one}" for one in (*asked, *said(browser), *barriers)]
        found += [f"{width} {theme}: {wide} pixels wide"] if wide > width else []
    return found
