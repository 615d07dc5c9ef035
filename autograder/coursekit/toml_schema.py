"""Settings in a TOML file, declared as dataclasses: read with errors that name the line; written.

A section is a dataclass, and its fields are settings or sections.  A setting is made by
:func:`setting`, which says what is expected and what it is for.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import Field, dataclass, field, fields, is_dataclass
from datetime import date, time
from pathlib import Path
from textwrap import wrap
from typing import Any, TypeAlias, TypeVar

from coursekit.errors import CourseError, guess

Section = TypeVar("Section")
Entry: TypeAlias = Field[Any]
"""A field of a section."""
WIDTH = 96
AT_LINE = re.compile(r"at line (\d+)")
BARE = re.compile(r"[A-Za-z0-9_-]+")
"""A key that needs no quotation marks."""


@dataclass(frozen=True)
class Kind:
    """What a setting may be: in words, and as a function that takes it or raises ValueError."""

    expected: str
    read: Callable[[object], object]


def number(lowest: int, highest: int, whole: bool = True) -> Kind:
    """A number in a range."""

    def read(value: object) -> object:
        kinds = int if whole else int | float
        if (
            isinstance(value, bool)
            or not isinstance(value, kinds)
            or not lowest <= value <= highest
        ):
            raise ValueError
        return value

    return Kind(f"a {'whole ' * whole}number from {lowest} to {highest}", read)


def one_of(*words: str) -> Kind:
    """One of some words."""

    def read(value: object) -> object:
        if value not in words:
            raise ValueError
        return value

    return Kind(" or ".join(map(repr, words)), read)


def web_address() -> Kind:
    """An address that a browser can open."""

    def read(value: object) -> object:
        if not isinstance(value, str) or not re.fullmatch(r"https?://[^\s\"'<>]+", value):
            raise ValueError
        return value.rstrip("/")

    return Kind('an address such as "https://example.org/backprop"', read)


def setting(
    default: object, kind: Kind, text: str, *, example: object = None,
    unset: Callable[[Any], object] = str, **more: object,
) -> Any:  # fmt: skip
    """A field that is a setting.

    Parameters
    ----------
    default : object
    kind : Kind
    text : str
        What it is for.
    example : object
        Stands in a new file in the place of the default.
    unset : callable
        For a setting that is None by default: what it amounts to then, from its section.
    **more
        What the section makes of it.
    """
    about = {"kind": kind, "text": text, "example": example, "unset": unset}
    return field(default=default, metadata=about | more)


def named(kind: Kind, text: str, **example: object) -> Any:
    """A field that is a table, with a value under each name that the instructor chooses.

    Parameters
    ----------
    kind : Kind
        Of each value.
    text : str
        What it is for.
    **example
        Stands in a new file.
    """
    return field(default_factory=dict, metadata={"each": kind, "text": text, "example": example})


def read_toml(kind: type[Section], path: Path) -> Section:
    """The settings in a file; the defaults if there is none.

    Parameters
    ----------
    kind : type
        The dataclass of all of it.
    path : Path

    Raises
    ------
    CourseError
        If the file cannot be read, or something in it is no setting or not what is expected.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return kind()
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"{path} cannot be read: {error}") from error
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CourseError(f"{path} is no TOML: {error}{repeated(text, str(error))}") from error
    reader = Reader(text)
    found = reader.section(kind, table, ())
    if reader.faults:
        raise CourseError("\n  ".join([f"{path} is not right:", *reader.faults]))
    return found


def repeated(text: str, error: str) -> str:
    """What to do where a section or a setting stands twice, as when an example was pasted below.

    Parameters
    ----------
    text : str
    error : str
        Of tomllib, which says the line.
    """
    match = AT_LINE.search(error)
    lines = text.splitlines()[: int(match[1])] if match else []
    names = [named_in(line) for line in lines]
    if not names or not names[-1]:
        return ""
    *before, name = names
    if not name.startswith("["):  # a setting may stand in each section
        sections = [count for count, one in enumerate(before) if one.startswith("[")]
        before[: max(sections, default=0)] = [""] * max(sections, default=0)
    if name not in before:
        return ""
    first = before.index(name) + 1
    return f"; {name} stands in line {first} already: put there what is to be in force, once"


def named_in(line: str) -> str:
    """The section that a line begins, or the setting that it sets."""
    line = line.partition("#")[0].strip()
    return line if line.startswith("[") else line.partition("=")[0].strip()


