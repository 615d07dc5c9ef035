"""Bytes that nobody vouches for into values."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Mapping

import numpy as np

from .tree_format import C128, DTYPES, F64, U8, U32, U64, TooLargeError, TreeError, TreeLimits

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
        """Take one fixed-width number."""
        return form.unpack(self.take(form.size))[0]

    def text(self) -> str:
        """Take a string."""
        try:
            return str(self.take(self.number(U32)), "utf-8")
        except UnicodeDecodeError:
            raise TreeError("a string is not UTF-8") from None

    def node(self) -> object:
        """Take one value."""
        self.nodes += 1
        if self.nodes > self.limits.nodes:
            raise TooLargeError(f"more than {self.limits.nodes} values")
        tag = bytes(self.take(1))
        read = _READERS.get(tag) or self.extensions.get(tag)
        if read is None:
            raise TreeError(f"unknown tag {tag!r}")
        return read(self)

    def items(self) -> list:
        """Take a count and that many nodes."""
        return self._deeper(lambda count: [self.node() for _ in range(count)])

    def mapping(self) -> dict:
        """Take a dictionary; a key that comes twice is refused."""
        pairs = self._deeper(lambda count: [(self.text(), self.node()) for _ in range(count)])
        result = dict(pairs)
        if len(result) != len(pairs):
            raise TreeError("a dictionary holds a key twice")
        return result

    def _deeper(self, read: Callable[[int], list]) -> list:
        count = self.number(U32)
        self.depth += 1
        if self.depth > self.limits.depth:
            raise TooLargeError(f"nested more than {self.limits.depth} deep")
        result = read(count)
        self.depth -= 1
        return result

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
        if any(size >= 2**31 for size in shape):
            raise TooLargeError(f"an array of shape {shape}")
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
        return self.elements(self.dtype(), 1)[0]


_READERS: dict[bytes, Callable[[Reader], object]] = {
    b"N": lambda reader: None,
    b"T": lambda reader: True,
    b"F": lambda reader: False,
    b"i": lambda reader: int.from_bytes(reader.take(reader.number(U8)), "little", signed=True),
    b"d": lambda reader: reader.number(F64),
    b"c": lambda reader: complex(*C128.unpack(reader.take(16))),
    b"s": Reader.text,
    b"b": lambda reader: bytes(reader.take(reader.number(U32))),
    b"t": lambda reader: tuple(reader.items()),
    b"l": Reader.items,
    b"m": Reader.mapping,
    b"a": Reader.array,
    b"g": Reader.scalar,
}
