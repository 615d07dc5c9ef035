"""Fetch what the live pages need: ``python -m book._ext.live build/live``."""

import sys
from pathlib import Path

from .assets import NotToBeHad, about, fetch

if __name__ == "__main__":
    try:
        place = fetch(Path(sys.argv[1]).resolve())
    except NotToBeHad as error:
        sys.exit(f"The book will be without live code. {error}")
    known = about(place)
    versions = ", ".join(f"{name} {known[name.lower()]}" for name in ("Python", "NumPy", "Pyodide"))
    print(f"Live pages: {versions}, {sum(known['bytes'].values()) / 1e6:.1f} MB, in {place}")
