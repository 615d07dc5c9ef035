"""Build the site that is published: ``build_site.py FOLDER``, for any web server.

The textbook edition lies at the top, the course edition in ``course/``, and each links within
itself only, so the folder may lie at any address. What gets smaller lies there packed as well, with
``.gz`` and ``.br`` behind its name. Beside the folder, ``FOLDER-notebooks`` is what a branch for
Binder and Colab holds: the notebooks, the package, and what to install.
"""

import gzip
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import brotli
import build_book
import yaml
from progress import Progress, run

sys.path.insert(0, str(Path.cwd()))
from book import pdf

SUB = "course"
PDF = "backpropagation.pdf"
UNPUBLISHED = shutil.ignore_patterns(".buildinfo", ".doctrees")
PACKED = {
    ".html", ".css", ".js", ".svg", ".json", ".ipynb", ".md", ".txt", ".xml", ".inv", ".wasm",
    ".py",
}  # fmt: skip
SMALLEST = 1000
"""Bytes of a file that is worth packing."""
GZIP_LEVEL, BROTLI_QUALITY = 9, 9
"""Brotli at 11 takes ten times as long for a twentieth of the bytes."""


class Printing(Progress):
    """The browser says nothing while it prints."""

    state = "printing the book"

    def read(self, line: str) -> bool:
        return line.startswith(("No PDF", "The book as one PDF"))


def address_of(edition: str) -> str:
    """Where an edition will stand, if anybody has said where the site will."""
    settings = yaml.safe_load(Path("_config.yml").read_text(encoding="utf-8"))
    address = os.environ.get("BOOK_ADDRESS", settings["html"]["baseurl"]).rstrip("/")
    return f"{address}/{SUB}" if address and edition == "course" else address


def built(edition: str, address: str, with_pdf: bool) -> Path:
    """The pages of an edition, with none that it does not have any more."""
    html = Path("build", edition, "_build", "html")
    shutil.rmtree(html, ignore_errors=True)
    os.environ |= {"BOOK_ADDRESS": address, "BOOK_PDF": PDF if with_pdf else ""}
    if status := build_book.main(edition):
        sys.exit(status)
    if with_pdf:
        command = [sys.executable, "-m", "book.pdf", str(html), str(html / PDF)]
        if status := run(command, Printing(), Path("build", "pdf.log")):
            sys.exit(status)
    return html


def pack(folder: Path) -> tuple[int, int]:
    """Lay packed files beside those that get smaller; the bytes of these before and after."""
    before = after = 0
    for path in sorted(folder.rglob("*")):
        if path.suffix not in PACKED or path.stat().st_size < SMALLEST:
            continue
        data = path.read_bytes()
        zipped = gzip.compress(data, GZIP_LEVEL, mtime=0)
        path.with_name(f"{path.name}.gz").write_bytes(zipped)
        path.with_name(f"{path.name}.br").write_bytes(brotli.compress(data, quality=BROTLI_QUALITY))
        before, after = before + len(data), after + len(zipped)
    return before, after


def notebooks(html: Path) -> Iterator[Path]:
    """The notebooks of an edition, with what lies beside them to be read, and the package."""
    for pattern in ("*.whl", "book/**/*.ipynb", "book/**/*.json"):
        yield from sorted(html.glob(pattern))


def gather_notebooks(html: Path, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    for path in notebooks(html):
        target = folder / path.relative_to(html)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    wheels = [f"./{path.name}[plot]" for path in folder.glob("*.whl")]
    (folder / "requirements.txt").write_text("\n".join([*wheels, ""]), encoding="utf-8")


def main(target: str) -> int:
    folder = Path(target)
    addresses = {edition: address_of(edition) for edition in ("textbook", "course")}
    textbook = built("textbook", addresses["textbook"], with_pdf=bool(pdf.browser()))
    course = built("course", addresses["course"], with_pdf=False)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(textbook, folder, ignore=UNPUBLISHED)
    shutil.copytree(course, folder / SUB, ignore=UNPUBLISHED)
    gather_notebooks(textbook, folder.with_name(f"{folder.name}-notebooks"))
    before, after = pack(folder)
    print(f"The site, {before / 1e6:.0f} MB of text, packed {after / 1e6:.0f}: {folder.resolve()}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
