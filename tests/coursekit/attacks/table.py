"""Grade the corpus with stock nbgrader and with ours, and write the table of the book.

    python -m tests.coursekit.attacks.table --out book/teaching/attacks_table.txt

Submissions that would harm this machine are not given to stock nbgrader, which runs student code
with our rights.
"""

import argparse
import importlib.metadata
import os
import platform
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

from tests.coursekit.attacks.corpus import CORPUS, Submission
from tests.coursekit.attacks.courses import (
    Stock,
    grade,
    grade_by_stock,
    our_course,
    stock_course,
)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--out", type=Path, help="write the table to a file")
    options.add_argument("--seconds", type=float, default=1200, help="bound for stock nbgrader")
    chosen = options.parse_args()
    os.environ["PYTHONWARNINGS"] = "ignore"
    with tempfile.TemporaryDirectory(prefix="attacks-") as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ours = {n: r.score for n, r in grade(our_course(Path(folder) / "ours")).items()}
        stock = by_stock(Path(folder) / "stock", chosen.seconds)
    text = "\n".join(page(ours, stock)) + "\n"
    print(text)
    if chosen.out:
        chosen.out.write_text(text, encoding="utf-8")
    return 0 if all(ours.get(name) == entry.earns for name, entry in CORPUS.items()) else 1


def by_stock(folder: Path, seconds: float) -> dict[str, Stock]:
    """What stock nbgrader makes of the harmless part, as far as it comes in the time."""
    names = [name for name, entry in CORPUS.items() if entry.harmless]
    course, found, end = stock_course(folder, names), {}, time.monotonic() + seconds
    for name in names:
        if time.monotonic() > end:
            break
        found[name] = grade_by_stock(course, CORPUS[name])
        print(f"stock: {name}: {found[name]}", file=sys.stderr, flush=True)
    return found


def page(ours: dict[str, float], stock: dict[str, Stock]) -> Iterator[str]:
    """The table in Markdown, with what it amounts to."""
    yield "| submission | what it tries | worth | stock nbgrader | ours |"
    yield "|---|---|---:|---:|---:|"
    for name, entry in CORPUS.items():
        score = ours.get(name)
        mark = "**" if score != entry.earns else ""
        yield (
            f"| {name} | {entry.tries} | {entry.earns:g} | {stock_words(entry, stock.get(name))} "
            f"| {mark}{'none' if score is None else f'{score:g}'}{mark} |"
        )
    yield ""
    yield summary("`course grade`", {name: Stock(score) for name, score in ours.items()})
    yield summary("Stock nbgrader", stock)
    versions = ", ".join(
        f"{name} {importlib.metadata.version(name)}" for name in ("nbgrader", "nbclient", "numpy")
    )
    yield f"Measured with `{versions}`, `Python {platform.python_version()}`."


def stock_words(entry: Submission, stock: Stock | None) -> str:
    if stock is None:
        return "not run"
    if stock.score is None:
        return stock.trouble
    return f"**{stock.score:g}**" if stock.score != entry.earns else f"{stock.score:g}"


def summary(name: str, graded: dict[str, Stock]) -> str:
    """How many of the graded submissions got too much, too little, or nothing at all."""
    scored = {n: g.score for n, g in graded.items() if g.score is not None}
    forged = sum(score > CORPUS[n].earns for n, score in scored.items())
    lost = sum(score < CORPUS[n].earns for n, score in scored.items())
    return (
        f"{name}: of {len(graded)} submissions, {forged} earned more than they are worth, {lost} "
        f"less, {len(graded) - len(scored)} got no score."
    )


if __name__ == "__main__":
    sys.exit(main())
