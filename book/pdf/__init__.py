"""One PDF of the whole book: ``python -m book.pdf HTML FILE``, from the pages of the built book.

The pages are put into one, in their order, and Chromium prints it: its outline follows the
headings, links between pages become links within the PDF, equations and figures keep their numbers.
What is folded on the screen as an answer stands at the end; the code of figures is left out, since
each page is a notebook as well; of tabs all are shown. The reference of the package stays on the
web. Where there is no Chromium this says so and leaves nothing.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from book.pdf.joining import whole
from book.pdf.reading import ON_THE_WEB, pages_of

__all__ = ["ON_THE_WEB", "PRINTED", "browser", "main", "pack", "pages_of", "whole"]

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
SECONDS = 1800
"""On a machine that does much else besides; by itself it takes minutes."""
PRINTED = "printed.html"


def browser() -> str | None:
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def print_page(page: Path, target: Path) -> None:
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


def pack(pdf: Path) -> None:
    """Pack what Chromium writes plainly, and put first what a reader on the web shows first.

    Where there is no pikepdf, as on macOS, the PDF is twice as large.
    """
    try:
        import pikepdf
    except ImportError:
        return
    with pikepdf.open(pdf, allow_overwriting_input=True) as printed:
        printed.save(pdf, object_stream_mode=pikepdf.ObjectStreamMode.generate, linearize=True)


def main(folder: str, target: str, author: str = "The authors of the course") -> int:
    if not browser():
        print("No PDF: it is printed by Chromium, and there is none on this machine.")
        return 0
    page, pdf = Path(folder) / PRINTED, Path(target)
    pdf.parent.mkdir(parents=True, exist_ok=True)
    pdf.unlink(missing_ok=True)
    page.write_text(whole(Path(folder), author), encoding="utf-8")
    try:
        print_page(page, pdf)
    finally:
        page.unlink()
    pack(pdf)
    print(f"The book as one PDF, {pdf.stat().st_size / 1e6:.1f} MB: {pdf.resolve()}")
    return 0
