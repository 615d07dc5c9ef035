"""Values in words: short, exact, readable in a terminal and aloud."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence

import numpy as np

from coursekit.checks.values import Code

WIDTH = 88

MOST_DESCRIBED = 20
"""Entries of a list that are looked at to say what it holds."""

NOT_THERE = (
    "{module} is not there when this is graded. Answers may use the standard library, and what "
    "requirements.txt names."
)
MOST_CHARACTERS = 2000
"""Characters of an error's message that are read and shown."""

ERRORS = (
    (r"No module named '(?P<module>\w+)'", NOT_THERE),
    (
        r"only (0-dimensional|length-1|size-1) arrays can be converted",
        "float, int and the functions of the module math take one number; np.exp and its kind "
        "take arrays.",
    ),
    (
        r"truth value of an array",
        "An if asks one question, and an array answers once for every entry. "
        "np.where chooses entry by entry.",
    ),
    (
        r"size (?P<rows>\d+) is different from (?P<columns>\d+)",
        "A @ B needs as many columns of A as B has rows. "
        "Here there are {columns} columns and {rows} rows.",
    ),
    (
        r"could not be broadcast together with shapes",
        "Entry by entry, both need the same shape. Write the shape of each factor beside it.",
    ),
    (
        r"values to unpack",
        "On the left of the = there are more or fewer names than there are values on its right.",
    ),
    (
        r"name '(?P<name>\w+)' is not defined",
        "Is {name} spelt as where it gets its value, and has that cell been run? "
        "A module needs its import.",
    ),
    (
        r"maximum recursion depth exceeded",
        "The function calls itself without end.",
    ),
    (
        r"can't multiply sequence by non-int|unsupported operand type\(s\) for [^\n(]*'list'",
        "A list is no array: go through its entries, one after the other.",
    ),
)
"""What errors that beginners meet mean: a pattern of the error's message, and the advice."""


def describe(value: object) -> str:
    """What a value is, in a few words: its type, and for an array its dtype and shape."""
    if value is None:
        return "None"
    if isinstance(value, bool | np.bool_):
        return str(bool(value))
    if isinstance(value, str):
        return f"the text {short(value)}"
    if isinstance(value, int | float | complex | np.number) or is_single_number(value):
        return "a number"
    if isinstance(value, np.ndarray):
        return f"an array of {value.dtype} with shape {value.shape}"
    if isinstance(value, list | tuple):
        return sequence_in_words(value, "a list" if isinstance(value, list) else "a tuple")
    kind = type(value).__name__
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def is_single_number(value: object) -> bool:
    return isinstance(value, np.ndarray) and value.shape == () and value.dtype.kind in "iufc"


def sequence_in_words(values: Sequence[object], kind: str) -> str:
    """What a list or a tuple holds: of one kind, or one by one."""
    if not values:
        return kind.replace("a ", "an empty ")
    if len(values) > MOST_DESCRIBED:
        return f"{kind} of {len(values)} values"
    parts = [part_in_words(value) for value in values]
    if len(set(parts)) > 1:
        return f"{kind} of {len(parts)}: {listed(parts)}"
    if " of " in parts[0]:
        return f"{kind} of {len(parts)}, each {parts[0]}"
    return f"{kind} of {counted(len(parts), parts[0].partition(' ')[2])}"


def part_in_words(value: object) -> str:
    """What a part of a list or of a tuple is, in fewer words than :func:`describe` has."""
    if isinstance(value, list | tuple):
        inner = {part_in_words(part) for part in value[:MOST_DESCRIBED]}
        if len(value) == 2 and not any(" of " in words for words in inner):
            return "a pair"
        words = inner.pop() if len(inner) == 1 else "a value"
        plain = "value" if " of " in words else words.partition(" ")[2]
        return (
            f"{'a list' if isinstance(value, list) else 'a tuple'} of {counted(len(value), plain)}"
        )
    if isinstance(value, np.ndarray) and value.shape:
        return "an array"
    words = describe(value)
    return words if words.startswith(("a ", "an ")) else "a value"


def number(value: object, digits: int = 6) -> str:
    return f"{value:.{digits}g}" if not isinstance(value, bool | np.bool_) else str(bool(value))


def told_apart(got: object, want: object) -> tuple[str, str]:
    """Two numbers that differ, with as many digits as it takes to see it."""
    for digits in (6, 9, 12, 17):
        texts = number(got, digits), number(want, digits)
        if texts[0] != texts[1]:
            break
    return texts


def counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def listed(words: Sequence[str]) -> str:
    """Words in a row: one, one and two, or one, two and three."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def full_stop(sentence: str) -> str:
    return sentence if sentence.endswith(("?", ".", "!")) else f"{sentence}."


def error_advice(message: str) -> Iterator[str]:
    """What the message of an error means, for those that beginners meet."""
    for pattern, advice in ERRORS:
        found = re.search(pattern, message[:MOST_CHARACTERS])
        if found:
            yield advice.format(**found.groupdict())


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
        text = repr(value[: limit + 1] if isinstance(value, str | bytes) else value)
    return cut(text, limit)


def cut(text: str, limit: int) -> str:
    """A text, or its beginning if it is longer."""
    return text if len(text) <= limit else text[: limit - 3] + "..."


def wrap(text: str) -> str:
    return "\n".join(textwrap.wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False))
