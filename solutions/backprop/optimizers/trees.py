"""Parameters of any structure: lists, tuples, named tuples and dicts of arrays, or one array."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias, TypeGuard, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from backprop.validation import Array

__all__ = ["Tree", "TreeT", "global_norm", "tree_leaves", "tree_map"]

# A dict of arrays is a Mapping to trees; dict[str, Tree] it is not, to a type checker.
Tree: TypeAlias = ArrayLike | Sequence["Tree"] | Mapping[str, "Tree"]
"""An array, or a list, tuple, named tuple or dict of trees."""

TreeT = TypeVar("TreeT", bound=Tree)
"""A tree of one structure: what goes in and comes out is alike."""


def tree_map(function: Callable[..., Array], tree: TreeT, *others: Tree) -> TreeT:
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

    Examples
    --------
    >>> tree_map(np.add, [1.0, {"b": np.zeros(2)}], [2.0, {"b": np.ones(2)}])
    [np.float64(3.0), {'b': array([1., 1.])}]
    """
    mapped: TreeT = _map(function, (tree, *others), ())
    return mapped


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
    if not _is_container(tree):
        yield np.asarray(tree)
        return
    for branch in tree.values() if isinstance(tree, Mapping) else tree:
        yield from tree_leaves(branch)


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

    Examples
    --------
    >>> global_norm({"W": [[3.0, 0.0]], "b": [4.0]})
    5.0
    """
    return float(np.sqrt(sum(float(np.vdot(leaf, leaf).real) for leaf in tree_leaves(tree))))


_CONTAINERS = (list, tuple, dict)
_Container: TypeAlias = Sequence[Tree] | Mapping[str, Tree]
_Key: TypeAlias = str | int


def _is_container(tree: Any) -> TypeGuard[_Container]:
    return isinstance(tree, _CONTAINERS)


def _keys(container: _Container) -> Iterable[_Key]:
    return container.keys() if isinstance(container, Mapping) else range(len(container))


def _map(function: Callable[..., Array], trees: tuple[Any, ...], path: tuple[_Key, ...]) -> Any:
    first = trees[0]
    if not _is_container(first):
        return function(*_arrays(trees, path))
    _check_same_structure(trees, path)
    branches = [
        _map(function, tuple([tree[key] for tree in trees]), (*path, key)) for key in _keys(first)
    ]
    return _rebuilt(first, branches)


def _rebuilt(container: Any, branches: list[Any]) -> Any:
    if isinstance(container, dict):
        return dict(zip(container, branches, strict=True))
    if hasattr(container, "_fields"):  # a named tuple takes its fields one by one
        return type(container)(*branches)
    return type(container)(branches)


def _arrays(trees: tuple[Tree, ...], path: tuple[_Key, ...]) -> list[Array]:
    arrays = [_float_leaf(tree, path) for tree in trees]
    for array in arrays[1:]:
        if array.shape != arrays[0].shape:
            raise ValueError(
                f"{_place(path)} has shape {arrays[0].shape} in the first tree and {array.shape} "
                "in another; parameters, gradients and state must have equal shapes"
            )
    return arrays


def _float_leaf(leaf: Tree, path: tuple[_Key, ...]) -> Array:
    array = np.asarray(leaf)
    if array.dtype.kind in "iub":
        return array.astype(np.float64)
    if array.dtype.kind not in "fc":
        raise ValueError(f"{_place(path)} has dtype {array.dtype}, expected numbers")
    return array


def _check_same_structure(trees: tuple[Tree, ...], path: tuple[_Key, ...]) -> None:
    first: Any = trees[0]
    for tree in trees[1:]:
        if not _is_container(tree) or _keys(tree) != _keys(first):
            raise ValueError(
                f"{_place(path)} is {_described(first)} in the first tree and {_described(tree)} "
                "in another; parameters, gradients and state must have equal structure"
            )


def _described(tree: Any) -> str:
    kind = type(tree).__name__
    return f"a {kind} of {list(_keys(tree))}" if _is_container(tree) else f"a {kind}"


def _place(path: tuple[_Key, ...]) -> str:
    return "the tree" + "".join(f"[{key!r}]" for key in path)
