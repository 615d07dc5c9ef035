"""The microscope in Firefox, without a driver: the page tells the server what it finds."""

import pytest
from tests.book.explorables import write_site
from tests.site.firefox import FIREFOX, found_by

pytestmark = [
    pytest.mark.xdist_group("explorables"),
    pytest.mark.skipif(not FIREFOX, reason="SKIPPED: firefox is not installed"),
]
WALK = """<script>
const faults = [];
addEventListener("error", (event) => faults.push(String(event.message)));
addEventListener("unhandledrejection", (event) => faults.push(String(event.reason)));
const pause = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
const text = (selector) => document.querySelector(".explorable-live " + selector).textContent;
(async () => {
  while (!document.querySelector(".explorable-on")) await pause();
  await document.getElementById("microscope").explorable.touched();
  for (let k = 0; k < 12; k += 1) { document.querySelector(".step.next").click(); await pause(); }
  const found = {title: text(".step-title")};
  document.querySelector("[data-hit='w.0.0.1']").dispatchEvent(new MouseEvent("click"));
  await pause();
  Object.assign(found, {agreement: text(".agreement"), faults});
  const view = document.querySelector("input[value=matrices]");
  view.click();
  await pause();
  found.cells = document.querySelectorAll(".matrices .cell").length;
  await fetch("/found", {method: "POST", body: JSON.stringify(found)});
})();
</script>"""


def test_the_pass_is_walked_in_firefox(tmp_path):
    site = write_site(tmp_path / "site")
    page = site / "explorables/microscope.html"
    walked = page.read_text(encoding="utf-8").replace("</body>", f"{WALK}</body>")
    (site / "explorables/walk.html").write_text(walked, encoding="utf-8")
    found = found_by(site, "explorables/walk.html", tmp_path)
    assert found["title"].startswith("Every δ is known")
    assert "agree" in found["agreement"]
    assert found["cells"] == 2 + 4 + 8 + 3 + 2 + 6
    assert found["faults"] == []
