"""Resolve what pyproject.toml asks for, and write the exact versions down: ``make lock``.

Two files: ``locked.txt`` is what `make` installs, ``locked-tests.txt`` adds what `make test` needs.
Both are requirements files with hashes, resolved for every Python from the oldest that the project
admits. Below each pin stand, as comments, the Pythons that its metadata admits and its files, so
that a test can try the lock on machines that nobody has at hand.
"""

import argparse
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from email import message_from_bytes
from io import BytesIO
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen
from zipfile import ZipFile

from packaging.utils import parse_wheel_filename

HERE = Path(__file__).parent
PROJECT = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))
LOCKS = {"locked.txt": "book", "locked-tests.txt": "test"}
"""Each lock and the extra of the project that it is for."""

OLDEST = PROJECT["project"]["requires-python"].removeprefix(">=") + ".0"
PLATFORMS = ("manylinux", "musllinux", "macosx", "win_amd64", "win_arm64", "any")
PROCESSORS = ("x86_64", "aarch64", "arm64", "universal2", "amd64", "any")


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--upgrade", action="store_true", help="take newer versions")
    upgrade, known = options.parse_args().upgrade, []
    if not upgrade:
        known = [str(HERE / name) for name in LOCKS if (HERE / name).is_file()][-1:]
    for name, extra in LOCKS.items():
        packages = resolve(extra, known)
        with ThreadPoolExecutor(8) as threads:
            pins = threads.map(lambda package: pin(package, admitted_python(package)), packages)
            text = "\n".join(pins)
        (HERE / name).write_text(header(extra) + text, encoding="utf-8")
        known = [str(HERE / name)]  # what the second has in common with the first is the same
        print(f"{HERE.name}/{name}: {len(packages)} packages")
    return 0


def header(extra: str) -> str:
    return (
        f"# The exact versions of backprop-book[{extra}]; `make lock` writes this file.\n"
        "# Below each: the Pythons that it admits, and its files in the order of their hashes.\n\n"
    )


def resolve(extra: str, known: list[str]) -> list[dict]:
    """The packages of an extra, and what builds the project, with their files that can be used."""
    command = ["uv", "pip", "compile", "--quiet", "--universal", "--python-version", OLDEST]
    command += ["--format", "pylock.toml", "--no-emit-package", "backprop-book", "-"]
    wanted = [f"-e .[{extra}]", *PROJECT["build-system"]["requires"]]
    constraints = [part for path in known for part in ("--constraint", path)]
    done = subprocess.run(
        [*command, *constraints],
        input="\n".join(wanted), stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    packages = tomllib.loads(done.stdout)["packages"]
    for package in packages:
        package["files"] = dict(sorted(usable_files(package)))
        if not package["files"]:
            sys.exit(f"{package['name']} {package['version']} has no wheel; admit another")
    return packages


def usable_files(package: dict) -> Iterator[tuple[str, str]]:
    """Name and hash of the wheels for a Python and a machine that the project is for."""
    for wheel in package.get("wheels", ()):
        tags = parse_wheel_filename(file_name(wheel))[3]
        if any(usable(tag.interpreter, tag.abi, tag.platform) for tag in tags):
            yield file_name(wheel), wheel["hashes"]["sha256"]


def usable(interpreter: str, abi: str, platform: str) -> bool:
    old = interpreter.startswith("cp3") and int(interpreter[3:]) < int(OLDEST.split(".")[1])
    python = interpreter.startswith("py3") or (
        interpreter.startswith("cp3") and (abi == "abi3" or not old) and not abi.endswith("t")
    )
    return python and platform.startswith(PLATFORMS) and platform.endswith(PROCESSORS)


def admitted_python(package: dict) -> str:
    """What the metadata of a package says of Python."""
    wheel = next(w for w in package["wheels"] if file_name(w) in package["files"])
    return message_from_bytes(metadata(wheel["url"])).get("Requires-Python", "")


def metadata(wheel: str) -> bytes:
    """The metadata of a wheel: an index keeps it beside the file, for older ones only in it."""
    with suppress(HTTPError), urlopen(f"{wheel}.metadata") as answer:
        return answer.read()
    with urlopen(wheel) as answer, ZipFile(BytesIO(answer.read())) as archive:
        name = next(n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
        return archive.read(name)


def file_name(wheel: dict) -> str:
    return wheel.get("name") or wheel["url"].rpartition("/")[2].replace("%2B", "+")


def pin(package: dict, admitted: str) -> str:
    marker = package.get("marker", "").replace("python_full_version >= '3.11' and ", "")
    condition = f" ; {marker}" if marker not in ("", "python_full_version >= '3.11'") else ""
    hashes = [f"    --hash=sha256:{digest}" for digest in package["files"].values()]
    lines = [f"{package['name']}=={package['version']}{condition}", *hashes]
    notes = [f"    # {note}" for note in (f"Python {admitted}".rstrip(), *package["files"])]
    return " \\\n".join(lines) + "\n" + "\n".join(notes) + "\n"


if __name__ == "__main__":
    sys.exit(main())
