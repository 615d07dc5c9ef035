"""Automatic mutants of a reference: the function with one small thing changed.

The cases of an exercise must tell each of them from the reference. Libraries for mutation
testing (mutmut, Cosmic Ray) change files and run test suites; here one function is changed in
memory and one verdict is asked for, some hundred times a second.
"""

import ast
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from types import FunctionType
from typing import Any

from coursekit.authoring.mutations import places, replacements
from coursekit.authoring.rewriting import bare, compiled, helpers, parsed


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
