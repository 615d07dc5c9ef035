"""Every listing that runs in its page gives there what the build gave, in both editions."""

import math
import re

import pytest

pytest.importorskip("selenium.webdriver")
from book._ext.live.listings import CHAPTERS
from tests.book.live_browser import long_script
from tests.book.live_pages import needs_assets, needs_browser
from tests.site.browsing import ONLY_THIS_MACHINE, chromium
from tests.site.serving import served

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("live"), needs_assets, needs_browser]

SHOWN = """
    const pres = place => [...place.querySelectorAll(":scope > .cell_output pre")];
    return [...document.querySelectorAll(".live-listing")].map(place => ({
        name: place.id,
        source: place.querySelector(".cell_input pre").textContent,
        output: pres(place).map(pre => pre.textContent).join(""),
        draws: Boolean(place.querySelector(":scope > .cell_output svg")),
    }));
"""
RUN = """
    const [cells, done] = arguments, heard = [];
    const {live, python, archive} = document.querySelector("script[data-archive]").dataset;
    const absolute = path => new URL(path, location.href).href;
    import(absolute(live + "python.js")).then(({Python}) => {
        const about = {base: absolute(python), archives: [absolute(archive)]};
        return new Python(about, () => {}).run({
            cells, seconds: 300, on: message => heard.push(message)});
    }).then(() => done(heard), error => done(String(error)));
"""
NUMBER = re.compile(r"[-−+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?")
BY_ROUNDING = {
    ("numerical", "float32"): "how far two roundings in single precision are apart",
    ("debugging", "worst entry"): "which of six equal ratios is worst, rounding decides",
    ("units_to_layer", "worst entry"): "which of six differences is largest, rounding decides",
    ("schedules", "constant 0.6"): "steps that are too long run away, and rounding with them",
}
"""Pages and words of an output in which the last digits are all that is shown, with the reason."""
NOT_DRAWN = "The page cannot draw this figure again; it stays as the book has it."


def pages(built):
    found = [
        path for chapter in CHAPTERS for path in (built.html / "book" / chapter).glob("*.html")
    ]
    return sorted(p for p in found if "live-listing" in p.read_text(encoding="utf-8"))


def said(messages):
    """What each cell printed, showed, and was stopped by."""
    texts = {}
    for message in messages:
        if message["kind"] == "output":
            texts[message["name"]] = texts.get(message["name"], "") + message["text"]
        elif message.get("error"):
            texts[message["name"]] = f"stopped: {message['error']['text']}"
    return texts


def same(built, found):
    """Whether two texts are equal but for the last digits of their numbers."""
    ours, theirs = (NUMBER.findall(text) for text in (built, found))
    words = [NUMBER.sub("#", text).split() for text in (built, found)]
    return words[0] == words[1] and all(map(close, ours, theirs))  # words: as many numbers


def close(one, other):
    a, b = (float(text.replace("−", "-")) for text in (one, other))
    return math.isclose(a, b, rel_tol=1e-12, abs_tol=1e-12)


def by_rounding(page, found):
    return any(page.stem == stem and word in found for stem, word in BY_ROUNDING)


@pytest.mark.parametrize("edition", ["textbook", "course"])
def test_every_live_listing_gives_what_the_build_gave(editions, edition):
    built, different, count = editions[edition], {}, 0
    with served(built.html) as address, chromium(ONLY_THIS_MACHINE) as driver:
        for page in pages(built):
            driver.get(f"{address}/{page.relative_to(built.html)}")
            listings = driver.execute_script(SHOWN)
            heard = long_script(driver, RUN, listings)
            assert isinstance(heard, list), f"{page}: {heard}"
            texts = said(heard)
            count += len(listings)
            for listing in listings:
                found = texts.get(listing["name"], "").replace(NOT_DRAWN, "")
                if not same(listing["output"], found) and not by_rounding(page, found):
                    different[page.stem, listing["name"]] = listing["output"], found
    assert different == {}
    assert count > {"textbook": 350, "course": 100}[edition]
