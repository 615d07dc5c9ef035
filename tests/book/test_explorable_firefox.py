"""The microscope in Firefox, without a driver: the page tells the server what it finds."""

import json
import queue
import shutil
import subprocess
import threading
from functools import partial
from http.server import ThreadingHTTPServer

import pytest
from tests.book.explorables import write_site
from tests.site.serving import Handler

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
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


class Listening(Handler):
    """A server of files that takes what a page has found."""

    found: "queue.Queue[dict]" = queue.Queue()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.found.put(json.loads(body))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()


def test_the_pass_is_walked_in_firefox(tmp_path):
    site = write_site(tmp_path / "site")
    page = site / "explorables/microscope.html"
    walked = page.read_text(encoding="utf-8").replace("</body>", f"{WALK}</body>")
    (site / "explorables/walk.html").write_text(walked, encoding="utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Listening, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/explorables/walk.html"
    (tmp_path / "profile").mkdir()
    browser = subprocess.Popen(
        [FIREFOX, "--headless", "--no-remote", "--profile", str(tmp_path / "profile"), address],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )
    try:
        found = Listening.found.get(timeout=180)
    finally:
        browser.terminate()
        browser.wait(30)
        server.shutdown()
        server.server_close()
    assert found["title"].startswith("Every δ is known")
    assert "agree" in found["agreement"]
    assert found["cells"] == 2 + 4 + 8 + 3 + 2 + 6
    assert found["faults"] == []
