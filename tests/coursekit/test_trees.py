"""The codec: faithful to what it takes, deaf to everything else."""

import collections
import contextlib
import enum
import struct
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from coursekit.worker.handles import Callback, Handle, reference_readers, reference_writer
from coursekit.worker.trees import (
    DTYPES,
    TooLargeError,
    TreeError,
    TreeLimits,
    decode,
    encode,
)

ARRAYS = hnp.arrays(
    st.sampled_from(DTYPES).map(np.dtype), hnp.array_shapes(min_dims=0, max_dims=4, min_side=0)
)
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**500), 2**500), st.floats(), st.complex_numbers(),
    st.text(), st.binary(), ARRAYS, ARRAYS.filter(lambda a: a.ndim == 0).map(lambda a: a[()]),
)  # fmt: skip
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(st.text(), inner, max_size=4),
    ),
    max_leaves=12,
)


def same(left, right):
    """Whether two trees agree in types, shapes and bits."""
    if type(left) is not type(right):
        return False
    if isinstance(left, (list, tuple)):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return list(left) == list(right) and all(map(same, left.values(), right.values()))
    if isinstance(left, (np.ndarray, np.generic)):
        return (left.dtype, left.shape, left.tobytes()) == (
            right.dtype, right.shape, right.tobytes(),
        )  # fmt: skip
    if isinstance(left, complex):
        return same(left.real, right.real) and same(left.imag, right.imag)
    return (
        struct.pack("d", left) == struct.pack("d", right) if type(left) is float else left == right
    )


@given(TREES)
def test_a_tree_comes_back_with_the_same_types_and_bits(tree):
    assert same(decode(encode(tree)), tree)


@given(ARRAYS)
def test_an_array_comes_back_owned_writable_and_native_from_any_layout(array):
    for given_array in (array, array.T, array[..., ::-1] if array.ndim else array,
                        array.astype(array.dtype.newbyteorder(">"))):  # fmt: skip
        back = decode(encode(given_array))
        assert type(back) is np.ndarray
        assert back.flags.writeable
        assert back.dtype.isnative
        assert back.shape == given_array.shape
        np.testing.assert_array_equal(back, given_array)


@given(TREES, st.integers(0, 10**6), st.integers(0, 255))
@settings(max_examples=300)
def test_a_damaged_tree_is_a_tree_or_a_tree_error(tree, place, byte):
    data = bytearray(encode(tree))
    data[place % len(data)] = byte
    with contextlib.suppress(TreeError):
        decode(bytes(data))


@given(TREES, st.integers(1, 50))
def test_a_tree_that_is_cut_short_or_too_long_is_refused(tree, count):
    data = encode(tree)
    with pytest.raises(TreeError):
        decode(data[: max(len(data) - count, 0)])
    with pytest.raises(TreeError):
        decode(data + b"N" * count)


@given(st.binary(max_size=200))
@settings(max_examples=500)
def test_noise_is_a_tree_or_a_tree_error(noise):
    with contextlib.suppress(TreeError):
        decode(noise)


