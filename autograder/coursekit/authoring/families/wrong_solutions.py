"""Wrong solutions of an exercise, made from right ones: one thing is changed in each."""

import ast
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from types import CodeType, FunctionType
from typing import Any

from coursekit.authoring.families import names, numbers, sums, terms, turns, wrapped
from coursekit.authoring.families.described import describe
from coursekit.authoring.families.labels import Label
from coursekit.authoring.families.scope import Scope, plain_name
from coursekit.authoring.mutations import places, replacements
from coursekit.authoring.rewriting import bare, changed_code, helpers, made_of, parsed
from coursekit.checks.causes import IN_PAIRS

Swaps = tuple[tuple[ast.AST, ast.AST], ...]
"""Nodes, and what stands in their place."""

PAIRED = (
    "missing factor",
    "missing term",
    "sides of a minus",
    "sign",
    "order",
    "transpose",
    "missing division",
    "power",
    "missing root",
    "axis",
    "mean for sum",
    "missing function",
    "missing sum",
    "rest of a share",
    "overwritten",
    "order of factors",
    "times for divided",
    "absolute value",
    "sum for mean",
    "one off",
    "missing turn",
)
"""Kinds of mistakes that are looked for in pairs, too, the commonest first."""

FAR_FETCHED = {"absolute value", "one off"}
"""Kinds of which no two are paired: what two of them give is made by other mistakes more often."""

MOST_PAIRED = 36
"""Changes of a solution that are paired."""

MOST_OF_A_KIND = 4
"""Changes of one kind that are paired before the other kinds have had their turn."""

FURTHER = (
    sums.changes,
    numbers.changes,
    turns.changes,
    names.changes,
    wrapped.changes,
    terms.changes,
)
"""The families that go beyond the mutations of :mod:`coursekit.authoring.mutations`."""


@dataclass(frozen=True)
class Changed:
    """What stands elsewhere than it should, and what that means.

    Attributes
    ----------
    swaps : tuple of (node, node)
        What may stand in the place of what; of several, all at once.
    label : Label
    rank : int
        How simple a mistake it is.
    """

    swaps: Swaps
    label: Label
    rank: int


@dataclass(frozen=True)
class WrongSolution:
    """A right solution with one thing changed.

    Attributes
    ----------
    label : Label
    rank : int
        0 for the simplest changes.
    solution : function
        The right one.
    code : code
        That defines it, or a function that it calls, anew.
    """

    label: Label
    rank: int
    solution: FunctionType
    code: CodeType

    @property
    def function(self) -> Callable[..., Any]:
        """The wrong solution, made for the occasion: thousands of them would take much memory."""
        made = made_of(self.code, self.solution)
        made.__globals__["print"] = say_nothing
        return made


def wrong_solutions(
    solutions: Sequence[FunctionType], arguments: Mapping[str, Any]
) -> list[WrongSolution]:
    """All wrong solutions that the families make of right ones.

    Parameters
    ----------
    solutions : sequence of function
        The reference, and other right answers.
    arguments : mapping
        Those of one case, by the names that the reference has for them.
    """
    made = [one for solution in solutions for one in changed_solutions(solution, arguments)]
    return made + [one for solution in solutions for one in twice_changed(solution, arguments)]


def changed_solutions(
    solution: FunctionType, arguments: Mapping[str, Any]
) -> Iterator[WrongSolution]:
    """The wrong solutions made of one right one, or of its helpers, by one mistake."""
    for part in (solution, *helpers(solution)):
        tree, single = changes_of(part, solution, arguments)
        yield from made_by([*single, *repeated(single)], tree, solution)


def twice_changed(solution: FunctionType, arguments: Mapping[str, Any]) -> Iterator[WrongSolution]:
    """The wrong solutions made of one right one by two mistakes at once."""
    tree, single = changes_of(solution, solution, arguments)
    yield from made_by(paired(single), tree, solution)


