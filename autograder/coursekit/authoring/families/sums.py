"""One function for its neighbour: a mean for a sum, a square for a norm, tanh for the logistic."""

import ast
from collections.abc import Iterator

from coursekit.authoring.families.labels import Label, holding, named, one_thing
from coursekit.authoring.families.scope import Scope, expression
from coursekit.authoring.mutations import called_name

NEIGHBOURS = (
    ("sum", "mean", "max"),
    ("min", "max"),
    ("minimum", "maximum"),
    ("argmax", "argmin"),
    ("sin", "cos"),
    ("zeros", "ones"),
    ("zeros_like", "ones_like"),
    ("floor", "ceil"),
    ("exp", "expm1"),
    ("log", "log2", "log10"),
)
"""Functions of NumPy and of arrays that are taken for each other."""

NAMES = {
    "sum": "a sum",
    "mean": "a mean",
    "max": "the largest",
    "min": "the smallest",
    "minimum": "the smaller one",
    "maximum": "the larger one",
    "argmax": "the place of the largest",
    "argmin": "the place of the smallest",
    "sin": "a sine",
    "cos": "a cosine",
    "zeros": "an array of zeros",
    "ones": "an array of ones",
    "zeros_like": "an array of zeros",
    "ones_like": "an array of ones",
    "floor": "the whole number below",
    "ceil": "the whole number above",
    "exp": "an exponential",
    "expm1": "an exponential less 1",
    "log": "the natural logarithm",
    "log2": "the logarithm to base 2",
    "log10": "the logarithm to base 10",
}

SQUASHING = {
    "tanh": "tanh",
    "logistic": "the logistic function",
}
"""Functions that squash, by the words for them; they are taken for each other."""

APPLIED = {**SQUASHING, "softmax": "softmax"}
"""Functions that are applied to what they have made already, or to what is to stay as it is."""


def changes(node: ast.AST, scope: Scope) -> Iterator[tuple[ast.AST, Label | None]]:
    if isinstance(node, ast.Call):
        yield from neighbours(node, scope)
        yield from squared(node, scope)
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        yield from squashed(node, scope)
        yield from transposed(node, scope)


def neighbours(node: ast.Call, scope: Scope) -> Iterator[tuple[ast.AST, Label]]:
    name, places = called_name(node), scope.places(node)
    if name in SQUASHING and len(node.args) == 1:
        other = next(other for other in SQUASHING if other != name)
        words = f"{SQUASHING[other]} is taken where {SQUASHING[name]} is to be taken"
        yield squashing(other, node.args[0]), Label("another function", places, words)
    if not isinstance(node.func, ast.Attribute):
        return
    for group in NEIGHBOURS:
        for other in group if name in group else ():
            if other != name:
                function = ast.Attribute(node.func.value, other, ast.Load())
                of = f", of {holding(places)}" if places else ""
                words = f"{NAMES[other]} is taken where {NAMES[name]} is to be taken{of}"
                kind = f"{other} for {name}"
                yield ast.Call(function, node.args, node.keywords), Label(kind, places, words)


def squared(node: ast.Call, scope: Scope) -> Iterator[tuple[ast.AST, Label]]:
    """The square of a norm, of a distance, of a slope."""
    if called_name(node) in ("norm", "abs"):
        places = scope.places(node)
        words = f"the square of {holding(places)} is taken where its size is to be taken"
        yield ast.BinOp(node, ast.Pow(), ast.Constant(2)), Label("square", places, words)


def squashed(node: ast.Name, scope: Scope) -> Iterator[tuple[ast.AST, Label]]:
    """A function that squashes, around what is squashed already or not to be squashed."""
    argument = scope.alias(node.id)
    if argument != node.id:
        return
    for name, function in APPLIED.items():
        words = f"{function} is applied to {named([argument])}, which is to be taken as it is"
        yield squashing(name, node), Label("function too many", (argument,), words)


def squashing(name: str, value: ast.AST) -> ast.AST:
    """A call of a function that squashes, by NumPy alone."""
    return expression(SOURCES[name], x=value)


SOURCES = {
    "tanh": "np.tanh({x})",
    "logistic": "(1 / (1 + np.exp(-({x}))))",
    "softmax": "(np.exp({x}) / np.sum(np.exp({x}), axis=-1, keepdims=True))",
}
"""By NumPy alone."""


def transposed(node: ast.Name, scope: Scope) -> Iterator[tuple[ast.AST, Label]]:
    """A transpose too many, of a factor of a matrix product."""
    parent = scope.parents.get(node)
    if isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.MatMult):
        places = scope.places(node)
        words = f"{one_thing(places, 'a matrix')} is transposed, and is not to be"
        yield ast.Attribute(node, "T", ast.Load()), Label("transpose", places, words)
