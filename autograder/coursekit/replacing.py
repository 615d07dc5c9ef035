"""Put a new file or folder into its place when it is complete, and not before."""

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path


def new_folder_for(place: Path) -> Path:
    """An empty folder beside a place; what an earlier attempt left there is removed."""
    folder = place.with_name(f".new-{place.name}")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def put_in_place(new: Path, place: Path) -> None:
    """Let a folder take a place; what was there is removed when the new one is there."""
    old = place.with_name(f".old-{place.name}")
    shutil.rmtree(old, ignore_errors=True)
    with suppress(FileNotFoundError):
        os.rename(place, old)
    try:
        os.rename(new, place)
    except BaseException:
        with suppress(FileNotFoundError):
            os.rename(old, place)
        raise
    shutil.rmtree(old, ignore_errors=True)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there in full or not at all; its owner alone can read it."""
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
            os.replace(temporary, path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        error.filename, error.filename2 = str(path), None  # whoever asked knows no other name
        raise
