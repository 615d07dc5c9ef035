"""Hold every page of the built book to what a reader on a telephone can ask for.

``python -m tests.site.measure build/textbook/_build/html`` opens each page in a headless Chromium,
served packed and with an empty cache, and prints one table. A page over a limit is named below it,
and the exit status is 1. Words after the folder choose pages: those with one in their names.
"""

import gzip
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from selenium.webdriver import Chrome

from tests.site.browsing import chromium, loaded, said, shown_at
from tests.site.serving import LEVEL, served

LIMITS = {"kB": 200, "requests": 35, "foreign": 0, "console": 0, "blocking": 0,
          "untypeset": 0, "shift": 0.02, "light": 0, "dark": 0, "cut": 0}  # fmt: skip
"""Highest values of what is measured: kB are those over the wire, without the drawings in the page;
shift is the cumulative layout shift; light and dark are barriers that axe-core finds."""

AXE = Path(__file__).with_name("axe")
"""axe-core 4.14.1 (MPL-2.0), as npm has it: what PyPI has comes with a browser's driver of 45 MB,
or is four years old. A test compares it with its checksums."""

DESKTOP, PHONES = 1280, (320, 360)
DRAWING = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
SETTLED = """
    const done = arguments[0];
    document.fonts.ready.then(() => requestAnimationFrame(() => requestAnimationFrame(done)));
"""
UNTYPESET = """
    return [...document.querySelectorAll('.math')].filter(e => !e.querySelector('.katex')).length
        + document.querySelectorAll('.katex-error').length;
"""
BLOCKING = """
    const blocks = e => e.initiatorType === 'script' && e.renderBlockingStatus === 'blocking';
    return performance.getEntriesByType('resource').filter(blocks).map(e => e.name);
"""
BARRIERS = """
    const [theme, done] = arguments;
    document.documentElement.dataset.theme = theme;
    requestAnimationFrame(() => Promise.allSettled(document.getAnimations().map(a => a.finished))
        .then(() => axe.run(document, {resultTypes: ['violations']}))
        .then(found => done(found.violations.flatMap(
            rule => rule.nodes.map(node => `${rule.id} ${node.target}`)))));
"""
CUT = """
    const width = arguments[0];
    document.querySelectorAll('details').forEach(e => { e.open = true; });
    const scrolls = e => /auto|scroll/.test(getComputedStyle(e).overflowX);
    const hides = e => /hidden|clip/.test(getComputedStyle(e).overflowX);
    const tiny = e => e.clientWidth <= 1 || getComputedStyle(e).position === 'fixed';
    const inside = (e, test) => {
        for (; e && e !== document.body; e = e.parentElement) if (test(e)) return true;
        return false;
    };
    const name = e => e.tagName.toLowerCase() + '.' + (e.getAttribute('class') || '')
        + ' ' + e.textContent.trim().slice(0, 40);
    const found = [];
    for (const e of document.querySelectorAll('main *')) {
        if (e.closest('svg') || e.closest('.katex-mathml') || tiny(e)) continue;
        const right = e.getBoundingClientRect().right;
        if (hides(e) && e.scrollWidth > e.clientWidth + 1) found.push(name(e));
        else if (right > width + 1 && !inside(e, x => scrolls(x) || hides(x) || tiny(x)))
            found.push(name(e));
    }
    if (document.documentElement.scrollWidth > width) found.push('the page itself');
    return found;
"""


@dataclass
class Measured:
    """What was measured of a page, and what was found there."""

    page: str
    values: dict[str, float] = field(default_factory=dict)
    found: dict[str, list[str]] = field(default_factory=dict)

    def note(self, name: str, found: list[str]) -> None:
        self.values[name], self.found[name] = len(found), found

    def faults(self) -> Iterator[str]:
        for name, limit in LIMITS.items():
            if self.values[name] > limit:
                details = "; ".join(sorted(set(self.found.get(name, [])))[:8])
                yield f"{self.page}: {name} {self.values[name]:g} > {limit:g}  {details}".rstrip()


def pages_of(folder: Path) -> list[str]:
    """All pages; the one that only leads to the first is none."""
    pages = [page.relative_to(folder) for page in folder.rglob("*.html")]
    return sorted(str(p) for p in pages if "_static" not in p.parts and str(p) != "index.html")


def drawings(page: Path) -> int:
    """How many bytes the drawings of a page add to it, packed."""
    text = page.read_text(encoding="utf-8")
    whole, rest = text, DRAWING.sub("", text)
    return len(gzip.compress(whole.encode(), LEVEL)) - len(gzip.compress(rest.encode(), LEVEL))


def measure(driver: Chrome, folder: Path, address: str, page: str) -> Measured:
    measured = Measured(page)
    said(driver), loaded(driver)
    shown_at(driver, DESKTOP)
    driver.get(f"{address}/{page}")
    driver.execute_async_script(SETTLED)
    requests = {url: size for url, size in loaded(driver).items() if "favicon" not in url}
    measured.values["kB"] = (sum(requests.values()) - drawings(folder / page)) / 1000
    measured.values["requests"] = len(requests)
    measured.note("foreign", [url for url in requests if not url.startswith(address)])
    measured.note("console", said(driver))
    measured.note("blocking", driver.execute_script(BLOCKING))
    measured.values["untypeset"] = driver.execute_script(UNTYPESET)
    driver.execute_script((AXE / "axe.min.js").read_text(encoding="utf-8"))
    for theme in ("light", "dark"):
        measured.note(theme, driver.execute_async_script(BARRIERS, theme))
    measured.values["shift"] = sum(driver.execute_script("return window.shifts"))
    cut = []
    for width in PHONES:
        shown_at(driver, width)
        driver.execute_async_script(SETTLED)
        cut += [f"{width}: {what}" for what in driver.execute_script(CUT, width)]
    measured.note("cut", cut)
    return measured


def row(name: str, cells: Iterable[str]) -> str:
    return f"{name:44}" + "".join(f"{cell:>10}" for cell in cells)


def main(folder: str, *wanted: str) -> int:
    site = Path(folder)
    pages = [page for page in pages_of(site) if not wanted or any(word in page for word in wanted)]
    faults: list[str] = []
    print(row("page", LIMITS), flush=True)
    with served(site) as address, chromium() as driver:
        for page in pages:
            measured = measure(driver, site, address, page)
            print(row(page, (f"{measured.values[name]:.3g}" for name in LIMITS)), flush=True)
            faults += measured.faults()
    print(*faults, f"{len(pages)} pages, {len(faults)} values over their limits", sep="\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
