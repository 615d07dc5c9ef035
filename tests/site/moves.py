"""What a move of the pointer costs in the figures that can be touched.

``python -m tests.site.moves`` drags in each what can be dragged, in a headless Chromium, 200 moves
on a screen of a desktop and of a telephone, and prints one table: milliseconds of script, style and
layout per move, and tasks of more than 50 ms in a trace. Words choose figures: ``… moves race``.
Times are those of the thread, and not of the clock, which other programs slow down. It is run by
hand: no test may depend on how fast a machine is.
"""

import itertools
import json
import math
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from selenium.webdriver import Chrome

from tests.book.explorables import Page, write_site
from tests.site.browsing import chromium, command, shown_at
from tests.site.serving import served

MOVES = 200


@dataclass(frozen=True)
class Drag:
    """A slider or a handle that is dragged, in a situation of a figure."""

    name: str
    situation: str
    what: str
    selector: str


DRAGS = [
    Drag("microscope", "see=w.1.0.0&step=13", "weight", ".inspector input[type=range]"),
    Drag("zoom", "map=softmax", "x", "[aria-label^='x, the middle']"),
    Drag("zoom", "view=products&map=softmax", "v", "[aria-label^='v, a direction']"),
    Drag("nudge", "example=wave&d=1", "x", "[aria-label='Move x']"),
    Drag("shapes", "view=both", "size", ".size-row label:nth-child(4) input"),
    Drag("valley", "method=momentum&all=1&steps=150", "start", ".grip.ring"),
    Drag("valley", "method=nesterov&all=1&steps=150", "η and α", ".grip.steep"),
    Drag("race", "land=turned&steps=100", "start", ".grip.ring"),
    Drag("race", "land=xor&steps=200", "η", ".sliders input[type=range]"),
    Drag("race", "land=turned&mode=best&steps=100", "start, best η", ".grip.ring"),
]
"""The heaviest of each figure: all paths, all steps."""

REACH = 60
"""Pixels to each side by which a handle is dragged; of a slider it is nearly all of its way."""

WIDTHS = {"desktop": 1000, "telephone": 360}
PARTS = ("ScriptDuration", "RecalcStyleDuration", "LayoutDuration")
LONG = 50_000
"""Microseconds of a task that keeps a reader waiting."""

CATEGORIES = "toplevel,blink.user_timing"
MARK, TASK = "drag", "RunTask"


def spent(page: Page) -> tuple[float, int]:
    """Milliseconds of script, style and layout since the page was opened, and drawings."""
    found = command(page.driver, "Performance.getMetrics")["metrics"]
    metrics = {one["name"]: one["value"] for one in found}
    return 1000 * sum(metrics[part] for part in PARTS), page.run("return frame.painter.count")


GRIP = """
    const [selector, mark, reach] = arguments;
    const grip = [...document.querySelectorAll(`.explorable-live ${selector}`)]
        .find((node) => node.checkVisibility());
    grip.scrollIntoView({block: "center"});
    const {left, top, width, height} = grip.getBoundingClientRect();
    performance.mark(mark);
    const far = grip.matches("input") ? 0.45 * width : reach;
    return [left + width / 2, top + height / 2, far];
"""


def drag(page: Page, selector: str) -> list[float]:
    """What each move of a drag to and fro costs; one that changes nothing is none."""
    x, y, reach = page.driver.execute_script(GRIP, selector, MARK, REACH)
    mouse(page.driver, "mousePressed", x, y)
    costs: list[float] = []
    for k in itertools.count():
        if len(costs) == MOVES:
            break
        before, drawings = spent(page)
        mouse(page.driver, "mouseMoved", x + reach * math.sin(k / 3), y)
        page.settle()
        after, more = spent(page)
        costs += [after - before] if more > drawings else []
    mouse(page.driver, "mouseReleased", x, y)
    return costs


def mouse(driver: Chrome, kind: str, x: float, y: float) -> None:
    command(driver, "Input.dispatchMouseEvent", type=kind, x=x, y=y,
            button="left", buttons=1, clickCount=int(kind != "mouseMoved"))  # fmt: skip


def long_tasks(driver: Chrome) -> list[float]:
    """Milliseconds of the long tasks of the page's own thread since the drag began."""
    messages = (json.loads(entry["message"])["message"] for entry in driver.get_log("performance"))
    events = [one["params"] for one in messages if one["method"] == "Tracing.dataCollected"]
    (mark,) = (event for event in events if event["name"] == MARK)
    tasks = [e for e in events if e["name"].endswith(TASK) and e["tid"] == mark["tid"]
             and e["pid"] == mark["pid"] and e["ts"] > mark["ts"]]  # fmt: skip
    if len(tasks) < MOVES:
        raise RuntimeError(f"the trace has {len(tasks)} tasks for {MOVES} moves; expected are more")
    lengths = [event.get("tdur", event.get("dur", 0)) for event in tasks]
    return [length / 1000 for length in lengths if length > LONG]


def measure(
    driver: Chrome, address: str, asked: Drag, width: int
) -> tuple[list[float], list[float]]:
    page = Page(driver, address, asked.name)
    shown_at(driver, width)
    command(driver, "Performance.enable", timeDomain="threadTicks")
    page.visit(asked.situation)
    driver.get_log("performance")
    costs = drag(page, asked.selector)
    driver.get("about:blank")  # what is traced comes when a page is left
    return costs, long_tasks(driver)


def main(*wanted: str) -> None:
    titles = f"{'median ms':>10}{'longest ms':>12}{'tasks > 50 ms':>15}"
    print(f"{'figure':12}{'dragged':15}{'screen':12}{titles}")
    with (
        tempfile.TemporaryDirectory() as folder,
        served(write_site(Path(folder) / "site")) as address,
        chromium(trace=CATEGORIES) as driver,
    ):
        for asked in DRAGS:
            if wanted and asked.name not in wanted:
                continue
            for screen, width in WIDTHS.items():
                costs, long = measure(driver, address, asked, width)
                numbers = f"{statistics.median(costs):>10.1f}{max(costs):>12.1f}{len(long):>15}"
                print(f"{asked.name:12}{asked.what:15}{screen:12}{numbers}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
