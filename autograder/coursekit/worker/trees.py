"""The binary format of the values that cross the border of the sandbox.

A *tree* is made of ``None``, ``bool``, ``int``, ``float``, ``complex``, ``str``, ``bytes``,
``tuple``, ``list``, ``dict`` with string keys, NumPy scalars and exact ``numpy.ndarray`` of
booleans, integers, floating and complex numbers of fixed width.  There is no pickle: decoding
never runs code, never allocates more than it was sent, and rebuilds each array itself.

Notes
-----
Every node is one tag byte and its content; all numbers are little endian, all lengths precede
what they count.  Towards the worker three more nodes exist, for which see :class:`Callback`,
:class:`Handle` and :func:`encode`; a decoder without ``extensions`` refuses them.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

DTYPES = ("b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16")
"""Kind and width of the admitted array elements; the index is the code on the wire."""

U8, U32, U64 = (struct.Struct(f"<{letter}") for letter in "BIQ")
F64, C128 = struct.Struct("<d"), struct.Struct("<dd")


class TreeError(ValueError):
    """A value cannot be sent, or bytes are no tree."""


class TooLargeError(TreeError):
    """A value is admissible in kind but exceeds a cap."""


@dataclass(frozen=True)
class TreeLimits:
    """Caps on one tree.

    Parameters
    ----------
    total_bytes : int
        Length of the encoded tree, in bytes.
    nodes : int
        Number of leaves and containers; an array counts as one.
    depth : int
        Containers inside containers.
    dimensions : int
        Largest ``ndim`` of an array.
    """

    total_bytes: int = 64 * 2**20
    nodes: int = 100_000
    depth: int = 16
    dimensions: int = 8


DEFAULT_LIMITS = TreeLimits()


def encode(
    value: object, limits: TreeLimits = DEFAULT_LIMITS, extension: Extension | None = None
) -> bytes:
    """Encode a tree.

    Parameters
    ----------
    value : object
        The tree.  Of a subclass of an admitted type the plain content is sent, without asking
        it: a subclass carries behaviour.  Extended precision is rounded to double.
    limits : TreeLimits
        Caps.
    extension : callable, optional
        ``extension(writer, value) -> bool``, asked about values of any other type; it appends
        a node and returns True, or returns False.

    Returns
    -------
    bytes

    Raises
    ------
    TreeError
        A value of another type, a lone surrogate, a key that is no text.
    TooLargeError
        A cap is exceeded.
    """
    writer = Writer(limits, extension)
    writer.node(value)
    return b"".join(writer.parts)


def decode(
    data: bytes, limits: TreeLimits = DEFAULT_LIMITS, extensions: Extensions | None = None
) -> Any:
    """Decode a tree from bytes that may be hostile.

    Parameters
    ----------
    data : bytes
        What :func:`encode` wrote, or anything else.
    limits : TreeLimits
        Caps.
    extensions : mapping of bytes to callable, optional
        Readers of further tags.  Without it only plain data is taken.

    Returns
    -------
    object
        The tree, every array an exact ``numpy.ndarray`` in native byte order.

    Raises
    ------
    TreeError
        The bytes are not exactly one tree.
    TooLargeError
        A cap is exceeded.
    """
    reader = Reader(data, limits, extensions or {})
    value = reader.node()
    if reader.position != len(data):
        raise TreeError("bytes are left after the value")
    return value


_CODES = {name: code for code, name in enumerate(DTYPES)}
_SCALAR_TYPES = [
    scalar for scalar in set(np.sctypeDict.values()) if np.dtype(scalar).str[1:] in _CODES
]

_ARRAY = np.ndarray  # whatever student code puts in its place
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

    def string(self, value: str) -> None:
        """Append a string."""
        self.add(b"s")
        self.text(value)

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
        elif self.extension is None or not self.extension(self, value):
            self.subclass(value)

    def subclass(self, value: object) -> None:
        """Append the plain content of a value of a type that is derived from an admitted one."""
        base = next((base for base in bases_of(value) if base in _WRITERS), None)
        if base is None:
            raise TreeError(f"{type_in_words(value)} cannot be taken; return arrays, numbers, "
                            "texts, tuples, lists or dicts")  # fmt: skip
        _WRITERS[base](self, value)

    def items(self, tag: bytes, values: Sequence[object]) -> None:
        """Append a tag, a count and that many nodes."""
        self._enter(tag, len(values))
        for value in values:
            self.node(value)
        self.depth -= 1

    def mapping(self, value: dict[object, object]) -> None:
        """Append a dictionary whose keys are texts."""
        entries = list(dict.items(value))
        self._enter(b"m", len(entries))
        for key, item in entries:
            if str not in bases_of(key):
                raise TreeError(
                    f"a dict has a key that is {type_in_words(key)}; of dicts only those are "
                    "compared whose keys are texts"
                )
            self.text(key)  # type: ignore[arg-type]  # it is one, as its bases say
            self.node(item)
        self.depth -= 1

    def _enter(self, tag: bytes, count: int) -> None:
        self.add(tag, U32.pack(count))
        self.depth += 1
        if self.depth > self.limits.depth:
            raise TooLargeError(f"nested more than {self.limits.depth} deep")

    def integer(self, value: int) -> None:
        """Append a Python integer of at most 512 bits."""
        data = int.to_bytes(value, int.bit_length(value) // 8 + 1, "little", signed=True)
        if len(data) > 64:
            raise TooLargeError("an integer of more than 512 bits")
        self.add(b"i", U8.pack(len(data)), data)

    def array(self, value: np.ndarray) -> None:
        """Append dtype, shape and elements in C order."""
        value = doubled(_ARRAY.view(value, _ARRAY))
        code = _CODES.get(value.dtype.str[1:])
        if code is None or value.dtype.fields is not None:
            raise TreeError(f"an array of dtype {str(value.dtype)[:60]} cannot be taken; use "
                            "booleans, integers, floating or complex numbers")  # fmt: skip
        if value.ndim > self.limits.dimensions:
            raise TooLargeError(f"an array of more than {self.limits.dimensions} dimensions")
        if self.size + value.nbytes > self.limits.total_bytes:
            raise TooLargeError(f"an array of shape {value.shape}, {value.nbytes} bytes")
        shape = b"".join(map(U64.pack, value.shape))
        self.add(b"a", U8.pack(code), U8.pack(value.ndim), shape, _little(value))

    def scalar(self, value: np.generic) -> None:
        """Append a NumPy scalar."""
        array = doubled(np.asarray(value))
        self.add(b"g", U8.pack(_CODES[array.dtype.str[1:]]), _little(array))


def doubled(array: np.ndarray) -> np.ndarray:
    """An array whose numbers have no more than double precision."""
    if array.dtype.str[1:] in _CODES or array.dtype.kind not in "fc":
        return array
    with np.errstate(all="ignore"):
        return array.astype("f8" if array.dtype.kind == "f" else "c16")


def _little(array: np.ndarray) -> bytes:
    return array.astype(array.dtype.newbyteorder("<"), copy=False).tobytes()


def _leaf(tag: bytes, pack: Callable[[Any], bytes]) -> Callable[[Writer, Any], None]:
    return lambda writer, value: writer.add(tag, pack(value))


_PARTS = complex.real, complex.imag
_WRITERS: dict[type, Callable[[Writer, Any], None]] = {
    type(None): lambda writer, value: writer.add(b"N"),
    bool: lambda writer, value: writer.add(b"T" if value else b"F"),
    int: Writer.integer,
    float: _leaf(b"d", F64.pack),
    complex: _leaf(b"c", lambda value: C128.pack(*(part.__get__(value) for part in _PARTS))),
    str: Writer.string,
    bytes: lambda writer, value: writer.add(b"b", U32.pack(bytes.__len__(value)), value),
    tuple: lambda writer, value: writer.items(b"t", list(tuple.__iter__(value))),
    list: lambda writer, value: writer.items(b"l", list(list.__iter__(value))),
    dict: Writer.mapping,
    np.ndarray: Writer.array,
    **dict.fromkeys([*_SCALAR_TYPES, np.longdouble, np.clongdouble], Writer.scalar),
}


def bases_of(value: object) -> tuple[type, ...]:
    """The type of a value and what that is derived from, without asking it."""
    return tuple(type.__getattribute__(type(value), "__mro__"))


def type_in_words(value: object) -> str:
    """Name the type of a value in a few words, without calling anything that it defines."""
    kind = type(value)
    name, module = (type.__getattribute__(kind, key) for key in ("__name__", "__module__"))
    plain = type(module) is str and module not in ("builtins", "__main__")
    return f"a value of type {module + '.' if plain else ''}{name}"[:120]


Extensions = Mapping[bytes, Callable[["Reader"], object]]
"""Readers of further tags."""


class Reader:
    """Takes nodes from bytes that nobody vouches for."""

    def __init__(self, data: bytes, limits: TreeLimits, extensions: Extensions) -> None:
        if len(data) > limits.total_bytes:
            raise TooLargeError(f"{len(data)} bytes, at most {limits.total_bytes} are taken")
        self.data, self.limits, self.extensions = memoryview(data), limits, extensions
        self.position = self.nodes = self.depth = 0

    def take(self, count: int) -> memoryview:
        """Take raw bytes."""
        end = self.position + count
        if end > len(self.data):
            raise TreeError("the bytes end in the middle of a value")
        piece, self.position = self.data[self.position : end], end
        return piece

    def number(self, form: struct.Struct) -> int:
        """Take one integer of fixed width."""
        (number,) = form.unpack(self.take(form.size))
        return int(number)

    def text(self) -> str:
        """Take a string."""
        try:
            return str(self.take(self.number(U32)), "utf-8")
        except UnicodeDecodeError:
            raise TreeError("a string is not UTF-8") from None

    def node(self) -> Any:
        """Take one value."""
        self.nodes += 1
        if self.nodes > self.limits.nodes:
            raise TooLargeError(f"more than {self.limits.nodes} values")
        tag = bytes(self.take(1))
        read = _READERS.get(tag) or self.extensions.get(tag)
        if read is None:
            raise TreeError(f"unknown tag {tag!r}")
        return read(self)

    def items(self) -> list[object]:
        """Take a count and that many nodes."""
        result = [self.node() for _ in range(self._enter())]
        self.depth -= 1
        return result

    def mapping(self) -> dict[str, object]:
        """Take a dictionary; a key that comes twice is refused."""
        count = self._enter()
        result = {self.text(): self.node() for _ in range(count)}
        self.depth -= 1
        if len(result) != count:
            raise TreeError("a dictionary holds a key twice")
        return result

    def _enter(self) -> int:
        count = self.number(U32)
        self.depth += 1
        if self.depth > self.limits.depth:
            raise TooLargeError(f"nested more than {self.limits.depth} deep")
        return count

    def dtype(self) -> np.dtype:
        """Take the code of an element type."""
        code = self.number(U8)
        if code >= len(DTYPES):
            raise TreeError(f"unknown element type {code}")
        return np.dtype("<" + DTYPES[code])

    def array(self) -> np.ndarray:
        """Take an array and build it anew: exact ndarray, native order, owner of its memory."""
        dtype, ndim = self.dtype(), self.number(U8)
        if ndim > self.limits.dimensions:
            raise TooLargeError(f"an array of {ndim} dimensions")
        shape = tuple(self.number(U64) for _ in range(ndim))
        if math.prod(max(size, 1) for size in shape) * dtype.itemsize > self.limits.total_bytes:
            raise TooLargeError(f"an array of shape {shape}")  # an empty one, too, for NumPy
        return self.elements(dtype, math.prod(shape)).reshape(shape)

    def elements(self, dtype: np.dtype, count: int) -> np.ndarray:
        """Take `count` elements."""
        raw = self.take(count * dtype.itemsize)
        if dtype.kind == "b" and count and np.frombuffer(raw, np.uint8).max() > 1:
            raise TreeError("a boolean that is neither 0 nor 1")
        result = np.empty(count, dtype.newbyteorder("="))
        if count:
            result[:] = np.frombuffer(raw, dtype)
        return result

    def scalar(self) -> np.generic:
        """Take a NumPy scalar."""
        scalar: np.generic = self.elements(self.dtype(), 1)[0]
        return scalar


_READERS: dict[bytes, Callable[[Reader], object]] = {
    b"N": lambda reader: None,
    b"T": lambda reader: True,
    b"F": lambda reader: False,
    b"i": lambda reader: int.from_bytes(reader.take(reader.number(U8)), "little", signed=True),
    b"d": lambda reader: F64.unpack(reader.take(8))[0],
    b"c": lambda reader: complex(*C128.unpack(reader.take(16))),
    b"s": Reader.text,
    b"b": lambda reader: bytes(reader.take(reader.number(U32))),
    b"t": lambda reader: tuple(reader.items()),
    b"l": Reader.items,
    b"m": Reader.mapping,
    b"a": Reader.array,
    b"g": Reader.scalar,
}
