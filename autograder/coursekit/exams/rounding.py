"""Arguments made small and round, so that what held between them goes on holding."""

import itertools
import math
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from backprop.activations import logistic, relu, softmax
from coursekit.checks.values import is_record
from coursekit.exams.trees import Tree, are_numbers, each, flat

Elementwise = Callable[[np.ndarray], np.ndarray]

MOST_GIVEN = 16
"""Numbers of a call."""
PLEASANT = 6
"""Numbers of a call, where the sizes can be chosen."""
MOST_CLASSES = 6
SIZES = (2, 3, 4)
"""Of an axis: with size 1 a sum, a mean and a softmax are all the same."""
SQUARES = (0.25, 1.0, 2.25, 4.0)
"""What takes the place of positive numbers: roots of them are round."""
HALVES = (0.5, 1.0, 1.5, 2.0, 2.5, 3.0)
TENTHS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
SHARES = {
    2: ((0.3, 0.7), (0.2, 0.8), (0.4, 0.6), (0.1, 0.9)),
    3: ((0.2, 0.3, 0.5), (0.1, 0.3, 0.6), (0.1, 0.2, 0.7)),
    4: ((0.1, 0.2, 0.3, 0.4),),
}
"""What takes the place of probabilities."""
TINY = 1e-3
"""Smaller numbers, such as ε, stay as they are."""
DIGITS = 3
"""Decimals of what is worked out anew, such as an activation."""
ELEMENTWISE: tuple[Elementwise, ...] = (np.tanh, relu, logistic, softmax)
"""By which one array of a cache follows from another."""


def small_and_round(arguments: Tree, rng: np.random.Generator) -> Tree | None:
    """Arguments of the same kind that a pencil can work with; None if there are none."""
    cut = first_of_lists(arguments)
    old = flat(cut)
    sizes = small_sizes(old)
    if sizes is None:
        return None
    scalars = round_scalars(old)
    new = [
        rounded(leaf, sizes, rng) if isinstance(leaf, np.ndarray) else scalars[kind(leaf)]
        for leaf in old
    ]
    for number, again in derived(old):
        new[number] = again(new)
    if len(set(map(kind, scalars.values()))) < len(scalars) or not all(map(keeps, old, new)):
        return None
    parts = iter(new)
    return each(cut, lambda leaf: next(parts))


def first_of_lists(arguments: Tree) -> Tree:
    """Of lists that belong together only the beginning.

    One array of each is enough where every array is treated alike, such as parameters and
    gradients. Where numbers tell them apart, such as the sizes of minibatches, it takes two.
    """
    lists = lists_in(arguments)
    if not lists or len({len(one) for one in lists}) > 1:
        return arguments
    if any(map(are_numbers, lists)):
        return with_lists(arguments, lambda one: one[:2])
    arrays = all(isinstance(part, np.ndarray) for one in lists for part in one)
    if not arrays or len({tuple(part.shape for part in one) for one in lists}) > 1:
        return arguments
    place = min(range(len(lists[0])), key=lambda k: lists[0][k].size)
    return with_lists(arguments, lambda one: [one[place]])


def lists_in(tree: Tree) -> list[list[Tree]]:
    """The lists among arguments, and in tuples among them."""
    if isinstance(tree, list):
        return [tree]
    return [one for part in tree for one in lists_in(part)] if isinstance(tree, tuple) else []


def with_lists(tree: Tree, change: Callable[[list[Tree]], list[Tree]]) -> Tree:
    if isinstance(tree, list):
        return change(tree)
    if isinstance(tree, tuple) and not is_record(tree):
        return tuple(with_lists(part, change) for part in tree)
    return tree


def small_sizes(leaves: list[Tree]) -> dict[int, int] | None:
    """A small size for each size of an axis; what differs goes on differing as far as it can."""
    found = sorted({size for leaf in leaves for size in np.shape(leaf) if size > 1})
    choices = (
        dict(zip(found, chosen, strict=True))
        for chosen in itertools.product(SIZES, repeat=len(found))
        if all(small <= size for size, small in zip(found, chosen, strict=True))
    )
    weighed = [
        (-len(set(sizes.values())), abs(given - PLEASANT), number, sizes)
        for number, sizes in enumerate(choices)
        if (given := sum(count(leaf, sizes) for leaf in leaves)) <= MOST_GIVEN
    ]
    return min(weighed, default=(0, 0, 0, None))[3]


def count(leaf: Tree, sizes: dict[int, int]) -> int:
    shape: tuple[int, ...] = np.shape(leaf)
    return math.prod(sizes.get(size, size) for size in shape)


def rounded(leaf: np.ndarray, sizes: dict[int, int], rng: np.random.Generator) -> np.ndarray:
    """A small array with round numbers; what counts classes counts as many as there are left."""
    small = leaf[tuple(slice(sizes.get(size, size)) for size in leaf.shape)]
    is_shares = leaf.ndim and leaf.min() >= 0 and np.allclose(leaf.sum(axis=-1), 1)
    if leaf.dtype.kind == "i" and leaf.ndim == 1 and leaf.min() >= 0:
        larger = (new for old, new in sizes.items() if old > leaf.max())
        return classes(small, min(larger, default=MOST_CLASSES), bool(np.ptp(leaf)))
    if is_shares and np.isin(leaf, (0.0, 1.0)).all():
        beginning = leaf[tuple(map(slice, small.shape[:-1]))].argmax(axis=-1)
        several = bool(np.ptp(leaf.argmax(axis=-1)))
        return np.asarray(np.eye(small.shape[-1])[classes(beginning, small.shape[-1], several)])
    if np.isin(leaf, (0.0, 1.0)).all():
        return classes(small, 2, bool(np.ptp(leaf)))
    return probabilities(small.shape, rng) if is_shares else round_array(small, rng)


