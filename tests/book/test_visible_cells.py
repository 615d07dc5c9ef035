"""A reader who copies the cells of a page can run them: no name comes from a removed cell alone."""

import builtins
import re
from pathlib import Path

import pytest
from book._ext.live.listings import global_names

ROOT = Path(__file__).resolve().parents[2]
CELL = re.compile(r"^(`{3,})\{code-cell\}[^\n]*\n(.*?)^\1$", re.M | re.DOTALL)
OPTIONS = re.compile(r"\A(---\n.*?\n---\n|(?::[^\n]*\n)+)", re.DOTALL)
PAGES = sorted(
    path
    for path in (ROOT / "book").rglob("*.md")
    if "_build" not in path.parts and CELL.search(path.read_text(encoding="utf-8"))
)


def cells(text: str) -> list[tuple[bool, str]]:
    """Whether a reader sees the cell, and its code, for each cell of a page."""
    found = []
    for _, body in CELL.findall(text):
        options = OPTIONS.match(body)
        head = options.group() if options else ""
        found.append(("remove-cell" not in head and "remove-input" not in head, body[len(head) :]))
    return found


def names_from_nowhere(text: str) -> set[str]:
    """The names that visible cells read and that neither they nor earlier visible cells bind."""
    known, missing = set(dir(builtins)), set()
    for visible, code in cells(text):
        if visible:
            bound, read = global_names(code)
            known |= bound
            missing |= read - known
    return missing


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT / "book")))
def test_visible_cells_need_no_removed_cell(page):
    missing = names_from_nowhere(page.read_text(encoding="utf-8"))
    assert not missing, f"{page.relative_to(ROOT)}: {sorted(missing)} come from a removed cell"


def test_a_name_of_a_removed_cell_is_found():
    page = """```{code-cell} ipython3
:tags: [remove-cell]
import numpy as np
```

```{code-cell} ipython3
def area(r):
    return np.pi * r**2
```
"""
    assert names_from_nowhere(page) == {"np"}
    assert names_from_nowhere(page.replace("remove-cell", "hide-input")) == set()
