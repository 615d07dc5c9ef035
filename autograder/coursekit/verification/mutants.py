"""Automatic mutants of a reference: the function with one small thing changed.

The cases of an exercise must tell each of them from the reference. Libraries for mutation
testing (mutmut, Cosmic Ray) change files and run test suites; here one function is changed in
memory and one verdict is asked for, some hundred times a second.
"""

import ast
import copy
import inspect
import textwrap
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from types import FunctionType
from typing import Any

from coursekit.authoring.reference_source import global_names
from coursekit.verification.mutations import VALIDATION, places, replacements


@dataclass(frozen=True)
class Mutant:
    """A function with one thing changed.

    Attributes
    ----------
    change : str
        What stood there and what stands there now; the second such change has a number.
    function : callable
    """

    change: str
    function: Callable[..., Any]


def mutants(function: FunctionType) -> list[Mutant]:
    """All mutants of a function and of the helpers in its module that it calls."""
    made = mutants_of(function, function)
    for helper in helpers(function):
        for mutant in mutants_of(helper, function):
            made.append(Mutant(f"{helper.__name__}: {mutant.change}", mutant.function))
    return made


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


def mutants_of(changed: FunctionType, function: FunctionType) -> list[Mutant]:
    """Mutants of ``function`` in which ``changed``, itself or a helper, is changed."""
    tree = parsed(changed)
    (definition,) = tree.body
    if isinstance(definition, ast.FunctionDef):  # a helper may be a lambda with a name
        bare(definition)
    made: list[Mutant] = []
    seen: Counter[str] = Counter()
    for target in places(definition):
        for replacement in replacements(target):
            before, after = ast.unparse(target), ast.unparse(replacement)
            if before == after:
                continue
            change = f"{before} -> {after}"
            seen[change] += 1
            name = change if seen[change] == 1 else f"{change} (number {seen[change]})"
            made.append(Mutant(name, compiled(tree, target, replacement, function)))
    return made


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

    class Replace(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> Any:
            return copy.deepcopy(replacement) if node is target else super().visit(node)

    # A copy of all but the target, which the transformer must recognize.
    mutated = Replace().visit(copy.deepcopy(tree, {id(target): target}))
    namespace = own_namespace(function)
    exec(compile(ast.fix_missing_locations(mutated), "<mutant>", "exec"), namespace)
    found: Callable[..., Any] = namespace[function.__name__]
    return found


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
