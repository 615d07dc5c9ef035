"""What the axes of a result count, by the shapes that its docstring declares."""

import re
from collections.abc import Mapping

from coursekit.authoring.reference_source import section

PART = re.compile(r"^(?:(?P<name>\w+) : )?(?P<kind>\w+.*)$")
ENTRY = re.compile(r'^ +"(?P<name>\w+)": (?P<kind>.*)$')
SHAPE = re.compile(r"shape \((?P<sizes>[^)]*)\)")


def axes_of(docstring: str, words: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The name of each part of a result and of its axes, by the place in the result.

    Parameters
    ----------
    docstring : str
        Its *Returns* name the parts and their shapes.
    words : mapping from str to str
        What a size of the docstring counts, one of it: ``{"M": "example"}``.
    """
    lines = section(docstring, "Returns").splitlines()
    parts = [found for line in lines if (found := PART.match(line))]
    axes = {}
    for number, part in enumerate(parts):
        several = len(parts) > 1
        place = f"the result[{number}]" if several else "the result"
        axes[place] = (part["name"] or "" if several else "", *named(part["kind"], words))
    for entry in filter(None, map(ENTRY.match, lines)):
        axes[f"the result[{entry['name']!r}]"] = ("", *named(entry["kind"], words))
    return {place: names for place, names in axes.items() if any(names)}


def named(kind: str, words: Mapping[str, str]) -> tuple[str, ...]:
    """What stands along the axes of an array, as far as its shape and the words say it."""
    shape = SHAPE.search(kind)
    sizes = [size.strip() for size in shape["sizes"].split(",")] if shape else []
    return tuple(words.get(size, "") for size in sizes if size)
