"""How long Python in a page takes to its first result, beside bare Pyodide with NumPy.

``python -m tests.book.live_timing`` starts a browser with an empty cache for each, then opens the
page again with what the browser has kept, and prints seconds, bytes over the wire and the load of
the machine. Only the ratio within one run says something: machines are busy.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from statistics import median
from threading import Thread

from book._ext.live import python_folder
from selenium.webdriver import Chrome
from tests.book.live_browser import SECONDS
from tests.book.live_chapter import chapter_site
from tests.book.live_pages import ASSETS
from tests.site.browsing import ONLY_THIS_MACHINE, chromium, command
from tests.site.serving import Handler

BARE = """\
<!doctype html><title>Bare</title><script type="module">
const base = new URL("live/{python}/", location.href).href;
window.begin = async () => {{
  const {{ loadPyodide }} = await import(base + "pyodide.js");
  const python = await loadPyodide({{ indexURL: base }});
  const numpy = await (await fetch(base + "numpy.zip")).arrayBuffer();
  const extractDir = python.runPython("import site; site.getsitepackages()[0]");
  python.unpackArchive(numpy, "zip", {{ extractDir }});
  window.result = python.runPython("import numpy as np; str(np.arange(3.0))");
}};
</script>
"""
"""What nobody can do without: Pyodide and NumPy, in the page itself."""
KINDS = {
    "bare": ("bare.html", "window.begin()", "return window.result"),
    "listing": (
        "page.html",
        "document.querySelector('.live-run button').click()",
        "return document.querySelector('#live-first .live-output pre')?.textContent",
    ),
    "check": (
        "ps0.html",
        "document.querySelector('.live-begin').click()",
        "const told = document.querySelector('#live-ps0-twice .live-told');"
        "if (!window.pressed && told) {"
        "  window.pressed = true;"
        "  document.querySelector('#live-ps0-twice .live-main').click(); }"
        "return told?.textContent.startsWith('Not yet')",
    ),
}
"""A page, what begins, and what is true when the first result is there."""


class Counting(Handler):
    """Counts what it sends; browsers may keep it."""

    sent = 0

    def send_header(self, name: str, value: str) -> None:
        super().send_header(name, value)
        if name == "Content-Length":
            Counting.sent += int(value)

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "max-age=3600")
        super().end_headers()


@contextmanager
def counted(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Counting, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def first_result(driver: Chrome, address: str, kind: str) -> tuple[float, float]:
    """Seconds from the press of the button to the result, and megabytes that came for it."""
    page, begin, there = KINDS[kind]
    driver.get(f"{address}/some/course/{page}")
    Counting.sent, start = 0, time.monotonic()
    driver.execute_script(begin)
    while not driver.execute_script(there):
        if time.monotonic() - start > SECONDS:
            raise AssertionError(f"{kind}: no result in {SECONDS} s")
        time.sleep(0.02)
    return time.monotonic() - start, Counting.sent / 1e6


def measure(address: str, kind: str) -> dict[str, tuple[float, float]]:
    """The first result from an empty cache, and from what the browser kept."""
    with chromium(ONLY_THIS_MACHINE) as driver:
        command(driver, "Network.setCacheDisabled", cacheDisabled=False)
        cold = first_result(driver, address, kind)
        driver.execute_script("localStorage.clear()")
        return {"cold": cold, "warm": first_result(driver, address, kind)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        below = chapter_site(Path(folder), ["ps0"])
        bare = BARE.format(python=python_folder(ASSETS))
        (below / "bare.html").write_text(bare, encoding="utf-8")
        with counted(Path(folder)) as address:
            found = [{kind: measure(address, kind) for kind in KINDS} for _ in range(rounds)]
    print(f"load {os.getloadavg()[0]:.1f}, median of {rounds}")
    for state in ("cold", "warm"):
        bare = median(one["bare"][state][0] for one in found)
        for kind in KINDS:
            seconds = median(one[kind][state][0] for one in found)
            megabytes = max(one[kind][state][1] for one in found)
            print(f"{state} {kind:8} {seconds:6.1f} s {seconds / bare:5.2f} {megabytes:6.2f} MB")


if __name__ == "__main__":
    main()
