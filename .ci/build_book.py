"""Build an edition of the book, strictly: ``build_book.py textbook`` or ``… course``.

Strictly means that a warning fails the build. What Jupyter Book says goes into a file beside the
pages; shown are warnings, and how far the build is.
"""

import os
import re
import sys
from pathlib import Path

from progress import Progress, run

STEP = re.compile(r"^(reading sources|writing output|problem sets)\.\.\. *\[ *(\d+)%\]")
COLOUR = re.compile(r"\x1b\[[\d;]*m")
TROUBLE = re.compile(r"\b(WARNING|ERROR|CRITICAL)\b|[Ee]xception|^Traceback")
FIRST_PAGE = Path("_build", "html", "index.html")
WORDS = {
    "reading sources": "pages read and computed",
    "writing output": "pages written",
    "problem sets": "problem sets made for their pages",
}


class Pages(Progress):
    """How many of the pages are read and written."""

    state = "starting"

    def read(self, line: str) -> bool:
        line = COLOUR.sub("", line)
        if step := STEP.match(line):
            self.state = f"{step[2]} % of the {WORDS[step[1]]}"
        return bool(TROUBLE.search(line))


def main(edition: str) -> int:
    output = Path("build", edition)
    os.environ["EDITION"] = edition
    program = str(Path(sys.executable).with_name("jupyter-book"))
    options = ["-W", "-n", "--keep-going", "--path-output", str(output)]
    status = run([program, "build", *options, "."], Pages(), output.with_suffix(".log"))
    if not status:
        print(f"  All pages are written. The book: {(output / FIRST_PAGE).resolve()}")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
