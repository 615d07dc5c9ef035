"""Mutate valid notebooks, and have them rebuilt; to have them judged see ``fuzz_judging``.

python -m tests.coursekit.fuzzing --count 10000
"""

import argparse
import copy
import json
import random
import sys
import time
import warnings
from collections.abc import Callable, Iterator

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from tests.coursekit.attacks.corpus import CORPUS, COST, RIGHT, answered

from coursekit.authoring.render import grade_metadata
from coursekit.submissions.rebuild import rebuild

VALUES = (None, True, 0, -1, 1e400, "", "x" * 5000, [], {}, [[]], {"cells": []}, "\ud800", "\x00")
KEYS = ("cells", "metadata", "nbgrader", "grade_id", "source", "cell_type", "id", "nbformat",
        "outputs", "attachments", "tags", "worksheets", "input")  # fmt: skip


def release() -> nbformat.NotebookNode:
    """A release with two exercises and a manual one, built without nbgrader."""
    cells = [new_markdown_cell("# A target"), new_code_cell("import numpy as np")]
    for name in ("target-leaky", "target-cost"):
        function = name.removeprefix("target-")
        stub = f"def {function}(a, b):\n    raise NotImplementedError()"
        cells.append(new_code_cell(stub, metadata={"nbgrader": grade_metadata(name, True)}))
        check = {"nbgrader": grade_metadata(f"{name}-check", points=2)}
        cells.append(new_code_cell(f"check({function})", metadata=check))
    words = {"nbgrader": grade_metadata("words", True, 2)}
    cells.append(new_markdown_cell("Your words.", metadata=words))
    return new_notebook(cells=cells)


def seeds(given: nbformat.NotebookNode | None = None) -> list[tuple[str, bytes]]:
    """Valid and damaged submissions to start from: the corpus, and plain answers."""
    given = given or release()
    found = []
    for name, entry in CORPUS.items():
        try:
            found += [(name, content) for content in entry.files(given).values()]
        except (StopIteration, KeyError, IndexError):
            continue
    plain = json.dumps(answered(given, RIGHT, COST)).encode()
    return [("plain", plain)] * 40 + [seed for seed in found if len(seed[1]) < 20_000]


def mutated(
    count: int, seed: int, given: nbformat.NotebookNode | None = None
) -> Iterator[tuple[bytes, str]]:
    """Mutants, and what was done."""
    chance, start = random.Random(seed), seeds(given)
    for _ in range(count):
        name, content = chance.choice(start)
        steps = [name]
        for _ in range(chance.randint(1, 4)):
            mutation = chance.choice(MUTATIONS)
            content, steps = mutation(content, chance), [*steps, mutation.__name__]
        yield content, " ".join(steps)


def flip_bytes(content: bytes, chance: random.Random) -> bytes:
    damaged = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        if damaged:
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    return bytes(damaged)


def cut_out(content: bytes, chance: random.Random) -> bytes:
    first, last = sorted(chance.randint(0, len(content)) for _ in range(2))
    return content[:first] + content[last:]


def repeat_part(content: bytes, chance: random.Random) -> bytes:
    first = chance.randint(0, len(content))
    part = content[first : first + chance.randint(0, 400)]
    return content[:first] + part * chance.randint(2, 30) + content[first:]


def within_json(change: Callable[[list, random.Random], None]) -> Callable:
    """A mutation of bytes from one of a document's containers; other bytes stay as they are."""

    def mutation(content: bytes, chance: random.Random) -> bytes:
        try:
            document = json.loads(content)
        except (ValueError, RecursionError):
            return flip_bytes(content, chance)
        places = list(containers(document))
        if places:
            change(chance.choice(places), chance)
        return json.dumps(document).encode()

    mutation.__name__ = change.__name__
    return mutation


def containers(document: object) -> Iterator[dict | list]:
    if isinstance(document, dict | list) and document:
        yield document
        inner = document.values() if isinstance(document, dict) else document
        for value in list(inner):
            yield from containers(value)


def place_in(place: dict | list, chance: random.Random) -> object:
    return chance.choice(list(place) if isinstance(place, dict) else range(len(place)))


@within_json
def put_value(place: dict | list, chance: random.Random) -> None:
    place[place_in(place, chance)] = copy.deepcopy(chance.choice(VALUES))


@within_json
def put_key(place: dict | list, chance: random.Random) -> None:
    value = copy.deepcopy(chance.choice(VALUES))
    if isinstance(place, dict):
        place[chance.choice(KEYS)] = value
    else:
        place.insert(chance.randrange(len(place) + 1), value)


@within_json
def remove(place: dict | list, chance: random.Random) -> None:
    del place[place_in(place, chance)]


@within_json
def shuffle(place: dict | list, chance: random.Random) -> None:
    if isinstance(place, list):
        chance.shuffle(place)


@within_json
def double(place: dict | list, chance: random.Random) -> None:
    if isinstance(place, list):
        place += copy.deepcopy(place)


@within_json
def swap(place: dict | list, chance: random.Random) -> None:
    first, second = place_in(place, chance), place_in(place, chance)
    place[first], place[second] = place[second], place[first]


MUTATIONS = (
    flip_bytes, cut_out, repeat_part, put_value, put_key, remove, shuffle, double, swap, put_value,
    put_key, remove,
)  # fmt: skip


def problems_of_rebuild(count: int, seed: int) -> tuple[list[str], int]:
    """What went wrong when mutants were rebuilt, in both ways, and how many could be read."""
    given, problems, readable = release(), [], 0
    for content, steps in mutated(count, seed, given):
        for own in ("needed", "all"):
            problem, was_read = problem_of(given, content, own)
            problems += [f"{steps} ({own}): {problem}"] if problem else []
            readable += was_read and own == "all"
    return problems, readable


def problem_of(given: nbformat.NotebookNode, content: bytes, own: str) -> tuple[str, bool]:
    try:
        rebuilt = rebuild(given, content, own)
        nbformat.validate(rebuilt.notebook)
        written = nbformat.writes(rebuilt.notebook).encode()
        again = rebuild(given, written, own)
    except Exception as error:
        return f"{type(error).__name__}: {error}", False
    ids = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in rebuilt.notebook.cells]
    wanted = [cell.metadata["nbgrader"]["grade_id"] for cell in given.cells[2:]]
    if sorted(filter(None, ids)) != sorted(wanted):
        return f"the cells are {ids}", False
    if contents_of(again.notebook) != contents_of(rebuilt.notebook):
        return "it does not rebuild to itself", False
    if not rebuilt.readable and not rebuilt.oddities:
        return "unreadable, and no reason is given", False
    return "", rebuilt.readable


def contents_of(notebook: nbformat.NotebookNode) -> list[tuple]:
    """All of a notebook but the ids of its cells, by which nothing is found."""
    return [
        (cell.cell_type, cell.source, cell.metadata, cell.get("attachments"))
        for cell in notebook.cells
    ]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--count", type=int, default=10_000)
    options.add_argument("--seed", type=int, default=0)
    chosen, began = options.parse_args(), time.monotonic()
    warnings.simplefilter("ignore")
    problems, readable = problems_of_rebuild(chosen.count, chosen.seed)
    seconds = time.monotonic() - began
    print(f"{chosen.count} mutants rebuilt in {seconds:.0f} s, {readable} could be read")
    print("\n".join(problems) or "nothing went wrong")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
