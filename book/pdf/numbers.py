"""Numbers of pages, in the PDF: what Chromium cannot know before it has laid out all pages.

Where a number belongs, four digits are printed that say which reference it is. They are printed in
a colour of their own, which nobody tells from that of the text; so they are found afterwards, and
their glyphs are changed for those of the number of the page. Tags and links stay as they are, and
the book is printed once.
"""

import re
from bisect import bisect
from dataclasses import dataclass

COLOUR = "#1a1a1b"
PLACE = re.compile(r'<span class="at( far)?" data-to="([^"]+)">([^<]*)</span>')
DIGITS = 4
NEAR = 1e-3
"""A quarter of what a colour changes by at least."""

CHANGE = re.compile(rb"([\d.]+) ([\d.]+) ([\d.]+) rg\b|^Q$", re.MULTILINE)
"""Another colour: as it is said, or again as it was before."""
BLOCK = re.compile(rb"^BT\n/(\S+) [\d.]+ Tf\n[^\n]+ Tm\n((?:[^\n]+ Tj\n)+)ET$", re.MULTILINE)
"""A piece of text: its font, and its glyphs with the steps between them."""
GLYPHS = re.compile(r"<([0-9A-F]+)> Tj")
STEP = re.compile(r"([\d.]+) 0 Td")


@dataclass(frozen=True)
class Reference:
    """A place that says on which page another one is; far: at the right end of a line."""

    target: str
    far: bool


def at(target: str, words: str = "", far: bool = False) -> str:
    """HTML of the number of the page on which a place is, behind words that need it."""
    return f'<span class="at{" far" * far}" data-to="{target}">{words}</span>'


def without_numbers(text: str) -> str:
    return PLACE.sub("", text)


def with_places(text: str) -> tuple[str, list[Reference]]:
    """A text with digits that stand for the numbers, and what each of them refers to."""
    references: list[Reference] = []

    def digits(found: re.Match[str]) -> str:
        references.append(Reference(found[2], bool(found[1])))
        number = f"{len(references) - 1:0{DIGITS}}"
        return f'{found[3]}<span class="at" style="color: {COLOUR}">{number}</span>'

    return PLACE.sub(digits, text), references


def label(book) -> None:
    """The cover is called so; the other pages have the numbers that are printed on them."""
    import pikepdf

    decimal = pikepdf.Dictionary(S=pikepdf.Name.D, St=2)
    book.Root.PageLabels = pikepdf.Dictionary(Nums=[0, pikepdf.Dictionary(P="Cover"), 1, decimal])


def fill(book, references: list[Reference]) -> bool:
    """Put the numbers in; say whether all of them have been found."""
    places = numbers_of_places(book)
    numbers = [places.get(reference.target) for reference in references]
    filled = 0
    for page in book.pages:
        text = page.Contents.read_bytes()
        if any(map(is_ours, CHANGE.finditer(text))):
            text, found = filled_page(page, text, references, numbers)
            filled += found
            page.Contents = book.make_stream(text)
    return filled == len(references)


def numbers_of_places(book) -> dict[str, int]:
    """On which page each place is that a link leads to."""
    pages = {page.objgen: number for number, page in enumerate(book.pages, 1)}
    named = book.Root.get("/Dests", {})
    return {str(name).removeprefix("/"): pages[place[0].objgen] for name, place in named.items()}


def is_ours(change: re.Match[bytes]) -> bool:
    wanted = [int(COLOUR[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return change[1] is not None and all(
        abs(float(part) - meant) < NEAR for part, meant in zip(change.groups(), wanted, strict=True)
    )


def filled_page(page, text: bytes, references, numbers) -> tuple[bytes, int]:
    """What draws a page, with its numbers, and how many there are."""
    changes = list(CHANGE.finditer(text))
    starts = [change.start() for change in changes]
    count = 0

    def number(block: re.Match[bytes]) -> bytes:
        nonlocal count
        before = bisect(starts, block.start()) - 1
        if before < 0 or not is_ours(changes[before]):
            return block[0]
        glyphs = digits_of(page.Resources.Font[f"/{block[1].decode()}"])
        index = read(block[2].decode(), glyphs)
        if index is None or not can_say(numbers[index : index + 1], glyphs):
            return block[0]
        count += 1
        step = float(STEP.search(block[2].decode())[1])
        drawn = written(numbers[index], references[index].far, glyphs, step)
        return block[0].replace(block[2], drawn.encode())

    return BLOCK.sub(number, text), count


def digits_of(font) -> dict[str, str]:
    """The glyphs of the digits in a font."""
    glyphs = {}
    for line in font.ToUnicode.read_bytes().decode("latin-1").splitlines():
        codes = [int(code, 16) for code in re.findall(r"<([0-9A-F]{4})>", line)]
        if len(codes) > 1:
            first, last, meant = codes[0], codes[-2], codes[-1]
            glyphs |= {chr(meant + i): f"{first + i:04X}" for i in range(last - first + 1)}
    return {digit: glyphs[digit] for digit in "0123456789" if digit in glyphs}


def read(shown: str, glyphs: dict[str, str]) -> int | None:
    """The digits that are shown, if these are all, and each stands by itself."""
    meant = {glyph: digit for digit, glyph in glyphs.items()}
    parts = [meant.get(glyph, "") for glyph in GLYPHS.findall(shown)]
    return int("".join(parts)) if all(parts) and len(parts) == DIGITS else None


def can_say(numbers: list[int | None], glyphs: dict[str, str]) -> bool:
    """Whether there is a number, and its digits are among those that the book has of a font."""
    return bool(numbers) and numbers[0] is not None and set(str(numbers[0])) <= set(glyphs)


def written(number: int, far: bool, glyphs: dict[str, str], step: float) -> str:
    """A number in place of the digits; at the right end of a line it ends where they did."""
    digits = str(number)
    begin = f"{(DIGITS - len(digits)) * step:g} 0 Td " if far else ""
    return begin + f"\n{step:g} 0 Td ".join(f"<{glyphs[digit]}> Tj" for digit in digits) + "\n"
