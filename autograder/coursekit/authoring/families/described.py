"""What kind of mistake a single change of the source is, and in which words it is said."""

import ast
from collections.abc import Callable
from typing import Any

from coursekit.authoring.families.labels import (
    Label,
    beside,
    holding,
    named,
    of_places,
    one_thing,
    with_places,
)
from coursekit.authoring.families.scope import Scope
from coursekit.authoring.mutations import called_name

OPERATIONS: dict[tuple[type[ast.operator], type[ast.operator]], tuple[str, str]] = {
    (ast.Add, ast.Sub): ("sign", "{right} is subtracted where it is to be added"),
    (ast.Sub, ast.Add): ("sign", "{right} is added where it is to be subtracted"),
    (ast.Mult, ast.Div): ("times for divided", "{right} divides where it is to multiply"),
    (ast.Div, ast.Mult): ("times for divided", "{right} multiplies where it is to divide"),
    (ast.Mult, ast.Add): ("sum for product", "{right} is added where it is to multiply"),
    (ast.Pow, ast.Mult): ("power", "{left} is multiplied by an exponent, and not raised to it"),
    (ast.MatMult, ast.Mult): (
        "matrix product",
        "{both} are multiplied entry by entry, and not as matrices",
    ),
}
"""The kind of another operator, and the words; what stands on its sides is put in."""

LEFT_OUT = {
    ast.Add: ("missing term", "term"),
    ast.Sub: ("missing term", "term"),
    ast.Mult: ("missing factor", "factor"),
    ast.MatMult: ("missing factor", "factor of a matrix product"),
    ast.Div: ("missing division", "division"),
    ast.FloorDiv: ("missing division", "division"),
}
FUNCTIONS = {
    "sqrt": "root",
    "exp": "exponential",
    "log": "logarithm",
    "sum": "sum",
    "mean": "mean",
    "max": "maximum",
    "abs": "absolute value",
    "min": "minimum",
    "tanh": "tanh",
    "cos": "cosine",
    "sin": "sine",
    "square": "square",
    "logistic": "logistic function",
    "softmax": "softmax",
    "diag": "diagonal",
}
"""What a function does, in a word."""

MISSING = {"sqrt": "missing root", "sum": "missing sum", "mean": "missing mean"}
"""Kinds that have a name of their own where a function is left out."""


def describe(target: ast.AST, replacement: ast.AST, scope: Scope) -> Label | None:
    """The label of a change; None where it has no words that would help."""
    said = KINDS.get(type(target))
    return said(target, replacement, scope) if said else None


def operation(target: ast.BinOp, new: ast.AST, scope: Scope) -> Label | None:
    left, right = scope.places(target.left), scope.places(target.right)
    both = tuple(dict.fromkeys(left + right))
    if isinstance(new, ast.BinOp) and new.left is target.left and new.right is target.right:
        kind, words = OPERATIONS[type(target.op), type(new.op)]
        sides = {
            "left": holding(left, f"a number{beside(right)}"),
            "right": holding(right, f"a number{beside(left)}"),
            "both": f"the factors of {with_places('matrix product', both)}",
        }
        return Label(kind, places_of(target, scope), words.format(**sides))
    if isinstance(new, ast.BinOp) and new.left is target.right and new.right is target.left:
        what = with_places("matrix product", both)
        return Label("order of factors", both, f"the factors of {what} stand in the other order")
    if new is target.left and isinstance(target.op, ast.Pow):
        return Label("power", left, f"the power of {holding(left)} is left out")
    if type(target.op) not in LEFT_OUT:
        return None
    lost, places = (target.right, right) if new is target.left else (target.left, left)
    if isinstance(target.op, ast.Sub) and is_one(lost) and right:
        words = f"{holding(right)} is taken without the one minus in front of it"
        return Label("rest of a share", right, words)
    if not places:
        kind, noun = LEFT_OUT[type(target.op)]
        return Label(kind, both, f"{with_places(noun, ())}{beside(both)} is left out")
    if isinstance(target.op, ast.Div) and lost is target.left:
        words = f"{with_places('factor', places)} is left out, and what divides it multiplies"
        return Label("missing factor", places, words)
    if isinstance(target.op, ast.Sub) and lost is target.left:
        words = f"{with_places('term', places)} is left out, with the minus behind it"
        return Label("missing term", places, words)
    kind, noun = LEFT_OUT[type(target.op)]
    if noun == "division":
        by = f"the division by {holding(places)}" if places else "a division"
        return Label(kind, places, f"{by} is left out")
    return Label(kind, places, f"{with_places(noun, places)} is left out")


