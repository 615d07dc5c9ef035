"""Look for the causes of several exercises at once, in processes beside this one.

A release asks for all of them, one after the other, which takes a minute or two the first time.
Each process writes what it finds where the release looks first, so a process that ends too early
costs time and nothing else. ``python -m coursekit.authoring.causes_ahead MASTER`` is such a
process: it reads names of exercises, and answers each with an empty line when it is through.
"""

import inspect
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue

from coursekit.authoring.causes import CalledCauses, solutions_of
from coursekit.authoring.kept_causes import kept_causes, path_of
from coursekit.authoring.masters import Master, PlacedExercise, read_master
from coursekit.authoring.tasks import make_task, public_rng
from coursekit.machine import usable_cores


def look_for_causes(
    master: Master, begin: Callable[[str], object] = lambda exercise: None, cores: int = 0
) -> None:
    """Have the causes looked for that are not known yet, where there is more than one core.

    Parameters
    ----------
    master : Master
    begin : callable
        Is told each exercise when its turn comes.
    cores : int
        How many processes; by default as many as this process may use cores.
    """
    unknown = unknown_causes(master)
    processes = min(cores or usable_cores(), len(unknown))
    if processes < 2:
        return
    waiting: SimpleQueue[str] = SimpleQueue()
    for exercise in unknown:
        waiting.put(exercise)
    with ThreadPoolExecutor(processes) as threads:
        for _ in range(processes):
            threads.submit(one_process, master.path, waiting, begin)


def unknown_causes(master: Master) -> list[str]:
    """The exercises whose causes are not kept, and would be if they were found.

    Those with the longest solutions, which take longest, stand first: begun last, one of them
    would have the other processes wait.
    """
    with suppress(OSError):
        unknown = [
            exercise
            for exercise in master.exercises
            if (called := causes_of(exercise)) is not None and not path_of(called).exists()
        ]
        return [exercise.id for exercise in sorted(unknown, key=length_of_solutions, reverse=True)]
    return []  # there is nowhere to keep them


def length_of_solutions(exercise: PlacedExercise) -> int:
    return sum(len(inspect.getsource(solution)) for solution in solutions_of(exercise))


def causes_of(exercise: PlacedExercise) -> CalledCauses | None:
    """The causes that a release asks for; None where it asks for none."""
    if exercise.declaration.personal:
        return None
    causes = make_task(exercise, public_rng(exercise.id), public=True).causes
    return causes if isinstance(causes, CalledCauses) else None


def one_process(master: Path, waiting: "SimpleQueue[str]", begin: Callable[[str], object]) -> None:
    """Give a process one exercise after the other, until none waits or it has ended."""
    command = [sys.executable, "-m", __name__, str(master)]
    pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
    with (
        subprocess.Popen(
            command, stdin=pipe, stdout=pipe, stderr=nothing, encoding="utf-8"
        ) as process,
        suppress(Empty, BrokenPipeError),
    ):
        assert process.stdin is not None
        assert process.stdout is not None
        while True:
            exercise = waiting.get_nowait()
            begin(exercise)
            print(exercise, file=process.stdin, flush=True)
            if not process.stdout.readline():
                return


def main(arguments: Sequence[str]) -> None:
    exercises = {exercise.id: exercise for exercise in read_master(Path(arguments[0])).exercises}
    for line in sys.stdin:
        called = causes_of(exercises[line.strip()])
        if called is not None:
            kept_causes(called)
        print(flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
