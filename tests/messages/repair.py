"""Does a message help to mend an answer? Sheets for solvers, and the score of their edits.

``python -m tests.messages.repair sheets FOLDER`` writes the sheets, ``… score FOLDER`` judges what
the solvers handed in. ``repair_protocol.md`` says how they work, and what the figures are worth.
"""

from __future__ import annotations

import argparse
import functools
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.stats import binomtest
from tests.messages.frozen_answers import WrongAnswer, wrong_answers
from tests.messages.trying import (
    IMPORTS,
    SETS,
    ExerciseSet,
    examined,
    set_of,
    wrong_answers_by_id,
)

from coursekit.authoring.markdown import plain_markdown
from coursekit.authoring.render import formula_text
from coursekit.checks.diagnosis import call_text
from coursekit.checks.hints import ladder
from coursekit.checks.model import Verdict
from coursekit.checks.one_change import one_change
from coursekit.grading.results import PASSED
from coursekit.sandbox.opening import open_pool
from coursekit.verification.in_sandbox import AnswerCell, tried

Key = Mapping[str, Mapping[str, str]]
"""By the name of a sheet, its answer and its arm."""

VERDICT, VALUES, OURS, OTHER = ARMS = (
    "verdict only",
    "expected and actual",
    "our message",
    "another mistake's message",
)
SHARES = {"one": 2, "two": 1, "crash": 1}
"""How the answers of a sample are divided among the strata."""

MOST_BY_VERDICT = 0.4
"""Where the bare verdict repairs more than this, the exercises are too easy to tell arms apart."""

SHEET = """\
# {sheet}

## The exercise

{statement}

```python
{stub}
```

## The answer that was handed in

```python
{code}
```

## What was said about it

```text
{said}
```

## What to do

The answer is wrong. Write the whole function with your one edit to `edits/{sheet}.py`.
It is tried once, on other inputs than those above.
"""


# Sheets


def write_sheets(
    folder: Path, answers: Sequence[WrongAnswer], size: int, seed: int, short: bool = False
) -> None:
    """Write the sheets in batches, and the key to them.

    No batch has an answer twice, and each has as many sheets of every arm, but for a few. The key
    follows from the answers and the seed alone, whatever the messages say.

    Parameters
    ----------
    folder : Path
    answers : sequence of WrongAnswer
    size : int
        How many of them.
    seed : int
    short : bool
        Whether a sheet shows of the exercise but its first line and the names of the arguments.
    """
    rng = np.random.default_rng(seed)
    chosen = sample(answers, size, rng)
    names = iter(rng.permutation(len(chosen) * len(ARMS)) + 1)
    key = {}
    for batch in range(len(ARMS)):
        place = folder / f"batch-{batch + 1}"
        place.mkdir(parents=True)
        for k, answer in enumerate(chosen):
            arm = ARMS[(k + batch) % len(ARMS)]
            name = f"sheet-{next(names):03}"
            other = arm == OTHER
            said = other_message(answer, answers, rng) if other else what_is_said(answer)[arm]
            text = sheet_text(name, answer, said, short)
            (place / f"{name}.md").write_text(text, encoding="utf-8")
            key[name] = {"answer": answer.id, "arm": arm}
    write_key(folder, key)


def write_pilot(folder: Path, answers: Sequence[WrongAnswer], seed: int, short: bool) -> None:
    """A sheet of each answer with the bare verdict, to find those that it does not repair."""
    order = np.random.default_rng(seed).permutation(len(answers))
    place = folder / "pilot"
    place.mkdir(parents=True)
    key = {}
    for number, k in enumerate(order, 1):
        name = f"sheet-{number:03}"
        text = sheet_text(name, answers[k], what_is_said(answers[k])[VERDICT], short)
        (place / f"{name}.md").write_text(text, encoding="utf-8")
        key[name] = {"answer": answers[k].id, "arm": VERDICT}
    write_key(folder, key)


def write_key(folder: Path, key: Key) -> None:
    (folder / "edits").mkdir()
    text = json.dumps(dict(sorted(key.items())), indent=1, ensure_ascii=False)
    (folder / "key.json").write_text(text + "\n", encoding="utf-8")


@functools.cache
def what_is_said(answer: WrongAnswer) -> dict[str, str]:
    """What a student reads about an answer, for each arm that needs no other answer."""
    released = set_of(answer.exercise).released_tasks
    task = released[answer.exercise]
    function, found = examined(task, answer.code)
    change = one_change(function, found)
    return {
        VERDICT: f"{found.task.name} is not right.",
        VALUES: expected_and_actual(found),
        OURS: "\n".join(text for hint in ladder(found, change) for text in hint),
    }


