"""Programs of npm that measure the built book: fetched when they are asked for, and never by make.

Their exact versions stand in ``tests/site/npm``. Node is the one that the live pages
are built with.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from book._ext.live.assets import node_and_npm

ROOT = Path(__file__).parents[2]
LOCK = Path(__file__).with_name("npm")
FOLDER = ROOT / "build" / "npm"


def with_node() -> dict[str, str]:
    """The environment in which Node is found."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    node, _ = node_and_npm(FOLDER)
    return os.environ | {"PATH": f"{os.path.dirname(node)}{os.pathsep}{os.environ['PATH']}"}


def modules() -> Path:
    """The folder of the packages, which are fetched if they are not there as the lock has them."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    done = FOLDER / "package-lock.json"
    wanted = (LOCK / "package-lock.json").read_text(encoding="utf-8")
    fetched = FOLDER / "fetched"
    if not fetched.is_file() or fetched.read_text(encoding="utf-8") != wanted:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(LOCK / name, FOLDER)
        print("Fetching the programs that measure, once: 220 MB on disk.", file=sys.stderr)
        _, npm = node_and_npm(FOLDER)
        options = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        subprocess.run([*npm, *options], cwd=FOLDER, env=with_node(), check=True)
        done.write_text(wanted, encoding="utf-8")
        fetched.write_text(wanted, encoding="utf-8")
    return FOLDER / "node_modules"


def program(name: str) -> str:
    return str(modules() / ".bin" / name)
