"""What a move of the pointer costs in the figures that can be touched.

``python -m tests.site.moves`` drags a slider of each in a headless Chromium, 200 moves on a screen
of a desktop and of a telephone, and prints one table: milliseconds of script, style and layout per
move, and tasks of more than 50 ms in a trace. Words choose figures: ``… moves microscope``. Times
are those of the thread, and not of the clock, which other programs slow down. It is run by hand:
no test may depend on how fast a machine is.
"""

import itertools
import json
import math
import statistics
import sys
import tempfile
from pathlib import Path

from selenium.webdriver import Chrome

from tests.book.explorables import Page, write_site
from tests.site.browsing import chromium, command, shown_at
from tests.site.serving import served

MOVES = 200
SLIDERS = {
    "microscope": ("see=w.1.0.0&step=13", ".inspector input[type=range]"),
    "shapes": ("view=both", ".size-row label:nth-child(4) input"),
}
"""For each figure a situation, and the slider in it that is dragged."""

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


def drag(page: Page, selector: str) -> list[float]:
    """What each move of a drag to and fro costs; one that changes nothing is none."""
    box = page.driver.execute_script(
        "const e = document.querySelector(arguments[0]); e.scrollIntoView({block: 'center'});"
        "const b = e.getBoundingClientRect(); performance.mark(arguments[1]);"
        "return [b.left, b.top + b.height / 2, b.width]",
        *(f".explorable-live {selector}", MARK),
    )
    left, y, width = box
    mouse(page.driver, "mousePressed", left + width / 2, y)
    costs: list[float] = []
    for k in itertools.count():
        if len(costs) == MOVES:
            break
        before, drawings = spent(page)
        mouse(page.driver, "mouseMoved", left + width * (0.5 + 0.45 * math.sin(k / 3)), y)
        page.settle()
        after, more = spent(page)
        costs += [after - before] if more > drawings else []
    mouse(page.driver, "mouseReleased", left + width / 2, y)
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


def measure(driver: Chrome, address: str, name: str, width: int) -> tuple[list[float], list[float]]:
    state, selector = SLIDERS[name]
    page = Page(driver, address, name)
    shown_at(driver, width)
    command(driver, "Performance.enable", timeDomain="threadTicks")
    page.visit(state)
    driver.get_log("performance")
    costs = drag(page, selector)
    driver.get("about:blank")  # what is traced comes when a page is left
    return costs, long_tasks(driver)


def main(*wanted: str) -> None:
    print(f"{'figure':16}{'screen':12}{'median ms':>10}{'longest ms':>12}{'tasks > 50 ms':>15}")
    with (
        tempfile.TemporaryDirectory() as folder,
        served(write_site(Path(folder) / "site")) as address,
        chromium(trace=CATEGORIES) as driver,
    ):
        for name in wanted or SLIDERS:
            for screen, width in WIDTHS.items():
                costs, long = measure(driver, address, name, width)
                middle, most = statistics.median(costs), max(costs)
                print(
                    f"{name:16}{screen:12}{middle:>10.1f}{most:>12.1f}{len(long):>15}", flush=True
                )


if __name__ == "__main__":
    main(*sys.argv[1:])
