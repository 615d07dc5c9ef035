"""Is what students are told of a mistake right? It says where the mistake is, and of which kind.

Of a wrong answer that was made by a known change it is known what is wrong in it. Four sorts are
told apart: the mistakes that an exercise declares, with their second forms; the reference with one
thing changed; another right answer with one thing changed, when no family may change that answer;
and the reference with two things changed. `course verify` tries a fixed sample of each.
"""

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from types import FunctionType
from typing import Any

import numpy as np

from coursekit.authoring.causes import CalledCauses, solutions_of
from coursekit.authoring.families.labels import Label, kinds_of
from coursekit.authoring.families.scope import Scope
from coursekit.authoring.families.wrong_solutions import (
    Swaps,
    apart,
    code_with,
    may_not_end,
    mutated,
)
from coursekit.authoring.masters import PlacedExercise
from coursekit.authoring.mutations import places
from coursekit.authoring.rewriting import bare, helpers, made_of, parsed
from coursekit.authoring.tasks import make_task
from coursekit.checks.bounded import bounded
from coursekit.checks.calling import call
from coursekit.checks.causes import KeptCauses, causes_of
from coursekit.checks.compare import examine
from coursekit.checks.diagnosis import diagnose
from coursekit.checks.model import Cause, Outcome, Raised, Task, Verdict
from coursekit.checks.patterns import numbers_pattern, pattern_of
from coursekit.checks.prints import leaves_of

SORTS = ("declared", "one change", "another form", "two changes")
"""Sorts of wrong answers, as the module's text tells them apart."""

OUTCOMES = {
    "right": "place and kind",
    "partly": "one of them",
    "otherwise": "other words",
    "error": "the error",
    "silent": "first wrong entry",
    "false": "false",
    "leaks": "leaks",
}
"""What becomes of a message, see :meth:`Trials.judged`, and the words for it."""

SAMPLE = {"one change": 30, "another form": 20, "two changes": 10}
"""How many of a sort are tried on an exercise at most."""

FRESH = 77
"""Seed of the cases on which is seen whether what was said holds."""

DIGITS = re.compile(r"[\d.]+")


@dataclass(frozen=True)
class WrongAnswer:
    """An answer of which is known what is wrong in it.

    Attributes
    ----------
    sort : str
    function : callable
    labels : tuple of Label
        Of the changes that were made; those without words are left out.
    mistake : str
        The declared mistake that it makes.
    form : function, optional
        The right answer that was changed, where no family may change that one.
    """

    sort: str
    function: Callable[..., Any]
    labels: tuple[Label, ...] = ()
    mistake: str = ""
    form: Callable[..., Any] | None = None


def rightness(exercise: PlacedExercise, public: Task, seed: int = 5) -> dict[str, Counter[str]]:
    """What becomes of the messages on wrong answers to one exercise, by their sort.

    Deterministic: all of the declared, and of the rest a sample that is the same each time.

    Parameters
    ----------
    exercise : PlacedExercise
    public : Task
        Its public cases, with the causes that were called already.
    seed : int
        Of the sample.
    """
    causes = public.causes
    if not isinstance(causes, CalledCauses):
        return {}
    tried = Trials(exercise, public, causes)
    found = {sort: Counter[str]() for sort in SORTS}
    for answer in wrong_answers(exercise, causes, seed):
        outcome = tried.judged(answer)
        if outcome:
            found[answer.sort][outcome] += 1
    return found


class Trials:
    """What students would read, on the public cases, of answers whose mistakes are known.

    Parameters
    ----------
    exercise : PlacedExercise
    public : Task
    causes : CalledCauses
    """

    def __init__(self, exercise: PlacedExercise, public: Task, causes: CalledCauses) -> None:
        self.exercise, self.public, self.causes = exercise, public, causes
        self.kept: dict[Callable[..., Any] | None, KeptCauses] = {}
        self.fresh = make_task(exercise, np.random.default_rng(FRESH))
        self.secrets = expressions(exercise.reference.function)

    def judged(self, answer: WrongAnswer) -> str:
        """What becomes of the message on an answer; '' if it is right after all.

        "right": the kind and the place of a change are named, or the declared mistake; "partly":
        the kind or the place alone, or what wrong numbers have in common with right ones;
        "otherwise": another change that gives the same numbers in all cases; "error": the call
        stops and the error is said; "silent": nothing but the first wrong entry; "false": what was
        said does not hold in other cases; "leaks": an expression of the reference is said.
        """
        task = replace(self.public, causes=self.causes_without(answer.form))
        verdict = verdict_on(task, answer.function)
        if verdict.passed:
            return ""
        names = diagnose(verdict)
        causes = [cause for _, found in causes_of(verdict) for cause in found]
        text = " ".join([*(task.messages[name] for name in names), pattern_of(verdict)])
        if any(secret in plain(text) for secret in self.secrets):
            return "leaks"
        if not self.holds(answer, names, [] if names else causes, verdict):
            return "false"
        if names:
            return "right" if not answer.mistake or answer.mistake in names else "false"
        if any(isinstance(outcome, Raised) for outcome in verdict.outcomes):
            return "error"
        if causes:
            return rated(answer.labels, causes)
        return "partly" if numbers_pattern(verdict) else "silent"

    def causes_without(self, form: Callable[..., Any] | None) -> KeptCauses:
        if form not in self.kept:
            self.kept[form] = self.causes.kept(form)
        return self.kept[form]

    def holds(
        self, answer: WrongAnswer, names: Sequence[str], causes: Sequence[Cause], verdict: Verdict
    ) -> bool:
        """Whether what is said holds in cases that it was not found on, if all give numbers.

        Where one function overflows to NaN another one stops with an error: that tells nothing.
        """
        other = verdict_on(self.fresh, answer.function)
        if other.passed or any(stops_or_overflows(outcome) for outcome in other.outcomes):
            return True
        if names:
            return set(names) <= set(diagnose(other))
        said = beginning(numbers_pattern(verdict))
        if said and said != beginning(numbers_pattern(other)):
            return False
        return not causes or any(self.gives_the_same(cause, other) for cause in causes)

    def gives_the_same(self, cause: Cause, other: Verdict) -> bool:
        """Whether a cause explains the results on other cases, too, alone or in some part."""
        alone = CalledCauses(self.exercise, self.fresh.cases, [cause.words])
        return bool(causes_of(replace(other, task=replace(self.fresh, causes=alone))))


