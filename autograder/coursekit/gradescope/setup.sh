#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the image; the zip lies in /autograder/source.
# Makes /opt/coursekit: an interpreter that every user can reach, our packages, the course.
set -euo pipefail
source=${AUTOGRADER:-/autograder}/source
installed=${COURSEKIT:-/opt/coursekit}
newest_first="python3.14 python3.13 python3.12 python3.11 python3"
new_enough='import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11) or sys.version_info.releaselevel != "final")'
export DEBIAN_FRONTEND=noninteractive PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore

say() { echo "setup.sh: $*"; }

find_python() {
    local name
    for name in $newest_first; do
        if "$name" -c "$new_enough" 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    return 1
}

# A Python of its own where the system has none that is new enough: outside of root's home, which
# the user who grades cannot enter.
fetch_python() {
    python3 -m venv "$installed/uv"
    "$installed/uv/bin/pip" install -q uv
    UV_PYTHON_INSTALL_DIR=$installed/python "$installed/uv/bin/uv" python install -q 3.12
    ls -d "$installed"/python/cpython-3.12*/bin/python3.12 | head -n 1
}

rm -rf "$installed"
mkdir -p "$installed"
apt-get update -qq
apt-get install -y -qq --no-install-recommends python3 python3-venv ca-certificates >/dev/null
python=$(find_python) || { say "no Python from 3.11 up is here; fetching one"; python=$(fetch_python); }
say "$("$python" --version), $python"

"$python" -m venv "$installed"
pip() { "$installed/bin/pip" "$@"; }
if ! pip install -q -r "$source/requirements.txt" -c "$source/versions.txt"; then
    say "the versions of the instructor's machine cannot be had here; others are taken"
    pip install -q -r "$source/requirements.txt"
fi
site=$("$installed/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
cp -R "$source/packages/." "$site"
mkdir -p "$site/coursekit/problem_sets" # where there are none: the one that is graded lies in the course
"$installed/bin/python" -m compileall -q "$site/backprop" "$site/coursekit"

# What decides the hidden inputs is root's alone; nothing of it stays among the sources.
rm -rf "$installed/course"
mv "$source/course" "$installed/course"
chmod -R u=rwX,go= "$installed/course"
id -u coursekit >/dev/null 2>&1 || useradd --system --no-create-home --shell /usr/sbin/nologin coursekit

# An empty hand-in: whether grading works here is seen now, and not by the first student.
trial=$(mktemp -d)
mkdir -p "$trial/submission"
cp "$installed"/course/release/*/*.ipynb "$trial/submission"
AUTOGRADER=$trial bash "$source/run_autograder"
say "an untouched release comes to:"
head -c 2000 "$trial/results/results.json"
rm -rf "$trial"
