"""Tasks and their public cases in one ``.npz`` file, without pickle."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from coursekit.checks.causes import KeptCauses
from coursekit.checks.held_out import HeldOut
from coursekit.checks.model import Case, Cause, Outcome, Raised, Returned, Task
from coursekit.checks.values import Code, generator_of, generator_state, is_record, record_type

Fields = dict[str, Any]
"""What is written of a thing, by name."""


def save_tasks(path: Path, tasks: Sequence[Task]) -> None:
    """Write tasks as one ``.npz``: a JSON text, and all arrays of a type joined to one.

    There are thousands of small arrays, and a file of an archive takes more than their numbers.
    """
    arrays: dict[str, list[np.ndarray]] = {}
    index = {task.name: pack(vars_of_task(task), arrays) for task in tasks}
    joined: Fields = {dtype: np.concatenate(parts) for dtype, parts in arrays.items()}
    joined["index"] = np.frombuffer(json.dumps(index).encode(), dtype=np.uint8)
    np.savez_compressed(path, **joined)


def load_tasks(path: Path) -> dict[str, Task]:
    """Read what :func:`save_tasks` wrote."""
    with np.load(path, allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    index = json.loads(arrays["index"].tobytes().decode())
    return {name: task_of_vars(unpack(spec, arrays)) for name, spec in index.items()}


def vars_of_task(task: Task) -> Fields:
    cases = [
        {
            "group": case.group,
            "arguments": case.arguments,
            "expected": case.expected,
            "fingerprints": {name: vars_of_outcome(o) for name, o in case.fingerprints.items()},
        }
        for case in task.cases
    ]
    return {
        "name": task.name,
        "parameters": task.parameters,
        "cases": cases,
        "messages": task.messages,
        "hints": task.hints,
        "rtol": task.rtol,
        "may_mutate": task.may_mutate,
        "sealed": task.sealed,
        "exercise": task.exercise,
        "axes": task.axes,
        "figure": task.figure,
        "causes": vars_of_causes(task.causes) if isinstance(task.causes, KeptCauses) else None,
    }


def task_of_vars(fields: Fields) -> Task:
    cases = tuple(
        Case(
            case["group"],
            case["arguments"],
            case["expected"],
            {name: outcome_of_vars(o) for name, o in case["fingerprints"].items()},
        )
        for case in fields["cases"]
    )
    return Task(**{**fields, "cases": cases, "causes": causes_of_vars(fields.get("causes"))})


def vars_of_causes(kept: KeptCauses) -> Fields:
    """Causes by their numbers in a list of words, which many share; as one text it is read fast."""
    words = list(dict.fromkeys(kept.causes))
    number = {cause: place for place, cause in enumerate(words)}
    return {
        "words": json.dumps([[*vars(cause).values()] for cause in words]),
        "which": np.array([number[cause] for cause in kept.causes], dtype=np.int32),
        "numbers": kept.numbers,
    }


def causes_of_vars(fields: Fields | None) -> KeptCauses | None:
    if fields is None:
        return None
    words = [
        Cause(kind, tuple(places), text, rank)
        for kind, places, text, rank in json.loads(fields["words"])
    ]
    return KeptCauses([words[place] for place in fields["which"]], fields["numbers"])


def vars_of_outcome(outcome: Outcome) -> Fields:
    if isinstance(outcome, Raised):
        return {"kind": outcome.kind}
    return {"value": outcome.value, "mutated": outcome.mutated}


def outcome_of_vars(fields: Fields) -> Outcome:
    if "kind" in fields:
        return Raised(fields["kind"])
    return Returned(fields["value"], fields["mutated"])


def pack(tree: object, arrays: dict[str, list[np.ndarray]]) -> Fields:
    """A tree as JSON, with each array put aside among those of its type."""
    if isinstance(tree, np.ndarray | np.generic):
        array = np.asarray(tree)
        before = arrays.setdefault(array.dtype.str, [])
        start = sum(part.size for part in before)
        before.append(array.ravel())
        return {"array": [array.dtype.str, start, list(array.shape)]}
    if isinstance(tree, dict):
        return {"dict": {key: pack(part, arrays) for key, part in tree.items()}}
    if isinstance(tree, Code):
        return {"code": tree.source}
    if isinstance(tree, HeldOut):
        return {"held_out": pack(vars(tree), arrays)}
    if isinstance(tree, np.random.Generator):
        return {"generator": generator_state(tree)}
    if is_record(tree):
        parts = [pack(part, arrays) for part in tree]
        return {"record": [type(tree).__name__, list(tree._fields), parts]}
    if isinstance(tree, tuple):
        return {"tuple": [pack(part, arrays) for part in tree]}
    if isinstance(tree, list):
        return {"list": [pack(part, arrays) for part in tree]}
    return {"value": tree}


def unpack(spec: Fields, arrays: Mapping[str, np.ndarray]) -> Any:
    """The tree that :func:`pack` made JSON of."""
    ((kind, content),) = spec.items()
    return UNPACKERS[kind](content, arrays)


def unpack_array(
    content: tuple[str, int, list[int]], arrays: Mapping[str, np.ndarray]
) -> np.ndarray:
    dtype, start, shape = content
    size = int(np.prod(shape, dtype=int))
    return arrays[dtype][start : start + size].reshape(shape).copy()


def unpack_record(
    content: tuple[str, list[str], list[Fields]], arrays: Mapping[str, np.ndarray]
) -> Any:
    name, fields, parts = content
    return record_type(name, tuple(fields))(*(unpack(part, arrays) for part in parts))


UNPACKERS: dict[str, Callable[[Any, Mapping[str, np.ndarray]], Any]] = {
    "array": unpack_array,
    "code": lambda content, arrays: Code(content),
    "dict": lambda content, arrays: {key: unpack(part, arrays) for key, part in content.items()},
    "generator": lambda content, arrays: generator_of(content),
    "held_out": lambda content, arrays: HeldOut(**unpack(content, arrays)),
    "list": lambda content, arrays: [unpack(part, arrays) for part in content],
    "record": unpack_record,
    "tuple": lambda content, arrays: tuple(unpack(part, arrays) for part in content),
    "value": lambda content, arrays: content,
}
