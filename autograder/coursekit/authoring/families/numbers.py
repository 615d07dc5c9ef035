"""Numbers: a share for the rest of it, one too many, a guard, a factor twice, a square more."""

import ast
from collections.abc import Iterator

import numpy as np

from coursekit.authoring.families.labels import Label, holding, named, of_places, with_places
from coursekit.authoring.families.scope import Scope
from coursekit.authoring.mutations import called_name

GUARDS = (1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15, 1e-16)
"""Small numbers that are usually added where a logarithm or a division might fail."""

ONE = ast.Constant(1)


def changes(node: ast.AST, scope: Scope) -> Iterator[tuple[ast.AST, Label | None]]:
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        yield from of_number(node, scope)
    elif isinstance(node, ast.BinOp):
        yield from of_operation(node, scope)
    elif isinstance(node, ast.Call) and called_name(node) in ("log", "sqrt") and node.args:
        yield from guarded_call(node, scope)


def of_number(node: ast.Name, scope: Scope) -> Iterator[tuple[ast.AST, Label]]:
    """A share and what is missing from it to 1; a count that is one off."""
    argument = scope.alias(node.id)
    value = scope.arguments.get(argument)
    if argument == node.id and isinstance(value, float):
        rest = ast.BinOp(ONE, ast.Sub(), node)
        words = f"one minus {named([argument])} stands where {named([argument])} is to stand"
        yield rest, Label("rest of a share", (argument,), words)
    elif is_count(node, scope):
        places = scope.places(node)
        what = f"a count with {named(places)}" if places else "a count"
        for sign, size in ((ast.Add(), "large"), (ast.Sub(), "small")):
            yield (
                ast.BinOp(node, sign, ONE),
                Label("one off", places, f"{what} is one too {size}"),
            )


def is_count(node: ast.Name, scope: Scope) -> bool:
    """Whether a name seems to be a whole number: an argument that is one, or an exponent."""
    value = scope.arguments.get(node.id)
    if isinstance(value, int | np.integer) and not isinstance(value, bool):
        return True
    parent = scope.parents.get(node)
    return isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Pow) and parent.right is node


def of_operation(node: ast.BinOp, scope: Scope) -> Iterator[tuple[ast.AST, Label]]:
    """A factor or a division twice, a square more, an average where a sum is kept."""
    if isinstance(node.op, ast.Mult):
        for factor in (node.left, node.right):
            places = scope.places(factor)
            words = f"{with_places('factor', places)} is there twice"
            yield ast.BinOp(node, ast.Mult(), factor), Label("factor twice", places, words)
    elif isinstance(node.op, ast.Div):
        places = scope.places(node.right)
        by = f"the division by {holding(places)}" if places else "a division"
        twice = ast.BinOp(node, ast.Div(), node.right)
        yield twice, Label("division twice", places, f"{by} is made twice")
        yield from guarded_division(node, scope)
    elif isinstance(node.op, ast.Add | ast.Sub):
        yield from averaged(node, scope)


def guarded_division(node: ast.BinOp, scope: Scope) -> Iterator[tuple[ast.AST, Label]]:
    places = scope.places(node.right)
    words = f"a small number such as 1e-8 is added to what divides{with_what(places)}"
    for guard in GUARDS:
        divisor = ast.BinOp(node.right, ast.Add(), ast.Constant(guard))
        yield ast.BinOp(node.left, ast.Div(), divisor), Label("guard", places, words)


def with_what(places: tuple[str, ...]) -> str:
    return f": {holding(places)}" if places else ""


def guarded_call(node: ast.Call, scope: Scope) -> Iterator[tuple[ast.AST, Label]]:
    inside, places = node.args[0], scope.places(node.args[0])
    noun = {"log": "logarithm", "sqrt": "root"}[called_name(node)]
    words = f"a small number such as 1e-8 is added inside of {of_places(noun, places)}"
    for guard in GUARDS:
        larger = ast.BinOp(inside, ast.Add(), ast.Constant(guard))
        yield (
            ast.Call(node.func, [larger, *node.args[1:]], node.keywords),
            Label("guard", places, words),
        )


def averaged(node: ast.BinOp, scope: Scope) -> Iterator[tuple[ast.AST, Label]]:
    """Of a kept share β and a new part: the new part times 1 - β, alone or with its own factor."""
    share = kept_share(node.left, scope)
    if not share:
        return
    rest = ast.BinOp(ONE, ast.Sub(), ast.Name(share, ast.Load()))
    news = [node.right]
    if isinstance(node.right, ast.BinOp) and isinstance(node.right.op, ast.Mult):
        news += [node.right.left, node.right.right]
    words = (
        "an average is kept where a sum is to be kept: "
        f"the new part has the share that {named([share])} leaves"
    )
    for new in news:
        weighted = ast.BinOp(rest, ast.Mult(), new)
        yield ast.BinOp(node.left, node.op, weighted), Label("average for sum", (share,), words)


def kept_share(node: ast.AST, scope: Scope) -> str:
    """The argument by which what is kept is multiplied; '' if nothing is."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Mult):
        return ""
    for side in (node.left, node.right):
        if isinstance(side, ast.Name) and isinstance(scope.arguments.get(side.id), float):
            return side.id
    return ""
