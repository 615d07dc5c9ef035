"""A web server for a folder, which packs what it sends as those of the big hosts do."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

PACKED = {".html", ".css", ".js", ".svg", ".json", ".txt", ".inv", ".md", ".wasm"}
LEVEL = 6
"""Of gzip, as web servers have it."""


@lru_cache(4096)
def packed(path: Path, changed: float) -> bytes:
    return gzip.compress(path.read_bytes(), LEVEL)


class Handler(SimpleHTTPRequestHandler):
    """Sends files, packed where that helps, and says nothing."""

    protocol_version = "HTTP/1.1"
    more: ClassVar[dict[str, str]] = {}
    """Headers beyond the usual ones."""

    def end_headers(self) -> None:
        for name, value in self.more.items():
            self.send_header(name, value)
        super().end_headers()

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if path.is_dir():
            path /= "index.html"
        if path.suffix not in PACKED or not path.is_file():
            super().do_GET()
            return
        data = packed(path, path.stat().st_mtime)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(folder: Path, **headers: str) -> Iterator[str]:
    """The address of a folder, as long as the context lasts; ``A_b`` is the header ``A-b``."""
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    handler = type("HandlerWithHeaders", (Handler,), {"more": more})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
