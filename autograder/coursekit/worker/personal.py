"""Numbers of one's own for a pass that is worked by hand, and answers that are sealed.

A student's name leads to one of some dozens of sets of numbers. The public file of cases holds,
for each set, digests of the answers and no answer. An answer is good to half a percent, so that
rounding on the way does no harm.
"""

from __future__ import annotations

import hashlib
import math
import unicodedata
from typing import Any

STEP = math.log(1.001)
NEAR = 5
"""An answer may lie this many steps, of a thousandth each, from the right one."""

RANGES = {
    "x1": (4, 16, True),
    "x2": (4, 16, True),
    "w1": (4, 16, True),
    "w2": (4, 16, True),
    "b": (3, 9, True),
    "v1": (5, 20, True),
    "v2": (5, 20, True),
    "c1": (2, 9, True),
    "c2": (2, 9, True),
    "y1": (1, 10, False),
    "y2": (1, 10, False),
}
"""For each number: its range in tenths, and whether it may be negative."""

SEEDS = (
    22, 32, 59, 67, 78, 99, 104, 108, 123, 127, 155, 159, 160, 180, 182, 196, 200, 222, 232,
    246, 285, 286, 311, 315, 320, 326, 332, 333, 338, 342, 351, 364, 365, 370, 373, 385, 407,
    419, 430, 433, 435, 440, 479, 486, 490, 544, 558, 566, 570, 575, 596, 623, 628, 632, 644,
    659, 683, 689, 694, 695, 714, 741, 752, 764,
)  # fmt: skip
"""Of the sets of numbers that work well: no answer is tiny, and no known mistake comes close."""


def my_numbers(student_id: str) -> dict[str, float]:
    """The numbers for the pass that you work by hand.

    Parameters
    ----------
    student_id : str
        The name under which you hand in; upper and lower case are the same.

    Returns
    -------
    dict
        "set" is the number of your set; "x1" and "x2" are inputs, "w1", "w2", "b" belong to the
        hidden unit, "v1", "c1" and "v2", "c2" to the output units, "y1" and "y2" are targets.
    """
    return numbers_of_set(set_of(one_form(student_id)))


def one_form(name: str) -> str:
    """The one form of a name that can be written in several: é, or e and an accent behind it.

    It is the composed one, which keyboards give; folders of macOS have the other.
    """
    return unicodedata.normalize("NFC", name)


def set_of(name: str) -> int:
    """Which set of numbers a name leads to, in the form in which it is written."""
    squeezed = "".join(name.split()).lower()
    return number_from(f"set of {squeezed}") % len(SEEDS)


def numbers_of_set(chosen: int) -> dict[str, float]:
    """The numbers of one set."""
    return {"set": chosen} | numbers_from(SEEDS[chosen])


def numbers_from(seed: int) -> dict[str, float]:
    found = {}
    for name, (low, high, signed) in RANGES.items():
        number = number_from(f"{seed} {name}")
        size = (low + number // 2 % (high - low)) / 10
        found[name] = -size if signed and number % 2 else size
    return found


def number_from(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def seal(chosen: int, key: str, value: float, away: int = 0) -> str:
    """A digest of an answer, or of one that lies some steps away from it."""
    steps = round(math.log(abs(value)) / STEP) + away if value else "zero"
    text = f"{chosen} {key} {'-' if value < 0 else '+'} {steps}"
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def fits(digest: str, chosen: int, key: str, value: Any) -> bool:
    """Whether a value that was typed is the sealed one, to half a percent."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return False
    if not math.isfinite(number):
        return False
    return any(seal(chosen, key, number, k) == digest for k in range(-NEAR, NEAR + 1))