def stops_or_overflows(outcome: Outcome) -> bool:
    """Whether a call gave no value, or one that is no number."""
    if isinstance(outcome, Raised):
        return True
    leaves = [leaf for leaf in leaves_of(outcome.value) if leaf.dtype.kind == "f"]
    return any(np.isnan(leaf).any() for leaf in leaves)


def beginning(pattern: str) -> str:
    """What a pattern says first, without the numbers of its example."""
    return re.split(r"[.:;(] ", DIGITS.sub("", pattern))[0]


def rated(labels: Iterable[Label], causes: Sequence[Cause]) -> str:
    """How much of what was changed is named."""
    best = "otherwise"
    for label in labels:
        for cause in causes:
            kind = label.kind in kinds_of(cause.kind)
            place = bool(set(label.places) & set(cause.places))
            if kind and (place or not label.places):
                return "right"
            if kind or place:
                best = "partly"
    return best


def verdict_on(task: Task, function: Callable[..., Any]) -> Verdict:
    """The verdict on a changed function, which is stopped if it runs on."""
    limited = bounded(function)
    outcomes = [call(limited, task.parameters, case.arguments) for case in task.cases]
    return examine(task, outcomes)


def wrong_answers(
    exercise: PlacedExercise, causes: CalledCauses, seed: int
) -> Iterator[WrongAnswer]:
    """The wrong answers to an exercise that are tried."""
    for mistake in exercise.declaration.misconceptions:
        for function in (mistake.wrong, *mistake.second):
            yield WrongAnswer("declared", function, mistake=mistake.id)
    arguments = dict(zip(causes.names, causes.cases[0].arguments, strict=True))
    reference, *forms = solutions_of(exercise)
    rng = np.random.default_rng(seed)
    yield from sampled(changed("one change", reference, arguments), rng)
    others = [one for form in forms for one in changed("another form", form, arguments)]
    yield from sampled(others, rng)
    yield from twice_changed(reference, arguments, rng)


def sampled(answers: Sequence[WrongAnswer], rng: np.random.Generator) -> Iterator[WrongAnswer]:
    if answers:
        most = min(SAMPLE[answers[0].sort], len(answers))
        for place in sorted(rng.choice(len(answers), most, replace=False)):
            yield answers[place]


def changed(sort: str, solution: FunctionType, arguments: dict[str, Any]) -> list[WrongAnswer]:
    """All mutants of a right solution, and of its helpers."""
    made = []
    for part in (solution, *helpers(solution)):
        tree, found = mutations_of(part, solution, arguments)
        for swap, label in found:
            code = code_with(tree, (swap,))
            if code is not None:
                function = made_of(code, solution)
                form = solution if sort == "another form" else None
                made.append(WrongAnswer(sort, function, (label,) if label else (), form=form))
    return made


def mutations_of(
    part: FunctionType, solution: FunctionType, arguments: dict[str, Any]
) -> tuple[ast.Module, list[tuple[tuple[ast.AST, ast.AST], Label | None]]]:
    tree = parsed(part)
    (definition,) = tree.body
    if may_not_end(tree, solution.__name__):
        return tree, []
    if isinstance(definition, ast.FunctionDef):
        bare(definition)
    scope = Scope(definition, arguments)
    targets = list(places(definition))
    return tree, [((t, new), label) for t in targets for new, label in mutated(t, scope)]


def twice_changed(
    reference: FunctionType, arguments: dict[str, Any], rng: np.random.Generator
) -> Iterator[WrongAnswer]:
    """The reference with two things changed, neither of them inside of the other."""
    tree, found = mutations_of(reference, reference, arguments)
    count = SAMPLE["two changes"] if len(found) > 1 else 0
    for _ in range(count):
        first, second = (found[k] for k in rng.choice(len(found), 2, replace=False))
        if apart(first[0][0], second[0][0]):
            swaps: Swaps = (first[0], second[0])
            code = code_with(tree, swaps)
            if code is not None:
                labels = tuple(label for _, label in (first, second) if label)
                yield WrongAnswer("two changes", made_of(code, reference), labels)


def expressions(function: FunctionType) -> set[str]:
    """The expressions of a function that have an operator: what no message may say."""
    tree = parsed(function)
    (definition,) = tree.body
    if isinstance(definition, ast.FunctionDef):
        bare(definition)
    kinds = ast.BinOp | ast.Compare | ast.BoolOp
    return {plain(ast.unparse(node)) for node in ast.walk(tree) if isinstance(node, kinds)}


def plain(text: str) -> str:
    """A text without what does not count when it is looked for: blanks and backticks."""
    return re.sub(r"[\s`]", "", text)