class Reader:
    """Makes sections of tables, and notes what is wrong with them.

    Parameters
    ----------
    text : str
        What is in the file.

    Attributes
    ----------
    faults : list of str
        A sentence each, with the line.
    """

    def __init__(self, text: str) -> None:
        self.lines = text.splitlines(keepends=True)
        self.faults: list[str] = []

    def section(
        self, kind: type[Section], table: Mapping[str, object], above: tuple[str, ...]
    ) -> Section:
        """A section, with the default in the place of what is wrong."""
        known = {entry.name: entry for entry in entries_of(kind)}
        found: dict[str, object] = {}
        for key, value in table.items():
            path = (*above, key)
            if key not in known:
                self.fault(path, f"there is no {written(path)}{instead(key, list(known))}")
            elif not is_table(known[key]):
                found |= self.value(known[key], value, path)
            elif not isinstance(value, dict):
                name = written(path)
                self.fault(path, f"{name} is {as_came(value)}; expected is a table, [{name}]")
            elif (part := subsection(known[key])) is not None:
                found[key] = self.section(part, value, path)
            else:
                found[key] = self.named(known[key].metadata["each"], value, path)
        return kind(**found)

    def named(
        self, kind: Kind, table: Mapping[str, object], above: tuple[str, ...]
    ) -> dict[str, object]:
        """Values by the names that they were given."""
        found: dict[str, object] = {}
        for key, value in table.items():
            found |= self.taken(key, kind, value, (*above, key))
        return found

    def value(self, entry: Entry, value: object, path: tuple[str, ...]) -> dict[str, object]:
        """A setting by its name, or nothing if it is not what is expected."""
        return self.taken(entry.name, entry.metadata["kind"], value, path)

    def taken(self, name: str, kind: Kind, value: object, path: Sequence[str]) -> dict[str, object]:
        try:
            return {name: kind.read(value)}
        except ValueError as error:
            why = f": {error}" if str(error) else ""
            came = f"{written(path)} is {as_came(value)}"
            self.fault(path, f"{came}{why}; expected is {kind.expected}")
            return {}

    def fault(self, path: Sequence[str], words: str) -> None:
        self.faults.append(f"line {self.line_of(path)}: {words}")

    def line_of(self, path: Sequence[str]) -> int:
        """The line in which a key begins: the beginning of the file up to there lacks it."""
        complete = 0
        for count in range(1, len(self.lines) + 1):
            try:
                table = tomllib.loads("".join(self.lines[:count]))
            except tomllib.TOMLDecodeError:
                continue  # in the middle of a value
            if holds(table, path):
                break
            complete = count
        return complete + 1


def subsection(entry: Entry) -> type | None:
    """The dataclass of a field that is a section; None if it is a setting."""
    made = entry.default_factory
    return made if isinstance(made, type) and is_dataclass(made) else None


def as_came(value: object) -> str:
    """A value as it stood in the file, or nearly so."""
    return str(value) if isinstance(value, date | time) else repr(value)


def is_table(entry: Entry) -> bool:
    """Whether a field is a section, or values by name; else it is a setting."""
    return subsection(entry) is not None or "each" in entry.metadata


def holds(table: object, path: Sequence[str]) -> bool:
    for key in path:
        if not isinstance(table, dict) or key not in table:
            return False
        table = table[key]
    return True


def written(path: Sequence[str]) -> str:
    return ".".join(path)


def instead(key: str, known: list[str]) -> str:
    """What was meant, if it can be guessed, and what there is."""
    return f"; {guess(key, known)}There are: {', '.join(known)}"


def template(section: object) -> str:
    """A file in which each setting is explained and none is in force."""
    return "\n".join(explained(section, ())).strip() + "\n"


def explained(section: object, above: tuple[str, ...]) -> Iterator[str]:
    for entry in settings_of(section):
        yield from (f"# {line}" for line in wrap(entry.metadata["text"], WIDTH))
        yield f"# {entry.name} = {as_toml(shown_value(section, entry))}"
    for entry in names_of(section):
        yield ""
        yield from (f"# {line}" for line in wrap(entry.metadata["text"], WIDTH))
        yield f"[{written((*above, entry.name))}]"
        for name, value in entry.metadata["example"].items():
            yield f"# {key(name)} = {as_toml(value)}"
    for entry, part in sections_of(section):
        path = (*above, entry.name)
        yield f"\n# {part.__doc__}"
        if settings_of(part):
            yield f"[{written(path)}]"
        yield from explained(part, path)


def in_force(section: object) -> str:
    """Each setting on a line, with a ``#`` where it has its default."""
    return "\n".join(listed(section, ())).strip()


def listed(section: object, above: tuple[str, ...]) -> Iterator[str]:
    for entry in settings_of(section):
        mark = "# " if getattr(section, entry.name) == entry.default else ""
        yield f"{mark}{entry.name} = {as_toml(value_in_force(section, entry))}"
    for entry in names_of(section):
        yield f"\n[{written((*above, entry.name))}]"
        for name, value in getattr(section, entry.name).items():
            yield f"{key(name)} = {as_toml(value)}"
    for entry, part in sections_of(section):
        path = (*above, entry.name)
        if settings_of(part):
            yield f"\n[{written(path)}]"
        yield from listed(part, path)


def entries_of(section: Any) -> tuple[Entry, ...]:
    return fields(section)


def settings_of(section: object) -> list[Entry]:
    return [entry for entry in entries_of(section) if not is_table(entry)]


def names_of(section: object) -> list[Entry]:
    """The fields that are tables of names."""
    return [entry for entry in entries_of(section) if "each" in entry.metadata]


def sections_of(section: object) -> list[tuple[Entry, object]]:
    parts = (entry for entry in entries_of(section) if subsection(entry))
    return [(entry, getattr(section, entry.name)) for entry in parts]


def value_in_force(section: object, entry: Entry) -> object:
    """A setting, or in words what it amounts to where it is not set."""
    value = getattr(section, entry.name)
    return entry.metadata["unset"](section) if value is None else value


def shown_value(section: object, entry: Entry) -> object:
    """What stands in a new file: the default, or an example where the default says little."""
    example = entry.metadata["example"]
    return value_in_force(section, entry) if example is None else example


def key(name: str) -> str:
    return name if BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False)


def as_toml(value: object) -> str:
    if isinstance(value, date):  # and times, which are dates
        return str(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
