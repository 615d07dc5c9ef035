"""Stands where ``backprop.plotting`` is: a page has no matplotlib, and keeps the figures it has.

So a listing that draws can run in a page for what it computes. Each name of the real package is
here, and takes what it takes.
"""

from __future__ import annotations

from collections.abc import Iterator

NAMES: tuple[str, ...] = ()
"""Written by the build: what ``backprop.plotting`` offers."""


class NotDrawn:
    """A figure that nobody drew: whatever is asked of it, nothing happens."""

    def __getattr__(self, name: str) -> NotDrawn:
        if name.startswith("_"):  # what IPython or a copy asks for is not there
            raise AttributeError(name)
        return self

    def __getitem__(self, place: object) -> NotDrawn:
        return self

    def __call__(self, *data: object, **options: object) -> NotDrawn:
        return self

    def __iter__(self) -> Iterator[NotDrawn]:
        return iter(())

    def __repr__(self) -> str:
        return "The page cannot draw this figure again; it stays as the book has it."


def __getattr__(name: str) -> NotDrawn:
    if name in NAMES:
        return NotDrawn()
    raise AttributeError(f"module 'backprop.plotting' has no attribute {name!r}")
