"""What lies around the masters: the book's pages, where the course is a checkout."""

from pathlib import Path

from coursekit.authoring.masters import MASTERS


def checkout() -> Path | None:
    """The folder of the checkout; None where the course is installed without its book."""
    root = MASTERS.parents[1]
    return root if (root / "_toc.yml").is_file() and (root / "book").is_dir() else None
