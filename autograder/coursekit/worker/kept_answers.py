"""Each answer with the names around it as they stood when its own cell had run.

All functions of a notebook look up their names in one dictionary. So a helper that a later cell
defines anew would change the answers before it, and a cell that binds the name of an answer to a
number would take it away. Here the names that an answer saw are kept, and brought back into the
dictionary before it is called; what was not yet there is taken from what came later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import wraps
from types import CodeType, FunctionType
from typing import Any

Names = dict[str, object]


class KeptAnswers:
    """The answers in a namespace, each as it stood.

    Parameters
    ----------
    namespace : dict
        In which the cells run.
    """

    def __init__(self, namespace: Names) -> None:
        self.namespace = namespace
        self.kept: dict[str, Names] = {}
        self.at_the_end: Names | None = None
        self.guests: dict[str, Callable[..., object]] = {}
        self.present = ""

    def keep(self, answers: Mapping[str, bool], before: Names) -> None:
        """Note how answers stand now that a cell has run which is a part of them.

        Parameters
        ----------
        answers : mapping of str to bool
            The names of the functions, and whether the cell is meant to define them.
        before : dict
            The namespace as it was before the cell.
        """
        for name, defines in answers.items():
            if callable(self.namespace.get(name)) and (defines or name not in self.kept):
                self.kept[name] = dict(self.namespace)
            elif name in self.kept:
                self.kept[name] |= changed(before, self.namespace, name)

    def bring_back(self, name: str) -> None:
        """Make the namespace as it was for an answer; for other names, as it was at the end."""
        if self.at_the_end is None:
            self.at_the_end = dict(self.namespace)
            self.guests = dict(self.with_contested_names())
        elif name == self.present:
            return
        self.present = name
        self.namespace.clear()
        self.namespace.update(self.at_the_end | self.kept.get(name, {}))
        for other, names in self.kept.items():
            here, answer = self.namespace.get(other), names[other]
            if other != name and (here is answer or not callable(here)):
                self.namespace[other] = self.guests.get(other, answer)

    def with_contested_names(self) -> Iterator[tuple[str, Callable[..., object]]]:
        """The answers that need names of which there are several, for the other answers to call.

        Each brings its own along, and takes them away when it has come back.
        """
        needed = {
            name: names_needed(names[name], names) - set(self.kept)
            for name, names in self.kept.items()
        }
        states = [*self.kept.values(), self.at_the_end or {}]
        for name, all_needed in needed.items():
            own = self.kept[name]
            contested = {
                key: own[key]
                for key in all_needed & set(own)
                if any(names.get(key, own[key]) is not own[key] for names in states)
            }
            if contested:
                yield name, bringing(contested, own[name], self.namespace)


def names_needed(answer: object, names: Names) -> set[str]:
    """The names that a function may look up, in itself and in the functions that these name."""
    found: set[str] = set()
    seen: set[FunctionType] = set()  # a function that calls itself within another keeps itself
    waiting = [answer]
    while waiting:
        function = waiting.pop()
        if isinstance(function, FunctionType) and function not in seen:
            seen.add(function)
            new = set(names_in(function.__code__)) - found
            found |= new
            waiting += [names[name] for name in new if name in names]
            waiting += enclosed(function)
    return found


def enclosed(function: FunctionType) -> Iterator[object]:
    """What a function keeps from the one in which it was made, as decorated ones do."""
    for cell in function.__closure__ or ():
        with suppress(ValueError):  # nothing is in it yet
            yield cell.cell_contents


def names_in(code: CodeType) -> Iterator[str]:
    """The names in a function's code, and in that of the functions within it."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from names_in(constant)


def bringing(own: Names, answer: Any, namespace: Names) -> Callable[..., object]:
    """An answer that sees its own names while it is called, whatever others see."""

    @wraps(answer)
    def guest(*args: object, **kwargs: object) -> object:
        before = {name: namespace[name] for name in own if name in namespace}
        namespace.update(own)
        try:
            return answer(*args, **kwargs)
        finally:
            namespace.update(before)

    return guest


def changed(before: Names, now: Names, but: str) -> Names:
    """The names, but one, that were bound since."""
    return {
        name: value
        for name, value in now.items()
        if name != but and (name not in before or before[name] is not value)
    }
