"""What an instructor reads of an exercise that was judged again."""

import hashlib
import textwrap
from collections.abc import Iterator

from coursekit.checks.model import Finding, Outcome, Raised, Returned
from coursekit.checks.words import counted, listed, short
from coursekit.grading.replaying import Replay
from coursekit.grading.results import NO_ANSWER, GroupResult
from coursekit.grading.trials import Faulty
from coursekit.names import shown, shown_text
from coursekit.submissions.finding import SubmittedFile

MOST = 600
"""Characters of a value."""
INDENT = "    "


def explained(replay: Replay) -> Iterator[str]:
    """The lines: the answer, each call, the points, and whether that was graded."""
    now = replay.now
    yield f"{shown(replay.student)}, {now.id}: {now.points:g} of {now.max_points:g} points"
    part = replay.replayed.part
    yield f"file:      {file_of(part.file)}"
    yield f"versions:  {versions(replay.replayed.versions)}"
    for oddity in part.oddities:
        yield f"file:      {shown(oddity)}"
    yield from answer_and_calls(replay)
    yield "\nWhat the student reads"
    yield textwrap.indent(shown_text(now.message), INDENT)
    yield ""
    yield from compared(replay)


def answer_and_calls(replay: Replay) -> Iterator[str]:
    """What was judged and what came of it; nothing is called where nothing is answered."""
    if replay.untouched and replay.now.failed_by in NO_ANSWER:
        yield "\nNo answer was found: the cell of the exercise is as it was given out."
        return
    yield "\nThe answer that counts"
    yield textwrap.indent(shown_text(replay.source), INDENT)
    if isinstance(replay.decided, Faulty):
        yield f"\nThe grader failed: {shown(replay.decided.fault)}. Run it again."
    else:
        yield from calls(replay)


def file_of(file: SubmittedFile) -> str:
    """What was handed in, by the digest that `sha256sum` gives."""
    if file.content is None:
        return "none was found"
    return f"sha256 {hashlib.sha256(file.content).hexdigest()}"


def versions(of: dict[str, str]) -> str:
    return ", ".join(f"{name} {version}" for name, version in of.items())


def calls(replay: Replay) -> Iterator[str]:
    """Each group of calls with what it earned, and each call in it."""
    decided = replay.decided
    assert not isinstance(decided, Faulty)
    verdict = decided.verdict
    if decided.told_by:
        yield f"\nCalled with the reference in the place of {listed(sorted(decided.told_by))}."
    made = list(zip(verdict.task.cases, verdict.outcomes, verdict.findings, strict=True))
    for group in replay.now.groups:
        yield f"\n{group_line(group)}"
        of_group = [one for one in made if one[0].group == group.name]
        for number, (case, outcome, finding) in enumerate(of_group, 1):
            yield f"  call {number} of {len(of_group)}: {judged(finding)}"
            for name, value in zip(verdict.task.parameters, case.arguments, strict=True):
                yield valued(name, value)
            yield valued("came back", came(outcome))
            yield valued("expected", text_of(case.expected))


def group_line(group: GroupResult) -> str:
    right = f"{group.passed} of {counted(group.cases, 'call')} right"
    line = f"'{group.name}': {right}, {group.points:.4g} of {group.max_points:.4g} points"
    if group.passed == group.cases and not group.points and group.max_points:
        return f"{line}; it counts only together with another group"
    return line


def judged(finding: Finding | None) -> str:
    if finding is None:
        return "right"
    earned = f" (it earns {finding.credit:.0%})" if finding.credit else ""
    return f"wrong, {shown(finding.text)}{earned}"


def came(outcome: Outcome) -> str:
    if isinstance(outcome, Raised):
        where = f", in the line `{outcome.line}`" if outcome.line else ""
        return f"nothing: {outcome.kind}: {outcome.message}{where}"
    assert isinstance(outcome, Returned)
    changed = f" (and {listed(outcome.mutated)} changed)" if outcome.mutated else ""
    return text_of(outcome.value) + changed


def text_of(value: object) -> str:
    return short(value, MOST)


def valued(name: str, value: object) -> str:
    text = value if isinstance(value, str) and name in ("came back", "expected") else text_of(value)
    begin = f"{INDENT}{name} = " if name not in ("came back", "expected") else f"{INDENT}{name}: "
    return begin + shown_text(text).replace("\n", "\n" + " " * len(begin))


def compared(replay: Replay) -> Iterator[str]:
    """Whether this is what was graded, and what the gradebook has."""
    before, mark = replay.before, replay.mark
    if before is None:
        yield f"It was not graded yet: `course grade {replay.problem_set}` does it."
        return
    if replay.same:
        yield "This is identical to what was graded: points, outcome and words."
    else:
        yield f"This is not what was graded: {before.points:g} of {before.max_points:g} points."
    yield from (f"Changed since: {change}." for change in replay.changes)
    if not replay.same and not replay.changes:
        yield (
            "Nothing that decides it has changed: the answer itself comes out differently from "
            "run to run. Look for random numbers or for time in it."
        )
    if mark is None:
        yield "The gradebook has no points for it."
    elif mark.by_hand:
        yield f"The gradebook has {mark.points:g} points, which a person gave."
    elif mark.points == before.points:
        yield f"The gradebook has the same {mark.points:g} points."
    else:
        yield (
            f"The gradebook has {mark.points:g} points: a regrade kept them, or another grading "
            f"was not written yet, which `course grade {replay.problem_set}` does."
        )
