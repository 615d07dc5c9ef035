"""What has to be changed in a wrong function so that it is right: one part of one line."""

import ast
import copy
import difflib
import itertools
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np

from coursekit.authoring.exercises import Answer, DrawnCase, Misconception, draw_cases
from coursekit.authoring.masters import PlacedExercise
from coursekit.authoring.standalone import standalone_source
from coursekit.checks.calling import call
from coursekit.checks.compare import compare, largest
from coursekit.checks.model import Returned
from coursekit.errors import CourseError
from coursekit.exams.friendly import result_of
from coursekit.exams.trees import Tree

LONGEST = 24
"""Lines of code that are shown."""
MOST_CHANGES = 400
"""Of a wrong function that are tried: what is no single mistake fails all of them."""
MOST_CASES = 40
"""Cases that a mended function must pass."""


PLAIN_NUMPY = frozenset(
    {"abs", "all", "arange", "argmax", "array", "clip", "concatenate", "cos", "diag", "einsum"}
    | {"exp", "eye", "log", "max", "maximum", "mean", "min", "newaxis", "ones", "ones_like"}
    | {"outer", "pi", "round", "sign", "sin", "sqrt", "stack", "sum", "tanh", "where", "zeros"}
    | {"zeros_like"}
)
"""What the book uses of NumPy, and whoever reads code on paper can be asked to know."""


@dataclass(frozen=True)
class Place:
    """A line of a wrong function, from 1, as it stands there and as it should."""

    line: int
    wrong: str
    right: str


@dataclass(frozen=True)
class Mend:
    """A wrong function with one mistake, as a student would write it, and where it is mended.

    Each of the places mends it by itself: a factor can be put right where it is made, or where it
    is used.
    """

    code: str
    places: tuple[Place, ...]


MENDS: WeakKeyDictionary[Answer, list[Mend]] = WeakKeyDictionary()
"""Of wrong functions: finding one out takes long."""


def mend_of(exercise: PlacedExercise, mistake: Misconception) -> Mend | None:
    """How a function that makes a mistake is mended; None if none is that one change mends.

    It is searched for, and tried on the cases of the exercise: what has a second mistake that
    these find is mended by no single change.
    """
    for wrong in (mistake.wrong, *mistake.second):
        if wrong not in MENDS:
            function = plain_function(exercise, wrong)
            readable = function is not None and is_readable(function)
            places = tuple(changes(exercise, function)) if function and readable else ()
            MENDS[wrong] = [Mend(ast.unparse(function), places)] if function and places else []
        if MENDS[wrong]:
            return MENDS[wrong][0]
    return None


def is_readable(function: ast.FunctionDef) -> bool:
    """Whether it is short, ends, and needs of NumPy no more than the book does."""
    nodes = list(ast.walk(function))
    of_numpy = {
        node.attr
        for node in nodes
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "np"
    }
    odd = any(isinstance(node, ast.While | ast.Starred | ast.Lambda) for node in nodes)
    short = len(ast.unparse(function).splitlines()) <= LONGEST
    return short and not odd and of_numpy <= PLAIN_NUMPY


def plain_function(exercise: PlacedExercise, answer: Answer) -> ast.FunctionDef | None:
    """The function by itself, called as the exercise asks; None if it needs others beside it."""
    try:
        source = standalone_source(exercise.own_room(), answer)
    except CourseError:
        return None
    nodes = [one for one in ast.parse(source).body if not isinstance(one, ast.Import)]
    if len(nodes) != 1 or not isinstance(nodes[0], ast.FunctionDef) or nodes[0].decorator_list:
        return None
    return bare(nodes[0], exercise.reference.name)


def bare(function: ast.FunctionDef, name: str) -> ast.FunctionDef:
    """A function without docstring and annotations, in the lines in which it is shown."""
    function.name, function.returns = name, None
    for argument in ast.walk(function.args):
        if isinstance(argument, ast.arg):
            argument.annotation = None
    if ast.get_docstring(function) is not None:
        function.body = function.body[1:]
    (shown,) = ast.parse(ast.unparse(function)).body
    assert isinstance(shown, ast.FunctionDef)
    return shown


