"""What is wrong beside the numbers: nothing comes back, another kind does, or arguments change.

What an exercise asks and points to is about its numbers, so here stand hints for all exercises.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from coursekit.checks.compare import compare, largest
from coursekit.checks.model import Case, Returned, Verdict
from coursekit.checks.prints import is_several, leaves_of
from coursekit.checks.words import listed

ORDINALS = ("first", "second", "third", "fourth")

Failed = Sequence[tuple[Case, Returned]]
"""The cases that fail, each with what came back."""


@dataclass(frozen=True)
class Aside:
    """Three hints: a question, where to look, what is wrong."""

    asks: str
    looks: str
    names: str


def aside_of(verdict: Verdict) -> Aside | None:
    """What is wrong beside the numbers in all cases that fail; None where it is the numbers."""
    failed: list[tuple[Case, Returned]] = []
    for case, outcome, finding in zip(
        verdict.task.cases, verdict.outcomes, verdict.findings, strict=True
    ):
        if finding and not isinstance(outcome, Returned):
            return None
        if finding and isinstance(outcome, Returned):
            failed.append((case, outcome))
    kinds = {finding.prop for finding in verdict.findings if finding}
    if kinds == {"arguments"}:
        return changed_arguments(failed)
    if failed and all(outcome.value is None for _, outcome in failed):
        return nothing_returned(verdict, failed)
    part = part_alone(failed)
    if part is not None:
        return part
    counted = are_shapes(failed) or are_lists(failed)
    return other_kind(verdict) if kinds == {"type"} and not counted else None


def are_shapes(failed: Failed) -> bool:
    """Whether shapes are asked for: of these one more number is another shape, not another kind."""
    leaves = [leaf for case, _ in failed for leaf in leaves_of(case.expected)]
    return all(leaf.dtype.kind == "i" and not leaf.ndim for leaf in leaves)


def are_lists(failed: Failed) -> bool:
    """Whether lists came where lists are asked for: more or fewer parts are a slip in counting."""
    return all(isinstance(case.expected, list) for case, _ in failed) and all(
        isinstance(outcome.value, list) for _, outcome in failed
    )


def changed_arguments(failed: Failed) -> Aside:
    names = listed([f"`{name}`" for name in changed_in(failed)])
    return Aside(
        f"What does the caller find in {names} after the call, and who may still need it?",
        f"Look at each line that writes into {names}, or into another name for it: `-=` and "
        "`[...] =` do, and methods such as `sort`.",
        f"All results are right. What is wrong is that the call changes {names}, which belongs to "
        "the caller. Make a new array, or work on a copy.",
    )


def changed_in(failed: Failed) -> list[str]:
    return list(dict.fromkeys(name for _, outcome in failed for name in outcome.mutated))


def changed_besides(verdict: Verdict) -> str:
    """That arguments are changed, where the results are wrong as well; else ''."""
    pairs = zip(verdict.task.cases, verdict.outcomes, strict=True)
    returned = [(case, outcome) for case, outcome in pairs if isinstance(outcome, Returned)]
    names = listed([f"`{name}`" for name in changed_in(returned)])
    if verdict.task.may_mutate or not names:
        return ""
    return f"Besides, the call changes {names}, which the caller still needs: work on a copy."


def nothing_returned(verdict: Verdict, failed: Failed) -> Aside:
    count = len(verdict.task.cases)
    everywhere = len(failed) == count
    where = "Nothing" if everywhere else f"In {len(failed)} of {count} cases nothing"
    branch = "" if everywhere else ": one way through the function lacks it"
    return Aside(
        "Which line does this call end with, and what does that line hand back?",
        "Follow the call to its last line. Is there a `return` on its way, and how far to the "
        "right does it stand?",
        f"{where} comes back. Either no `return` is met{branch}; or what stands behind it gives "
        "nothing, as `print` and `append` do.",
    )


def part_alone(failed: Failed) -> Aside | None:
    """One of the parts that are asked for, in the place of all of them."""
    expected = [case.expected for case, _ in failed]
    counts = {len(parts) for parts in expected if is_several(parts)}
    if len(counts) != 1 or not all(map(is_several, expected)):
        return None
    for number in range(min(counts.pop(), len(ORDINALS))):
        if all(is_part(case, outcome, number) for case, outcome in failed):
            return Aside(
                "How many things does the statement ask for, and how many come back?",
                "Look at the line with `return`, and at what the docstring says under Returns.",
                f"What comes back is the {ORDINALS[number]} of the parts that are asked for, "
                "alone, and it is right. Return the others with it, in the order of the statement.",
            )
    return None


def is_part(case: Case, outcome: Returned, number: int) -> bool:
    expected = case.expected
    return is_several(expected) and not compare(
        expected[number], outcome.value, scale=largest(case.arguments)
    )


def other_kind(verdict: Verdict) -> Aside:
    return Aside(
        "What kind of thing is that, and what kind does the statement ask for?",
        "Look at the line with `return`, and at what the docstring says under Returns: how many "
        "parts, and is each a list, an array, or one number?",
        " ".join(kind_in_words(verdict)),
    )


def kind_in_words(verdict: Verdict) -> Iterator[str]:
    yield "What comes back is not of the kind that is asked for."
    expected = verdict.task.cases[verdict.first].expected
    if isinstance(expected, bool):
        yield "Asked for is one answer, True or False, for all entries together."
    elif isinstance(expected, str):
        yield "Asked for is one of the names in the statement."
    else:
        came, _, wanted = verdict.failure.text.partition("; ")
        yield f"{came[:1].upper()}{came[1:]}; {wanted}." if wanted else f"{came}."
