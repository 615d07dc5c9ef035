"""One small change to the student's own code with which all public cases pass, if there is one.

Whatever the mistake, who finds the change that mends it has a place and a kind to ask about. The
change itself is not told. After Singh, Gulwani and Solar-Lezama, *Automated feedback
generation for introductory programming assignments* (PLDI 2013).
"""

from __future__ import annotations

import ast
import builtins
import inspect
import itertools
import textwrap
import time
import warnings
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from types import CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np

from coursekit.checks.bounded import CHANGED, bounded, parts_in
from coursekit.checks.calling import call
from coursekit.checks.compare import compare, inspect_outcome
from coursekit.checks.diagnosis import diagnose
from coursekit.checks.edits import Edit, edits_of
from coursekit.checks.model import Outcome, Returned, Verdict
from coursekit.checks.overheard import overhear
from coursekit.worker.failing_line import one_line
from coursekit.worker.kept_answers import names_in

MOST_TRIED, MOST_IN_PAIRS = 4000, 90
"""Changes that are tried alone, and of those that do something the likeliest, in pairs."""

LIKELY_PAIR = 2
"""Ranks of two changes, added up, beyond which they may mend one mistake by coincidence."""

HIGHEST_RANK_BY_CHANCE = 2
"""Where results are names, or yes and no, an unlikely change passes by chance."""

MOST_LINES_TRIED = 20_000
"""Lines that a changed function may run in one call."""

LARGEST_CASE, MOST_HELD = 1000, 4000
"""Numbers in an argument or a result from which on nothing is tried, and in a variable of a changed
function: the outer product of two such is still small."""

LONGEST_SEARCH = 5.0
"""Seconds after which no further change is tried."""

LONGEST_PIECE = 60
"""Characters of a piece of code that is repeated in a sentence."""

HARMLESS = frozenset((
    "abs", "all", "any", "bool", "dict", "divmod", "enumerate", "filter", "float", "int",
    "isinstance", "iter", "len", "list", "map", "max", "min", "next", "range", "reversed",
    "round", "set", "slice", "sorted", "str", "sum", "tuple", "type", "zip", "ValueError",
    "TypeError", "IndexError", "KeyError", "ZeroDivisionError", "NotImplementedError",
    "Exception", "AssertionError", "print", "format",
))  # fmt: skip
"""Builtins that leave nothing behind."""

LASTING = frozenset((
    "random", "save", "savez", "savez_compressed", "savetxt", "tofile", "load", "loadtxt",
    "fromfile", "memmap", "seterr", "set_printoptions", "seed",
))  # fmt: skip
"""Attributes of NumPy that leave something behind, or read what lies on the disk."""


@dataclass(frozen=True)
class Change:
    """Where a change mends a function, or two of them together, and what to ask there.

    Attributes
    ----------
    lines : sequence of str
        As the student wrote them, without the lines of a block in them.
    words : str
        A sentence or two.
    """

    lines: Sequence[str]
    words: str

    @property
    def place(self) -> str:
        if len(self.lines) == 1:
            begin = "All cases pass when one small thing is changed in this line:"
        else:
            begin = "All cases pass when one small thing is changed in each of these lines:"
        return "\n".join([begin, *(f"  {line}" for line in self.lines)])


