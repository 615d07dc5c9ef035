"""Problem set 0 and a listing of a chapter in Firefox: written, checked, run."""

import pytest
from tests.book.live_chapter import chapter_site
from tests.book.live_pages import needs_assets
from tests.site.firefox import FIREFOX, found_by

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("live"),
    needs_assets,
    pytest.mark.skipif(not FIREFOX, reason="SKIPPED: firefox is not installed"),
]
WALK = """<script type="module">
const faults = [];
addEventListener("error", (event) => faults.push(String(event.message)));
addEventListener("unhandledrejection", (event) => faults.push(String(event.reason)));
const until = async (holds) => {
  while (!holds()) await new Promise((done) => setTimeout(done, 100));
};
const text = (selector) => document.querySelector(selector)?.textContent ?? "";
const press = (selector, label) => [...document.querySelectorAll(`${selector} button`)]
  .find((button) => button.textContent === label).click();
try { %s } catch (error) { faults.push(String(error)); }
await fetch("/found", {method: "POST", body: JSON.stringify({...window.found, faults})});
</script>"""
PROBLEM_SET = """
  const cell = "#live-ps0-twice";
  localStorage.setItem("live /some/course/live/ ps0 text ps0-twice",
    "def twice(x):\\n    return 2 * np.asarray(x)\\n");
  document.querySelector(".live-begin").click();
  await until(() => document.querySelector(`${cell} .cm-editor`));
  press(cell, "Check");
  await until(() => text(`${cell} .live-told`).startsWith("The check"));
  window.found = {told: text(`${cell} .live-told`), state: text(`${cell} .live-state`)};
"""
LISTING = """
  document.querySelectorAll(".live-run button")[2].click();
  await until(() => text("#live-last .live-told").endsWith("It ran."));
  window.found = {output: text("#live-last .live-output")};
"""


def walked(tmp_path, page, walk):
    below = chapter_site(tmp_path / "site", ["ps0"])
    file = below / page
    whole = file.read_text(encoding="utf-8").replace("</body>", f"{WALK % walk}</body>")
    file.write_text(whole, encoding="utf-8")
    return found_by(tmp_path / "site", f"some/course/{page}", tmp_path)


def test_an_exercise_is_checked_in_firefox(tmp_path):
    found = walked(tmp_path, "ps0.html", PROBLEM_SET)
    assert found == {"told": "The check passes.", "state": "✓ complete", "faults": []}


def test_a_listing_runs_in_firefox(tmp_path):
    found = walked(tmp_path, "page.html", LISTING)
    assert found == {"output": "array([0.5  , 0.731, 0.881])", "faults": []}
