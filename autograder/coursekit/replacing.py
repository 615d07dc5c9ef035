"""Put a new folder into the place of another one when it is complete, and not before."""

import os
import shutil
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
