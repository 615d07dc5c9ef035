"""What may stand in the place of an expression, and what is then to be asked of the expression.

That a change mends an answer is sure; that it is the mistake is not, as another change may mend
it, too. So the words ask.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

OPERATIONS: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add, ast.Mult),
    ast.Mult: (ast.MatMult, ast.Div, ast.Add),
    ast.Div: (ast.Mult, ast.Sub),
    ast.MatMult: (ast.Mult,),
    ast.Pow: (ast.Mult, ast.Div),
    ast.FloorDiv: (ast.Div,),
}
COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt, ast.GtE),
    ast.LtE: (ast.Lt, ast.GtE, ast.Gt),
    ast.Gt: (ast.GtE, ast.Lt, ast.LtE),
    ast.GtE: (ast.Gt, ast.LtE, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
}
ALIKE = (
    ("sum", "mean", "max", "min", "prod", "any", "all", "std", "var"),
    ("argmax", "argmin"),
    ("maximum", "minimum", "add", "multiply", "subtract"),
    ("abs", "square", "sqrt", "sign"),
    ("exp", "exp2", "expm1", "log", "log2", "log10", "log1p"),
    ("tanh", "sin", "cos", "sinh", "cosh", "arctan"),
    ("outer", "dot", "inner", "matmul", "multiply"),
    ("floor", "round", "ceil", "rint"),
    ("ones", "zeros", "eye"),
    ("hstack", "vstack", "concatenate"),
    ("cumsum", "sum"),
    ("append", "extend"),
)
"""Functions that are taken for one another."""

TOO_MANY: dict[type[ast.operator] | tuple[type[ast.operator], ...], str] = {
    (ast.Add, ast.Sub): "term",
    (ast.Mult, ast.MatMult): "factor",
    (ast.Div, ast.FloorDiv): "division by",
    ast.Pow: "power",
}
MODULES_OF = ("np", "math", "numpy")
BOTH_SIDES = ((ast.Add, ast.Sub), (ast.Mult, ast.MatMult))
AXES = ("sum", "mean", "max", "min", "argmax", "argmin", "any", "all")
"""Functions that go along an axis, or over all entries."""

EMPTY = ("zeros", "ones", "full", "empty")
MAKERS = (*EMPTY, "array", "asarray")
"""How the functions begin that make an array; of these, those that take none of its entries."""

LACKS_TO_ONE = "Does `{}` belong there, or what it lacks to 1?"
FORGOTTEN = (
    ("np.sqrt({})", "Is a root of `{}` to be taken there?"),
    ("np.sum({})", "Is `{}` to be added up there?"),
    ("np.sum({}, axis=0)", "Is `{}` to be added up there?"),
    ("np.sum({}, axis=1)", "Is `{}` to be added up there?"),
    ("np.mean({})", "Is `{}` to be averaged there?"),
    ("np.copy({})", "Is `{}` a copy there, or one array under two names?"),
    ("{}.T", "Is `{}` to be transposed there?"),
    ("{}**2", "Is `{}` to be squared there?"),
    ("{}*(1 - {})", "Does `{}` lack a factor there?"),
    ("1 - {}", LACKS_TO_ONE),
    ("2*{}", "Is `{}` half of what belongs there?"),
    ("{}/2", "Is `{}` twice what belongs there?"),
)
"""What may be missing around an expression."""

ONE_LIST = "`{}` is a list, maybe the same list several times: is it an array that is needed?"
COUNTS_TOO_MUCH = "Is `{}` to be divided by something there, or to come less often?"
SIGNED = "Does `{}` have the right sign there?"
BACKWARDS = "Are the two sides of `{}` the right way round?"


@dataclass(frozen=True)
class Swap:
    """What may stand there; what to ask if it has to; the lower the rank, the likelier.

    `drops` says that something the student does there is left out.
    """

    new: ast.AST
    words: str
    rank: int
    drops: bool = False


def swaps_of(node: ast.AST, names: Sequence[str], whole: bool) -> Iterator[Swap]:
    """What may stand in the place of an expression.

    Parameters
    ----------
    node : ast.AST
    names : sequence of str
        The variables of the function.
    whole : bool
        Whether it is all that a statement computes.
    """
    if isinstance(getattr(node, "ctx", None), ast.Store | ast.Del):
        if isinstance(node, ast.Subscript):
            yield from swaps_of_index(node, names)
        return
    for kind, change in CHANGES:
        if isinstance(node, kind):
            yield from change(node, names)
    if isinstance(node, ast.Name | ast.BinOp | ast.Call | ast.Subscript | ast.Attribute):
        if makes_a_start(node):
            return
        if is_list(node):
            yield Swap(expression(f"np.array({ast.unparse(node)})"), ONE_LIST, 2)
            return
        yield from wrapped(node)
        yield from joined(node, names, whole)


def makes_a_start(node: ast.AST) -> bool:
    """Whether an expression makes the array that all else works on, from nothing or a variable."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    plain = bool(node.args) and isinstance(node.args[0], ast.Name)
    return node.func.attr.startswith(MAKERS) and (plain or node.func.attr.startswith(EMPTY))


