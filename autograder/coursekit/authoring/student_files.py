"""What the students get beside the notebook: how to set up, and all of it in one file."""

import hashlib
import os
import re
import shutil
import zipfile
from collections.abc import Iterable
from pathlib import Path

REQUIREMENTS = "numpy>=2.0\njupyterlab>=4\nmatplotlib>=3.9\n"

README = """\
# {title}

You need Python 3.11 or newer. Unpack the zips of all problem sets into one folder of yours.
Open a terminal in this folder, `{name}`, and type, once for all problem sets:

- Linux and macOS: `python3 -m venv ../.venv && ../.venv/bin/pip install -r requirements.txt`
- Windows: `py -m venv ..\\.venv` and then `..\\.venv\\Scripts\\pip install -r requirements.txt`

To work: `../.venv/bin/jupyter lab`, on Windows `..\\.venv\\Scripts\\jupyter lab`.
Open `{name}.ipynb`.
The checks run on your machine, without a network. Keep `checks.py` and `{name}_cases.npz` here.
Import what `requirements.txt` names; hand in `{name}.ipynb` and nothing else.
(If you keep a log of your attempts, by `from checks import log_attempts; log_attempts()`, you may
hand in `{name}_attempts.jsonl` beside it.)
"""

OLDEST = (1980, 1, 1, 0, 0, 0)
"""The date of every file in a zip, so that the same release gives the same bytes."""


def write_student_files(folder: Path, name: str, title: str, packages: Iterable[str] = ()) -> None:
    """Write README.md and requirements.txt beside a notebook.

    Parameters
    ----------
    folder : Path
    name : str
        Of the problem set.
    title : str
    packages : iterable of str
        What answers may import beside NumPy and Matplotlib.
    """
    needed = REQUIREMENTS + "".join(f"{package}\n" for package in packages)
    plain = re.sub(r"[*_`]", "", title)
    (folder / "README.md").write_text(README.format(title=plain, name=name), encoding="utf-8")
    (folder / "requirements.txt").write_text(needed, encoding="utf-8")


def zip_folder(folder: Path) -> Path:
    """Pack a folder into a zip beside it; the same files give the same bytes.

    Returns
    -------
    Path
        The zip, named after the folder, which is the one folder in it.
    """
    target = folder.with_name(f"{folder.name}.zip")
    new = folder.with_name(f".{folder.name}.zip.new")
    with zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(str(path.relative_to(folder.parent)), OLDEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, path.read_bytes())
    os.replace(new, target)
    return target


def keep_zip(folder: Path) -> Path | None:
    """Keep the zip of a release under a name of its own; None if there is none."""
    made = folder.with_name(f"{folder.name}.zip")
    if not made.is_file():
        return None
    digest = hashlib.sha256(made.read_bytes()).hexdigest()[:8]
    kept = folder.with_name(f"{folder.name}-before-{digest}.zip")
    shutil.copyfile(made, kept)
    return kept