HOSTILE = {
    "an array of 2**60 elements": b"a\x0b\x01" + struct.pack("<Q", 2**60),
    "an empty array with a huge dimension": b"a\x0b\x02" + struct.pack("<QQ", 0, 2**62),
    "an empty array that NumPy calls too big": b"a\x0b\x03"
    + struct.pack("<QQQ", 2**31 - 1, 2**31 - 1, 0),
    "an array of 200 dimensions": b"a\x0b\xc8" + bytes(8 * 200),
    "a list of 2**32 - 1 values": b"l\xff\xff\xff\xff",
    "a string that is not UTF-8": b"s\x01\x00\x00\x00\xff",
    "a boolean array of twos": b"a\x00\x01" + struct.pack("<Q", 1) + b"\x02",
    "a NumPy boolean of seven": b"g\x00\x07",
    "an unknown element type": b"a\x20\x00",
    "a key that comes twice": b"m\x02\x00\x00\x00" + b"\x01\x00\x00\x00aN" * 2,
    "a callback": b"C" + bytes(8),
    "a handle": b"H" + bytes(4),
    "a named tuple": b"RN",
    "a generator": b"GN",
    "nesting without end": b"l\x01\x00\x00\x00" * 10**5,
    "nothing": b"",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_bytes_are_refused_without_allocating(name):
    with pytest.raises(TreeError):
        decode(HOSTILE[name])


@pytest.mark.parametrize(
    ("limits", "tree"),
    [
        (TreeLimits(total_bytes=100), np.zeros(20)),
        (TreeLimits(nodes=3), [1, 2, 3]),
        (TreeLimits(depth=2), [[[1]]]),
        (TreeLimits(dimensions=1), np.zeros((1, 1))),
    ],
)
def test_each_cap_holds_on_both_sides(limits, tree):
    with pytest.raises(TooLargeError):
        encode(tree, limits)
    with pytest.raises(TooLargeError):
        decode(encode(tree), limits)


@pytest.mark.parametrize(
    "value",
    [object(), {1}, {1: 2}, {np.int64(1): 2}, range(3), np.array([None]), np.array("a"), "\ud800",
     np.zeros(1, "M8[s]"), np.datetime64("2020"), len, Handle(1)],
)  # fmt: skip
def test_what_is_no_plain_data_is_refused_with_its_type(value):
    with pytest.raises(TreeError):
        encode([value])


def inbound(value, types=None):
    """What arrives in the worker, and the functions that were registered."""
    functions = []

    def register(function):
        functions.append(function)
        return Callback(len(functions) - 1, function.__name__)

    data = encode(value, extension=reference_writer(register))
    readers = reference_readers(lambda c: c, lambda h: ("held", h.number), (types or {}).get)
    return decode(data, extensions=readers), functions


def test_a_function_arrives_as_its_number_and_name():
    value, functions = inbound([len, {"f": abs}])
    assert value == [Callback(0, "len"), {"f": Callback(1, "abs")}]
    assert functions == [len, abs]


def test_a_generator_arrives_in_its_state_so_that_both_sides_draw_the_same():
    generator = np.random.default_rng(3)
    generator.integers(0, 10, dtype=np.int32)
    arrived, _ = inbound(generator)
    np.testing.assert_array_equal(arrived.normal(size=5), generator.normal(size=5))
    assert (
        arrived.integers(9, size=7, dtype=np.int32).tolist()
        == generator.integers(9, size=7, dtype=np.int32).tolist()
    )


def test_a_generator_over_another_bit_generator_is_refused_with_what_to_do():
    with pytest.raises(TreeError, match=r"MT19937.*default_rng"):
        inbound(np.random.Generator(np.random.MT19937(1)))


def test_a_named_tuple_arrives_in_the_class_of_the_student_if_its_fields_agree():
    from collections import namedtuple

    state = namedtuple("State", "m v")
    own = type("State", (namedtuple("State", "m v"),), {"__slots__": ()})
    other = namedtuple("State", "v m")
    assert type(inbound(state(1, 2), {"State": own})[0]) is own
    assert inbound(state(1, 2), {"State": other})[0]._fields == ("m", "v")
    assert inbound(state(1, 2))[0] == (1, 2)


def test_a_handle_arrives_as_the_object_that_it_stands_for():
    assert inbound((Handle(4), 1))[0] == (("held", 4), 1)


class Pair(NamedTuple):
    first: float
    second: np.ndarray

    def __iter__(self):
        raise AssertionError("the codec must not ask the value")


def test_a_named_tuple_comes_back_as_the_tuple_that_it_is():
    back = decode(encode([Pair(1.0, np.ones(2))]))
    assert type(back[0]) is tuple
    assert back[0][0] == 1.0
    np.testing.assert_array_equal(back[0][1], np.ones(2))


class Liar(list):
    """Refuses to say what it holds, whatever is asked."""

    def __getattribute__(self, name):
        raise AssertionError(f"the codec asked for {name}")

    __iter__ = __len__ = __eq__ = __hash__ = None


class Endless(dict):
    def items(self):
        return iter(lambda: ("a", 1), 0)


class Rule(enum.StrEnum):
    PLAIN = "plain"


class Size(enum.IntEnum):
    TWO = 2


class Always(float):
    def __eq__(self, other):
        return True

    __hash__ = float.__hash__


class Shouting(np.ndarray):
    def __array_function__(self, *_):
        raise AssertionError("the codec must not ask the value")


SUBCLASSES = {
    "text": (np.str_("sign"), "sign"),
    "enumerated text": (Rule.PLAIN, "plain"),
    "enumerated number": (Size.TWO, 2),
    "float": (Always(1.5), 1.5),
    "float of NumPy": (type("Mine", (np.float64,), {})(1.5), np.float64(1.5)),
    "tuple": (type("Other", (tuple,), {})((1, 2)), (1, 2)),
    "list": (Liar([1, 2]), [1, 2]),
    "dict": (Endless(b=2), {"b": 2}),
    "ordered dict": (collections.OrderedDict(b=2), {"b": 2}),
    "default dict": (collections.defaultdict(list, b=2), {"b": 2}),
    "keys of NumPy": ({np.str_("b"): 2}, {"b": 2}),
    "matrix": (np.ones((1, 2)).view(np.matrix), np.ones((1, 2))),
    "masked array": (np.ma.array([1.0, 2.0], mask=[0, 1]), np.array([1.0, 2.0])),
    "array": (np.ones(2).view(Shouting), np.ones(2)),
    "long double": (np.longdouble("1.5"), np.float64(1.5)),
    "array of long doubles": (np.array([1.5], np.longdouble), np.array([1.5])),
    "long complex": (np.clongdouble(1.5j), np.complex128(1.5j)),
    "bytes": (np.bytes_(b"a"), b"a"),
}


@pytest.mark.parametrize("name", SUBCLASSES)
def test_of_a_subclass_the_plain_content_is_sent_without_asking_it(name):
    value, plain = SUBCLASSES[name]
    assert same(decode(encode([value])), [plain])
