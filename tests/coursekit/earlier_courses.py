"""Courses that earlier versions began, packed as fixtures."""

import tarfile
from pathlib import Path

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures" / "earlier_course"
PACKED = sorted(FIXTURES.glob("*.tar.xz"))


def unpack(packed: Path, folder: Path) -> None:
    """Unpack one, also with a Python whose tarfile knows no filters."""
    with tarfile.open(packed) as archive:
        archive.extraction_filter = getattr(tarfile, "data_filter", None)
        archive.extractall(folder)
