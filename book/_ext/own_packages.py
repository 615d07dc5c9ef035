"""Let the book import the packages that lie beside it, whether or not any are installed.

So the libraries of ``requirements.txt`` are enough to build it, and a second checkout shows its
own code. The kernels find the packages by their environment.
"""

import os
import sys
from pathlib import Path

FOLDERS = ("solutions", "autograder")


def setup(app):
    folders = [str(Path(app.srcdir) / name) for name in FOLDERS]
    sys.path[:0] = folders
    inherited = filter(None, [os.environ.get("PYTHONPATH")])
    os.environ["PYTHONPATH"] = os.pathsep.join([*folders, *inherited])
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
