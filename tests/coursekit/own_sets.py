"""Small problem sets for tests, made as an instructor makes them."""

from pathlib import Path

from coursekit.authoring.masters import Master, read_master
from coursekit.authoring.new_exercise import new_exercise

NAME = "row-means"


def begin(folder: Path) -> Master:
    """The problem set mine with one sound exercise, row-means."""
    new_exercise(folder, "mine", NAME)
    return read_master(folder / "mine.md")


WHY = """
Say in a sentence why.

```{code-cell} ipython3
---
exercise:
  name: why
  points: 3
  manual: true
---
```
"""


def begin_with_words(folder: Path) -> Master:
    """The same with a question for 3 points, mine-why, that a person marks."""
    begin(folder)
    with (folder / "mine.md").open("a", encoding="utf-8") as master:
        master.write(WHY)
    return read_master(folder / "mine.md")


def change(path: Path, *changes: tuple[str, str]) -> None:
    """Replace parts of a file, each of which must be there."""
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def room_of(folder: Path) -> Path:
    return folder / "mine" / "row_means.py"