def expected_and_actual(found: Verdict) -> str:
    """The first call that fails, what came and what is expected, as any test would print it."""
    call = call_text(found.task, found.task.cases[found.first])
    return f"{found.task.name} is not right.\nFor the call\n{call}\n{found.failure.text}."


def other_message(
    answer: WrongAnswer, answers: Iterable[WrongAnswer], rng: np.random.Generator
) -> str:
    """What is said about another answer to the same exercise, where it is something else.

    Raises
    ------
    ValueError
        If the same is said about all of them.
    """
    others = [one for one in answers if one.exercise == answer.exercise and one != answer]
    own = what_is_said(answer)[OURS]
    for k in rng.permutation(len(others)):
        if (said := what_is_said(others[k])[OURS]) != own:
            return said
    raise ValueError(f"the same is said about all answers to {answer.exercise}")


def sample(
    answers: Iterable[WrongAnswer], size: int, rng: np.random.Generator
) -> list[WrongAnswer]:
    """Answers of all strata, spread over the exercises, in a random order.

    Raises
    ------
    ValueError
        If a stratum has too few.
    """
    strata = defaultdict(list)
    for answer in answers:
        strata[answer.stratum].append(answer)
    chosen: list[WrongAnswer] = []
    for stratum, share in SHARES.items():
        count = size * share // sum(SHARES.values())
        spread = spread_over_exercises(strata[stratum], rng)
        if count > len(spread):
            raise ValueError(
                f"a sample of {size} needs {count} answers of the stratum {stratum}; "
                f"there are {len(spread)}: take a smaller size"
            )
        chosen += spread[:count]
    return [chosen[k] for k in rng.permutation(len(chosen))]


def named_answers(path: Path | None, chosen: str = "course") -> list[WrongAnswer]:
    """The answers of a set that a file names, a line for each; without a file all."""
    answers = wrong_answers(SETS[chosen].answers)
    if path is None:
        return answers
    names = set(path.read_text(encoding="utf-8").split())
    if unknown := names - {answer.id for answer in answers}:
        raise ValueError(
            f"{path} names answers that there are not in the set {chosen}: "
            f"{', '.join(sorted(unknown))}"
        )
    return [answer for answer in answers if answer.id in names]


def spread_over_exercises(
    answers: Sequence[WrongAnswer], rng: np.random.Generator
) -> list[WrongAnswer]:
    """Answers in a random order in which every exercise comes once before one comes twice."""
    ranks: dict[str, int] = defaultdict(int)
    ranked = []
    for k in rng.permutation(len(answers)):
        ranked.append((ranks[answers[k].exercise], answers[k]))
        ranks[answers[k].exercise] += 1
    return [answer for _, answer in sorted(ranked, key=lambda pair: pair[0])]


def sheet_text(name: str, answer: WrongAnswer, said: str, short: bool = False) -> str:
    """A sheet as the solver reads it; the arm is not named on it."""
    exercise = set_of(answer.exercise).exercises[answer.exercise]
    statement = f"{plain_markdown(exercise.statement)}\n\n{formula_text(exercise)}"
    reference = exercise.reference
    line, _, _ = reference.docstring.strip().partition("\n")
    return SHEET.format(
        sheet=name,
        statement="(not at hand)" if short else statement.strip(),
        stub=f'{reference.signature}\n    """{line}"""' if short else reference.stub().strip(),
        code=answer.code.strip(),
        said=said,
    )


# The score


@dataclass(frozen=True)
class Line:
    """How many answers of a stratum were repaired with what one arm says."""

    stratum: str
    arm: str
    repaired: int
    tried: int

    def __str__(self) -> str:
        low, high = binomtest(self.repaired, self.tried).proportion_ci(method="wilson")
        share = f"{self.repaired / self.tried:4.0%} [{low:4.0%}, {high:4.0%}]"
        return f"{self.stratum:8}{self.arm:28}{self.repaired:4} of {self.tried:3}  {share}"


def score(folder: Path, sandbox: str = "auto", unrepaired: Path | None = None) -> str:
    """Judge the edits of a folder, and say what they show.

    Parameters
    ----------
    folder : Path
    sandbox : str
    unrepaired : Path, optional
        Where the answers are written of which no edit passes, a line for each.
    """
    key = json.loads((folder / "key.json").read_text(encoding="utf-8"))
    files = {path.stem: path for path in sorted((folder / "edits").glob("*.py"))}
    edits = {
        name: path.read_text(encoding="utf-8", errors="replace")
        for name, path in files.items()
        if name in key
    }
    strange = [f"{files[name].name} belongs to no sheet." for name in files if name not in key]
    good = repaired(key, edits, sandbox)
    if unrepaired:
        left = {key[name]["answer"] for name in edits} - {key[name]["answer"] for name in good}
        unrepaired.write_text("".join(f"{name}\n" for name in sorted(left)), encoding="utf-8")
    return "\n".join([told(key, good, len(edits)), *strange])


