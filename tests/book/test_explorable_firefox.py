"""Explorables in Firefox, without a driver: the page tells the server what it finds."""

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
const press = (node, key) => node.dispatchEvent(new KeyboardEvent("keydown", {{key}}));
(async () => {{
  while (!document.querySelector(".explorable-on")) await pause();
  const frame = document.getElementById("{name}").explorable;
  await frame.touched();
  const found = {{}};
  {steps}
  await fetch("/found", {{method: "POST", body: JSON.stringify({{...found, faults}})}});
}})();
</script>"""
STEPS = {
    "microscope": """
  for (let k = 0; k < 12; k += 1) { document.querySelector(".step.next").click(); await pause(); }
  found.title = text(".step-title");
  document.querySelector("[data-hit='w.0.0.1']").dispatchEvent(new MouseEvent("click"));
  await pause();
  found.agreement = text(".agreement");
  document.querySelector("input[value=matrices]").click();
  await pause();
  found.cells = document.querySelectorAll(".matrices .cell").length;
""",
    "valley": """
  document.querySelector("input[value=momentum]").click();
  await pause();
  for (let k = 0; k < 5; k += 1) press(document.querySelector(".grip.steep"), "ArrowRight");
  await pause();
  Object.assign(found, {eta: frame.state.eta, rate: text("[data-of='rate']")});
  found.paths = document.querySelectorAll(".landscape .trail.main").length;
""",
    "race": """
  document.querySelector("input[value=best]").click();
  do await pause(); while (frame.busy());
  await pause();
  found.rates = [...document.querySelectorAll("[data-of^=eta]")].map((e) => e.textContent);
  press(document.querySelector(".grip.ring"), "ArrowUp");
  await pause();
  found.from = frame.state.from;
""",
    "shapes": """
  document.querySelector(".line-list").open = true;
  await pause();
  document.querySelectorAll(".lines button")[1].click();
  await pause();
  found.stops = text(".told");
  const range = document.querySelector(".size-row input");
  range.value = 3;
  range.dispatchEvent(new Event("input", {bubbles: true}));
  await pause();
  found.runs = text(".told");
  press(document.querySelector(".place[tabindex='0']"), "ArrowDown");
  await pause();
  found.at = frame.state.at;
  found.cells = document.querySelectorAll(".equation .cell").length;
""",
    "zoom": """
  press(document.querySelector("[aria-label^='x, the']"), "ArrowRight");
  await pause();
  document.querySelector(".sizes button").click();
  await pause();
  Object.assign(found, {x: frame.state.x, half: frame.state.half});
  found.verdict = text(".workings .verdict");
  document.querySelector("input[value=products]").click();
  await pause();
  found.agreement = text(".agreement");
""",
    "nudge": """
  press(document.querySelector("[aria-label='Move u alone']"), "ArrowRight");
  await pause();
  Object.assign(found, {moved: frame.state.moved, ratio: text("[data-of=ratio]")});
""",
}
"""What is done in each explorable, and noted."""


def walked(folder, name):
    """What an explorable finds when its steps are made in Firefox."""
    site = write_site(folder / "site")
    page = (site / f"explorables/{name}.html").read_text(encoding="utf-8")
    script = WALK.format(name=name, steps=STEPS[name])
    walk = site / "explorables/walk.html"
    walk.write_text(page.replace("</body>", f"{script}</body>"), encoding="utf-8")
    found = found_by(site, "explorables/walk.html", folder)
    assert found["faults"] == []
    return found


def test_the_pass_is_walked_in_firefox(tmp_path):
    found = walked(tmp_path, "microscope")
    assert found["title"].startswith("Every δ is known")
    assert "agree" in found["agreement"]
    assert found["cells"] == 2 + 4 + 8 + 3 + 2 + 6


def test_the_valley_is_touched_in_firefox(tmp_path):
    found = walked(tmp_path, "valley")
    assert found["eta"] == pytest.approx(0.09 + 5 * 0.02 / 20)
    assert found["rate"] == "0.8944"
    assert found["paths"] == 1


def test_the_race_is_run_in_firefox(tmp_path):
    found = walked(tmp_path, "race")
    assert found["rates"] == ["0.0681", "0.0068", "0.0464", "2.2", "0.0681", "0.3162", "1.5"]
    assert found["from"] == pytest.approx([-4, 1.05])


def test_a_shape_error_that_runs_is_made_in_firefox(tmp_path):
    found = walked(tmp_path, "shapes")
    assert found["stops"].startswith("NumPy stops: the inner sizes of @ differ: n₂ = 3 and M = 5")
    assert found["runs"].startswith("It runs, has the right shape, and is wrong")
    assert found["at"] == [1, 0]
    assert found["cells"] == 3 * 3 + 3 * 6 + 3 * 6 + 3 * 6


def test_the_square_is_moved_and_halved_in_firefox(tmp_path):
    found = walked(tmp_path, "zoom")
    assert found["x"] == pytest.approx([2.05, 1])
    assert found["half"] == 0.25
    assert found["verdict"].endswith("this is J.")
    assert "agree" in found["agreement"]


def test_a_number_on_the_way_is_moved_in_firefox(tmp_path):
    found = walked(tmp_path, "nudge")
    assert (found["moved"], found["ratio"]) == ("0", "3.0000")
