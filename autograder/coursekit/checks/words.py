"""Values in words: short, exact, readable in a terminal and aloud."""

from __future__ import annotations

import textwrap

import numpy as np

from coursekit.checks.values import Code

WIDTH = 88


def describe(value: object) -> str:
    """What a value is, in a few words: its type, and for an array its dtype and shape."""
    if value is None:
        return "None"
    if isinstance(value, np.ndarray):
        return f"an array of {value.dtype} with shape {value.shape}"
    if isinstance(value, str):
        return f"the text {short(value)}"
    kind = type(value).__name__
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def number(value: object) -> str:
    return f"{value:.6g}" if not isinstance(value, bool | np.bool_) else str(bool(value))


def index_text(index: tuple[int, ...]) -> str:
    return "[" + ", ".join(map(str, index)) + "]"


def short(value: object, limit: int = 160) -> str:
    """A value as text that fits on a screen; a function given by its source with all of it."""
    if isinstance(value, np.ndarray | np.generic):
        text = np.array2string(np.asarray(value), precision=6, threshold=24, separator=", ")
    elif isinstance(value, Code):
        return value.source
    elif isinstance(value, np.random.Generator):
        text = "a random generator"
    else:
        text = repr(value)
    return text if len(text) <= limit else text[: limit - 3] + "..."


def wrap(text: str) -> str:
    return "\n".join(textwrap.wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False))
