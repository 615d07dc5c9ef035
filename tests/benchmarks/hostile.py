"""How long a class waits for those who would hold it up, and whether anybody loses a point.

    python -m tests.benchmarks.hostile [--honest 60] [--rounds 3] [--jobs 3]

The same honest submissions of problem set 1 are graded twice in each round: alone, and with twenty
that try to use up the machine. Their first function is hostile, and all others are right. The run
may take as long as the honest ones alone and, for each of the others, the limit of a submission,
divided among the processes; how much less it takes is printed. The status is 1 if an honest score
is another one than alone, if a hostile one got a point for its first function, or if there was a
grader error. Who uses up the time of a submission loses what was not judged by then: these are
counted.
"""

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import nbformat
from tests.benchmarks.grading import PROGRAMS, hand_in, new_course, timed

from coursekit.authoring.release import read_problem_set
from coursekit.courses import Course
from coursekit.demo import sample_answers
from coursekit.demo.sample_class import answered, source_as
from coursekit.grading.results import GRADER_ERROR, OPEN
from coursekit.grading.settings import Settings
from coursekit.sandbox.limits import Limits

RESULT = Path(__file__).parent / "results" / "hostile.md"
ATTACKED = "ps1-logistic"

HOSTILE = {
    "endless-cell": "while True: pass",
    "endless-call": """\
def logistic(z):
    while True:
        try:
            while True: pass
        except BaseException: pass""",
    "endless-sleep": "import time\ndef logistic(z): time.sleep(10**6)",
    "endless-wait": "import threading\ndef logistic(z): threading.Event().wait()",
    "stops-itself": "import os, signal\ndef logistic(z): os.kill(os.getpid(), signal.SIGSTOP)",
    "just-below-the-limit": """\
import time
def logistic(z):
    end = time.process_time() + 4.5
    while time.process_time() < end: pass
    return 1 / (1 + np.exp(-z))**2""",
    "fork-bomb": """\
import os
def logistic(z):
    while True:
        try: os.fork()
        except OSError: pass""",
    "orphan": """\
import os
def logistic(z):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            while True: pass
        os._exit(0)
    return z""",
    "thousand-threads": """\
import threading
def logistic(z):
    def spin():
        while True: pass
    for _ in range(1000): threading.Thread(target=spin).start()
    return z""",
    "all-memory": """\
def logistic(z):
    kept = []
    while True: kept.append(np.ones(10**6))""",
    "huge-result": "def logistic(z): return np.zeros(10**8)",
    "many-results": "def logistic(z): return [[k] * 10 for k in range(10**6)]",
    "output-without-end": "def logistic(z):\n    while True: print('x' * 1000)",
    "full-disk": """\
def logistic(z):
    for k in range(10**6):
        with open(f'file-{k}', 'wb') as file: file.write(bytes(2**20))""",
    "recursion": "def logistic(z): return logistic(z)",
    "deep-crash": """\
import sys
sys.setrecursionlimit(10**9)
def logistic(z): return [logistic(z)]""",
    "backtracking": "import re\ndef logistic(z): re.match('(a+)+$', 'a' * 60 + 'b')",
    "huge-power": "def logistic(z): return 3 ** (10 ** 10)",
    "product-in-c": """\
def logistic(z):
    big = np.ones((4000, 4000))
    while True: big = big @ big""",
    "slow-to-print": """\
class Slow(Exception):
    def __str__(self):
        while True: pass
def logistic(z): raise Slow""",
}


@dataclass(frozen=True)
class Run:
    """Seconds on the clock of a class run, and what came out by student."""

    seconds: float
    results: dict[str, dict]

    def score(self, student: str) -> float:
        return self.results[student]["score"]

    def errors(self) -> list[str]:
        """Students for whom the grader failed."""
        return [
            name
            for name, result in self.results.items()
            if result["fault"]
            or any(one["outcome"] == GRADER_ERROR for one in result["exercises"].values())
        ]


