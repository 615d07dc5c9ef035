"""Whether hints and messages are short, plain and different, and climb from a question."""

import itertools
import re
from collections.abc import Iterator

from coursekit.authoring.exercises import Exercise
from coursekit.authoring.tasks import message

HINTS = 3
"""A question, where to look, what goes wrong most often."""

MOST_WORDS = 60
"""Of a hint, and of the message to a mistake with its pointer to the book."""

HARDEST = 12.0
"""School year, by :func:`school_year`, for whom a text is still plain."""

MOST_ALIKE = 0.6
"""Share of the words of two texts that they may have in common."""

FEWEST_WORDS = 6
"""Shorter texts are not measured: one long word would decide."""

POINTER = re.compile(r" The book has it under .*")
CODE = re.compile(
    r"`[^`]*`|'\w+'|\S*[\d_=∂δεηαβρσλθ²½\[\](){}/+*@^<>·]\S*|\b[A-Za-z]{1,2}\b\.?(?![a-z])"
)
"""What is no prose: names and formulas, and single letters, which are mostly symbols."""

TERMS = re.compile(
    r"\b(?:(?:pre-)?activation|gradient|derivative|parameter|probabilit(?=y|ies)|convention|example"
    r"|velocit(?=y|ies)|momentum|rate|minibatch|softmax|Jacobian|residual|transpose|logarithm"
    r"|denominator|infinity|pattern|function|correction|weight|connection|contribution|direction)"
    r"(?:s|y|ies|d)?\b",
    re.IGNORECASE,
)
"""What the course teaches under these names; each counts as a word of :data:`TERM` letters."""

TERM = "term"


def troubles(declared: Exercise) -> Iterator[str]:
    """What is not plain in the hints and messages of an exercise, a sentence each."""
    if len(declared.hints) != HINTS:
        count = len(declared.hints) or "no"
        yield (
            f"it has {count} hint{'s' * (count != 1)}, where who is stuck asks for one after the "
            f"other: write {HINTS} into hints=, a question, where to look, and what goes wrong "
            "most often"
        )
    if declared.hints and not declared.hints[0].rstrip().endswith("?"):
        yield "hint 1 does not end with a question mark: let it ask what the student can work out"
    texts = texts_of(declared)
    for name, text in texts.items():
        if (words := len(text.split())) > MOST_WORDS:
            yield f"{name} has {words} words; expected are at most {MOST_WORDS}: shorten it"
        if (year := school_year(text)) > HARDEST:
            yield (
                f"{name} reads as for school year {year:.1f}, and {HARDEST:g} is the hardest that "
                "is taken: write shorter sentences and shorter words"
            )
    for (one, first), (other, second) in itertools.combinations(texts.items(), 2):
        if one.startswith("hint") and alike(first, second) > MOST_ALIKE:
            yield f"{one} and {other} say nearly the same: let each say more than the one before"


def texts_of(declared: Exercise) -> dict[str, str]:
    """All that may be said by way of a hint, by what it is."""
    hints = {f"hint {number}": text for number, text in enumerate(declared.hints, start=1)}
    return hints | {f"the message of {m.id}": message(m) for m in declared.misconceptions}


def school_year(text: str) -> float:
    """The Coleman-Liau index: the year of school in the USA in which a text is read.

    0.0588 times the letters in 100 words, less 0.296 times the sentences in 100 words, less 15.8
    (Coleman and Liau, J. Appl. Psychol. 60, 1975). It needs no syllables, which nobody counts in
    a formula. Code and formulas are left out before, and terms of the course are short words.
    """
    prose = TERMS.sub(TERM, CODE.sub(" ", POINTER.sub("", text)))
    words = re.findall(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*", prose)
    if len(words) < FEWEST_WORDS:
        return 0.0
    letters = sum(len(re.sub(r"[-'’]", "", word)) for word in words)
    sentences = max(1, len(re.findall(r"[.?!:;](?=\s|$)", prose)))
    return (5.88 * letters - 29.6 * sentences) / len(words) - 15.8


def alike(first: str, second: str) -> float:
    """How many of the words of two texts stand in both, from 0 to 1."""
    one, other = (
        set(re.findall(r"\w+", POINTER.sub("", text).lower())) for text in (first, second)
    )
    return len(one & other) / max(1, len(one | other))