def classes(labels: np.ndarray, count: int, several: bool) -> np.ndarray:
    """Labels of fewer classes; where there were several, they are not all of one."""
    new = np.asarray(labels % count)
    if several and new.size > 1 and not np.ptp(new):
        new.flat[0] = (new.flat[0] + 1) % count
    return new


def kind(number: Tree) -> tuple[bool, float]:
    """A number, and whether it is whole by its type: 1 may count what 1.0 measures."""
    return isinstance(number, int | np.integer), float(number)


def round_scalars(leaves: list[Tree]) -> dict[tuple[bool, float], Tree]:
    """A round number for each that stands alone: what differs does so still, in the same order."""
    found = {kind(leaf) for leaf in leaves if not isinstance(leaf, np.ndarray)}
    made: dict[tuple[bool, float], Tree] = {one: round_number(one[1]) for one in found}
    last = -1
    for one in sorted(one for one in found if one[0]):
        last = made[one] = min(int(one[1]), max(last + 1, 3))
    above = 10
    for one in sorted((one for one in found if not one[0] and TINY <= one[1] < 1), reverse=True):
        above = min(above - 1, int(np.clip(round(10 * one[1]), 1, 9)))
        made[one] = above / 10
    return made


def round_number(number: float) -> float:
    if abs(number) < TINY:
        return number
    return float(np.clip(round(2 * number) / 2, -3, 3)) or 0.5


def round_array(leaf: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """An array with round numbers of the same kind in the place of its own."""
    new = round_entries(leaf, rng)
    is_square = leaf.ndim == 2 and len(leaf) == len(leaf.T)
    if is_square and np.array_equal(leaf, leaf.T):
        new = np.triu(new) + np.triu(new, 1).T
    return new


def round_entries(leaf: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    if leaf.dtype.kind == "i":
        return np.asarray(np.clip(leaf, -5, 5))
    if leaf.min() >= 0 and leaf.max() <= 1:
        return drawn_from(TENTHS, leaf.shape, rng)
    if leaf.min() > 0:
        return drawn_from(SQUARES, leaf.shape, rng)
    return np.asarray(np.copysign(drawn_from(HALVES, leaf.shape, rng), leaf))


def drawn_from(
    numbers: tuple[float, ...], shape: tuple[int, ...], rng: np.random.Generator
) -> np.ndarray:
    """Some of the numbers, no two alike where there are enough of them.

    A matrix of few different numbers may be symmetric, or have two rows that are alike, and then
    it matters less where each number stands.
    """
    size = math.prod(shape)
    rounds = [rng.permutation(numbers) for _ in range(0, size, len(numbers))]
    return np.concatenate(rounds)[:size].reshape(shape)


def probabilities(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Rows that add up to 1, each with shares of its own as long as there are some."""
    size, count = shape[-1], math.prod(shape[:-1])
    known = SHARES.get(size, ((1 / size,) * size,))
    order = np.concatenate([rng.permutation(len(known)) for _ in range(0, count, len(known))])
    return np.reshape([rng.permutation(known[k]) for k in order[:count].tolist()], shape)


def derived(leaves: list[Tree]) -> Iterator[tuple[int, Callable[[list[Tree]], Tree]]]:
    """The arrays that follow from others before them, as those of a cache, and how they do."""
    for number, leaf in enumerate(leaves):
        if isinstance(leaf, np.ndarray) and leaf.ndim:
            again = next(ways(leaf, leaves[:number]), None)
            if again is not None:
                yield number, again


def ways(leaf: np.ndarray, before: list[Tree]) -> Iterator[Callable[[list[Tree]], Tree]]:
    """How an array may have been worked out from earlier ones."""
    arrays = [k for k, one in enumerate(before) if isinstance(one, np.ndarray) and one.ndim]
    for k, function in itertools.product(arrays, ELEMENTWISE):
        is_other = before[k].shape == leaf.shape and not np.array_equal(before[k], leaf)
        if is_other and np.allclose(function(before[k]), leaf):
            yield partial(applied, function, k)
    for k, w in itertools.permutations(arrays, 2):
        bias = bias_between(before[k], before[w], leaf)
        if bias is not None:
            yield partial(affine, k, w, bias)


def applied(function: Elementwise, place: int, new: list[Tree]) -> Tree:
    return np.round(function(new[place]), DIGITS)


def affine(x: int, w: int, bias: np.ndarray, new: list[Tree]) -> Tree:
    return new[x] @ new[w] + bias[: len(new[w].T)]


def bias_between(X: np.ndarray, W: np.ndarray, Z: np.ndarray) -> np.ndarray | None:
    """A round b where Z = X W + b, with several examples in the rows; else None."""
    if not X.ndim == W.ndim == Z.ndim == 2 or (len(X.T), *Z.shape) != (len(W), len(X), len(W.T)):
        return None
    rest = Z - X @ W
    return np.round(2 * rest[0]) / 2 if len(X) > 1 and np.allclose(rest, rest[0]) else None


def keeps(old: Tree, new: Tree) -> bool:
    """Whether what held of a matrix holds still: symmetric, with positive eigenvalues, or not."""
    if np.ndim(new) != 2 or len(set(np.shape(new))) > 1:
        return True
    symmetric = np.array_equal(old, old.T)
    if np.array_equal(new, new.T) != symmetric and len(new) > 1:
        return False
    positive = symmetric and float(np.linalg.eigvalsh(old).min()) > 0
    return not positive or float(np.linalg.eigvalsh(new).min()) > 0
