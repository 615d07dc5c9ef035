"""Which names an answer may need, read off the cells of a submission."""

import functools
import re
from collections.abc import Sequence

from coursekit.checks.cell_names import cell_names


def words_behind(name: str, sources: Sequence[str]) -> set[str]:
    """All words in the cells that bind a name, in those that bind these words, and so on.

    Where no cell binds it that one can see, all words of all cells.
    """
    cells = [words_and_names(source) for source in sources]
    if not any(name in names for _, names in cells):
        return set().union(*(words for words, _ in cells))
    found, reached = {name}, {name}
    while found:
        found = set().union(*(words for words, names in cells if names & found)) - reached
        reached |= found
    return reached


@functools.lru_cache(256)
def words_and_names(source: str) -> tuple[frozenset[str], frozenset[str]]:
    """The words in a cell, and the names that it binds."""
    return frozenset(re.findall(r"\w+", source)), cell_names(source).binds
