"""What can be asked about lines of Python: places where a choice was made that has a reason."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

LONGEST = 120
"""Characters of a statement that is asked about."""


@dataclass(frozen=True)
class Feature:
    """A kind of place in code.

    Attributes
    ----------
    name : str
    holds : callable
        Whether a node of the syntax tree is such a place.
    question, good : str
        What is asked about it, and what a good answer holds.
    words : tuple of str
        Which of an exercise's messages are about it: those that hold one of these.
    """

    name: str
    holds: Callable[[ast.AST], bool]
    question: str
    good: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Spot:
    """A place in an answer: its statement as it is written, where it stands, what is asked."""

    feature: Feature
    line: int
    statement: str
    part: str


def called(node: ast.AST) -> str:
    """The last name of what is called; empty where nothing is."""
    if not isinstance(node, ast.Call):
        return ""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def has_axis(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and any(word.arg == "axis" for word in node.keywords)


def is_transpose(node: ast.AST) -> bool:
    return (isinstance(node, ast.Attribute) and node.attr == "T") or called(node) == "transpose"


def is_product(node: ast.AST) -> bool:
    is_operator = isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult)
    return is_operator or called(node) in ("dot", "einsum", "outer", "matmul", "inner")


def is_slope(node: ast.AST) -> bool:
    """A factor such as ``1 - a``, ``1 - a**2``."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Sub):
        return False
    return isinstance(node.left, ast.Constant) and node.left.value == 1


def is_division(node: ast.AST) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)


def is_choice(node: ast.AST) -> bool:
    return isinstance(node, ast.Compare | ast.IfExp) or called(node) in ("where", "maximum")


def is_average(node: ast.AST) -> bool:
    return called(node) in ("sum", "mean", "average")


FEATURES = (
    Feature(
        "transpose",
        is_transpose,
        "Which shapes have the factors in `{part}`, and what would happen without the transpose?",
        "The shape of each factor, named by what its axes count; over which index the sum then "
        "runs; that without it the product runs only where sizes happen to be equal, and is wrong "
        "there.",
        ("transpos", "multiply by W", "as it stands", "square"),
    ),
    Feature(
        "axis",
        has_axis,
        "What does the axis in `{part}` count, and what would the other one give?",
        "That the axis that is named is the one that disappears; which axis counts what; the shape "
        "that the other one would give.",
        ("axis", "row", "column", "over the", "shape", "average", "sum"),
    ),
    Feature(
        "slope",
        is_slope,
        "What is `{part}` the derivative of, and at which value is it taken?",
        "Which function it is the slope of; that it is written by the activation and not by the "
        "pre-activation, or the reverse; what follows if it is left out.",
        ("slope", "derivative", "squash", "σ", "tanh", "twice"),
    ),
    Feature(
        "division",
        is_division,
        "Why is there a division in `{part}`, and why in no other place?",
        "What the divisor counts or measures, and why it stands here; what a second division, or "
        "none, would do to every number.",
        ("divide", "average", "mean", "1/M", "root", "ε", "eps"),
    ),
    Feature(
        "choice",
        is_choice,
        "For which values does `{part}` decide in which way? Name one that lies on the border.",
        "Both sides with a number each; what happens on the border; why the choice is made by this "
        "quantity and not by another.",
        ("where", "mask", "positive", "negative", "off", "zero", "largest", "large"),
    ),
    Feature(
        "average",
        is_average,
        "What is added up in `{part}`, how many terms are there, and what does the sum mean?",
        "What each term is, over what the sum runs, and whether it is a sum or a mean that the "
        "exercise asks for.",
        ("sum", "mean", "average", "add"),
    ),
    Feature(
        "product",
        is_product,
        "Write the sum that `{part}` stands for, with an index, for one entry of the result.",
        "The indices of both factors, the one over which the sum runs, and the shape that remains.",
        ("multiply", "product", "order", "index", "shape"),
    ),
)
"""The more special a place is, the earlier it stands."""

PLAIN = Feature(
    "value",
    lambda node: True,
    "What does `{part}` hold: its shape, and what it means?",
    "The shape, what each axis counts, and in which formula of the book the quantity stands.",
    (),
)
"""What can be asked of any line."""


def spots(source: str, function: str) -> Iterator[Spot]:
    """The places of a function about which something can be asked, the most special first."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    found = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.Lambda)]
    named: list[ast.AST] = [node for node in found if getattr(node, "name", "") == function]
    bodies = named or [tree]
    statements = [one for body in bodies for one in plain_statements(body)]
    for feature in FEATURES:
        for statement in statements:
            part = next((node for node in ast.walk(statement) if feature.holds(node)), None)
            if part is not None:
                yield spot(source, feature, statement, part)
    for statement in statements:
        yield spot(source, PLAIN, statement, value_of(statement))


def plain_statements(body: ast.AST) -> Iterator[ast.stmt]:
    """Assignments and returns that can be read aloud, in their order."""
    kinds = ast.Assign | ast.AugAssign | ast.Return
    found = [node for node in ast.walk(body) if isinstance(node, kinds) and value_of(node)]
    short = [node for node in found if len(ast.unparse(node)) <= LONGEST]
    yield from sorted(short, key=lambda node: node.lineno)


def value_of(statement: ast.AST) -> ast.expr:
    value: ast.expr = getattr(statement, "value", None)  # type: ignore[assignment]  # a bare return
    return value


def spot(source: str, feature: Feature, statement: ast.stmt, part: ast.AST) -> Spot:
    written = ast.get_source_segment(source, statement) or ast.unparse(statement)
    piece = ast.get_source_segment(source, part) or ast.unparse(part)
    lines = source.count("\n", 0, source.find(written)) + 1 if written in source else 1
    return Spot(feature, lines, in_one_line(written), in_one_line(piece))


def in_one_line(code: str) -> str:
    return " ".join(code.split())
