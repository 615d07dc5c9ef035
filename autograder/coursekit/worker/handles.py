"""What goes into the sandbox and never out of it: callbacks, handles, generators, named tuples.

Functions of the student's never leave it either: a reference that gets one asks for each call.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from .trees import U32, Extension, Extensions, Reader, TreeError, Writer


@dataclass(frozen=True)
class Callback:
    """Stands for a function of the trusted side.

    Parameters
    ----------
    number : int
        Which function.
    name : str
        Its name, as the student sees it.
    """

    number: int
    name: str


@dataclass(frozen=True)
class Handle:
    """Stands for an object that stays in the exercise's process.

    Parameters
    ----------
    number : int
        Which object.
    """

    number: int


LENT_FUNCTION = b"L"
"""The tag of a function of the student's that a reference is given: it stays where it is."""

LENT = -1
"""In the place of a callback's number: what a lent function gave."""


def lending_writer(lend: Callable[[Callable[..., object]], int]) -> Extension:
    """Writer of functions in a question of the student's code.

    Parameters
    ----------
    lend : callable
        Takes a function, keeps it, and returns its number.
    """

    def write(writer: Writer, value: object) -> bool:
        if callable(value):
            writer.add(LENT_FUNCTION, U32.pack(lend(value)))
        return callable(value)

    return write


def reference_writer(register: Callable[[Callable[..., object]], Callback]) -> Extension:
    """Writer of the inbound nodes.

    Parameters
    ----------
    register : callable
        Takes a function, keeps it, and returns its :class:`Callback`.

    Returns
    -------
    callable
        For the argument ``extension`` of :func:`~coursekit.worker.trees.encode`.  Besides
        functions and handles it admits a ``numpy.random.Generator`` over ``PCG64`` (its whole
        state travels) and named tuples.
    """

    def write(writer: Writer, value: object) -> bool:
        if isinstance(value, Handle):
            writer.add(b"H", U32.pack(value.number))
        elif type(value) is np.random.Generator:
            _write_generator(writer, value)
        elif isinstance(value, tuple) and hasattr(value, "_fields"):
            writer.add(b"R")
            writer.node([type(value).__name__, list(value._fields), tuple(value)])
        elif callable(value):
            callback = register(value)
            writer.add(b"C", U32.pack(callback.number))
            writer.text(callback.name)
        else:
            return False
        return True

    return write


def _write_generator(writer: Writer, generator: np.random.Generator) -> None:
    state = generator.bit_generator.state
    if state["bit_generator"] != "PCG64":
        raise TreeError(
            f"a Generator over {state['bit_generator']} came; use numpy.random.default_rng(seed)"
        )
    writer.add(b"G")
    writer.node([*state["state"].values(), state["has_uint32"], state["uinteger"]])


def _read_generator(reader: Reader) -> np.random.Generator:
    state, increment, has_uint32, uinteger = reader.node()
    bits = np.random.PCG64(0)
    bits.state = {
        "bit_generator": "PCG64",
        "state": {"state": state, "inc": increment},
        "has_uint32": has_uint32,
        "uinteger": uinteger,
    }
    return np.random.Generator(bits)


def reference_readers(
    stub: Callable[[Callback], object],
    held: Callable[[Handle], object],
    record_types: Callable[[str], Any],
) -> Extensions:
    """Readers of the inbound nodes, for the worker.

    Parameters
    ----------
    stub : callable
        Makes the function that calls back.
    held : callable
        Finds the object of a handle.
    record_types : callable
        Finds the student's class of a name, or None; a named tuple is rebuilt in it when it has
        the same fields, else in a new named tuple.

    Returns
    -------
    mapping
        For the argument ``extensions`` of :func:`~coursekit.worker.trees.decode`.
    """

    def record(reader: Reader) -> object:
        name, fields, values = reader.node()
        kind = record_types(name)
        if isinstance(kind, type) and getattr(kind, "_fields", None) == tuple(fields):
            return kind(*values)
        return namedtuple(name, fields)(*values)

    def callback(reader: Reader) -> object:
        return stub(Callback(reader.number(U32), reader.text()))

    return {
        b"C": callback,
        b"H": lambda reader: held(Handle(reader.number(U32))),
        b"G": _read_generator,
        b"R": record,
    }
