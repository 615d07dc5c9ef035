"""Kill class runs with SIGKILL at random moments, resume them, and compare what comes of it.

    python -m tests.coursekit.crashes --moments 100

A run is a fork of this process, which has all imported already, so that most moments fall into
grading and not into the start of Python.
"""

import argparse
import contextlib
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import nbformat
from tests.coursekit.tiers import first_tier

from coursekit.courses import Course, init_course

GUIDE = Path(__file__).resolve().parents[2] / "book" / "teaching" / "own_exercise"
RIGHT = "def leaky(z, slope):\n    return np.maximum(z, slope * z)"
ANSWERS = {
    "ada": RIGHT,
    "ben": "def leaky(z, slope):\n    return slope * z",
    "cleo": "def leaky(z, slope):\n    print(z)\n    1 / 0",
    "dan-late": RIGHT + "  # late",
    "eve-late": "def leaky(z, slope):\n    return np.where(z > 0, z, z * slope)",
    "fay": "",
}
LATE_CONFIG = "\nc.LateSubmissionPlugin.penalty_method = 'zero'\n"


def new_course(folder: Path) -> Course:
    """A course with six submissions of a small problem set, two of them late."""
    from nbgrader.api import Gradebook

    from coursekit.authoring.release import release
    from coursekit.nbgrader_out.converters import programs_on_path

    course = init_course(folder)
    course.config.write_text(
        course.config.read_text(encoding="utf-8") + LATE_CONFIG, encoding="utf-8"
    )
    shutil.copytree(GUIDE, course.root / "exercises", dirs_exist_ok=True)
    released = nbformat.read(release(course, "mine") / "mine.ipynb", as_version=4)
    with programs_on_path(), Gradebook(f"sqlite:///{course.gradebook}") as gradebook:
        gradebook.update_or_create_assignment("mine", duedate="2027-01-10 12:00:00.000000 UTC")
    for student, answer in ANSWERS.items():
        hand_in(course, student, released, answer)
    return course


def hand_in(course: Course, student: str, notebook: nbformat.NotebookNode, answer: str) -> None:
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = answer
    folder = course.submitted() / student / "mine"
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / "mine.ipynb")
    day = "11" if "late" in student else "09"
    (folder / "timestamp.txt").write_text(f"2027-01-{day} 12:00:00 UTC", encoding="utf-8")


def start_run(course: Course) -> int:
    """Start a class run in a fork; returns its process id."""
    tier = first_tier()
    pid = os.fork()
    if pid:
        return pid
    try:
        from coursekit.course_lock import only_run
        from coursekit.grading.class_run import ClassRun, Settings, remove_leftovers

        os.setpgid(0, 0)
        with only_run(course):
            remove_leftovers(course, "mine")
            run = ClassRun(course, "mine", Settings(2, tier))
            results = list(run.grade(course.students("mine")))
        os._exit(0 if all(result.final for result in results) else 3)
    except BaseException as error:
        print(f"class run: {type(error).__name__}: {error}", file=sys.stderr)
        os._exit(4)


def finish(course: Course) -> int:
    """A whole run; returns its exit status."""
    return os.waitstatus_to_exitcode(os.waitpid(start_run(course), 0)[1])


def kill_after(course: Course, seconds: float) -> bool:
    """Start a run and kill it after a time; whether it was killed and had not ended before."""
    pid = start_run(course)
    time.sleep(seconds)
    os.kill(pid, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(pid, 0)[1])


def dump(course: Course) -> dict[str, object]:
    """What must not depend on a crash: grades, comments, penalties, notebooks, files."""
    from coursekit.nbgrader_out.gradebook import read_grades

    root = course.root
    return {
        "gradebook": read_grades(course, "mine"),
        "autograded": {
            str(path.relative_to(root)): path.read_text(encoding="utf-8")
            for path in sorted(root.glob("autograded/*/*/*.ipynb"))
        },
        "feedback": sorted(str(path.relative_to(root)) for path in root.glob("feedback/*/*/*")),
        "results": sorted(path.name for path in course.results("mine").iterdir()),
        "left over": [str(path) for path in root.rglob("*.tmp")],
    }


@contextlib.contextmanager
def prepared() -> Iterator[tuple[Course, Path]]:
    """A course that was not graded yet, and a folder for copies of it."""
    with tempfile.TemporaryDirectory(prefix="crashes-") as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield new_course(Path(folder) / "course"), Path(folder)


def copy_of(course: Course, folder: Path, name: str) -> Course:
    copy = folder / name
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(course.root, copy)
    return Course(copy)


def differences(moments: int, seed: int = 0) -> Iterator[tuple[float, str]]:
    """Kill a run at a number of moments; yields moment and what differed after the resume."""
    chance = random.Random(seed)
    with prepared() as (fresh, folder):
        course = copy_of(fresh, folder, "run")
        began = time.monotonic()
        assert finish(course) == 0
        whole, expected = time.monotonic() - began, dump(course)
        for _ in range(moments):
            course = copy_of(fresh, folder, "run")
            moment = chance.uniform(0, whole)
            kill_after(course, moment)
            if chance.random() < 0.3:
                kill_after(course, chance.uniform(0, whole))
            status = finish(course)
            yield moment, compared(dump(course), expected, status)


def compared(found: dict[str, object], expected: dict[str, object], status: int) -> str:
    wrong = [
        f"{name}: {found[name]} instead of {expected[name]}"
        for name in expected
        if found[name] != expected[name]
    ]
    wrong += [f"exit status {status}"] if status else []
    return "; ".join(wrong)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--moments", type=int, default=100)
    options.add_argument("--seed", type=int, default=0)
    chosen, failures = options.parse_args(), 0
    for number, (moment, wrong) in enumerate(differences(chosen.moments, chosen.seed), 1):
        failures += bool(wrong)
        print(f"{number:4}  killed after {moment:5.2f} s  {wrong or 'same'}", flush=True)
    print(f"{chosen.moments} moments, {failures} with a difference")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
