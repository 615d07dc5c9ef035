"""The locked versions install on every Python and machine that the project names."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.tags import Tag, compatible_tags, cpython_tags, mac_platforms
from packaging.utils import canonicalize_name, parse_wheel_filename

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCKS = {"locked.txt": "book", "locked-tests.txt": "test"}
PIN = re.compile(
    r"^(?P<name>[\w.-]+)==(?P<version>\S+)(?: ; (?P<marker>.*?))? \\\n"
    r"(?P<hashes>(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)"
    r"    # Python ?(?P<pythons>.*)\n"
    r"(?P<files>(?:    # \S+\n)+)",
    re.MULTILINE,
)
MACHINES = {
    "Linux": ("linux", "posix", "x86_64", ["manylinux_2_28_x86_64", "manylinux_2_17_x86_64",
                                           "manylinux2014_x86_64", "manylinux_2_5_x86_64"]),
    "Linux on ARM": ("linux", "posix", "aarch64", ["manylinux_2_28_aarch64",
                                                   "manylinux_2_17_aarch64"]),
    "macOS": ("darwin", "posix", "arm64", list(mac_platforms((14, 0), "arm64"))),
    "Windows": ("win32", "nt", "AMD64", ["win_amd64"]),
}  # fmt: skip


@dataclass(frozen=True)
class Pin:
    """A locked package.

    Attributes
    ----------
    name, version : str
    marker : Marker or None
        Where it is installed.
    pythons : SpecifierSet
        Those that its metadata admits.
    files : tuple of str
    """

    name: str
    version: str
    marker: Marker | None
    pythons: SpecifierSet
    files: tuple[str, ...]


def pins_of(text: str) -> list[Pin]:
    return [
        Pin(
            found["name"],
            found["version"],
            Marker(found["marker"]) if found["marker"] else None,
            SpecifierSet(found["pythons"]),
            tuple(found["files"].replace("    # ", "").split()),
        )
        for found in PIN.finditer(text)
    ]


def locked(name: str) -> list[Pin]:
    return pins_of((ROOT / ".ci" / name).read_text(encoding="utf-8"))


def newest_python() -> int:
    """The minor version of the newest Python for which there is a wheel of the locked NumPy."""
    wheels = next(pin.files for pin in locked("locked.txt") if pin.name == "numpy")
    return max(int(found) for found in re.findall(r"-cp3(\d+)-", " ".join(wheels)))


PYTHONS = ["3.11.0", "3.11.2", "3.11.9", *(f"3.{n}.0" for n in range(12, newest_python() + 1))]


def environment(python: str, machine: str) -> dict[str, str]:
    """What a marker sees on a machine with a Python."""
    system, family, processor, _ = MACHINES[machine]
    return {
        "python_version": python.rpartition(".")[0], "python_full_version": python,
        "sys_platform": system, "os_name": family, "platform_machine": processor,
        "implementation_name": "cpython", "platform_python_implementation": "CPython",
        "extra": "",
    }  # fmt: skip


def tags(python: str, machine: str) -> set[Tag]:
    """The wheels that fit there."""
    version, platforms = tuple(map(int, python.split(".")[:2])), MACHINES[machine][3]
    return {*cpython_tags(version, platforms=platforms),
            *compatible_tags(version, f"cp{version[0]}{version[1]}", platforms)}  # fmt: skip


def obstacles(pins: list[Pin], python: str, machine: str) -> Iterator[str]:
    """What would stop pip there."""
    here = [p for p in pins if p.marker is None or p.marker.evaluate(environment(python, machine))]
    names = [pin.name for pin in here]
    fitting = tags(python, machine)
    for pin in here:
        if names.count(pin.name) > 1:
            yield f"{pin.name} is pinned twice"
        if not pin.pythons.contains(python):
            yield f"{pin.name} {pin.version} wants Python {pin.pythons}"
        if not any(parse_wheel_filename(file)[3] & fitting for file in pin.files):
            yield f"{pin.name} {pin.version} has no wheel"


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_installs(lock, python, machine):
    assert list(obstacles(locked(lock), python, machine)) == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_of_a_lock_is_understood(lock):
    text = (ROOT / ".ci" / lock).read_text(encoding="utf-8")
    assert len(locked(lock)) == len(re.findall(r"^[\w.-]+==", text, re.MULTILINE)) > 100
    for found in PIN.finditer(text):
        assert found["hashes"].count("sha256") == found["files"].count("#"), found["name"]


@pytest.mark.parametrize(
    ("pin", "obstacle"),
    [
        (Pin("a", "1", None, SpecifierSet(">=3.11.5"), ("a-1-py3-none-any.whl",)), "wants Python"),
        (Pin("a", "1", None, SpecifierSet(), ("a-1-cp312-cp312-win_amd64.whl",)), "has no wheel"),
    ],
)
def test_a_pin_that_stops_the_oldest_python_is_found(pin, obstacle):
    found = list(obstacles([pin], "3.11.2", "Linux"))
    assert len(found) == 1
    assert obstacle in found[0]


def test_a_package_that_is_pinned_twice_is_found():
    pin = Pin("a", "1", None, SpecifierSet(), ("a-1-py3-none-any.whl",))
    assert "a is pinned twice" in list(obstacles([pin, pin], "3.12.0", "Linux"))


@pytest.mark.parametrize(("lock", "extra"), LOCKS.items())
def test_all_that_the_project_asks_for_is_locked(lock, extra):
    versions = {canonicalize_name(pin.name): pin.version for pin in locked(lock)}
    for wanted in requirements_of(extra):
        assert wanted.specifier.contains(versions[canonicalize_name(wanted.name)]), wanted


def requirements_of(extra: str) -> Iterator[Requirement]:
    """What the project and one of its extras ask for, other extras of its own resolved."""
    for wanted in map(Requirement, PROJECT["optional-dependencies"][extra]):
        if wanted.name == PROJECT["name"]:
            for other in wanted.extras:
                yield from requirements_of(other)
        else:
            yield wanted
    yield from map(Requirement, PROJECT["dependencies"])


def test_what_make_installs_is_what_its_job_needs():
    names = {pin.name for pin in locked("locked.txt")}
    assert not names & {"pytest", "scipy", "scikit-learn", "selenium", "distributed", "hypothesis"}
    assert names < {pin.name for pin in locked("locked-tests.txt")}


def test_the_two_locks_agree():
    tests = {(pin.name, pin.version) for pin in locked("locked-tests.txt")}
    assert {(pin.name, pin.version) for pin in locked("locked.txt")} <= tests


def test_what_is_installed_here_is_complete():
    """Each package of the lock has what its own metadata asks for."""
    versions = {canonicalize_name(d.name): d.version for d in distributions()}
    here = [p for p in locked("locked-tests.txt") if p.marker is None or p.marker.evaluate()]
    for pin in here:
        assert canonicalize_name(pin.name) in versions, pin.name
    for distribution in distributions():
        for wanted in map(Requirement, distribution.requires or ()):
            if wanted.marker is None or wanted.marker.evaluate({"extra": ""}):
                have = versions.get(canonicalize_name(wanted.name))
                assert have, f"{distribution.name} asks for {wanted}"
                assert wanted.specifier.contains(have, prereleases=True), wanted


@pytest.mark.parametrize("python", ["3.11.0", f"3.{newest_python()}"])
def test_the_locked_versions_still_resolve(python, tmp_path):
    """Where a registry answers, it gives these files for these hashes."""
    command = [sys.executable, "-m", "uv", "pip", "install", "--dry-run", "--quiet"]
    command += ["--target", str(tmp_path), "--python-version", python, "--require-hashes"]
    command += ["--only-binary", ":all:", "-r", str(ROOT / ".ci" / "locked-tests.txt")]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    if re.search(r"error sending request|Failed to fetch|dns error|timed out", done.stderr):
        pytest.skip("no registry answers")
    assert done.returncode == 0, done.stderr
