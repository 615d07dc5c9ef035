"""Write the poster into a folder: ``python -m book._ext.poster build``."""

import sys
from pathlib import Path

from . import write_poster

if __name__ == "__main__":
    for path in write_poster(Path(sys.argv[1])):
        print(f"The poster: {path.resolve()}")