def is_list(node: ast.expr) -> bool:
    """Whether an expression puts lists together, which no arithmetic is meant for."""
    return isinstance(node, ast.BinOp) and any(
        isinstance(part, ast.List) or is_list(part) for part in (node.left, node.right)
    )


def swaps_of_operation(node: ast.BinOp, names: Sequence[str]) -> Iterator[Swap]:
    for operator in OPERATIONS.get(type(node.op), ()):
        signs = {type(node.op), operator} == {ast.Add, ast.Sub}
        words = (
            "Is each sign in `{}` right?" if signs else "Is the operation in `{}` the right one?"
        )
        yield Swap(ast.BinOp(node.left, operator(), node.right), words, 0 if signs else 2)
    if isinstance(node.op, ast.Sub | ast.Div | ast.MatMult | ast.Pow):
        yield Swap(ast.BinOp(node.right, node.op, node.left), BACKWARDS, 1)
    for kinds, noun in TOO_MANY.items():
        if isinstance(node.op, kinds):
            yield Swap(node.left, too_many(noun, node.right), 1)
        if isinstance(node.op, kinds) and kinds in BOTH_SIDES:
            yield Swap(node.right, too_many(noun, node.left), 1)
    yield from other_brackets(node)


def too_many(noun: str, part: ast.expr) -> str:
    return f"Does the {noun} `{ast.unparse(part)}` belong into `{{}}`?"


def other_brackets(node: ast.BinOp) -> Iterator[Swap]:
    """The other order of two operations."""
    words = "Which operation in `{}` comes first? Look at the brackets."
    if isinstance(right := node.right, ast.BinOp):
        first = ast.BinOp(node.left, node.op, right.left)
        yield Swap(ast.BinOp(first, right.op, right.right), words, 1)
    if isinstance(left := node.left, ast.BinOp):
        last = ast.BinOp(left.right, node.op, node.right)
        yield Swap(ast.BinOp(left.left, left.op, last), words, 1)


def swaps_of_sign(node: ast.UnaryOp, names: Sequence[str]) -> Iterator[Swap]:
    minus = isinstance(node.op, ast.USub)
    yield Swap(
        node.operand,
        SIGNED if minus else "Does `{}` ask for what is meant, or for the contrary?",
        0,
    )
    if minus:
        yield Swap(expression(f"1 - ({ast.unparse(node.operand)})"), LACKS_TO_ONE, 2)


def swaps_of_comparison(node: ast.Compare, names: Sequence[str]) -> Iterator[Swap]:
    for operator in COMPARISONS.get(type(node.ops[0]), ()):
        new = ast.Compare(node.left, [operator(), *node.ops[1:]], node.comparators)
        yield Swap(new, "Does `{}` hold just where it should? Look at the sign and at ties.", 1)


def swaps_of_constant(node: ast.Constant, names: Sequence[str]) -> Iterator[Swap]:
    value = node.value
    words = "Is `{}` the right number there?"
    if isinstance(value, bool):
        yield Swap(ast.Constant(not value), "Is `{}` what is asked, or the contrary?", 1)
    elif isinstance(value, int | float):
        others = [value + 1, value - 1, 2, 1, 0, 0.5, 2 * value, value / 2]
        for other in dict.fromkeys(others):
            if other not in (value, -value):
                yield Swap(ast.Constant(other), words, 2)
        if value:
            yield Swap(ast.Constant(-value), "Does `{}` have the right sign there?", 2)
        for name in names:
            yield Swap(ast.Name(name, ast.Load()), "Is `{}` what belongs there?", 3)


