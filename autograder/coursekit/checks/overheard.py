"""What a function prints and what it is warned of, kept until the verdict has been said."""

from __future__ import annotations

import contextlib
import io
import sys
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

MOST_LINES, MOST_PRINTED, MOST_WARNINGS = 10, 1000, 3
"""Lines and characters that are shown of what was printed, and warnings that are shown."""


class Beginning(io.StringIO):
    """Keeps the beginning of what is written to it, and forgets the rest."""

    def write(self, text: str) -> int:
        room = MOST_PRINTED + 1 - self.tell()
        super().write(text[: max(room, 0)])
        return len(text)


@dataclass
class Overheard:
    """What was heard while the function was called."""

    printed: Beginning = field(default_factory=Beginning)
    warned: list[warnings.WarningMessage] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """What to show of it, behind the verdict."""
        text = self.printed.getvalue()
        said = text[:MOST_PRINTED].splitlines()
        if said:
            yield "While it was called, it printed:"
            yield from (f"  {line}" for line in said[:MOST_LINES])
            if len(said) > MOST_LINES or len(text) > MOST_PRINTED:
                yield "  ... and more"
        words = Counter(f"{one.category.__name__}: {one.message}" for one in self.warned)
        for warning, count in words.most_common(MOST_WARNINGS):
            yield f"Python warned {times(count)}: {warning}"
        if len(words) > MOST_WARNINGS:
            yield f"Python warned of {len(words) - MOST_WARNINGS} more things."


def times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


@contextlib.contextmanager
def overhear() -> Iterator[Overheard]:
    """Keep what is printed and what is warned of."""
    with warnings.catch_warnings(record=True) as warned:
        heard = Overheard(warned=warned)
        with contextlib.redirect_stdout(heard.printed), contextlib.redirect_stderr(heard.printed):
            yield heard


def say(text: str) -> None:
    """Print a text; a terminal that lacks a character shows another sign in its place."""
    coding = getattr(sys.stdout, "encoding", None) or "utf-8"
    print(text.encode(coding, "replace").decode(coding))
