"""Where the source of a function may be changed, and what may stand there instead."""

import ast
from collections.abc import Callable, Iterator
from typing import Any

OPERATORS: dict[type[ast.operator], list[type[ast.operator]]] = {
    ast.Add: [ast.Sub],
    ast.Sub: [ast.Add],
    ast.Mult: [ast.Div, ast.Add],
    ast.Div: [ast.Mult],
    ast.MatMult: [ast.Mult],
    ast.Pow: [ast.Mult],
}
COMPARISONS: dict[type[ast.cmpop], list[type[ast.cmpop]]] = {
    ast.Lt: [ast.LtE, ast.Gt],
    ast.LtE: [ast.Lt, ast.Gt],
    ast.Gt: [ast.GtE, ast.Lt],
    ast.GtE: [ast.Gt, ast.Lt],
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
}
VALIDATION = ("as_float", "check_")
"""Calls that only refuse bad input, which no case holds."""

WRAPPERS = {
    "array",
    "asarray",
    "bool",
    "float",
    "int",
    "list",
    "tuple",
    "range",
    "len",
    "zip",
    "enumerate",
}
"""Calls whose removal changes a type at most, or nothing that can run."""


def places(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes that may be changed, outermost first; error handling and defaults are left out."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Raise | ast.arguments) or is_validation(child):
            continue
        if isinstance(child, ast.keyword) and child.arg == "strict":
            continue
        if isinstance(child, ast.If) and isinstance(child.body[0], ast.Raise):
            continue
        yield child
        yield from places(child)


def is_validation(node: ast.AST) -> bool:
    node = node.value if isinstance(node, ast.Expr | ast.Assign) else node
    return isinstance(node, ast.Call) and called_name(node).lstrip("_").startswith(VALIDATION)


def called_name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def replacements(node: ast.AST) -> Iterator[ast.AST]:
    """What may stand in the place of a node."""
    change = CHANGES.get(type(node))
    if change:
        yield from change(node)


def of_operation(node: ast.BinOp) -> Iterator[ast.AST]:
    """Another operator, one operand alone, and for a matrix product the operands swapped."""
    for operator in OPERATORS.get(type(node.op), []):
        yield ast.BinOp(node.left, operator(), node.right)
    yield node.left
    if not isinstance(node.op, ast.Pow):
        yield node.right
    if isinstance(node.op, ast.MatMult):
        yield ast.BinOp(node.right, node.op, node.left)


def of_sign(node: ast.UnaryOp) -> Iterator[ast.AST]:
    if isinstance(node.op, ast.USub | ast.Not):
        yield node.operand


def of_comparison(node: ast.Compare) -> Iterator[ast.AST]:
    for operator in COMPARISONS.get(type(node.ops[0]), []):
        yield ast.Compare(node.left, [operator()], node.comparators)


def of_constant(node: ast.Constant) -> Iterator[ast.AST]:
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, int):
        yield ast.Constant(node.value + 1)
        if node.value:
            yield ast.Constant(node.value - 1)
    elif isinstance(node.value, float):
        yield ast.Constant(float(f"{node.value * 100:.12g}"))
        yield ast.Constant(float(f"{node.value / 100:.12g}"))


def of_attribute(node: ast.Attribute) -> Iterator[ast.AST]:
    if node.attr == "T":
        yield node.value


def of_index(node: ast.Subscript) -> Iterator[ast.AST]:
    """The two indices of an entry swapped, a slice left out."""
    index = node.slice
    if isinstance(index, ast.Tuple) and len(index.elts) == 2:
        yield ast.Subscript(node.value, ast.Tuple(index.elts[::-1], ast.Load()), node.ctx)
    if isinstance(index, ast.Slice) and isinstance(node.ctx, ast.Load):
        yield node.value


def of_call(node: ast.Call) -> Iterator[ast.AST]:
    """The argument without the call, a keyword left out, the last two arguments swapped."""
    name, given = called_name(node), node.args
    if len(given) == 1 and name not in WRAPPERS and not isinstance(given[0], ast.Starred):
        yield given[0]
    if (
        isinstance(node.func, ast.Attribute)
        and not given
        and not isinstance(node.func.value, ast.Name | ast.Constant)
    ):
        yield node.func.value
    for keyword in node.keywords:
        if keyword.arg != "strict":
            yield ast.Call(node.func, given, [k for k in node.keywords if k is not keyword])
    if len(given) >= 2:
        yield ast.Call(node.func, [*given[:-2], given[-1], given[-2]], node.keywords)


def of_update(node: ast.AugAssign) -> Iterator[ast.AST]:
    """An = for a +=, and the other operator."""
    yield ast.Assign([node.target], node.value, lineno=node.lineno)
    for operator in OPERATORS.get(type(node.op), []):
        yield ast.AugAssign(node.target, operator(), node.value)


def of_statement(node: ast.Expr) -> Iterator[ast.AST]:
    yield ast.Pass()


def of_condition(node: ast.If | ast.IfExp) -> Iterator[ast.AST]:
    opposite = ast.UnaryOp(ast.Not(), node.test)
    if isinstance(node, ast.If):
        yield ast.If(opposite, node.body, node.orelse)
    else:
        yield ast.IfExp(opposite, node.body, node.orelse)


CHANGES: dict[type[ast.AST], Callable[[Any], Iterator[ast.AST]]] = {
    ast.BinOp: of_operation,
    ast.UnaryOp: of_sign,
    ast.Compare: of_comparison,
    ast.Constant: of_constant,
    ast.Attribute: of_attribute,
    ast.Subscript: of_index,
    ast.Call: of_call,
    ast.AugAssign: of_update,
    ast.Expr: of_statement,
    ast.If: of_condition,
    ast.IfExp: of_condition,
}
