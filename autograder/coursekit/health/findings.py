"""What was looked at, how it is, and what to do."""

from dataclasses import dataclass

GOOD, ADVICE, MEND = "good", "advice", "to mend"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes
    ----------
    what : str
        In a word or two.
    state : {"good", "advice", "to mend"}
    words : str
        How it is, and what to do about it.
    """

    what: str
    state: str
    words: str


def good(what: str, words: str) -> Finding:
    return Finding(what, GOOD, words)


def advice(what: str, words: str) -> Finding:
    return Finding(what, ADVICE, words)


def to_mend(what: str, words: str) -> Finding:
    return Finding(what, MEND, words)