def is_one(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value == 1


def places_of(node: ast.AST, scope: Scope) -> tuple[str, ...]:
    return scope.places(node)


def sign(target: ast.UnaryOp, new: ast.AST, scope: Scope) -> Label:
    places = scope.places(target.operand)
    if isinstance(target.op, ast.Not):
        return Label("condition", places, f"a condition{about(places)} is turned round")
    if (from_the_end := counted_from_the_end(target, scope)) is not None:
        return from_the_end
    return Label("sign", places, f"a minus in front of {holding(places)} is left out")


def counted_from_the_end(target: ast.UnaryOp, scope: Scope) -> Label | None:
    """What the minus of a negative index, bound or step means; None for a minus elsewhere."""
    parent = scope.parents.get(target)
    part: ast.expr = parent if isinstance(parent, ast.Slice) else target
    table = scope.parents.get(part)
    if isinstance(table, ast.Tuple):
        part, table = table, scope.parents.get(table)
    if not isinstance(table, ast.Subscript) or table.slice is not part:
        return None
    places = scope.places(table.value)
    name = one_thing(places, "a list")
    if not isinstance(parent, ast.Slice):
        return Label("index", places, f"{name} is counted from the beginning, and not from the end")
    if parent.step is target:
        return not_turned_round(places)
    return Label("slice", places, f"the part of {name} that is taken has another end")


def not_turned_round(places: tuple[str, ...]) -> Label:
    what = f" of {holding(places)}" if places else ""
    return Label("order", places, f"the order{what} is not turned round")


def comparison(target: ast.Compare, new: ast.Compare, scope: Scope) -> Label:
    places = scope.places(target)
    edges = {(ast.Lt, ast.LtE), (ast.LtE, ast.Lt), (ast.Gt, ast.GtE), (ast.GtE, ast.Gt)}
    if (type(target.ops[0]), type(new.ops[0])) in edges:
        words = f"the boundary of a comparison{about(places)} counts to the other side"
        return Label("boundary", places, words)
    return Label("condition", places, f"a comparison{about(places)} looks the other way")


def about(places: tuple[str, ...]) -> str:
    return f" about {named(places)}" if places else ""


def constant(target: ast.Constant, new: ast.Constant, scope: Scope) -> Label | None:
    parent = scope.parents.get(target)
    if isinstance(parent, ast.UnaryOp):  # a negative number
        parent = scope.parents.get(parent)
    places = scope.places(parent) if parent is not None else ()
    if isinstance(parent, ast.keyword):
        call = scope.parents.get(parent)
        places = scope.places(call) if call is not None else ()
        if parent.arg == "axis":
            return Label("axis", places, f"{holding(places)} is taken along another axis")
        words = f"the option `{parent.arg}` has another value{beside(places)}"
        return Label("option", places, words)
    if isinstance(target.value, bool) or not isinstance(target.value, int | float):
        return None
    if not isinstance(new.value, int | float):
        return None
    if isinstance(target.value, float):
        return Label("number", places, f"a number{beside(places)} is another")
    size = "large" if new.value > target.value else "small"
    if isinstance(parent, ast.Subscript):
        return Label(
            "index", places, f"an index into {named(places) or 'a list'} is one too {size}"
        )
    if isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Pow) and parent.right is target:
        return Label("power", places, f"the power of {holding(places)} is one too {size}")
    return Label("one off", places, f"a whole number{beside(places)} is one too {size}")