def hand_in_hostile(course: Course) -> None:
    """Have the hostile ones hand in: the first function attacks, the others are right."""
    given = nbformat.read(course.release("ps1") / "ps1.ipynb", as_version=4)
    exercises = read_problem_set(course, "ps1").exercises
    answers = {
        exercise.id: source_as(exercise, getattr(sample_answers, exercise.reference.name))
        for exercise in exercises
    }
    for name, attack in HOSTILE.items():
        folder = course.submitted() / name / "ps1"
        folder.mkdir(parents=True, exist_ok=True)
        notebook = answered(given, answers | {ATTACKED: attack})
        nbformat.write(notebook, folder / "ps1.ipynb")


def graded(course: Course, jobs: int) -> Run:
    """Grade the class from the beginning."""
    shutil.rmtree(course.results("ps1"), ignore_errors=True)
    file = course.root / "results.json"
    command = [str(PROGRAMS / "course"), "grade", "ps1", "--jobs", str(jobs), "--json", str(file)]
    seconds = timed(command, course.root).seconds
    return Run(seconds, json.loads(file.read_text(encoding="utf-8")))


def wrong(alone: Run, mixed: Run) -> list[str]:
    """What must not be: an honest point lost, one earned by an attack, a grader error."""
    found = [f"{name}: grader error" for name in (*alone.errors(), *mixed.errors())]
    found += [
        f"{name}: {alone.score(name):g} alone, {mixed.score(name):g} beside the hostile"
        for name in alone.results
        if alone.score(name) != mixed.score(name)
    ]
    earned = {name: mixed.results[name]["exercises"][ATTACKED]["points"] for name in HOSTILE}
    found += [f"{name}: {points:g} for {ATTACKED}" for name, points in earned.items() if points]
    return found


def ran_out(run: Run) -> list[str]:
    """The hostile ones that lost points of other exercises, too."""
    return [
        name
        for name in HOSTILE
        if any(
            one["outcome"] != OPEN and one["points"] < one["max_points"]
            for exercise, one in run.results[name]["exercises"].items()
            if exercise != ATTACKED
        )
    ]


def page(alone: list[Run], mixed: list[Run], jobs: int) -> Iterator[str]:
    """The result in Markdown."""
    limit, most = Limits().submission_seconds, len(HOSTILE)
    first, second = (median(run.seconds for run in runs) for runs in (alone, mixed))
    measured = "one round" if len(alone) == 1 else f"medians of {len(alone)} rounds"
    yield "# A class with twenty who would hold it up\n"
    yield (
        f"`course grade ps1` with {jobs} processes, {len(alone[0].results)} honest submissions, "
        f"and {most} that use up what they can: {measured}.\n"
    )
    yield "| | seconds |\n| --- | ---: |"
    yield f"| the honest alone | {first:.1f} |"
    yield f"| with the hostile | {second:.1f} |"
    yield f"| a hostile one, by this | {(second - first) / most:.1f} |"
    yield f"| the most that all may take: {limit:g} s each, in {jobs} processes | " + (
        f"{first + most * limit / jobs:.0f} |"
    )
    yield f"\nWhat they try: {', '.join(HOSTILE)}."
    yield f"Out of time before all was judged: {', '.join(ran_out(mixed[-1])) or 'nobody'}."


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--honest", type=int, default=60)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--jobs", type=int, default=Settings().jobs)
    options.add_argument("--out", type=Path, default=RESULT)
    chosen = options.parse_args()
    alone, mixed, found = [], [], []
    with tempfile.TemporaryDirectory(prefix="hostile-") as name:
        for number in range(chosen.rounds):
            course = new_course(Path(name) / f"{number}")
            hand_in(course, chosen.honest)
            graded(course, chosen.jobs)  # tests the sandbox, and compiles
            alone.append(graded(course, chosen.jobs))
            hand_in_hostile(course)
            mixed.append(graded(course, chosen.jobs))
            found += wrong(alone[-1], mixed[-1])
            print(f"{alone[-1].seconds:.1f} s alone, {mixed[-1].seconds:.1f} s with the hostile")
    text = "\n".join(page(alone, mixed, chosen.jobs)) + "\n"
    chosen.out.write_text(text, encoding="utf-8")
    print(text, *found, sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