def swaps_of_name(node: ast.Name, names: Sequence[str]) -> Iterator[Swap]:
    if node.id not in names:
        return
    for other in names:
        if other != node.id:
            words = "Does `{}` belong there, or another of your variables?"
            yield Swap(ast.Name(other, ast.Load()), words, 2)
    as_array = expression(f"np.asarray({node.id})")
    yield Swap(
        as_array, "Is `{}` an array there, or a list? What is done with it depends on that.", 3
    )


def swaps_of_attribute(node: ast.Attribute, names: Sequence[str]) -> Iterator[Swap]:
    if node.attr == "T":
        yield Swap(node.value, "Does the transpose in `{}` belong there?", 1)
    words = f"Is `{node.attr}` the right function there?"
    for other in relatives(node.attr):
        yield Swap(ast.Attribute(node.value, other, ast.Load()), words, 2)
    if isinstance(node.value, ast.Name) and node.value.id == "math":
        words = "`{}` takes single numbers; what stops at an array?"
        yield Swap(ast.Attribute(ast.Name("np", ast.Load()), node.attr, ast.Load()), words, 1)


def relatives(name: str) -> list[str]:
    return [other for group in ALIKE if name in group for other in group if other != name]


def swaps_of_subscript(node: ast.Subscript, names: Sequence[str]) -> Iterator[Swap]:
    words = "Are the brackets in `{}` to cut anything off?"
    yield Swap(node.value, words, 3)
    yield from swaps_of_index(node, names)


def swaps_of_index(node: ast.Subscript, names: Sequence[str]) -> Iterator[Swap]:
    """The indices swapped, one index another variable or a neighbour."""
    index, context = node.slice, type(node.ctx)()
    if isinstance(index, ast.Tuple) and len(index.elts) == 2:
        swapped = ast.Tuple(index.elts[::-1], ast.Load())
        words = "Are the two indices of `{}` the right way round?"
        yield Swap(ast.Subscript(node.value, swapped, context), words, 1)
    if isinstance(index, ast.Slice | ast.Tuple):
        return
    text = ast.unparse(index)
    others = [name for name in names if name != text]
    for other in [*others, f"({text}) + 1", f"({text}) - 1", f"-({text}) - 1"]:
        moved = ast.Subscript(node.value, expression(other), context)
        yield Swap(moved, "Is the index in `{}` the right one?", 2)


def swaps_of_slice(node: ast.Slice, names: Sequence[str]) -> Iterator[Swap]:
    words = "Does the slice `{}` begin, end and run as it should?"
    parts = [node.lower, node.upper, node.step]
    for place, part in enumerate(parts):
        if part is not None:
            yield Swap(ast.Slice(*[*parts[:place], None, *parts[place + 1 :]]), words, 1)


def swaps_of_call(node: ast.Call, names: Sequence[str]) -> Iterator[Swap]:
    """Without the call, its arguments swapped, another function, other keywords."""
    function = node.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    too_much = f"Is `{name}` to be there in `{{}}`?"
    if isinstance(function, ast.Attribute) and getattr(function.value, "id", "") not in MODULES_OF:
        yield Swap(function.value, too_much, 1, drops=True)
    elif node.args:
        own = name in names  # a function that was given: what it computes is no step of the student
        for argument in node.args[:2]:
            yield Swap(argument, too_much, 1 if len(node.args) == 1 else 3, drops=not own)
    helper = isinstance(function, ast.Name) and not hasattr(builtins, function.id)
    if len(node.args) == 2 and not helper:  # in a function of the student's own it may be wrong
        swapped = ast.Call(function, node.args[::-1], node.keywords)
        words = f"Are the two arguments of `{name}` the right way round in `{{}}`?"
        yield Swap(swapped, words, 1)
    yield from swaps_of_keywords(node, name)
    if isinstance(function, ast.Name):
        for other in relatives(name):
            words = f"Is `{name}` the right function in `{{}}`?"
            yield Swap(ast.Call(ast.Name(other, ast.Load()), node.args, node.keywords), words, 2)
    if name == "range":
        yield from swaps_of_range(node)


