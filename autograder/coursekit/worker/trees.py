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

from .tree_format import DEFAULT_LIMITS, DTYPES, TooLargeError, TreeError, TreeLimits
from .tree_reader import Extensions, Reader
from .tree_writer import Extension, Writer, describe, is_record

__all__ = [
    "DEFAULT_LIMITS", "DTYPES", "Extension", "Extensions", "Reader", "TooLargeError", "TreeError",
    "TreeLimits", "Writer", "decode", "describe", "encode", "is_record",
]  # fmt: skip


def encode(
    value: object, limits: TreeLimits = DEFAULT_LIMITS, extension: Extension | None = None
) -> bytes:
    """Encode a tree.

    Parameters
    ----------
    value : object
        The tree.  Subclasses of the admitted types are refused, as they carry behaviour; but of
        a NamedTuple the tuple is sent.
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
        A value of another type, a lone surrogate, a key that is no string.
    TooLargeError
        A cap is exceeded.
    """
    writer = Writer(limits, extension)
    writer.node(value)
    return b"".join(writer.parts)


def decode(
    data: bytes, limits: TreeLimits = DEFAULT_LIMITS, extensions: Extensions | None = None
) -> object:
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