def attribute(target: ast.Attribute, new: ast.AST, scope: Scope) -> Label:
    places = scope.places(target.value)
    return Label("transpose", places, f"{one_thing(places, 'a matrix')} is not transposed")


def index(target: ast.Subscript, new: ast.AST, scope: Scope) -> Label:
    places = scope.places(target.value)
    name = named(places) or "a table"
    if isinstance(new, ast.Subscript):
        laid = any(isinstance(p, ast.Constant) and p.value is None for p in ast.walk(target.slice))
        words = (
            f"{name} is laid along the wrong axis"
            if laid
            else f"row and column of {name} are exchanged"
        )
        return Label("indices", places, words)
    if isinstance(target.slice, ast.Slice) and is_backwards(target.slice):
        return not_turned_round(places)
    return Label("slice", places, f"all of {name} is taken where a part is asked for")


def is_backwards(part: ast.Slice) -> bool:
    return isinstance(part.step, ast.UnaryOp) and not part.lower and not part.upper


def call(target: ast.Call, new: ast.AST, scope: Scope) -> Label | None:
    name, places = called_name(target), scope.places(target)
    if not isinstance(new, ast.Call) or new.func is not target.func:
        return missing_call(name, places)
    if len(new.keywords) < len(target.keywords):
        lost = next(k.arg for k in target.keywords if k not in new.keywords)
        if lost == "axis":
            what = of_places(word_for(name), places)
            return Label("axis", places, f"{what} goes over all axes, and not along one")
        if lost == "keepdims":
            what = of_places(word_for(name), places)
            return Label("keepdims", places, f"{what} drops the axis that keepdims would keep")
        return Label("option", places, f"the option `{lost}` is left out{beside(places)}")
    return side_by_side(target.args[-2], target.args[-1], scope)


def side_by_side(first: ast.expr, second: ast.expr, scope: Scope) -> Label:
    """The words where two things that stand side by side have changed places."""
    one, other = scope.places(first), scope.places(second)
    both = tuple(dict.fromkeys(one + other))
    what = f"two parts with {named(both)}" if both else "two parts"
    if len(one) == len(other) == 1 and one != other:
        what = named(both)
    return Label("arguments", both, f"{what} stand in each other's place")


def missing_call(name: str, places: tuple[str, ...]) -> Label | None:
    """What it means that the argument of a function stands there without it."""
    if name == "reversed":
        return not_turned_round(places)
    if name in FUNCTIONS:
        kind = MISSING.get(name, "missing function")
        return Label(kind, places, f"{of_places(word_for(name), places)} is left out")
    words = f"a step with {named(places)} is left out"
    return Label("missing call", places, words) if places else None


def word_for(function: str) -> str:
    return FUNCTIONS.get(function, "result")


def update(target: ast.AugAssign, new: ast.AST, scope: Scope) -> Label:
    places = scope.places(target.value)
    if isinstance(new, ast.Assign):
        what = with_places("term", places)
        return Label("overwritten", places, f"{what} overwrites what it is to be added to")
    return Label("sign", places, f"{with_places('term', places)} is subtracted, and not added")


def statement(target: ast.Expr, new: ast.AST, scope: Scope) -> Label | None:
    places = scope.places(target)
    if not places:
        return None
    return Label("missing step", places, f"a step with {named(places)} is left out")


def condition(target: ast.If | ast.IfExp, new: ast.AST, scope: Scope) -> Label:
    places = scope.places(target.test)
    return Label("condition", places, f"a condition{about(places)} is turned round")


KINDS: dict[type[ast.AST], Callable[[Any, Any, Scope], Label | None]] = {
    ast.BinOp: operation,
    ast.UnaryOp: sign,
    ast.Compare: comparison,
    ast.Constant: constant,
    ast.Attribute: attribute,
    ast.Subscript: index,
    ast.Call: call,
    ast.AugAssign: update,
    ast.Expr: statement,
    ast.If: condition,
    ast.IfExp: condition,
}
