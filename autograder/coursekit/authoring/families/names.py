"""One quantity in the place of another: an argument for an argument, the old for the new."""

import ast
from collections.abc import Iterator

from coursekit.authoring.families.labels import Label, named
from coursekit.authoring.families.scope import MOST, Scope
from coursekit.checks.values import is_record


def changes(node: ast.AST, scope: Scope) -> Iterator[tuple[ast.AST, Label | None]]:
    """Each other name that may stand in the place of a name, and each other field of a record."""
    if isinstance(node, ast.Attribute) and scope.field(node):
        yield from other_fields(node, scope)
    if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load):
        return
    parent = scope.parents.get(node)
    if isinstance(parent, ast.Call) and parent.func is node:
        return
    in_field = isinstance(parent, ast.Attribute) and scope.field(parent)
    if node.id not in scope.variables or in_field:
        return
    for other in scope.variables:
        if other != node.id and not put_into_itself(other, node, scope):
            new = ast.Name(other, ast.Load())
            yield new, exchanged(node, new, scope)


def put_into_itself(name: str, node: ast.AST, scope: Scope) -> bool:
    """Whether a list would be appended to itself: arrays of such a list are never done."""
    parent = scope.parents.get(node)
    while isinstance(parent, ast.expr):
        method = parent.func if isinstance(parent, ast.Call) else None
        if isinstance(method, ast.Attribute) and getattr(method.value, "id", "") == name:
            return True
        parent = scope.parents.get(parent)
    return False


def other_fields(node: ast.Attribute, scope: Scope) -> Iterator[tuple[ast.AST, Label]]:
    record = scope.arguments[scope.field(node).partition(".")[0]]
    for field in record._fields if is_record(record) else ():
        if field != node.attr:
            new = ast.Attribute(node.value, field, ast.Load())
            yield new, exchanged_places(scope.field(node), scope.field(new))


def exchanged_places(old: str, new: str) -> Label:
    return Label(
        "another in its place",
        (new, old),
        f"{named([new])} stands where {named([old])} is to stand",
    )


def exchanged(old: ast.Name, new: ast.Name, scope: Scope) -> Label | None:
    """What it means that a name stands for another: too early, too late, or another thing."""
    was, now = scope.alias(old.id), scope.alias(new.id)
    if now and not was and now in scope.origins(old):
        words = f"{named([now])} is used as it came in, where what was made of it is to stand"
        return Label("a step early", (now,), words)
    if was and not now and was in scope.origins(new):
        words = f"what was made of {named([was])} is used, where it is to stand as it came in"
        return Label("a step late", (was,), words)
    if was and now and was != now:
        return exchanged_places(was, now)
    return exchanged_results(old, new, scope)


def exchanged_results(old: ast.Name, new: ast.Name, scope: Scope) -> Label | None:
    """The same where what stands there was computed: known by what it was computed from."""
    made = scope.origins(new), scope.origins(old)
    told = [names for names in made if len(names) <= MOST]
    if len(told) < 2 or made[0] == made[1] or not all(told):
        return None
    new_one, old_one = (f"what is made of {named(names)}" for names in made)
    words = f"{new_one} stands where {old_one} is to stand"
    return Label("another in its place", tuple(dict.fromkeys(made[0] + made[1])), words)
