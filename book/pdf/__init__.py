"""One PDF of the whole book: ``python -m book.pdf HTML FILE``, from the pages of the built book.

The pages are put into one, in their order, and Chromium prints it: its outline follows the
headings, links between pages become links within the PDF, equations and figures keep their numbers,
and contents, questions and answers say on which page the other is. What is folded on the screen as
an answer stands at the end; the code of figures is left out, since each page is a notebook as well;
of tabs all are shown. The reference of the package stays on the web. Where there is no Chromium
this says so and leaves nothing.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from book.pdf.joining import whole
from book.pdf.numbers import Reference, fill, label, with_places, without_numbers
from book.pdf.reading import ON_THE_WEB, pages_of

__all__ = ["ON_THE_WEB", "PRINTED", "browser", "main", "pack", "pages_of", "whole"]

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
SECONDS = 1800
"""On a machine that does much else besides; by itself it takes minutes."""
PRINTED = "printed.html"


def browser() -> str | None:
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def print_page(text: str, page: Path, target: Path) -> None:
    """Print a text, which lies for that long where the pages of the book lie."""
    page.write_text(text, encoding="utf-8")
    try:
        print_file(page, target)
    finally:
        page.unlink()


def print_file(page: Path, target: Path) -> None:
    options = ["--headless=new", "--disable-gpu", "--no-pdf-header-footer",
               "--generate-pdf-document-outline", f"--print-to-pdf={target.resolve()}"]  # fmt: skip
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--no-sandbox")
    done = subprocess.run(
        [browser(), *options, page.resolve().as_uri()],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace",
        timeout=SECONDS, check=False,
    )  # fmt: skip
    if done.returncode or not target.is_file():
        sys.exit(
            f"Chromium did not print {page} (status {done.returncode}):\n{done.stdout[-2000:]}"
        )


def pack(pdf: Path, references: Sequence[Reference] = ()) -> bool:
    """Put in the numbers of pages, pack what Chromium writes plainly, and begin with page one.

    A reader on the web shows that before it has all. False where numbers are not to be put in: then
    nothing is changed.
    """
    import pikepdf

    with pikepdf.open(pdf, allow_overwriting_input=True) as printed:
        if not fill(printed, references):
            return False
        label(printed)
        printed.save(pdf, object_stream_mode=pikepdf.ObjectStreamMode.generate, linearize=True)
    return True


def print_book(text: str, page: Path, pdf: Path) -> None:
    """Print the book, with numbers of pages where it refers to them, as far as possible.

    Where there is no pikepdf, as on macOS, it has none, and the PDF is twice as large.
    """
    can_pack = bool(find_spec("pikepdf"))
    numbered, references = with_places(text)
    if can_pack:
        print_page(numbered, page, pdf)
    if not can_pack or not pack(pdf, references):
        print_page(without_numbers(text), page, pdf)
        if can_pack:
            pack(pdf)


def main(folder: str, target: str, author: str = "The authors of the course") -> int:
    if not browser():
        print("No PDF: it is printed by Chromium, and there is none on this machine.")
        return 0
    pdf = Path(target)
    pdf.parent.mkdir(parents=True, exist_ok=True)
    pdf.unlink(missing_ok=True)
    print_book(whole(Path(folder), author), Path(folder) / PRINTED, pdf)
    print(f"The book as one PDF, {pdf.stat().st_size / 1e6:.1f} MB: {pdf.resolve()}")
    return 0
