"""Some pages of the book, and a page of faults, are held to the limits of all pages."""

import hashlib

import pytest
from tests.site.browsing import CHROMIUM, DRIVER, chromium
from tests.site.measure import AXE, LIMITS, measure, pages_of
from tests.site.serving import served

pytestmark = pytest.mark.xdist_group("book")
needs_browser = pytest.mark.skipif(
    not (CHROMIUM and DRIVER), reason="SKIPPED: chromium and chromedriver are not installed"
)
PAGES = ["book/index.html", "book/matrix_backprop/losses.html", "book/sources/optimizers.html",
         "book/chain_rule/whole_pass.html", "book/developing/api/networks.html",
         "autograder/problem_sets/ps1.html"]  # fmt: skip

FAULTS = """<!DOCTYPE html><html><head><title>x</title>
<script src="slow.js"></script></head><body>
<script src="http://elsewhere.invalid/x.js" async></script>
<script>console.log("a note")</script>
<main><img src="x.png"><span class="math">\\(x\\)</span>
<div style="overflow: hidden; width: 200px"><p style="width: 900px">cut off</p></div>
<div style="width: 900px">wider than a telephone</div>
<p id="moved">text</p></main>
<script>
    requestAnimationFrame(() => requestAnimationFrame(() => {
        const block = document.createElement('div');
        block.style.height = '400px';
        document.body.prepend(block);
    }));
</script>
</body></html>"""


def test_axe_is_what_its_authors_published():
    for line in (AXE / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        digest, name = line.split()
        assert hashlib.sha256((AXE / name).read_bytes()).hexdigest() == digest, name


@pytest.mark.slow
@needs_browser
def test_pages_of_the_book_are_within_the_limits(editions):
    html = editions["textbook"].html
    assert set(PAGES) <= set(pages_of(html))
    with served(html) as address, chromium() as driver:
        faults = [
            fault for page in PAGES for fault in measure(driver, html, address, page).faults()
        ]
    assert not faults, "\n".join(faults)


@pytest.mark.slow
@needs_browser
def test_a_page_of_faults_is_over_them(tmp_path):
    (tmp_path / "book").mkdir()
    (tmp_path / "book/x.html").write_text(FAULTS, encoding="utf-8")
    (tmp_path / "book/slow.js").write_text("/* x */", encoding="utf-8")
    with served(tmp_path) as address, chromium() as driver:
        measured = measure(driver, tmp_path, address, "book/x.html")
    over = {name for name in LIMITS if measured.values[name] > LIMITS[name]}
    assert over == set(LIMITS) - {"kB", "requests"}
    assert any("320: div." in what for what in measured.found["cut"])
    assert measured.values["kB"] < 2
