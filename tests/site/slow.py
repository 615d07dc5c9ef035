"""When a page can be read on a slow telephone, with its formulas.

``python -m tests.site.slow FOLDER PAGE …`` opens each page with an empty cache, on a screen of 360
pixels, over a line of 1.6 Mbit/s with 150 ms, and says when something is seen, when the formulas
are typeset, and when their fonts are there. ``--stock FOLDER`` does the same with another build.
"""

import argparse
import sys
from statistics import median

from selenium.webdriver import Chrome

from tests.site.browsing import chromium, command, loaded, shown_at
from tests.site.serving import served

PHONE = 360
LATENCY, BYTES_PER_SECOND = 150, 1_600_000 // 8
NOTE_FORMULAS = """
    window.typeset = null;
    const look = () => {
        const typeset = document.querySelector('.katex-html, mjx-container mjx-math');
        if (typeset) window.typeset = performance.now(); else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
"""
ALL_THERE = """
    const done = arguments[0];
    const wait = () => {
        if (window.typeset === null && performance.now() < 30000) return setTimeout(wait, 50);
        document.fonts.ready.then(() => {
            const paints = performance.getEntriesByName('first-contentful-paint');
            done([paints[0]?.startTime ?? 0, window.typeset ?? 0, performance.now()]);
        });
    };
    wait();
"""
COLUMNS = ("first paint", "formulas", "with fonts", "kB", "requests")


def opened(driver: Chrome, address: str) -> list[float]:
    loaded(driver)
    driver.get("about:blank")
    command(driver, "Network.emulateNetworkConditions", offline=False, latency=LATENCY,
            downloadThroughput=BYTES_PER_SECOND, uploadThroughput=BYTES_PER_SECOND)  # fmt: skip
    loaded(driver)
    driver.get(address)
    paint, typeset, fonts = driver.execute_async_script(ALL_THERE)
    sizes = loaded(driver)
    return [
        paint / 1000,
        max(paint, typeset) / 1000,
        fonts / 1000,
        sum(sizes.values()) / 1000,
        len(sizes),
    ]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("folder")
    options.add_argument("pages", nargs="+")
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--stock", help="another build of the same pages")
    asked = options.parse_args()
    folders = {"ours": asked.folder} | ({"stock": asked.stock} if asked.stock else {})
    print(f"{'page':40} {'':6}" + "".join(f"{column:>12}" for column in COLUMNS))
    with chromium() as driver:
        command(driver, "Page.addScriptToEvaluateOnNewDocument", source=NOTE_FORMULAS)
        shown_at(driver, PHONE)
        for page in asked.pages:
            runs: dict[str, list[list[float]]] = {name: [] for name in folders}
            for _ in range(asked.runs):
                for name, folder in folders.items():
                    with served(folder) as address:
                        runs[name].append(opened(driver, f"{address}/{page}"))
            for name, found in runs.items():
                values = (median(column) for column in zip(*found, strict=True))
                cells = "".join(f"{value:12.4g}" for value in values)
                print(f"{page:40} {name:6}{cells}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
