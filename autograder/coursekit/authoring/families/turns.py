"""The turns of a loop and the order of steps: one left out, or the other way round."""

import ast
from collections.abc import Iterator

from coursekit.authoring.families.labels import Label, named, one_thing
from coursekit.authoring.families.scope import Scope


def changes(node: ast.AST, scope: Scope) -> Iterator[tuple[ast.AST, Label | None]]:
    if isinstance(node, ast.For):
        yield from of_loop(node, scope)
    elif isinstance(node, ast.comprehension):
        for iterated, label in of_turns(node.iter, scope):
            yield ast.comprehension(node.target, iterated, node.ifs, node.is_async), label
    elif isinstance(node, ast.If) and not node.orelse:
        places = scope.places(node.test)
        words = f"a condition{f' about {named(places)}' if places else ''} is left out"
        yield ast.If(ast.Constant(True), node.body, []), Label("condition", places, words)


def of_loop(node: ast.For, scope: Scope) -> Iterator[tuple[ast.AST, Label]]:
    for iterated, label in of_turns(node.iter, scope):
        yield ast.For(node.target, iterated, node.body, node.orelse), label
    for first, second in zip(node.body, node.body[1:], strict=False):
        places = scope.places(second)
        words = f"two steps of a loop stand in the other order, one of them with {named(places)}"
        if places:
            yield (
                ast.For(node.target, node.iter, swapped(node.body, first, second), node.orelse),
                Label("order of steps", places, words),
            )


def swapped(body: list[ast.stmt], first: ast.stmt, second: ast.stmt) -> list[ast.stmt]:
    other = {id(first): second, id(second): first}
    return [other.get(id(one), one) for one in body]


def of_turns(iterated: ast.expr, scope: Scope) -> Iterator[tuple[ast.expr, Label]]:
    """The same turns without the first or the last, one of them alone, or backwards."""
    places = scope.places(iterated)
    what = f"a loop over {one_thing(places, '')}" if places else "a loop"
    listed = ast.Call(ast.Name("list", ast.Load()), [iterated], [])
    one, last = ast.Constant(1), ast.UnaryOp(ast.USub(), ast.Constant(1))
    for part, words in (
        (ast.Slice(one), f"the first turn of {what} is left out"),
        (ast.Slice(None, last), f"the last turn of {what} is left out"),
        (ast.Slice(None, one), f"{what} ends after its first turn, as by a `return` inside of it"),
        (ast.Slice(last), f"only the last turn of {what} counts"),
        (ast.Slice(None, None, last), f"{what} goes the other way"),
    ):
        kind = "order of turns" if part.step else "missing turn"
        yield ast.Subscript(listed, part, ast.Load()), Label(kind, places, words)