def repaired(key: Key, edits: Mapping[str, str], sandbox: str) -> set[str]:
    """The sheets whose edit passes the course's own judge."""
    good = set()
    with open_pool(sandbox=sandbox) as pool:
        for master in drawn_from(key).masters:
            cells: dict[str, list[AnswerCell]] = defaultdict(list)
            for name, code in edits.items():
                exercise, _, _ = key[name]["answer"].partition("/")
                if exercise.startswith(f"{master.id}-"):
                    cells[exercise].append(AnswerCell(name, IMPORTS + code))
            trials = tried(master, cells, pool)
            good |= {one.answer.name for one in trials if one.result.outcome == PASSED}
    return good


def drawn_from(key: Key) -> ExerciseSet:
    """The set that a sample is of; no sample is of two."""
    return set_of(next(iter(key.values()))["answer"])


def told(key: Key, good: set[str], handed_in: int) -> str:
    """The table by stratum and arm, and the sentences about it."""
    lines = list(lines_of(key, good))
    overall = {line.arm: line for line in lines if line.stratum == "all"}
    by_verdict = overall[VERDICT].repaired / overall[VERDICT].tried
    valid = "valid" if by_verdict <= MOST_BY_VERDICT else "not valid: take harder exercises"
    ours, theirs = only_one_repairs(key, good)
    p = binomtest(ours, ours + theirs).pvalue if ours + theirs else 1.0
    return "\n".join(
        [
            *map(str, lines),
            f"{handed_in} of {len(key)} sheets were handed in; the others count as not repaired.",
            f"The bare verdict repairs {by_verdict:.0%}; at most {MOST_BY_VERDICT:.0%} are "
            f"admitted: {valid}.",
            f"Of the same answers, {ours} are repaired with {OURS} and not with {VALUES}, and "
            f"{theirs} the other way round; sign test p = {p:.2g}.",
        ]
    )


def lines_of(key: Key, good: set[str]) -> Iterator[Line]:
    answers = wrong_answers_by_id()
    for stratum in ("all", *SHARES):
        for arm in ARMS:
            names = [
                name
                for name, sheet in key.items()
                if sheet["arm"] == arm and stratum in ("all", answers[sheet["answer"]].stratum)
            ]
            if names:
                yield Line(stratum, arm, len(good.intersection(names)), len(names))


def only_one_repairs(key: Key, good: set[str]) -> tuple[int, int]:
    """How many answers are repaired with our message only, and with the values only."""
    arms = defaultdict(set)
    for name in good:
        arms[key[name]["answer"]].add(key[name]["arm"])
    pairs = [found & {OURS, VALUES} for found in arms.values()]
    return pairs.count({OURS}), pairs.count({VALUES})


def add_set(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--set", choices=SETS, default="course", help="of wrong answers; default: course"
    )


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.messages.repair", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    sheets = commands.add_parser("sheets", help="write sheets and their key into a new folder")
    sheets.add_argument("folder", type=Path)
    sheets.add_argument("--size", type=int, default=84, help="how many answers; default 84")
    sheets.add_argument("--only", type=Path, help="sample from the answers that this file names")
    pilot = commands.add_parser("pilot", help="a sheet of every answer with the bare verdict")
    pilot.add_argument("folder", type=Path)
    for command in (sheets, pilot):
        command.add_argument("--seed", type=int, default=1)
        command.add_argument("--short", action="store_true", help="without the statement")
        add_set(command)
    judging = commands.add_parser("score", help="judge FOLDER/edits and print the table")
    judging.add_argument("folder", type=Path)
    judging.add_argument("--sandbox", default="auto", help="as of course grade; default auto")
    judging.add_argument("--unrepaired", type=Path, help="write the answers not repaired to a file")
    given = parser.parse_args(arguments)
    has_key = (given.folder / "key.json").is_file()
    if given.command == "score":
        if not has_key:
            parser.error(f"{given.folder} holds no key.json: `sheets` writes it, beside the sheets")
        print(score(given.folder, given.sandbox, given.unrepaired))
    elif has_key:
        parser.error(f"{given.folder} holds sheets already: name a new folder")
    else:
        try:
            if given.command == "pilot":
                answers = named_answers(None, given.set)
                write_pilot(given.folder, answers, given.seed, given.short)
            else:
                answers = named_answers(given.only, given.set)
                write_sheets(given.folder, answers, given.size, given.seed, given.short)
        except ValueError as error:
            parser.error(str(error))


if __name__ == "__main__":
    main()