class Search:
    """Tries changes of one function.

    Parameters
    ----------
    function : callable
        The student's.
    source : str
        Its own lines.
    verdict : Verdict
        What came of it.
    """

    def __init__(self, function: FunctionType, source: str, verdict: Verdict) -> None:
        self.verdict = verdict
        self.source = source
        self.tree = ast.parse(source)
        self.namespace = dict(function.__globals__)
        self.namespace.setdefault("np", np)
        first = verdict.first
        numbers = range(len(verdict.task.cases))
        self.order = sorted(numbers, key=lambda n: (n != first, verdict.findings[n] is None))
        self.left_out: list[Edit] = []
        self.deadline = time.process_time() + LONGEST_SEARCH

    @property
    def definition(self) -> ast.FunctionDef:
        definition = self.tree.body[0]
        assert isinstance(definition, ast.FunctionDef)
        return definition

    def mending(self) -> list[Edit]:
        """The likeliest change, or else two, with which all cases pass; none if none is found."""
        edits = edits_of(self.definition)[:MOST_TRIED]
        self.left_out = [edit for edit in edits if edit.drops]
        if not self.numbers_enough():
            edits = [edit for edit in edits if edit.rank <= HIGHEST_RANK_BY_CHANCE]
        telling = []
        for edit in edits:
            found = self.found_with(edit)
            if found is None and not self.is_detour(edit):
                return [edit]
            if found and edit.rank <= LIKELY_PAIR + 1:
                telling.append(edit)
            if self.over():
                return []
        return self.mending_in_pairs(telling[:MOST_IN_PAIRS]) if self.numbers_enough() else []

    def mending_in_pairs(self, edits: Sequence[Edit]) -> list[Edit]:
        for first, second in sorted(itertools.combinations(edits, 2), key=ranks):
            together = ranks((first, second))
            if self.over() or together > LIKELY_PAIR + 1:
                return []
            if first.node is second.node or self.found_with(first, second) is not None:
                continue
            likely = together <= LIKELY_PAIR or self.gains(first) or self.gains(second)
            if likely and not self.is_detour(first, second):
                return sorted((first, second), key=lambda edit: edit.node.lineno)
        return []

    def gains(self, edit: Edit) -> bool:
        """Whether more cases pass with a change than before."""
        with edit.made():
            function = self.built()
        if function is None:
            return False
        passing = [not self.finding(self.outcome(function, n), n) for n in self.order]
        return sum(passing) > self.verdict.findings.count(None)

    def found_with(self, *edits: Edit) -> bool | None:
        """What `found_by` says of the function with all these changes."""
        with ExitStack() as changes:
            for edit in edits:
                changes.enter_context(edit.made())
            return self.found_by(self.built())

    def is_detour(self, *edits: Edit) -> bool:
        """Whether a part that the student wrote, and that did something, does nothing any more.

        Then the result is reached past that part, and the mistake is likely to stand in it.
        """
        replaced = {part for edit in edits for part in (edit.statement, *ast.walk(edit.node))}
        ends = any(isinstance(edit.statement, ast.Return) for edit in edits)
        return any(
            self.found_with(*edits, part) is None and self.does_something(part)
            for part in self.left_out
            if part.node not in replaced and (ends or not names_a_value(part.node))
        )

    def does_something(self, part: Edit) -> bool:
        """Whether the first case has another outcome without a part."""
        with part.made():
            function = self.built()
        number = self.order[0]
        if function is None:
            return True
        return not is_same_outcome(self.verdict.outcomes[number], self.outcome(function, number))

    def over(self) -> bool:
        return time.process_time() > self.deadline

    def numbers_enough(self) -> bool:
        """Whether results are more than names, or yes and no, which two changes hit by chance."""
        return not all(holds_no_number(case.expected) for case in self.verdict.task.cases)

    def found_by(self, function: Callable[..., object] | None) -> bool | None:
        """None if all cases pass; else whether the first gave another value than before."""
        if function is None:
            return False
        for number in self.order:
            outcome = self.outcome(function, number)
            if self.finding(outcome, number):
                before = self.verdict.outcomes[number]
                new = isinstance(outcome, Returned) and number == self.order[0]
                return new and not is_same_outcome(before, outcome)
        return None

    def built(self) -> Callable[..., object] | None:
        try:
            exec(compile(ast.fix_missing_locations(self.tree), CHANGED, "exec"), self.namespace)
        except (SyntaxError, ValueError, TypeError, SystemError):
            return None
        made: Callable[..., object] = self.namespace[self.definition.name]
        return made

    def outcome(self, function: Callable[..., object], number: int) -> Outcome:
        task = self.verdict.task
        with_end = bounded(function, MOST_LINES_TRIED, MOST_HELD)
        return call(with_end, task.parameters, task.cases[number].arguments)

    def finding(self, outcome: Outcome, number: int) -> bool:
        task = self.verdict.task
        return inspect_outcome(task, task.cases[number], outcome) is not None

    def told(self, edits: Sequence[Edit]) -> Change:
        """The places and the kinds of changes in words."""
        lines, words = [], []
        for edit in edits:
            lines.append(one_line(self.source.splitlines()[edit.node.lineno - 1]))
            piece = one_line(ast.get_source_segment(self.source, edit.node) or "")
            short = piece if len(piece) <= LONGEST_PIECE else piece[:LONGEST_PIECE] + "..."
            words.append(edit.words.replace("{}", short))
        return Change(list(dict.fromkeys(lines)), " ".join(words))


