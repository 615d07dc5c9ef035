"""The causes of an exercise as a release holds them, looked for once and then kept.

To find them thousands of wrong solutions are called, which takes seconds for an exercise. They
follow from the right solutions, the cases and this program, so a digest of these is the name
under which they are kept. Kept are numbers and sentences that every release holds anyway.
"""

import hashlib
import inspect
import io
import json
import platform
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from coursekit.authoring.causes import CalledCauses, solutions_of
from coursekit.checks.case_file import causes_of_vars, pack, vars_of_causes
from coursekit.checks.causes import KeptCauses
from coursekit.own_cache import cache_folder, read_own, write_own
from coursekit.seeds import length_prefixed

MOST_FILES = 400
"""Exercises whose causes are kept; the oldest beyond that are looked for again."""

UNREADABLE = (OSError, ValueError, KeyError, TypeError, IndexError, EOFError, BadZipFile)
"""What reading a file raises that is missing, cut off, or of another form."""


def kept_causes(called: CalledCauses) -> KeptCauses:
    """What :meth:`CalledCauses.kept` gives, from the cache where it is known.

    Without a cache, or with one that cannot be read, they are looked for as ever.
    """
    known = recalled_causes(called)
    if known is not None:
        return known
    made = called.kept()
    with suppress(OSError):
        write_own(path_of(called), content_of(made), MOST_FILES)
    return made


def recalled_causes(called: CalledCauses) -> KeptCauses | None:
    """The same, where they are in the cache; None where they would have to be looked for."""
    with suppress(*UNREADABLE):
        return read(path_of(called))
    return None


def path_of(called: CalledCauses) -> Path:
    """Where causes are kept.

    Raises
    ------
    OSError
        If there is no home, or a solution lies in no file.
    """
    return cache_folder("causes") / f"{digest_of(called)}.npz"


def read(path: Path) -> KeptCauses:
    with np.load(io.BytesIO(read_own(path)), allow_pickle=False) as file:
        fields = {name: file[name] for name in file.files}
    words = fields.pop("words").tobytes().decode()
    found = causes_of_vars({**fields, "words": words})
    assert found is not None
    return found


def content_of(kept: KeptCauses) -> bytes:
    fields, file = vars_of_causes(kept), io.BytesIO()
    words = np.frombuffer(fields.pop("words").encode(), dtype=np.uint8)
    np.savez_compressed(file, words=words, **fields)
    return file.getvalue()


def digest_of(called: CalledCauses) -> str:
    """Of all that the causes follow from; wherever the files lie, as in a checkout or installed."""
    arrays: dict[str, list[np.ndarray]] = {}
    cases = [[pack(case.arguments, arrays), pack(case.expected, arrays)] for case in called.cases]
    explained = called.exercise.declaration.explained
    written: list[Callable[..., Any]] = [function for _, function in explained]
    written += solutions_of(called.exercise)
    parts = [
        called.exercise.id.encode(),
        json.dumps([words for words, _ in explained]).encode(),
        json.dumps(cases).encode(),
        *(array.tobytes() for kind in sorted(arrays) for array in arrays[kind]),
        platform.python_version().encode(),
        np.__version__.encode(),
        digest_of_program().encode(),
        *sorted(digest_of_files(folder).encode() for folder in folders(written)),
    ]
    return hashlib.sha256(b"".join(map(length_prefixed, parts))).hexdigest()[:32]


def folders(solutions: Iterable[Callable[..., Any]]) -> set[Path]:
    """The folders of the packages, or of the rooms, that solutions come from."""
    return {package_of(Path(inspect.getfile(one))) for one in solutions}


def package_of(file: Path) -> Path:
    """The outermost package of a file; where it is in none, its folder.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    """
    folder = file.resolve(strict=True).parent
    while (folder / "__init__.py").is_file() and (folder.parent / "__init__.py").is_file():
        folder = folder.parent
    return folder


def digest_of_files(folder: Path) -> str:
    """Of the Python files of a folder, in it and below."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(length_prefixed(str(path.relative_to(folder)).encode()))
        digest.update(length_prefixed(path.read_bytes()))
    return digest.hexdigest()


@cache
def digest_of_program() -> str:
    """Of what makes wrong solutions and their prints."""
    package = Path(__file__).parents[1]
    return "".join(digest_of_files(package / name) for name in ("authoring", "checks", "worker"))
