"""Values into bytes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .tree_format import C128, DTYPES, F64, U8, U32, U64, TooLargeError, TreeError, TreeLimits

_CODES = {name: code for code, name in enumerate(DTYPES)}
_SCALAR_TYPES = {
    scalar: _CODES[np.dtype(scalar).str[1:]]
    for scalar in set(np.sctypeDict.values())
    if np.dtype(scalar).str[1:] in _CODES
}

Extension = Callable[["Writer", object], bool]
"""Appends a node for a value of another type and returns True, or returns False."""


class Writer:
    """Appends nodes to a buffer and counts them against the caps."""

    def __init__(self, limits: TreeLimits, extension: Extension | None = None) -> None:
        self.limits, self.extension = limits, extension
        self.parts: list[bytes] = []
        self.size = self.nodes = self.depth = 0

    def add(self, *parts: bytes) -> None:
        """Append raw bytes."""
        self.size += sum(map(len, parts))
        if self.size > self.limits.total_bytes:
            raise TooLargeError(f"larger than {self.limits.total_bytes} bytes")
        self.parts.extend(parts)

    def text(self, value: str) -> None:
        """Append a string without a tag: length, then UTF-8."""
        try:
            data = str.encode(value, "utf-8")
        except UnicodeEncodeError:
            raise TreeError("a string holds a lone surrogate, which is no character") from None
        self.add(U32.pack(len(data)), data)

    def node(self, value: object) -> None:
        """Append one value of any admitted type."""
        self.nodes += 1
        if self.nodes > self.limits.nodes:
            raise TooLargeError(f"more than {self.limits.nodes} values")
        write = _WRITERS.get(type(value))
        if write is not None:
            write(self, value)
        elif type(value) in _SCALAR_TYPES:
            self.add(b"g", U8.pack(_SCALAR_TYPES[type(value)]), _little(np.asarray(value)))
        elif self.extension is not None and self.extension(self, value):
            pass
        elif is_record(value):
            self.items(b"t", list(tuple.__iter__(value)))
        else:
            raise TreeError(f"{describe(value)} cannot be sent; return arrays, numbers, strings, "
                            "tuples, lists or dictionaries")  # fmt: skip

    def items(self, tag: bytes, values: list | tuple) -> None:
        """Append a tag, a count and that many nodes."""
        self.add(tag, U32.pack(len(values)))
        self._deeper(lambda: [self.node(value) for value in values])

    def mapping(self, value: dict) -> None:
        """Append a dictionary whose keys are strings."""
        self.add(b"m", U32.pack(len(value)))
        self._deeper(lambda: [self._entry(key, item) for key, item in value.items()])

    def _entry(self, key: object, item: object) -> None:
        if type(key) is not str:
            raise TreeError(f"a dictionary has a key that is {describe(key)}; keys must be str")
        self.text(key)
        self.node(item)

    def _deeper(self, write: Callable[[], object]) -> None:
        self.depth += 1
        if self.depth > self.limits.depth:
            raise TooLargeError(f"nested more than {self.limits.depth} deep")
        write()
        self.depth -= 1

    def integer(self, value: int) -> None:
        """Append a Python integer of at most 512 bits."""
        data = value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True)
        if len(data) > 64:
            raise TooLargeError("an integer of more than 512 bits")
        self.add(b"i", U8.pack(len(data)), data)

    def array(self, value: np.ndarray) -> None:
        """Append dtype, shape and elements in C order."""
        code = _CODES.get(value.dtype.str[1:])
        if code is None or value.dtype.fields is not None:
            raise TreeError(f"an array of dtype {str(value.dtype)[:60]} cannot be sent; use "
                            "booleans, integers, floating or complex numbers")  # fmt: skip
        if value.ndim > self.limits.dimensions:
            raise TooLargeError(f"an array of more than {self.limits.dimensions} dimensions")
        if self.size + value.nbytes > self.limits.total_bytes:
            raise TooLargeError(f"an array of shape {value.shape}, {value.nbytes} bytes")
        shape = b"".join(map(U64.pack, value.shape))
        self.add(b"a", U8.pack(code), U8.pack(value.ndim), shape, _little(value))


def _little(array: np.ndarray) -> bytes:
    return array.astype(array.dtype.newbyteorder("<"), copy=False).tobytes()


def _leaf(tag: bytes, pack: Callable[..., bytes]) -> Callable[[Writer, object], None]:
    return lambda writer, value: writer.add(tag, pack(value))


_WRITERS: dict[type, Callable[[Writer, object], None]] = {
    type(None): lambda writer, value: writer.add(b"N"),
    bool: lambda writer, value: writer.add(b"T" if value else b"F"),
    int: Writer.integer,
    float: _leaf(b"d", F64.pack),
    complex: _leaf(b"c", lambda value: C128.pack(value.real, value.imag)),
    str: lambda writer, value: (writer.add(b"s"), writer.text(value)),
    bytes: lambda writer, value: writer.add(b"b", U32.pack(len(value)), value),
    tuple: lambda writer, value: writer.items(b"t", value),
    list: lambda writer, value: writer.items(b"l", value),
    dict: Writer.mapping,
    np.ndarray: Writer.array,
}


def is_record(value: object) -> bool:
    """Whether a value is a NamedTuple, which is sent as the tuple that it is."""
    kind = type(value)
    bases, names = (type.__getattribute__(kind, key) for key in ("__bases__", "__dict__"))
    return bases == (tuple,) and "_fields" in names


def describe(value: object) -> str:
    """Name the type of a value in a few words, without calling anything that it defines."""
    kind = type(value)
    name, module = (type.__getattribute__(kind, key) for key in ("__name__", "__module__"))
    plain = type(module) is str and module != "builtins"
    return f"a value of type {module + '.' if plain else ''}{name}"[:120]
