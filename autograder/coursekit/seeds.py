"""Hidden inputs are drawn from the course's secret and what was submitted.

The same bytes meet the same inputs at every regrade; another attempt meets others. Nothing that
a student can see gives the seed away.
"""

import hashlib
import hmac
from collections.abc import Iterable

import numpy as np


def exercise_rng(
    secret: bytes, student: str, problem_set: str, exercise: str, sources: Iterable[str]
) -> np.random.Generator:
    """The generator from which one exercise's hidden cases are drawn.

    Parameters
    ----------
    secret : bytes
        The course's.
    student, problem_set, exercise : str
    sources : iterable of str
        All sources that were submitted, in order.
    """
    return keyed_rng(secret, student, problem_set, exercise, sources_digest(sources))


def keyed_rng(secret: bytes, *parts: str) -> np.random.Generator:
    """A generator that follows from a secret and from what it is for."""
    return np.random.default_rng(int.from_bytes(derived_secret(secret, *parts), "big"))


def derived_secret(secret: bytes, *parts: str) -> bytes:
    """A secret that follows from another one and from what it is for; it does not lead back."""
    message = b"".join(length_prefixed(part.encode()) for part in parts)
    return hmac.new(secret, message, hashlib.sha256).digest()


def sources_digest(sources: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for source in sources:
        digest.update(length_prefixed(source.encode("utf-8", "surrogatepass")))
    return digest.hexdigest()


def length_prefixed(part: bytes) -> bytes:
    """No two lists of parts give the same bytes."""
    return len(part).to_bytes(8, "big") + part
