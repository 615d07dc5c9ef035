"""A bare root with the layout and the rights that Gradescope documents, and an autograder in it.

    python -m tests.coursekit.gradescope_root FOLDER gradescope-ps1.zip ps1.ipynb

As root, on Debian: makes a minimal Debian in FOLDER, once, unpacks the zip into
``/autograder/source``, runs its ``setup.sh`` with a network, then hands the file in and prints
what ``/autograder/results/results.json`` holds. The root is entered by chroot, in which the kernel
refuses user namespaces, as Docker's default does.
"""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SUITE = "bookworm"
CERTIFICATES = Path("/usr/local/share/ca-certificates")
"""Of a machine whose way out is looked at; without them nothing could be fetched."""
ENTER = """
set -e
mount --rbind "$root" "$root"; cd "$root"
mount -t proc proc proc; mount --rbind /dev dev
exec chroot . /usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    HOME=/root TERM=dumb bash -c "$command"
"""
DOE = {"users": [{"email": "doe@uni.example", "id": 7, "name": "Jane Doe"}], "id": 12}


def missing() -> str:
    """Why no bare root can be made here; empty if it can."""
    if os.geteuid():
        return "only root can make a bare root"
    if not shutil.which("debootstrap"):
        return "debootstrap is not installed"
    return ""


def made_root(folder: Path) -> Path:
    """A minimal system, made once; nothing of an earlier autograder is in it."""
    if not (folder / "etc" / "passwd").exists():
        subprocess.run(
            ["debootstrap", "--variant=minbase", SUITE, str(folder), mirror()], check=True
        )
    for name in ("resolv.conf", "hosts"):
        shutil.copy(f"/etc/{name}", folder / "etc" / name)
    if any(CERTIFICATES.glob("*.crt")):
        entered(folder, "apt-get update -qq; apt-get install -y -qq ca-certificates >/dev/null")
        place = folder / CERTIFICATES.relative_to("/")
        shutil.copytree(CERTIFICATES, place, dirs_exist_ok=True)
        entered(folder, "update-ca-certificates")
        (folder / "etc" / "pip.conf").write_text(
            "[global]\ncert = /etc/ssl/certs/ca-certificates.crt\n", encoding="utf-8"
        )
    for name in ("autograder", "opt"):
        shutil.rmtree(folder / name, ignore_errors=True)
    return folder


def mirror() -> str:
    """Where this machine gets its packages."""
    sites = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(SITE)"],
        capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    return sites.stdout.split()[0]


def entered(root: Path, command: str) -> str:
    """What a command prints in the root."""
    done = subprocess.run(
        ["unshare", "-m", "--propagation", "private", "bash", "-c", ENTER],
        env=os.environ | {"root": str(root), "command": command},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{command}\n{done.stdout}")
    return done.stdout


def built(root: Path, packed: Path) -> str:
    """Do what Gradescope does with a zip; what the set-up prints is returned."""
    source = root / "autograder" / "source"
    with zipfile.ZipFile(packed) as opened:
        opened.extractall(source)
    said = entered(root, "bash /autograder/source/setup.sh")
    shutil.copy(source / "run_autograder", root / "autograder" / "run_autograder")
    (root / "autograder" / "run_autograder").chmod(0o755)
    return said


def handed_in(
    root: Path, files: Mapping[str, bytes], about: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Hand in some files; the results are what the file of the results holds."""
    place = root / "autograder"
    for name in ("submission", "results"):
        shutil.rmtree(place / name, ignore_errors=True)
        (place / name).mkdir(mode=0o755)
    for name, content in files.items():
        (place / "submission" / name).write_bytes(content)
    (place / "submission_metadata.json").write_text(json.dumps(about or DOE), encoding="utf-8")
    said = entered(root, "cd /autograder && ./run_autograder")
    found = place / "results" / "results.json"
    results: dict[str, Any] = json.loads(found.read_text(encoding="utf-8"))
    return {**results, "printed": said}


if __name__ == "__main__":
    folder, packed, notebook = map(Path, sys.argv[1:])
    if why := missing():
        sys.exit(why)
    print(built(made_root(folder), packed))
    print(json.dumps(handed_in(folder, {notebook.name: notebook.read_bytes()}), indent=1))
