"""Cut fonts down to the characters that the book shows.

The font of the theme's icons has 1,400 of which the book uses a dozen; KaTeX's have more letters
than any book. Cutting takes a second for each font, so what was cut is kept beside the pages that
Sphinx remembers.
"""

import hashlib
import io
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

NAMES = (0, 13, 14)
"""What a font says of its makers and its licence stays in it."""


def options() -> subset.Options:
    chosen = subset.Options()
    chosen.flavor, chosen.name_IDs = "woff2", list(NAMES)
    chosen.hinting, chosen.layout_features, chosen.notdef_outline = False, [], True
    return chosen


def cut(font: bytes, characters: str) -> bytes:
    """A font, as WOFF2, that has these of its characters."""
    opened = TTFont(io.BytesIO(font), recalcTimestamp=False)
    subsetter = subset.Subsetter(options())
    subsetter.populate(text=characters)
    subsetter.subset(opened)
    opened.flavor = "woff2"
    written = io.BytesIO()
    opened.save(written)
    return written.getvalue()


def cut_once(font: bytes, characters: set[str], kept: Path) -> bytes:
    """As :func:`cut`, or what it returned before: files in a folder hold that."""
    text = "".join(sorted(characters))
    path = kept / hashlib.sha256(font + text.encode()).hexdigest()[:24]
    if not path.is_file():
        kept.mkdir(parents=True, exist_ok=True)
        path.write_bytes(cut(font, text))
    return path.read_bytes()
