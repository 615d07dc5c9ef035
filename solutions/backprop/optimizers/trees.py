"""Parameters of any structure: lists, tuples, named tuples and dicts of arrays, or one array."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from backprop.validation import Array

__all__ = ["Tree", "global_norm", "tree_leaves", "tree_map"]

Tree: TypeAlias = ArrayLike | Sequence["Tree"] | Mapping[str, "Tree"]
"""An array, or a list, tuple, named tuple or dict of trees."""


def tree_map(function: Callable[..., Array], tree: Tree, *others: Tree) -> Tree:
    """Apply a function to the arrays that have the same place in several trees.

    Parameters
    ----------
    function : callable
        Takes one array of each tree and returns an array.
    tree : Tree
        Gives the structure of the result.
    *others : Tree
        Trees of the same structure, whose arrays have the same shapes.

    Returns
    -------
    Tree
        Same structure as ``tree``. Its containers are new ones.

    Raises
    ------
    ValueError
        If two trees differ in structure or in the shape of an array; the message says where.
    """
    return _map(function, (tree, *others), "tree")


def tree_leaves(tree: Tree) -> Iterator[Array]:
    """Walk over the arrays of a tree.

    Parameters
    ----------
    tree : Tree
        A dict is walked in the order of its keys' insertion.

    Yields
    ------
    Array
        Integers and lists of numbers are not converted.
    """
    for _, branch in _branches(tree):
        yield from tree_leaves(branch)
    if not _is_container(tree):
        yield np.asarray(tree)


def global_norm(tree: Tree) -> float:
    r"""Euclidean norm of all numbers of a tree taken together.

    Parameters
    ----------
    tree : Tree
        Gradients, for instance: a norm that shrinks or grows from step to step is a diagnosis.

    Returns
    -------
    float
        Not negative.

    Notes
    -----
    .. math:: \lVert g \rVert = \sqrt{\sum_{\text{arrays } g_i} \lVert g_i \rVert^2}
    """
    return float(np.sqrt(sum(float(np.vdot(leaf, leaf).real) for leaf in tree_leaves(tree))))


def _is_container(tree: Tree) -> bool:
    return isinstance(tree, list | tuple | Mapping)


def _branches(tree: Tree) -> list[tuple[str | int, Tree]]:
    if isinstance(tree, Mapping):
        return list(tree.items())
    return list(enumerate(tree)) if isinstance(tree, list | tuple) else []


def _map(function: Callable[..., Array], trees: tuple[Tree, ...], path: str) -> Tree:
    first = trees[0]
    if not _is_container(first):
        return function(*_arrays(trees, path))
    _check_same_structure(trees, path)
    branches = {
        key: _map(function, tuple(tree[key] for tree in trees), f"{path}[{key!r}]")
        for key, _ in _branches(first)
    }
    return _rebuild(first, branches)


def _rebuild(container: Tree, branches: dict[str | int, Tree]) -> Tree:
    if isinstance(container, Mapping):
        return branches
    if hasattr(container, "_fields"):  # a named tuple takes its fields one by one
        return type(container)(*branches.values())
    return type(container)(branches.values())


def _arrays(trees: tuple[Tree, ...], path: str) -> list[Array]:
    arrays = [_float_leaf(tree, path) for tree in trees]
    for array in arrays[1:]:
        if array.shape != arrays[0].shape:
            raise ValueError(
                f"{path} has shape {arrays[0].shape} in the first tree and {array.shape} in "
                "another; parameters, gradients and state must have equal shapes"
            )
    return arrays


def _float_leaf(leaf: Tree, path: str) -> Array:
    array = np.asarray(leaf)
    if array.dtype.kind in "iub":
        return array.astype(np.float64)
    if array.dtype.kind not in "fc":
        raise ValueError(f"{path} has dtype {array.dtype}, expected numbers")
    return array


def _check_same_structure(trees: tuple[Tree, ...], path: str) -> None:
    keys = [sorted(map(str, dict(_branches(tree)))) for tree in trees]
    for tree, tree_keys in zip(trees, keys, strict=True):
        if not _is_container(tree) or tree_keys != keys[0]:
            raise ValueError(
                f"{path} holds {keys[0]} in the first tree and {tree_keys or type(tree).__name__} "
                "in another; parameters, gradients and state must have equal structure"
            )