def changes_of(
    part: FunctionType, solution: FunctionType, arguments: Mapping[str, Any]
) -> tuple[ast.Module, list[Changed]]:
    """A solution or one of its helpers as a tree, and all changes of it."""
    tree = parsed(part)
    if may_not_end(tree, solution.__name__):
        return tree, []
    (definition,) = tree.body
    if isinstance(definition, ast.FunctionDef):
        bare(definition)
    return tree, list(changes(definition, Scope(definition, arguments)))


def made_by(
    changed: Iterable[Changed], tree: ast.Module, solution: FunctionType
) -> Iterator[WrongSolution]:
    for one in changed:
        code = code_with(tree, one.swaps)
        if code is not None:
            yield WrongSolution(one.label, one.rank, solution, code)


def code_with(tree: ast.Module, swaps: Swaps) -> CodeType | None:
    """The code with some nodes replaced; what may stand in one place may not stand in another."""
    try:
        return changed_code(tree, *swaps)
    except (SyntaxError, ValueError, TypeError):
        return None


def say_nothing(*values: object, **options: object) -> None:
    """In the place of ``print``: nobody is there to read it."""


def may_not_end(tree: ast.AST, name: str) -> bool:
    """Whether a change could make a function run on: it loops by a condition, or calls itself."""
    return any(isinstance(node, ast.While) or plain_name(node) == name for node in ast.walk(tree))


def changes(definition: ast.AST, scope: Scope) -> Iterator[Changed]:
    """All changes of a function that have words."""
    for target in list(places(definition)):
        for replacement, label in mutated(target, scope):
            if label:
                yield Changed(((target, replacement),), label, 0)
        for rank, family in enumerate(FURTHER, start=1):
            for replacement, label in family(target, scope):
                if label:
                    yield Changed(((target, replacement),), label, rank)


def mutated(target: ast.AST, scope: Scope) -> Iterator[tuple[ast.AST, Label | None]]:
    """What mutants have in the place of a node; some changes have no words that would help."""
    for replacement in replacements(target):
        if ast.unparse(replacement) != ast.unparse(target):
            yield replacement, describe(target, replacement, scope)


def repeated(single: Iterable[Changed]) -> Iterator[Changed]:
    """The same mistake wherever it can be made: who forgets a power forgets it twice."""
    groups: dict[tuple[str, ...], list[Changed]] = {}
    for change in single:
        groups.setdefault(kinship(change), []).append(change)
    for group in groups.values():
        targets = {id(change.swaps[0][0]) for change in group}
        if 1 < len(group) == len(targets):
            swaps = tuple(change.swaps[0] for change in group)
            yield Changed(swaps, group[0].label.beside(c.label for c in group), group[0].rank)


def paired(single: Sequence[Changed]) -> Iterator[Changed]:
    """Two mistakes at once, of the kinds that are made most, neither inside of the other."""
    order = {kind: number for number, kind in enumerate(PAIRED)}
    seen: Counter[str] = Counter()
    ranked: list[tuple[int, int, int]] = []
    for number, change in enumerate(single):
        kind = change.label.kind
        if kind in order:
            ranked.append((seen[kind] // MOST_OF_A_KIND, order[kind], number))
            seen[kind] += 1
    common = [single[number] for *_, number in sorted(ranked)]
    for first, second in combinations(common[:MOST_PAIRED], 2):
        one, other = first.swaps[0][0], second.swaps[0][0]
        likely = not {first.label.kind, second.label.kind} <= FAR_FETCHED
        if likely and apart(one, other):
            yield Changed(
                first.swaps + second.swaps, first.label.and_besides(second.label), IN_PAIRS
            )


def apart(one: ast.AST, other: ast.AST) -> bool:
    """Whether neither of two nodes stands inside of the other."""
    return one not in ast.walk(other) and other not in ast.walk(one)


def kinship(change: Changed) -> tuple[str, ...]:
    """What two changes share that are the same mistake at two places."""
    ((target, replacement),) = change.swaps
    if isinstance(target, ast.Name) and isinstance(replacement, ast.Name):
        return (target.id, replacement.id)
    exponent = ""
    if isinstance(target, ast.BinOp) and isinstance(target.op, ast.Pow):
        exponent = ast.unparse(target.right)
    return (change.label.kind, change.label.pattern, type(target).__name__, exponent)