def changes(exercise: PlacedExercise, function: ast.FunctionDef) -> Iterator[Place]:
    """For each line the least change of one expression in it that makes a function right."""
    cases = checked_cases(exercise)
    if not cases or is_right(exercise, function, cases):
        return
    code, mended = ast.unparse(function), set()
    pairs = itertools.product(expressions(function), parts_of_right_answers(exercise))
    nearest = sorted(pairs, key=lambda pair: unlikeness(code, *pair))
    for node, new in nearest[:MOST_CHANGES]:
        changed = None if node.lineno in mended else Replacing(node, new).made(function)
        if changed and ast.unparse(changed) != code and is_right(exercise, changed, cases):
            mended.add(node.lineno)
            texts = (code, ast.unparse(changed))
            yield Place(node.lineno, *(t.splitlines()[node.lineno - 1].strip() for t in texts))
        if len(mended) == len(function.body) == 1:
            return


def unlikeness(code: str, node: ast.expr, new: str) -> float:
    """How far a changed line is from the line that it was, from 0 to 1."""
    line = code.splitlines()[node.lineno - 1]
    changed = line.replace(ast.unparse(node), new, 1)
    return 1 - difflib.SequenceMatcher(None, line, changed, autojunk=False).ratio()


def expressions(function: ast.FunctionDef) -> Iterator[ast.expr]:
    """The expressions of a body that have a value."""
    for statement in function.body:
        for node in ast.walk(statement):
            if isinstance(node, ast.expr) and has_value(node):
                yield node


def has_value(node: ast.expr) -> bool:
    """Whether an expression stands for a value by itself, as a slice and a target do not."""
    holds_slice = any(isinstance(part, ast.Slice) for part in ast.iter_child_nodes(node))
    is_part = isinstance(node, ast.Slice | ast.Starred) or (
        isinstance(node, ast.Tuple) and holds_slice
    )
    return not is_part and isinstance(getattr(node, "ctx", ast.Load()), ast.Load)


def parts_of_right_answers(exercise: PlacedExercise) -> list[str]:
    """What stands in the reference and in other right answers."""
    reference = ast.parse(exercise.reference.source()).body[0]
    others = [plain_function(exercise, one) for one in exercise.declaration.right_answers]
    functions = [one for one in (reference, *others) if isinstance(one, ast.FunctionDef)]
    return sorted({ast.unparse(node) for one in functions for node in expressions(one)})


class Replacing(ast.NodeTransformer):
    """Puts another expression into the place of one."""

    def __init__(self, old: ast.expr, new: str) -> None:
        self.place = (old.lineno, old.col_offset, old.end_lineno, old.end_col_offset)
        self.new = new

    def made(self, function: ast.FunctionDef) -> ast.FunctionDef:
        changed = self.visit(copy.deepcopy(function))
        assert isinstance(changed, ast.FunctionDef)  # of a body only expressions are replaced
        return ast.fix_missing_locations(changed)

    def visit(self, node: ast.AST) -> ast.AST:
        if isinstance(node, ast.expr):
            here = (node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)
            if here == self.place:
                return ast.parse(self.new, mode="eval").body
        return self.generic_visit(node)


def checked_cases(exercise: PlacedExercise) -> list[tuple[DrawnCase, Tree]]:
    """Cases of all groups, with what is right: hidden ones and those that the students get."""
    declaration = exercise.declaration
    drawn = [
        case for public in (False, True)
        for case in draw_cases(declaration, np.random.default_rng(1), public)
    ]  # fmt: skip
    return [
        (case, result_of(exercise.reference.function, case.arguments))
        for case in drawn[:MOST_CASES]
        if case.expected is None
    ]


def is_right(
    exercise: PlacedExercise, function: ast.FunctionDef, cases: list[tuple[DrawnCase, Tree]]
) -> bool:
    """Whether a function returns in all cases what the exercise expects."""
    run, names = compiled(function), tuple(argument.arg for argument in function.args.args)
    rtol = exercise.declaration.rtol
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # some changes make no sense, and say so
        for case, right in cases:
            outcome = call(run, names, case.arguments)
            if not isinstance(outcome, Returned):
                return False
            if compare(right, outcome.value, rtol, largest(case.arguments)) is not None:
                return False
    return True


def compiled(function: ast.FunctionDef) -> Callable[..., object]:
    """The function that a tree defines, in a notebook's names."""
    namespace: dict[str, Callable[..., object]] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # such as that a number is called
        exec(compile(ast.Module([function], []), "<mended>", "exec"), {"np": np}, namespace)
    return namespace[function.name]
