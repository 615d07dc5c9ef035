"""Install the packages of a lock into this environment, then the project: ``install.py LOCK``."""

import os
import re
import subprocess
import sys
import sysconfig
from contextlib import suppress
from pathlib import Path

from progress import Progress, run

PIN = re.compile(r"^([\w.-]+)==\S+(?: ; (.*?))? \\$", re.MULTILINE)
NUMPY_WHEEL = re.compile(r"^    # numpy-.*-cp3(\d+)-", re.MULTILINE)
MEGABYTES = re.compile(r"\((\d+(?:\.\d+)?) (kB|MB)\)")
PIP = [sys.executable, "-m", "pip", "install", "--no-deps", "--disable-pip-version-check"]


class Packages(Progress):
    """How far pip is: what it has found, how much it has fetched, then what it has unpacked.

    While it unpacks pip says nothing, but the last file of each package is its RECORD.
    """

    def __init__(self, total: int, home: Path) -> None:
        self.total, self.found, self.megabytes = total, 0, 0.0
        self.home, self.to_unpack, self.before = home, 0, set[tuple[Path, int]]()

    def read(self, line: str) -> bool:
        self.found += line.startswith(("Collecting ", "Requirement already satisfied: "))
        if size := MEGABYTES.search(line):
            self.megabytes += float(size[1]) * {"MB": 1.0, "kB": 0.001}[size[2]]
        if line.startswith("Installing collected packages: "):
            self.to_unpack, self.before = line.count(",") + 1, self.records()
        return False

    def records(self) -> set[tuple[Path, int]]:
        """The packages that are there, each with the time at which it came."""
        found = set()
        for path in self.home.glob("*.dist-info/RECORD"):
            with suppress(FileNotFoundError):  # an older version that is just being removed
                found.add((path, path.stat().st_mtime_ns))
        return found

    @property
    def state(self) -> str:
        if self.to_unpack:
            return f"{len(self.records() - self.before)} of {self.to_unpack} packages unpacked"
        return f"{self.found} of about {self.total} packages, {self.megabytes:.0f} MB"


def main(lock: Path) -> int:
    text = lock.read_text(encoding="utf-8")
    newest = max(map(int, NUMPY_WHEEL.findall(text)))
    if sys.version_info[:2] > (3, newest):
        print(
            f"This is Python {sys.version.split()[0]}. The versions in {lock} are for Python 3.11 "
            f"to 3.{newest}: name one of these, as in `make PYTHON=python3.{newest}`."
        )
        return 2
    home = Path(sysconfig.get_path("purelib"))
    packages = Packages(len({name for name, _ in PIN.findall(text)}), home)
    log = Path("build", "install.log")
    options = ["--require-hashes", "--only-binary", ":all:", "-r", str(lock)]
    status = run([*PIP, *options], packages, log) or subprocess.call(
        [*PIP, "--quiet", "--no-build-isolation", "--editable", "."]
    )
    if not status:
        point_from_here(home / "_backprop_book.pth")
    return status


def point_from_here(pth: Path) -> None:
    """Say where the project lies from where the file lies, in place of the whole path.

    Python reads the file in the encoding of the locale, and that of LC_ALL=C knows no accents.
    """
    folders = pth.read_text(encoding="utf-8").splitlines()
    here = (os.path.relpath(folder, pth.parent.resolve()) for folder in folders)
    pth.write_text("".join(f"{folder}\n" for folder in here), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
