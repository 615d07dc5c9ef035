"""Call a function with the arguments of a case, and take what came of it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from coursekit.checks.model import Outcome, Raised, Refused, Returned
from coursekit.worker.failing_line import failing_line
from coursekit.worker.trees import TreeError, decode, encode


def call(
    function: Callable[..., object], parameters: Sequence[str], arguments: tuple[object, ...]
) -> Outcome:
    """Call with copies of the arguments, and note which of them the function changed."""
    given = copy.deepcopy(arguments)
    try:
        value = function(*given)
    except Exception as error:
        return Raised(type(error).__name__, str(error), failing_line(error))
    pairs = zip(parameters, given, arguments, strict=True)
    mutated = tuple(name for name, new, old in pairs if not unchanged(old, new))
    return Returned(taken(value), mutated)


def taken(value: object) -> object:
    """The plain content of a result, as grading takes it; in its place why it is refused."""
    try:
        return decode(encode(value))
    except TreeError as error:
        return Refused(str(error))
    except Exception as error:
        return Refused(f"{type(error).__name__} when it was read")


def unchanged(old: Any, new: Any) -> bool:
    """Whether a call left an argument as it was; a generator is there to be used."""
    if isinstance(old, np.random.Generator) or callable(old):
        return True
    if type(old) is not type(new):
        return False
    if isinstance(old, tuple | list):
        return len(old) == len(new) and all(map(unchanged, old, new))
    if isinstance(old, dict):
        return list(old) == list(new) and all(unchanged(old[key], new[key]) for key in old)
    if isinstance(old, np.ndarray):
        same = (old.dtype, old.shape) == (new.dtype, new.shape)
        return same and old.tobytes() == new.tobytes()
    return old is new or old == new or old != old
