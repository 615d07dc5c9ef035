"""The frozen answers of students, as the Markdown files in ``frozen`` hold them.

A wrong answer stands there as a diff: what was handed in, and each wrong place mended.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "frozen"
MEASURING, KNOWN = FOLDER / "wrong-6", FOLDER / "known"
"""The wrong answers that messages are measured with, and those that they were measured with."""

SECTION = re.compile(
    r"^## (?P<exercise>[a-z]+\d?-[a-z-]+): (?P<name>[a-z0-9-]+)\n(?P<about>.*?)"
    r"^```(?:diff|python)\n(?P<code>.*?)^```\n(?P<listed>.*?)(?=^## |\Z)",
    re.MULTILINE | re.DOTALL,
)
PART = re.compile(
    r"(?P<kept>(?: .*\n|\n)+)|(?P<wrong>(?:-.*\n)+)(?P<mended>(?:\+.*\n)*)|(?P<added>(?:\+.*\n)+)"
)
"""Lines that stay; or lines that were handed in, with what mends them; or lines that lack."""

LISTED = re.compile(r"^- (?P<place>.+?): (?P<kind>.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Mistake:
    """A wrong place of an answer, in words and as code.

    Attributes
    ----------
    place, kind : str
        Which part is wrong, and what is wrong with it.
    wrong, mended : str
        The lines that were handed in, and those that mend them.
    """

    place: str
    kind: str
    wrong: str
    mended: str


@dataclass(frozen=True)
class WrongAnswer:
    """A function as a student would hand it in, and where it is wrong.

    Attributes
    ----------
    exercise, name : str
    parts : tuple of str or Mistake
        The code from above to below.
    crashes : bool
        Whether it stops with an error, or returns another type or shape.
    after : str
        The public question or issue that shows this mistake; empty if it follows none.
    """

    exercise: str
    name: str
    parts: tuple[str | Mistake, ...]
    crashes: bool
    after: str

    @property
    def id(self) -> str:
        return f"{self.exercise}/{self.name}"

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        return tuple(part for part in self.parts if isinstance(part, Mistake))

    @property
    def stratum(self) -> str:
        return "crash" if self.crashes else ("one", "two")[len(self.mistakes) - 1]

    @property
    def code(self) -> str:
        return self.with_mended(())

    @property
    def mended(self) -> str:
        return self.with_mended(self.mistakes)

    def with_mended(self, chosen: Collection[Mistake]) -> str:
        """The code in which some of the mistakes are mended."""
        return "".join(
            part if isinstance(part, str) else part.mended if part in chosen else part.wrong
            for part in self.parts
        )


@dataclass(frozen=True)
class RightAnswer:
    """A function that is right in another way than most, and in which way."""

    exercise: str
    name: str
    way: str
    code: str

    @property
    def id(self) -> str:
        return f"{self.exercise}/{self.name}"


def wrong_answers(folder: Path = MEASURING) -> list[WrongAnswer]:
    """All wrong answers of a folder, in the order of their files."""
    return [
        wrong_answer(found)
        for path in sorted(folder.glob("*.md"))
        for found in sections(path.read_text(encoding="utf-8"))
    ]


def answers_just_over() -> list[WrongAnswer]:
    """Answers whose formula is right, with an error just over the tolerance."""
    return [
        wrong_answer(found) for found in sections((FOLDER / "over.md").read_text(encoding="utf-8"))
    ]


def right_answers() -> list[RightAnswer]:
    """All right answers, in the order of their files."""
    return [
        RightAnswer(found["exercise"], found["name"], found["about"].strip(), found["code"])
        for path in sorted((FOLDER / "right").glob("*.md"))
        for found in sections(path.read_text(encoding="utf-8"))
    ]


def sections(text: str) -> list[re.Match[str]]:
    """The answers of a file.

    Raises
    ------
    ValueError
        If a heading begins no answer that can be read.
    """
    found = list(SECTION.finditer(text))
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    read = [f"{section['exercise']}: {section['name']}" for section in found]
    if read != headings:
        lost = next(heading for heading in headings if heading not in read)
        raise ValueError(
            f"the section {lost!r} is no answer: expected is a heading 'exercise: name', then the "
            "code between fences"
        )
    return found


def wrong_answer(found: re.Match[str]) -> WrongAnswer:
    listed = LISTED.findall(found["listed"])
    after = re.search(r"^After: (.+)$", found["about"], re.MULTILINE)
    return WrongAnswer(
        exercise=found["exercise"],
        name=found["name"],
        parts=tuple(parts_of(found["code"], iter(listed))),
        crashes="Stratum: crash" in found["about"],
        after=after[1] if after else "",
    )


def parts_of(diff: str, listed: Iterator[tuple[str, str]]) -> Iterator[str | Mistake]:
    """The code of a diff, with each group of changed lines as a mistake.

    Raises
    ------
    ValueError
        If there are more or fewer words than places.
    """
    for part in PART.finditer(diff):
        if part["kept"]:
            yield without_marks(part["kept"])
            continue
        try:
            place, kind = next(listed)
        except StopIteration:
            raise ValueError(f"nothing is said about the lines\n{part[0]}") from None
        wrong, mended = part["wrong"] or "", part["mended"] or part["added"] or ""
        yield Mistake(place, kind, without_marks(wrong), without_marks(mended))
    if left := next(listed, None):
        raise ValueError(f"no lines are marked for {': '.join(left)!r}")


def without_marks(lines: str) -> str:
    """Lines of a diff without the mark in front."""
    return "".join(line[1:] or "\n" for line in lines.splitlines(keepends=True))


def digest() -> str:
    """A SHA-256 over names and contents of all files that hold answers."""
    whole = hashlib.sha256()
    for path in [*sorted(FOLDER.glob("*/*.md")), FOLDER / "over.md"]:
        content = path.read_bytes()
        whole.update(f"{path.relative_to(FOLDER).as_posix()} {len(content)}\n".encode())
        whole.update(content)
    return whole.hexdigest()
