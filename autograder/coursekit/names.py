"""Names and texts that students choose: which names a course takes, and how the others are shown.

A name of a student stands in terminals, in nbgrader's pages (which put it into HTML, scripts and
addresses as it is), in spreadsheets and in paths. So it may hold what people's names and accounts
are made of, and nothing that one of these places would obey.
"""

import re
import unicodedata
from collections.abc import Sequence

MOST_NAMED = 12
"""Students who are named on one line; the rest are counted."""
MAX_NAME = 200
"""Characters of a name."""

PUNCTUATION = "._-@'’·,&+()# "
"""What a name may hold beside letters, marks and digits. A comma is as good as any other sign,
because the export quotes it; a percent sign would become any other sign in an address."""

LETTERS = {"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Nd", "Nl", "No"}
"""Categories of Unicode that a name may hold: letters of all scripts, marks on them, digits."""

INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""Letters and marks that nobody sees."""

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
"""What a terminal, and a feedback page, takes as a colour."""

UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Categories that show nothing by themselves: control and format characters, no characters."""

JOINERS = "\u200c\u200d"
"""Several scripts, and emoji, need them within a text."""

JOINED = re.compile(rf"(?<=[^\0-\u024f])[{JOINERS}](?=[^\0-\u024f])")
"""A joiner where Persian and Indian names have it. Between Latin letters it would be hidden."""


def fault_of_name(name: str) -> str:
    """What keeps a course from taking a student's name, to be read after the name; or nothing."""
    plain = JOINED.sub("", name)
    unfit = next((character for character in plain if not _fits(character)), None)
    if unfit is not None:
        return f"has {_called(unfit)} in its name"
    if not name or not (name[0] in "_(" or unicodedata.category(name[0])[0] in "LN"):
        return "does not begin with a letter or a digit"
    if name.endswith(" "):
        return "ends with a space"
    if len(name) > MAX_NAME:
        return f"has {len(name)} characters in its name, more than {MAX_NAME}"
    return ""


def _fits(character: str) -> bool:
    if character in PUNCTUATION:
        return True
    return unicodedata.category(character) in LETTERS and not INVISIBLE.match(character)


def _called(character: str) -> str:
    """A character as a person would look for it."""
    if "\udc80" <= character <= "\udcff":
        return f"a byte that is no text ({ord(character) - 0xDC00:#x})"
    known = unicodedata.name(character, "a control character").lower()
    hidden = INVISIBLE.match(character) or not character.isprintable()
    return f"the character {f'U+{ord(character):04X}' if hidden else character} ({known})"


def unseen(character: str) -> bool:
    """Whether a character shows nothing by itself, and may act where it is shown."""
    return unicodedata.category(character) in UNSEEN


def shown(text: str) -> str:
    """A text on one line of a terminal: what is not seen, or would act there, as its number."""
    return "".join(_number(c) if unseen(c) else c for c in text)


def shown_names(students: Sequence[str]) -> str:
    """Names of students on one line, the first dozen of them."""
    more = len(students) - MOST_NAMED
    named = ", ".join(map(shown, students[:MOST_NAMED]))
    return f"{named} and {more} more" if more > 0 else named


def shown_text(text: str) -> str:
    """A text of several lines on a page: lines, tabs and colours stay, what acts does not."""
    parts, end = [], 0
    for colour in COLOUR.finditer(text):
        parts += [_without_control(text[end : colour.start()]), colour.group()]
        end = colour.end()
    return "".join([*parts, _without_control(text[end:])])


def _without_control(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    return "".join(_number(c) if unseen(c) and c not in "\n\t\r\b" + JOINERS else c for c in text)


def _number(character: str) -> str:
    return character.encode("unicode_escape").decode()
