"""Hints one at a time: a question about the student's numbers, where to look, the mistake."""

from __future__ import annotations

from coursekit.checks.asides import aside_of
from coursekit.checks.causes import causes_of
from coursekit.checks.diagnosis import diagnose, first_failure, report
from coursekit.checks.model import Case, Raised, Task, Verdict
from coursekit.checks.one_change import Change
from coursekit.checks.patterns import pattern_of
from coursekit.checks.sealed import GROUP
from coursekit.checks.words import full_stop, listed, short, wrap

LOOKING = 1
"""The place, counted from 0, of the hint that says where to look."""

NAMING = 2
"""The place, counted from 0, of the hint that names the mistake."""

MOSTLY = "Most often it goes wrong here."
"""Before a hint on where to look, where it is not known whether the mistake is there."""

AS_MEANT = "If it is as you mean it, look at what goes into it."
"""After a question about a change that mends all: the change may make up for what stands before."""

MOST_PLACES = 4
"""Arguments that are named as the place of a mistake: more of them would be no place."""

MOST_CALL = 70
"""Characters of a call that is repeated beside what came of it."""


def hint_text(verdict: Verdict, level: int = 1, change: Change | None = None) -> str:
    """The text of :func:`coursekit.checks.commands.hint`: the hint of one level, and no other."""
    if verdict.passed:
        return f"{verdict.task.name}: all public cases pass; there is nothing to hint at."
    hints = ladder(verdict, change)
    level = min(max(level, 1), len(hints))
    lines = list(hints[level - 1])
    if level < len(hints):
        lines.append(f"More: hint({verdict.task.name}, {level + 1}).")
    return "\n".join(wrap(line) for line in lines)


def names_mistake(verdict: Verdict, level: int, change: Change | None = None) -> bool:
    """Whether the hint of a level is the one that names the mistake."""
    if verdict.passed or not_begun(verdict):
        return False
    hints = ladder(verdict, change)
    return hints[min(max(level, 1), len(hints)) - 1] == naming(verdict, change)


def ladder(verdict: Verdict, change: Change | None = None) -> list[list[str]]:
    """All hints for a verdict, each a few paragraphs.

    Of a call that stopped with an error the first thing to say is the error. Where it is known
    what change mends the function, the hints point to it.
    """
    hints = [[hint] for hint in verdict.task.hints]
    if verdict.task.figure and len(hints) > LOOKING:
        hints[LOOKING].append(f"See it happen in the book: {verdict.task.figure}")
    if not_begun(verdict):
        return hints or [[report(verdict)]]
    aside = aside_of(verdict)
    if aside:
        return [[f"{what_came(verdict)} {aside.asks}"], [aside.looks], naming(verdict)]
    hints[LOOKING:NAMING] = [
        [where(verdict, hint, change), *more] for hint, *more in hints[LOOKING:NAMING]
    ]
    if isinstance(verdict.outcomes[verdict.first], Raised):
        begin = [first_failure(verdict)]
    else:
        begin = []
        hints[:1] = [[f"{what_came(verdict)} {' '.join(hint)}"] for hint in hints[:1]]
    return [*begin, *hints[:NAMING], naming(verdict, change), *hints[NAMING + 1 :]]


def where(verdict: Verdict, usual: str, change: Change | None = None) -> str:
    """Where to look: at what a change mends or the numbers point to, else at the usual place."""
    if change:
        return change.place
    causes = [] if diagnose(verdict) else [c for _, found in causes_of(verdict) for c in found]
    places = list(dict.fromkeys(place for cause in causes for place in cause.places))
    if places and len(places) <= MOST_PLACES and set(places) < set(verdict.task.parameters):
        return f"Look at what you do with {listed([f'`{place}`' for place in places])}."
    return f"{MOSTLY} {usual}"


def naming(verdict: Verdict, change: Change | None = None) -> list[str]:
    """The mistake by name; else what the numbers say of it, and what goes wrong here most often.

    Where it is known what gives just these numbers, the most frequent mistake is another one.
    """
    if verdict.passed:
        return []
    named = [verdict.task.messages[name] for name in diagnose(verdict)]
    if named:
        return named
    if change:
        return [f"{change.words} {AS_MEANT}"]
    usual = [] if explained(verdict) else list(verdict.task.hints[NAMING : NAMING + 1])
    pattern = pattern_of(verdict)
    if pattern or usual:
        return [pattern, *usual] if pattern else usual
    return ["No known mistake fits. " + report(verdict, drawn=False)]


def explained(verdict: Verdict) -> bool:
    """Whether it is known what is wrong, so that what is wrong most often is something else."""
    return bool(aside_of(verdict) or causes_of(verdict))


def what_came(verdict: Verdict) -> str:
    """What the student's function gave in the case that is shown; not what is expected."""
    case = verdict.task.cases[verdict.first]
    came = verdict.failure.text.partition("; ")[0]
    return full_stop(f"In the case '{case.group}'{call_in_short(verdict.task, case)}, {came}")


def call_in_short(task: Task, case: Case) -> str:
    """The call in brackets, where it is short enough to be worked out by hand."""
    if case.group == GROUP:
        return ""
    pairs = zip(task.parameters, case.arguments, strict=True)
    call = ", ".join(f"{name} = {short(value)}" for name, value in pairs)
    return "" if "\n" in call or len(call) > MOST_CALL else f" ({call})"


def not_begun(verdict: Verdict) -> bool:
    """Whether there is no answer yet."""
    outcome = verdict.outcomes[verdict.first]
    return isinstance(outcome, Raised) and outcome.kind == "NotImplementedError"