def holds_no_number(value: object) -> bool:
    """Whether an expected value is names, or yes and no, through and through."""
    if isinstance(value, dict):
        return all(holds_no_number(entry) for entry in value.values())
    if isinstance(value, list | tuple):
        return all(holds_no_number(entry) for entry in value)
    return isinstance(value, str | bool) or getattr(value, "dtype", np.dtype(float)).kind in "bU"


def names_a_value(node: ast.AST) -> bool:
    """Whether a statement gives a name to something, which may be needed in one place of two."""
    return isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)


def ranks(edits: Sequence[Edit]) -> int:
    return sum(edit.rank for edit in edits)


def is_same_outcome(before: Outcome, now: Outcome) -> bool:
    """Whether a change has changed nothing that can be seen."""
    if not isinstance(before, Returned) or not isinstance(now, Returned):
        return False
    try:
        return compare(before.value, now.value) is None
    except (TypeError, ValueError):  # both are a student's, so the one can be no array of numbers
        return False


def one_change(function: Callable[..., object], verdict: Verdict) -> Change | None:
    """The likeliest of the changes that mend a function; None where none is found.

    None is looked for where it is known what gives these numbers: a change may make up for that at
    another place.

    Parameters
    ----------
    function : callable
        That which was called.
    verdict : Verdict
        What came of it.
    """
    function = inspect.unwrap(function)
    if verdict.passed or verdict.task.sealed or diagnose(verdict):
        return None
    if not isinstance(function, FunctionType):
        return None
    source = source_of(function)
    if not source or not leaves_nothing_behind(function) or has_large_cases(verdict):
        return None
    with overhear():
        warnings.simplefilter("ignore")
        search = Search(function, source, verdict)
        edits = search.mending()
    return search.told(edits) if edits else None


def has_large_cases(verdict: Verdict) -> bool:
    return any(
        parts_in(value) > LARGEST_CASE
        for case in verdict.task.cases
        for value in (*case.arguments, case.expected)
    )


def source_of(function: FunctionType) -> str:
    """The lines of a function without their indent; '' where they are not known."""
    try:
        source = textwrap.dedent(inspect.getsource(function))
        tree = ast.parse(source)
    except (OSError, SyntaxError, TypeError):
        return ""
    definition = tree.body[0]
    plain = isinstance(definition, ast.FunctionDef) and definition.name == function.__name__
    return source if plain and not function.__closure__ else ""


def leaves_nothing_behind(function: FunctionType) -> bool:
    """Whether a function, and what it calls of the notebook, can be run many times unseen."""
    waiting: list[Any] = [function]
    seen: set[CodeType] = set()
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, FunctionType) and thing.__module__ == "__main__":
            if thing.__code__ in seen:
                continue
            seen.add(thing.__code__)
            used = set(names_in(thing.__code__))
            if used & LASTING:
                return False
            for name in used:
                if name in thing.__globals__:
                    waiting.append(thing.__globals__[name])
                elif hasattr(builtins, name) and name not in HARMLESS:
                    return False
        elif isinstance(thing, ModuleType):
            if thing.__name__.partition(".")[0] not in ("numpy", "math"):
                return False
        elif callable(thing) and getattr(thing, "__module__", "").partition(".")[0] not in (
            "numpy",
            "math",
            "functools",
            "itertools",
        ):
            return False
    return True
