"""A function with one thing changed: its source is parsed, one node replaced, and compiled."""

import ast
import inspect
import textwrap
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from types import CodeType, FunctionType
from typing import Any

from coursekit.authoring.mutations import VALIDATION
from coursekit.authoring.reference_source import global_names
from coursekit.checks.bounded import CHANGED


def helpers(function: FunctionType) -> list[FunctionType]:
    """The functions of the same module that a function calls, directly or through others."""
    found: list[FunctionType] = []
    queue = [function]
    while queue:
        for name in sorted(global_names(ast.unparse(parsed(queue.pop())))):
            called = function.__globals__.get(name)
            if (
                isinstance(called, FunctionType)
                and called.__globals__ is function.__globals__
                and called not in (function, *found)
                and not called.__name__.lstrip("_").startswith(VALIDATION)
            ):
                found.append(called)
                queue.append(called)
    return found


def parsed(function: FunctionType) -> ast.Module:
    return ast.parse(textwrap.dedent(inspect.getsource(function)))


def bare(definition: ast.FunctionDef) -> None:
    """Drop docstring, annotations and decorators: no mistake of a student lies there."""
    if ast.get_docstring(definition):
        definition.body = definition.body[1:]
    definition.decorator_list, definition.returns = [], None
    for argument in ast.walk(definition.args):
        if isinstance(argument, ast.arg):
            argument.annotation = None


def compiled(
    tree: ast.Module, target: ast.AST, replacement: ast.AST, function: FunctionType
) -> Callable[..., Any]:
    """The function with one node replaced, in a copy of the namespace that it lives in."""
    return made_of(changed_code(tree, (target, replacement)), function)


def changed_code(tree: ast.Module, *swaps: tuple[ast.AST, ast.AST]) -> CodeType:
    """The code of a function, or of a helper, with some nodes replaced, the innermost first."""
    with ExitStack() as all_replaced:
        for target, replacement in reversed(swaps):
            all_replaced.enter_context(replaced(tree, target, replacement))
        all_replaced.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore", SyntaxWarning)  # of mistakes that are made on purpose
        return compile(ast.fix_missing_locations(tree), CHANGED, "exec")


def made_of(code: CodeType, function: FunctionType) -> Callable[..., Any]:
    """A function in a copy of the namespace that it lives in, where code defines something anew."""
    namespace = own_namespace(function)
    exec(code, namespace)
    found: Callable[..., Any] = namespace[function.__name__]
    return found


@contextmanager
def replaced(tree: ast.AST, target: ast.AST, replacement: ast.AST) -> Iterator[None]:
    """Put a node in the place of another one, for as long as it takes."""
    owner, key = place_of(tree, target)
    owner[key] = replacement
    try:
        yield
    finally:
        owner[key] = target


def place_of(tree: ast.AST, target: ast.AST) -> tuple[Any, Any]:
    """What holds a node, and under which key: the fields of another node, or a list."""
    for node in ast.walk(tree):
        for name, value in ast.iter_fields(node):
            if value is target:
                return vars(node), name
            if isinstance(value, list):
                for number, part in enumerate(value):
                    if part is target:
                        return value, number
    raise ValueError("the node does not stand in the tree")


def own_namespace(function: FunctionType) -> dict[str, Any]:
    """A copy of a module's namespace whose functions call each other, not the originals."""
    namespace = dict(function.__globals__)
    for name, value in function.__globals__.items():
        if isinstance(value, FunctionType) and value.__globals__ is function.__globals__:
            code, closure = value.__code__, value.__closure__
            twin = FunctionType(code, namespace, name, value.__defaults__, closure)
            twin.__kwdefaults__ = value.__kwdefaults__
            namespace[name] = twin
    return namespace
