"""A value with something around it or in it: a size without sign, twice the same function."""

import ast
from collections.abc import Iterator

import numpy as np

from coursekit.authoring.families.described import side_by_side
from coursekit.authoring.families.labels import Label, holding, named, of_places, one_thing
from coursekit.authoring.families.scope import Scope, expression
from coursekit.authoring.mutations import called_name

REPEATED = {
    "exp": "exponential",
    "log": "logarithm",
    "sqrt": "root",
    "tanh": "tanh",
    "cos": "cosine",
    "sin": "sine",
    "logistic": "logistic function",
    "softmax": "softmax",
}
"""Functions that may be applied twice, or to twice or half of what they take."""

SCALES = {"twice": 2, "half": 0.5}


def changes(node: ast.AST, scope: Scope) -> Iterator[tuple[ast.AST, Label | None]]:
    if isinstance(node, ast.Return):
        yield from without_sign(node)
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        yield from size_of(node, scope)
    elif isinstance(node, ast.Call) and called_name(node) in REPEATED and len(node.args) == 1:
        yield from of_function(node, scope)
    elif isinstance(node, ast.BinOp):
        yield from of_operation(node, scope)
    elif isinstance(node, ast.Attribute) and node.attr == "T":
        yield from reshaped(node, scope)
    elif isinstance(node, ast.Call) and called_name(node) == "permutation":
        yield the_other_way(node)
    elif isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Load):
        yield from exchanged_parts(node, scope)


def without_sign(node: ast.Return) -> Iterator[tuple[ast.AST, Label]]:
    if isinstance(node.value, ast.BinOp | ast.Name | ast.Call | ast.UnaryOp):
        size = ast.Return(expression("np.abs({x})", x=node.value))
        yield size, Label("absolute value", (), "the absolute value of the result is taken")


def size_of(node: ast.Name, scope: Scope) -> Iterator[tuple[ast.AST, Label]]:
    """An argument without its sign."""
    if isinstance(scope.arguments.get(node.id), np.ndarray | float):
        words = f"the absolute value of {named([node.id])} is taken"
        yield expression("np.abs({x})", x=node), Label("absolute value", (node.id,), words)


def of_function(node: ast.Call, scope: Scope) -> Iterator[tuple[ast.AST, Label]]:
    """The same function once more, or of twice or half of what it takes."""
    places, noun = scope.places(node), REPEATED[called_name(node)]
    twice = ast.Call(node.func, [node], node.keywords)
    words = f"{of_places(noun, places)} is taken twice, one inside of the other"
    yield twice, Label("function twice", places, words)
    for size, scale in SCALES.items():
        inside = ast.BinOp(ast.Constant(scale), ast.Mult(), node.args[0])
        words = f"what goes into {of_places(noun, places)} is {size} as large as it should be"
        yield ast.Call(node.func, [inside], node.keywords), Label("factor inside", places, words)


def of_operation(node: ast.BinOp, scope: Scope) -> Iterator[tuple[ast.AST, Label]]:
    """A difference without its sign; the mean of a factor in the place of each entry."""
    places = scope.places(node)
    if isinstance(node.op, ast.Sub) and places:
        words = f"a difference with {named(places)} loses its sign"
        yield expression("np.abs({x})", x=node), Label("absolute value", places, words)
    elif isinstance(node.op, ast.Mult):
        for factor in (node.left, node.right):
            of = scope.places(factor)
            if of and not isinstance(factor, ast.Constant):
                words = f"one mean stands in the place of the entries of {holding(of)}"
                other = node.right if factor is node.left else node.left
                mean = expression("np.mean({x})", x=factor)
                yield ast.BinOp(mean, ast.Mult(), other), Label("mean for entries", of, words)


def reshaped(node: ast.Attribute, scope: Scope) -> Iterator[tuple[ast.AST, Label]]:
    places = scope.places(node.value)
    words = (
        f"{one_thing(places, 'a matrix')} is reshaped where it is to be transposed: "
        "that leaves the numbers in their order"
    )
    changed = expression("np.reshape({x}, np.shape({x})[::-1])", x=node.value)
    yield changed, Label("transpose", places, words)


def the_other_way(node: ast.Call) -> tuple[ast.AST, Label]:
    """A permutation that says where a thing goes, in the place of where it comes from."""
    words = "the shuffled numbers say where an example goes to, and not where it comes from"
    return expression("np.argsort({x})", x=node), Label("permutation", (), words)


def exchanged_parts(node: ast.Tuple, scope: Scope) -> Iterator[tuple[ast.AST, Label]]:
    """Two neighbours of a tuple in the other order, where they are no indices."""
    parent = scope.parents.get(node)
    if isinstance(parent, ast.Subscript | ast.For | ast.comprehension):
        return
    for k, (first, second) in enumerate(zip(node.elts, node.elts[1:], strict=False)):
        swapped = [*node.elts[:k], second, first, *node.elts[k + 2 :]]
        yield ast.Tuple(swapped, ast.Load()), side_by_side(first, second, scope)
