"""Reading what student code answered: strictly, as it may have written anything."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypedDict

from coursekit.sandbox import outcomes
from coursekit.sandbox.attempts import MOST_NAME, error_of, how_it_ended
from coursekit.sandbox.blame import Event, Report
from coursekit.sandbox.limits import Limits
from coursekit.sandbox.outcomes import Outcome, Returned, TimedOut
from coursekit.worker.handles import Handle
from coursekit.worker.trees import TooLargeError, TreeError, TreeLimits, decode

MOST_ARGUMENTS = 100
"""Arguments that a call may say to have changed."""


class Common(TypedDict):
    """The fields that every outcome has."""

    stdout: str
    stderr: str
    cpu_seconds: float


def content_of(event: Event) -> Report:
    """The report of student code in an event; empty if it is none."""
    try:
        content = decode(event["body"])
    except TreeError:
        return {}
    return content if type(content) is dict else {}


def outcome_of_answer(event: Event, keep: bool, common: Common) -> Outcome:
    """What a call returned, from the event "result".

    Parameters
    ----------
    event : dict
    keep : bool
        Whether the value is the number of a held object.
    common : Common

    Returns
    -------
    Outcome
    """
    try:
        content = decode(event["body"], TreeLimits(total_bytes=len(event["body"])))
        return _READERS[content["outcome"]](content, keep, common)
    except TooLargeError as error:
        return outcomes.ReturnedTooLarge(reason=str(error), **common)
    except (TreeError, KeyError, TypeError, IndexError) as error:
        return outcomes.BadValue(reason=f"the answer cannot be read: {error}", **common)


def _returned(content: Report, keep: bool, common: Common) -> Outcome:
    value, mutated, lines = content["value"], content["mutated"], content["lines"]
    if keep:
        value = Handle(value if type(value) is int and 0 <= value < 2**32 else 0)
    if type(mutated) is not list or len(mutated) > MOST_ARGUMENTS:
        raise TreeError("what it says to have changed is no list of arguments")
    names = tuple(name[:MOST_NAME] for name in mutated if type(name) is str)
    count = lines if type(lines) is int else None
    return Returned(value=value, mutated=names, lines=count, **common)


Reader = Callable[[Report, bool, Common], Outcome]


def _reason(kind: type[outcomes.TooLarge | outcomes.BadValue]) -> Reader:
    return lambda content, keep, common: kind(reason=str(content["reason"])[:300], **common)


_READERS: dict[str, Reader] = {
    "returned": _returned,
    "raised": lambda content, keep, common: outcomes.Raised(error=error_of(content), **common),
    "missing": lambda content, keep, common: outcomes.Missing(
        name=str(content["name"])[:100], **common
    ),
    "too large": _reason(outcomes.ReturnedTooLarge),
    "bad value": _reason(outcomes.BadValue),
}


def outcome_of_ending(event: Event, cpu: float, limits: Limits, common: Common) -> Outcome:
    """Why a call did not answer, from the event "over".

    Parameters
    ----------
    event : dict
    cpu : float
        Limit of the call, in seconds of processor time.
    limits : Limits
    common : Common

    Returns
    -------
    Outcome
    """
    if event["why"] == "cpu":
        return TimedOut(reason="cpu", limit_seconds=cpu, **common)
    if event["why"] == "wall":
        return TimedOut(reason="asleep", limit_seconds=limits.wall_seconds(cpu), **common)
    if event["why"] == "too large":
        return outcomes.TooLarge(reason="it sent more than it may", **common)
    if event["why"] == "stopped":
        reason = (
            f"it called the functions that it was given more than {limits.callbacks} times, or had "
            f"them compute for more than {cpu:g} s"
        )
        return outcomes.TooLarge(reason=reason, **common)
    return outcomes.Crashed(reason=how_it_ended(event, limits), **common)
