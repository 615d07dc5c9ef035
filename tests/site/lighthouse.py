"""Lighthouse over pages of the built book, as a telephone sees them.

``python -m tests.site.lighthouse FOLDER PAGE …`` prints a table of medians. With ``--stock FOLDER``
the same pages of another build are measured in turn with ours, so that both have the same machine.
With ``--least 100`` the status is 1 where a page of ours has less in a category.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from statistics import median

from tests.site.browsing import CHROMIUM
from tests.site.measure import pages_of
from tests.site.node import program, with_node
from tests.site.serving import served

CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
FIGURES = {"first-contentful-paint": "FCP ms", "largest-contentful-paint": "LCP ms",
           "total-blocking-time": "TBT ms", "cumulative-layout-shift": "CLS",
           "total-byte-weight": "bytes"}  # fmt: skip
FLAGS = "--headless=new --no-sandbox --disable-gpu"
ATTEMPTS = 3
"""How often a run is begun: on a busy machine a browser may show nothing in time."""


def looked_at(address: str, categories: tuple[str, ...]) -> dict[str, float]:
    """Scores and figures of one run, and the audits that were not passed."""
    command = [program("lighthouse"), address, "--output=json", "--quiet"]
    command += ["--disable-full-page-screenshot", f"--chrome-flags={FLAGS}"]
    command += [f"--only-categories={','.join(categories)}"]
    environment = with_node() | {"CHROME_PATH": CHROMIUM}
    for _ in range(ATTEMPTS):
        done = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8")
        if not done.returncode:
            break
    else:
        sys.exit(f"Lighthouse ended with status {done.returncode}: {done.stderr[-1000:]}")
    report = json.loads(done.stdout)
    found = {name: 100 * (report["categories"][name]["score"] or 0) for name in categories}
    for name, short in FIGURES.items():
        if name in report["audits"]:
            found[short] = report["audits"][name].get("numericValue", 0)
    found["failed"] = [
        audit["id"]
        for name in categories
        if name != "performance"
        for audit in map(
            report["audits"].get, (ref["id"] for ref in report["categories"][name]["auditRefs"])
        )
        if audit["score"] is not None and audit["score"] < 1
    ]
    return found


def medians(runs: list[dict]) -> str:
    names = [name for name in runs[0] if name != "failed"]
    values = (f"{name} {median(run[name] for run in runs):.4g}" for name in names)
    failed = sorted({name for run in runs for name in run["failed"]})
    return "  ".join([*values, *(["failed: " + " ".join(failed)] if failed else [])])


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("folder")
    options.add_argument("pages", nargs="*", help="such as book/index.html; none: all pages")
    options.add_argument("--runs", type=int, default=1)
    options.add_argument("--stock", help="another build of the same pages")
    options.add_argument("--categories", nargs="+", default=CATEGORIES)
    options.add_argument("--least", type=float, default=0, help="what each category must reach")
    asked = options.parse_args()
    below = 0
    folders = {"ours": asked.folder} | ({"stock": asked.stock} if asked.stock else {})
    for page in asked.pages or pages_of(Path(asked.folder)):
        runs: dict[str, list[dict]] = {name: [] for name in folders}
        for _ in range(asked.runs):
            for name, folder in folders.items():
                with served(folder) as address:
                    runs[name].append(looked_at(f"{address}/{page}", tuple(asked.categories)))
        for name, found in runs.items():
            print(f"{page:40} {name:6} {medians(found)}", flush=True)
        below += any(
            median(run[category] for run in runs["ours"]) < asked.least
            for category in asked.categories
        )
    if below:
        print(f"{below} pages have less than {asked.least:g} in a category")
    return int(below > 0)


if __name__ == "__main__":
    sys.exit(main())
