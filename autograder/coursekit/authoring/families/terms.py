"""The terms of a sum: one left out, one counted too often, sums taken apart, a product of them."""

import ast
from collections.abc import Iterator

import numpy as np

from coursekit.authoring.families.labels import Label, holding, named, with_places
from coursekit.authoring.families.scope import Scope, expression
from coursekit.authoring.mutations import called_name

ENDS = {"first": (0, "1:"), "last": (-1, ":-1")}
"""Terms that are forgotten: by their name the index, and the slice of what is left."""

SIZES = {1: ("entries",), 2: ("rows", "columns")}
"""What an array has along its axes, by their number."""


def changes(node: ast.AST, scope: Scope) -> Iterator[tuple[ast.AST, Label | None]]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        yield from of_matrix_product(node, scope)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        yield from of_two_terms(node, scope)
    elif isinstance(node, ast.Call) and called_name(node) == "sum":
        yield from of_sum(node, scope)
    elif isinstance(node, ast.Return) and is_computed(node.value, scope):
        yield from one_too_many(node, scope)


def of_matrix_product(node: ast.BinOp, scope: Scope) -> Iterator[tuple[ast.AST, Label]]:
    places, product = scope.places(node), with_places("matrix product", scope.places(node))
    for end, (_, rest) in ENDS.items():
        shorter = expression(f"({{a}})[..., {rest}] @ ({{b}})[{rest}]", a=node.left, b=node.right)
        yield shorter, Label("missing term", places, f"the {end} term of {product} is left out")
    turned = expression("np.reshape({b}, np.shape({b})[::-1]) @ {a}", a=node.left, b=node.right)
    words = f"in {product} a table is reshaped where it is to be transposed: the numbers stay put"
    yield turned, Label("transpose", places, words)
    apart = expression("np.sum({a}, axis=-1) * np.sum({b}, axis=0)", a=node.left, b=node.right)
    words = f"the factors of {product} are added up apart, and the sums multiplied"
    yield apart, Label("sums apart", places, words)


def of_two_terms(node: ast.BinOp, scope: Scope) -> Iterator[tuple[ast.AST, Label]]:
    """The sides of a minus exchanged; of a plus, a product of both, or one of them many times."""
    left, right = scope.places(node.left), scope.places(node.right)
    both = tuple(dict.fromkeys(left + right))
    if isinstance(node.op, ast.Sub):
        if left and right:
            turned = ast.BinOp(node.right, ast.Sub(), node.left)
            words = f"{holding(left)} and {holding(right)} stand on the wrong sides of a minus"
            if set(left) & set(right):
                words = f"the two sides of a minus with {named(both)} are exchanged"
            yield turned, Label("sides of a minus", both, words)
        return
    if both:
        words = f"two parts with {named(both)} are multiplied where they are to be added"
        yield ast.BinOp(node.left, ast.Mult(), node.right), Label("product for sum", both, words)
    for term, places, other in ((node.left, left, node.right), (node.right, right, node.left)):
        for count, what in counts(scope) if places else ():
            often = ast.BinOp(count, ast.Mult(), term)
            words = f"{holding(places)} is added more than once, for each of the {what}"
            label = Label("term too often", places, words)
            yield ast.BinOp(often, ast.Add(), other), label


def counts(scope: Scope) -> Iterator[tuple[ast.expr, str]]:
    """Numbers of entries, rows and columns of the arguments, with words for what is counted."""
    for name, value in scope.arguments.items():
        kinds = SIZES.get(value.ndim, ()) if isinstance(value, np.ndarray) else ()
        for axis, kind in enumerate(kinds):
            yield expression(f"np.shape({name})[{axis}]"), f"{kind} of {named([name])}"


def of_sum(node: ast.Call, scope: Scope) -> Iterator[tuple[ast.AST, Label]]:
    """A sum without its first or last term, and one whose square is taken too late."""
    method = isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") != "np"
    if method and isinstance(node.func, ast.Attribute):
        terms = node.func.value
    elif isinstance(node.func, ast.Attribute) and node.args:
        terms = node.args[0]
    else:
        return
    places = scope.places(terms)
    for end, (index, _) in ENDS.items():
        what = f"the {end} term of the sum over {holding(places, 'a table')} is left out"
        yield without(node, terms, index), Label("missing term", places, what)
    if isinstance(terms, ast.BinOp) and isinstance(terms.op, ast.Pow):
        late = expression("({total}) ** 2", total=summed(node, terms.left))
        words = f"the sum of {holding(places, 'a table')} is squared, and not each term of it"
        yield late, Label("square of a sum", places, words)


def without(node: ast.Call, terms: ast.expr, index: int) -> ast.expr:
    """A sum that leaves a term out, along the axis that it goes along."""
    axis = next((k.value for k in node.keywords if k.arg == "axis"), None)
    if axis is None:
        shorter = expression(f"np.delete({{t}}, {index})", t=terms)
    else:
        shorter = expression(f"np.delete({{t}}, {index}, {{axis}})", t=terms, axis=axis)
    return summed(node, shorter)


def summed(node: ast.Call, terms: ast.expr) -> ast.expr:
    """The same sum of other terms."""
    return ast.Call(expression("np.sum"), [terms], node.keywords)


def is_computed(value: ast.AST | None, scope: Scope) -> bool:
    """Whether one thing is returned that was computed, and is no argument as it came in."""
    return isinstance(value, ast.BinOp | ast.Name) and not scope.base(value, frozenset())


def one_too_many(node: ast.Return, scope: Scope) -> Iterator[tuple[ast.AST, Label]]:
    """A factor or a term more, of the result as a whole."""
    assert node.value is not None
    for name, value in scope.arguments.items():
        if not isinstance(value, np.ndarray | float):
            continue
        argument = ast.Name(name, ast.Load())
        for operator, words in (
            (ast.Mult(), f"the result is multiplied by {named([name])} besides"),
            (ast.Add(), f"{named([name])} is added to the result besides"),
            (ast.Sub(), f"{named([name])} is subtracted from the result besides"),
        ):
            kind = "factor too many" if isinstance(operator, ast.Mult) else "term too many"
            changed = ast.Return(ast.BinOp(node.value, operator, argument))
            yield changed, Label(kind, (name,), words)
