"""Arguments that are more than arrays: functions given by their source, generators, records."""

from __future__ import annotations

import collections
import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeGuard

import numpy as np


@dataclass(frozen=True)
class Code:
    """A function of the case at hand, given by its source so that it can lie in a file.

    Attributes
    ----------
    source : str
        An expression that gives a function, such as ``lambda x: np.sin(x)``, or a ``def``. It
        sees NumPy as ``np``.
    """

    source: str

    def __call__(self, *arguments: object, **keywords: object) -> Any:
        return self.function(*arguments, **keywords)

    @property
    def __name__(self) -> str:
        return self.function.__name__ if "lambda" not in self.source else "f"

    @property
    def function(self) -> Callable[..., Any]:
        return compiled(self.source)


@functools.cache
def compiled(source: str) -> Callable[..., Any]:
    """The function that a source gives; sources come from the course's own case files."""
    namespace: dict[str, Any] = {"np": np}
    expression = source
    if source.startswith("def "):
        exec(source, namespace)
        expression = source.split("(")[0].removeprefix("def ").strip()
    function: Callable[..., Any] = eval(expression, namespace)
    return function


def generator_state(generator: np.random.Generator) -> dict[str, Any]:
    """The state of a generator as plain numbers; they are too long for some readers of JSON."""
    state = generator.bit_generator.state
    if state["bit_generator"] != "PCG64":
        raise ValueError(f"a generator over PCG64 is expected, not {state['bit_generator']}")
    return {
        "state": str(state["state"]["state"]),
        "inc": str(state["state"]["inc"]),
        "has_uint32": state["has_uint32"],
        "uinteger": state["uinteger"],
    }


def generator_of(fields: dict[str, Any]) -> np.random.Generator:
    """The generator with this state."""
    bits = np.random.PCG64(0)
    bits.state = {
        "bit_generator": "PCG64",
        "state": {"state": int(fields["state"]), "inc": int(fields["inc"])},
        "has_uint32": fields["has_uint32"],
        "uinteger": fields["uinteger"],
    }
    return np.random.Generator(bits)


@functools.cache
def record_type(name: str, fields: tuple[str, ...]) -> type[Any]:
    """The class of the named tuples with this name and these fields."""
    return collections.namedtuple(name, fields)


def is_record(value: object) -> TypeGuard[NamedTuple]:
    return isinstance(value, tuple) and hasattr(value, "_fields")
