"""Grade classes of mutated notebooks: each is graded, or is 0 with a reason, and none is lost.

python -m tests.coursekit.fuzz_judging --count 400 --minutes 15
"""

import argparse
import shutil
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import nbformat
from tests.coursekit.attacks.courses import grade, our_course
from tests.coursekit.fuzzing import mutated

from coursekit.courses import Course
from coursekit.grading.results import FAILED, GRADER_ERROR, Result
from coursekit.nbgrader_out.gradebook import read_scores
from coursekit.submissions.rebuild import rebuild

CLASS_SIZE = 50


@dataclass(frozen=True)
class Judged:
    """What became of one mutant.

    Attributes
    ----------
    steps : str
        How it was made.
    result : Result
    readable : bool
        Whether any cell could be read.
    problems : tuple of str
        Against the promise.
    """

    steps: str
    result: Result
    readable: bool
    problems: tuple[str, ...]


def judged_classes(folder: Path, count: int, seed: int, jobs: int = 2) -> Iterator[Judged]:
    """Grade mutants, a class after the other in one course."""
    course = our_course(folder, names=())
    given = nbformat.read(course.release("target") / "target.ipynb", as_version=4)
    mutants = mutated(count, seed, given)
    number = 0
    while one_class := list(islice(mutants, CLASS_SIZE)):
        names = [f"m{number + k:05}" for k in range(len(one_class))]
        number += len(one_class)
        yield from judged_class(course, given, dict(zip(names, one_class, strict=True)), jobs)


def judged_class(
    course: Course, given: nbformat.NotebookNode, mutants: dict[str, tuple[bytes, str]], jobs: int
) -> Iterator[Judged]:
    shutil.rmtree(course.submitted(), ignore_errors=True)
    for student, (content, _) in mutants.items():
        place = course.submitted() / student / "target" / "target.ipynb"
        place.parent.mkdir(parents=True)
        place.write_bytes(content)
    results, scores = grade(course, jobs), read_scores(course, "target")
    for student, (content, steps) in mutants.items():
        readable = rebuild(given, content).readable
        problems = list(problems_of(results[student], readable))
        if student not in scores or scores[student].score != results[student].score:
            problems.append("the gradebook says something else")
        if not course.feedback(student, "target").is_file():
            problems.append("there is no feedback page")
        yield Judged(steps, results[student], readable, tuple(problems))


def problems_of(result: Result, readable: bool) -> Iterator[str]:
    """What a result says against the promise: graded, or 0 with a reason."""
    if result.fault:
        yield result.fault
    if not 0 <= result.score <= result.max_score == 4:
        yield f"{result.score} of {result.max_score} points"
    if not readable and (result.score or not result.oddities):
        yield "unreadable, and it has points or no reason is given"
    for exercise in result.exercises:
        if exercise.outcome == GRADER_ERROR:
            yield f"grader error in {exercise.id}: {exercise.message}"
        if exercise.outcome == FAILED and not exercise.message:
            yield f"{exercise.id} failed without a reason"


def kind_of(judged: Judged) -> str:
    if judged.problems:
        return "with a problem"
    if not judged.readable:
        return "unreadable, 0 with the reason"
    return "with points" if judged.result.score else "graded 0, with the reasons"


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--count", type=int, default=400, help="at most so many")
    options.add_argument("--minutes", type=float, default=15.0, help="no class starts after these")
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--jobs", type=int, default=2)
    chosen, began, kinds = options.parse_args(), time.monotonic(), Counter()
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory(prefix="fuzzing-") as folder:
        mutants = judged_classes(Path(folder) / "course", chosen.count, chosen.seed, chosen.jobs)
        for number, judged in enumerate(mutants, 1):
            kinds[kind_of(judged)] += 1
            for problem in judged.problems:
                print(f"{judged.result.student} ({judged.steps}): {problem}", flush=True)
            if number % CLASS_SIZE == 0:
                seconds = time.monotonic() - began
                print(f"{number} judged in {seconds:.0f} s: {dict(kinds)}", flush=True)
                if seconds > 60 * chosen.minutes:
                    break
    print(f"{kinds.total()} judged in {time.monotonic() - began:.0f} s")
    print("\n".join(f"{count:6} {kind}" for kind, count in sorted(kinds.items())))
    return 1 if kinds["with a problem"] else 0


if __name__ == "__main__":
    sys.exit(main())
