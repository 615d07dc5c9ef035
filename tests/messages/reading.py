"""Do the messages name the cause? Pages for two readers, and what their judgments say.

``python -m tests.messages.reading messages FILE`` writes what this version says about each frozen
answer. ``… pages FOLDER FILE OTHER`` mixes that with some of what another version says, so that no
reader knows which version he reads. ``… score FOLDER READER READER`` counts, and says how often
two readers agree. ``reading_protocol.md`` says what is judged.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from scipy.stats import binomtest
from tests.messages.frozen_answers import WrongAnswer
from tests.messages.repair import OURS, add_set, named_answers, what_is_said
from tests.messages.trying import wrong_answers_by_id

PER_PAGE = 40
"""How many messages stand on a page of a reader."""

QUESTIONS = ("place", "kind", "false", "leak")
"""What a reader answers about each message, 1 for yes and 0 for no."""

Judgments = Mapping[str, Mapping[str, bool]]
"""By the number of an item, the answers to the four questions."""

ITEM = """\
## {number}

{statement}

```python
{code}
```

What is wrong with it:

{causes}

What was said:

```text
{said}
```
"""


def write_messages(path: Path, chosen: str = "course") -> None:
    """What this version says about each wrong answer of a set."""
    said = {answer.id: what_is_said(answer)[OURS] for answer in named_answers(None, chosen)}
    path.write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def write_pages(
    folder: Path, ours: Mapping[str, str], others: Mapping[str, str], share: float, seed: int
) -> None:
    """Pages of messages in a random order, a share of them from another version, and the key."""
    rng = np.random.default_rng(seed)
    answers = wrong_answers_by_id()
    differing = [name for name, said in others.items() if said != ours[name]]
    mixed_in = rng.choice(differing, min(len(differing), round(share * len(ours))), replace=False)
    items = [(name, "this") for name in ours] + [(str(name), "other") for name in mixed_in]
    order = [items[k] for k in rng.permutation(len(items))]
    folder.mkdir(parents=True)
    said = {"this": ours, "other": others}
    for start in range(0, len(order), PER_PAGE):
        page = "\n".join(
            item_text(number, answers[name], said[version][name])
            for number, (name, version) in enumerate(order[start : start + PER_PAGE], start + 1)
        )
        (folder / f"page-{start // PER_PAGE + 1:02}.md").write_text(page, encoding="utf-8")
    key = dict(enumerate(order, 1))
    (folder / "key.json").write_text(json.dumps(key, indent=1) + "\n", encoding="utf-8")


def item_text(number: int, answer: WrongAnswer, said: str) -> str:
    """A message as a reader sees it: the answer, its causes, and what was said."""
    causes = "\n".join(f"- {one.place}: {one.kind}" for one in answer.mistakes)
    return ITEM.format(
        number=number,
        statement=f"Exercise {answer.exercise}",
        code=answer.code.strip(),
        causes=causes,
        said=said,
    )


def judgments(path: Path) -> dict[str, dict[str, bool]]:
    """What a reader wrote down, as a table with the columns item, place, kind, false and leak."""
    with path.open(encoding="utf-8", newline="") as lines:
        return {
            row["item"].strip(): {name: row[name].strip() == "1" for name in QUESTIONS}
            for row in csv.DictReader(lines)
        }


def score(folder: Path, first: Path, second: Path) -> str:
    """What two readers found, for each version, and how often they agree."""
    key = json.loads((folder / "key.json").read_text(encoding="utf-8"))
    readers = [judgments(first), judgments(second)]
    lines = []
    for version in ("this", "other"):
        items = [number for number, (_, which) in key.items() if which == version]
        lines += [f"{version} version, {len(items)} messages", *told(items, readers)]
    return "\n".join(lines)


def told(items: Sequence[str], readers: Sequence[Judgments]) -> Iterator[str]:
    """For each question what each reader counted, what both say, and Cohen's kappa."""
    judged = [number for number in items if all(number in reader for reader in readers)]
    if len(judged) < len(items):
        yield f"  {len(items) - len(judged)} were not judged by both and are left out"
    for question in ("cause", *QUESTIONS):
        answers = np.array(
            [[holds(reader[number], question) for number in judged] for reader in readers]
        )
        both = int(answers.all(axis=0).sum())
        low, high = binomtest(both, len(judged)).proportion_ci(method="wilson")
        yield (
            f"  {question:6} {answers[0].sum():4} and {answers[1].sum():4}; both {both:4} = "
            f"{both / len(judged):4.0%} [{low:4.0%}, {high:4.0%}]; agreement "
            f"{(answers[0] == answers[1]).mean():4.0%}, kappa {kappa(*answers):.2f}"
        )


def holds(judgment: Mapping[str, bool], question: str) -> bool:
    """The answer to a question; the cause is named where place and kind are."""
    if question == "cause":
        return judgment["place"] and judgment["kind"]
    return judgment[question]


def kappa(first: np.ndarray, second: np.ndarray) -> float:
    """Cohen's kappa: the agreement beyond that of two readers who guess with the same shares."""
    agreed = (first == second).mean()
    by_chance = first.mean() * second.mean() + (1 - first.mean()) * (1 - second.mean())
    return 1.0 if by_chance == 1 else float((agreed - by_chance) / (1 - by_chance))


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.messages.reading", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    messages = commands.add_parser("messages", help="write what this version says")
    messages.add_argument("file", type=Path)
    add_set(messages)
    pages = commands.add_parser("pages", help="write the pages of the readers into a new folder")
    pages.add_argument("folder", type=Path)
    pages.add_argument("ours", type=Path)
    pages.add_argument("other", type=Path)
    pages.add_argument("--share", type=float, default=0.2, help="of another version; default 0.2")
    pages.add_argument("--seed", type=int, default=1)
    scoring = commands.add_parser("score", help="count what two readers wrote down")
    scoring.add_argument("folder", type=Path)
    scoring.add_argument("readers", type=Path, nargs=2)
    given = parser.parse_args(arguments)
    if given.command == "messages":
        write_messages(given.file, given.set)
    elif given.command == "pages":
        ours, others = (
            json.loads(path.read_text(encoding="utf-8")) for path in (given.ours, given.other)
        )
        write_pages(given.folder, ours, others, given.share, given.seed)
    else:
        print(score(given.folder, *given.readers))


if __name__ == "__main__":
    main()
