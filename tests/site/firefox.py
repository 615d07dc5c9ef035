"""Firefox without a driver: a page tells the server what it finds."""

import json
import queue
import shutil
import subprocess
import threading
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path

from tests.site.serving import Handler

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
SECONDS = 300
"""How long a page may take on a machine that is busy with other things."""


class Listening(Handler):
    """A server of files that takes what a page has found."""

    found: "queue.Queue[dict]" = queue.Queue()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.found.put(json.loads(body))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()


def found_by(folder: Path, page: str, home: Path) -> dict:
    """Open a page of a folder; what it sends to ``/found``. Firefox writes into ``home`` only."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Listening, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/{page}"
    (home / "profile").mkdir()
    browser = subprocess.Popen(
        [FIREFOX, "--headless", "--no-remote", "--profile", str(home / "profile"), address],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={"HOME": str(home), "PATH": "/usr/bin:/bin"},
    )
    try:
        return Listening.found.get(timeout=SECONDS)
    finally:
        browser.terminate()
        browser.wait(30)
        server.shutdown()
        server.server_close()
