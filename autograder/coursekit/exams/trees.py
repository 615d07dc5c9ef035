"""Arguments and results as trees of numbers and arrays, each leaf with the name that it has."""

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from coursekit.authoring.axes import PART
from coursekit.authoring.reference_source import section
from coursekit.checks.held_out import HeldOut
from coursekit.checks.values import is_record
from coursekit.exams.questions import visibly_apart

Tree = Any
INNER = re.compile(r"(?:of|tuple) \(([\w, ]+)\)")
"""What a docstring calls the parts of a tuple: ``list of (dW, db)``."""


@dataclass(frozen=True)
class Leaf:
    """A number, an array or a list of numbers, and what it is called.

    Attributes
    ----------
    head, tail : str
        ``dW`` and `` of gradients[0]``: an index stands between the two.
    value : number, array, or list or tuple of numbers
    """

    head: str
    tail: str
    value: Tree

    @property
    def name(self) -> str:
        return self.head + self.tail

    @property
    def array(self) -> np.ndarray:
        return np.asarray(self.value)

    def entries(self) -> Iterator[tuple[str, float]]:
        for index in itertools.product(*map(range, self.array.shape)):
            place = f"[{', '.join(map(str, index))}]" if index else ""
            yield f"{self.head}{place}{self.tail}", float(self.array[index])


@dataclass(frozen=True)
class Result:
    """What a function returned."""

    leaves: tuple[Leaf, ...]

    @cached_property
    def entries(self) -> dict[str, float]:
        """Its numbers, by what each is called; none if it holds anything else."""
        if not all(map(is_numeric, self.leaves)):
            return {}
        return dict(entry for leaf in self.leaves for entry in leaf.entries())

    @cached_property
    def part_of(self) -> dict[str, str]:
        """The array to which each entry belongs."""
        return {name: leaf.name for leaf in self.leaves for name, _ in leaf.entries()}

    def is_like(self, other: "Result") -> bool:
        return set(self.entries) == set(other.entries)

    def differing(self, other: "Result") -> set[str]:
        """The entries in which nobody takes one for the other."""
        return {k for k, v in self.entries.items() if visibly_apart(v, other.entries[k])}


def is_numeric(leaf: Leaf) -> bool:
    if isinstance(leaf.value, str | bool | HeldOut) or leaf.value is None or callable(leaf.value):
        return False
    return leaf.array.dtype.kind in "if"


@dataclass(frozen=True)
class Naming:
    """How a docstring calls an argument, or a part of a result.

    Attributes
    ----------
    name : str
    inner : tuple of str
        The parts of a tuple in it.
    docstring : str
        Where it names some fields of a record, the others have numbers for their names.
    """

    name: str
    inner: tuple[str, ...]
    docstring: str

    def leaves(self, tree: Tree, head: str = "", tail: str = "") -> Iterator[Leaf]:
        """The leaves of what is called so."""
        head = head or self.name
        if not isinstance(tree, tuple | list | dict) or are_numbers(tree):
            yield Leaf(head, tail, tree)
        elif isinstance(tree, dict):
            for key, part in tree.items():
                yield from self.leaves(part, f"{head}[{key!r}]", tail)
        elif isinstance(tree, tuple) and not is_record(tree) and len(tree) == len(self.inner):
            for name, part in zip(self.inner, tree, strict=True):
                yield from self.leaves(part, name, f" of {head}{tail}")
        else:
            for number, part in enumerate(tree):
                yield from self.leaves(part, head + self.place(tree, number), tail)

    def place(self, tree: Tree, number: int) -> str:
        """How one part of a list, a tuple or a record is reached."""
        if not is_record(tree):
            return f"[{number}]"
        known = [one for one in tree._fields if re.search(rf"\b{one}\b", self.docstring)]
        field = tree._fields[number]
        return f".{field}" if field in known or not known else f"[{number}]"


def are_numbers(tree: Tree) -> bool:
    """Whether a list or a tuple is a row of numbers, such as sizes or a shape."""
    plain = isinstance(tree, tuple | list) and not is_record(tree) and len(tree) > 0
    return plain and all(isinstance(p, int | float) and not isinstance(p, bool) for p in tree)


def namings(docstring: str, title: str) -> list[Naming]:
    """How a section of a docstring, *Parameters* or *Returns*, calls what it lists."""
    found = [PART.match(line) for line in section(docstring, title).splitlines()]
    return [
        Naming(part["name"] or "result", inner_names(part["kind"]), docstring)
        for part in found
        if part
    ]


def inner_names(kind: str) -> tuple[str, ...]:
    found = INNER.search(kind)
    return tuple(found[1].split(", ")) if found else ()


def named_result(docstring: str, value: Tree) -> Result:
    """What a function returned, called as its docstring does."""
    known = namings(docstring, "Returns") or [Naming("result", (), docstring)]
    several = isinstance(value, tuple) and not is_record(value) and len(known) == len(value) > 1
    pairs = zip(known, value, strict=True) if several else [(known[0], value)]
    return Result(tuple(leaf for naming, part in pairs for leaf in naming.leaves(part)))


def named_arguments(docstring: str, names: tuple[str, ...], arguments: Tree) -> Iterator[Leaf]:
    """What a function is given, called as its docstring does."""
    known = {one.name: one for one in namings(docstring, "Parameters")}
    for name, value in zip(names, arguments, strict=True):
        yield from known.get(name, Naming(name, (), docstring)).leaves(value)


def poured(value: Tree, pattern: Tree) -> Tree:
    """A result put together as another one is: lists of numbers are arrays, tuples are records.

    Raises
    ------
    ValueError
        If it has other parts, or arrays of other shapes.
    """
    if isinstance(pattern, dict):
        if not isinstance(value, dict) or set(value) != set(pattern):
            raise ValueError("other keys")
        return {key: poured(value[key], part) for key, part in pattern.items()}
    if isinstance(pattern, tuple | list) and not are_numbers(pattern):
        if not isinstance(value, tuple | list) or len(value) != len(pattern):
            raise ValueError("other parts")
        parts = [poured(*pair) for pair in zip(value, pattern, strict=True)]
        return type(pattern)(*parts) if is_record(pattern) else type(pattern)(parts)
    if np.shape(value) != np.shape(pattern):
        raise ValueError("another shape")
    return value if isinstance(value, str | bool) else np.asarray(value)


def each(tree: Tree, change: Callable[[Tree], Tree]) -> Tree:
    """A tree with each of its numbers and arrays changed, from left to right."""
    if is_record(tree):
        return type(tree)(*(each(part, change) for part in tree))
    if isinstance(tree, tuple | list):
        return type(tree)(each(part, change) for part in tree)
    return change(tree)


def flat(tree: Tree) -> list[Tree]:
    """The numbers and arrays of a tree, from left to right."""
    found: list[Tree] = []
    each(tree, found.append)
    return found


def can_be_written(tree: Tree) -> bool:
    """Whether arguments are numbers, arrays and what holds them."""
    if isinstance(tree, tuple | list):
        return all(map(can_be_written, tree))
    if isinstance(tree, np.ndarray):
        return tree.dtype.kind in "if" and tree.ndim <= 2
    return isinstance(tree, int | float | np.number) and not isinstance(tree, bool)
