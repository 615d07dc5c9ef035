"""What a tree is made of on the wire: element types, numbers of fixed width, caps, errors."""

from __future__ import annotations

import struct
from dataclasses import dataclass

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