def swaps_of_keywords(node: ast.Call, name: str) -> Iterator[Swap]:
    for place, keyword in enumerate(node.keywords):
        rest = [*node.keywords[:place], *node.keywords[place + 1 :]]
        words = f"Does `{keyword.arg}=` belong into `{{}}`, and with this value?"
        yield Swap(ast.Call(node.func, node.args, rest), words, 1)
        if keyword.arg == "axis":
            for axis in (0, 1, -1):
                yield with_keyword(node, rest, f"axis={axis}", "Does `{}` go along the right axis?")
    given = [keyword.arg for keyword in node.keywords]
    if name in AXES and "axis" not in given:
        words = "Is `{}` to take all entries together, or to go along an axis?"
        for axis in (0, 1):
            yield with_keyword(node, node.keywords, f"axis={axis}", words)
    if name.startswith(MAKERS) and "dtype" not in given:
        words = "Does `{}` make an array of whole numbers? That would cut what is put into it."
        yield with_keyword(node, node.keywords, "dtype=float", words)


def with_keyword(node: ast.Call, others: Sequence[ast.keyword], text: str, words: str) -> Swap:
    name, _, value = text.partition("=")
    keywords = [*others, ast.keyword(name, expression(value))]
    return Swap(ast.Call(node.func, node.args, keywords), words, 1)


def swaps_of_range(node: ast.Call) -> Iterator[Swap]:
    words = "Does `{}` begin and end at the right place?"
    first, *more = node.args
    if not more:
        yield Swap(ast.Call(node.func, [ast.Constant(1), first], []), words, 1)
    end = more[0] if more else first
    for by in (1, -1):
        moved: ast.expr = ast.BinOp(end, ast.Add(), ast.Constant(by))
        given = [first, moved, *more[1:]] if more else [moved]
        yield Swap(ast.Call(node.func, given, []), words, 1)
    if more:
        yield Swap(ast.Call(node.func, [ast.Constant(0), *more], []), words, 1)
    backwards = ast.Call(ast.Name("reversed", ast.Load()), [node], [])
    yield Swap(backwards, "Does `{}` run in the right direction?", 2)


def wrapped(node: ast.expr) -> Iterator[Swap]:
    """Something done to an expression that was forgotten."""
    text = f"({ast.unparse(node)})"
    for form, words in FORGOTTEN:
        yield Swap(expression(form.replace("{}", text)), words, 3)
    yield Swap(expression(f"-{text}"), SIGNED, 4)


def joined(node: ast.expr, names: Sequence[str], whole: bool) -> Iterator[Swap]:
    """A factor, a divisor or a term that was forgotten."""
    text = f"({ast.unparse(node)})"
    counts = [f"len({name})" for name in names]
    others = [*names, *counts, *(f"(1 - {name})" for name in names)]
    for other in others if whole else names:
        yield Swap(expression(f"{text}*{other}"), "Does `{}` lack a factor there?", 4)
        yield Swap(expression(f"{text}/{other}"), COUNTS_TOO_MUCH, 4)
    for other in names if whole and not isinstance(node, ast.Name) else []:
        yield Swap(expression(f"{text}+{other}"), "Does `{}` lack a term there?", 5)


def swaps_of_pair(node: ast.Tuple, names: Sequence[str]) -> Iterator[Swap]:
    if len(node.elts) == 2:
        first, second = node.elts
        yield Swap(ast.BinOp(first, ast.Add(), second), "`{}` is a pair; is that what is asked?", 2)
        yield Swap(ast.Tuple([second, first], ast.Load()), BACKWARDS, 1)


def expression(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


CHANGES: tuple[tuple[type[ast.AST], Callable[..., Iterator[Swap]]], ...] = (
    (ast.BinOp, swaps_of_operation),
    (ast.UnaryOp, swaps_of_sign),
    (ast.Compare, swaps_of_comparison),
    (ast.Constant, swaps_of_constant),
    (ast.Name, swaps_of_name),
    (ast.Attribute, swaps_of_attribute),
    (ast.Subscript, swaps_of_subscript),
    (ast.Slice, swaps_of_slice),
    (ast.Call, swaps_of_call),
    (ast.Tuple, swaps_of_pair),
)
"""By the kind of an expression what may stand in its place."""
