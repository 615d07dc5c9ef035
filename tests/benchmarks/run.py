"""Measure the training speed of the package against its peers: one table in one run.

    python -m tests.benchmarks.run [--rounds 7] [--threads 1] [--quick]

Run it from the root of the checkout.  The table is printed and written to
``tests/benchmarks/results/``, as Markdown to read and as JSON to compare.
"""

import argparse
import json
import os
import platform
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import metadata
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # NumPy must not be imported before set_threads has spoken
    from tests.benchmarks.contenders import Task

RESULTS = Path(__file__).parent / "results"
PEERS = ("numpy", "scikit-learn", "autograd", "torch", "threadpoolctl")


def main(arguments: Sequence[str] | None = None) -> None:
    """Parse the command line, measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7, help="how often each epoch is timed")
    parser.add_argument("--threads", type=int, default=1, help="threads of every contender")
    parser.add_argument(
        "--quick", action="store_true", help="512 examples, one round, nothing written"
    )
    options = parser.parse_args(arguments)
    set_threads(options.threads)
    report = measure(*((1, 512) if options.quick else (options.rounds, 60000)))
    report["environment"] = environment(options.threads)
    text = markdown(report)
    print(text)
    if not options.quick:
        RESULTS.mkdir(exist_ok=True)
        name = f"training_speed_{options.threads}_thread" + "s" * (options.threads > 1)
        (RESULTS / f"{name}.md").write_text(text, encoding="utf-8")
        (RESULTS / f"{name}.json").write_text(json.dumps(report, indent=1) + "\n", "utf-8")


def set_threads(threads: int) -> None:
    """Give every library the same number of threads, before NumPy is imported."""
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = str(threads)
    try:
        import torch
    except ImportError:
        return
    torch.set_num_threads(threads)


def measure(rounds: int, examples: int) -> dict:
    """Time every task with every contender, round by round, so that all meet the same weather."""
    from tests.benchmarks.breakdown import breakdown
    from tests.benchmarks.tasks import all_tasks

    rows = [epoch_row(task, rounds) for task in all_tasks(examples)]
    shares = [breakdown(task, rounds) for task in all_tasks(examples)]
    return {"rounds": rounds, "epochs": rows, "breakdown": shares}


def epoch_row(task: "Task", rounds: int) -> dict:
    """Median seconds of one epoch for each contender, and what the loops would take."""
    epochs = installed_epochs(task)
    warm_up = [seconds(epoch) for epoch in epochs.values()]
    repeats = max(1, round(0.1 / min(warm_up)))  # an epoch of milliseconds is timed many times
    times = {name: [] for name in epochs}
    for _ in range(rounds):
        for name, epoch in epochs.items():
            times[name].append(median(seconds(epoch) for _ in range(repeats)))
    return {
        "task": task.name,
        "seconds": {name: median(values) for name, values in times.items()},
        "spread": {name: [min(values), max(values)] for name, values in times.items()},
        "loops": loops_scaled(task),
    }


def installed_epochs(task: "Task") -> dict[str, Callable[[], object]]:
    """The contenders that can be imported, ready to train."""
    from tests.benchmarks.contenders import CONTENDERS

    epochs = {}
    for name, build in CONTENDERS.items():
        with suppress(ImportError):
            epochs[name] = build(task)
    return epochs


def loops_scaled(task: "Task") -> dict:
    """Seconds of the loops over units for a few examples, scaled to the epoch."""
    from tests.benchmarks.contenders import loops_epoch

    weights = sum(n_in * n_out for n_in, n_out in pairwise(task.sizes))
    few = max(1, 20000 // weights)
    epoch = loops_epoch(task, few)
    return {
        "seconds": median(seconds(epoch) for _ in range(3)) / few * len(task.X),
        "examples": few,
    }


def seconds(action: Callable[[], object]) -> float:
    """Seconds of one call: of the processor with one thread, else of the clock on the wall.

    With one thread both are the same on an idle machine.  On a shared one, processor time does not
    count the turns of other programs.
    """
    clock = time.process_time if os.environ["OMP_NUM_THREADS"] == "1" else time.perf_counter
    start = clock()
    action()
    return clock() - start


def environment(threads: int) -> dict:
    """Versions, processor and the BLAS kernels that were really used."""
    versions = {}
    for peer in PEERS:
        try:
            versions[peer] = metadata.version(peer)
        except metadata.PackageNotFoundError:
            versions[peer] = None
    return {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "processors": os.cpu_count(),
        "threads": threads,
        "versions": versions,
        "blas": blas_kernels(),
    }


def blas_kernels() -> list[str]:
    """Kernel and number of threads of each loaded thread pool, as threadpoolctl tells them."""
    try:
        from threadpoolctl import threadpool_info
    except ImportError:
        return ["threadpoolctl is not installed"]
    return [
        f"{pool['internal_api']} {pool['version'] or ''} "
        f"{pool.get('architecture') or ''} {pool['num_threads']} thread(s)"
        for pool in threadpool_info()
    ]


def markdown(report: dict) -> str:
    """Lay the report out as two tables."""
    env = report["environment"]
    versions = ", ".join(f"{name} {version}" for name, version in env["versions"].items())
    lines = [
        "# Speed of training",
        "",
        f"Seconds for one training epoch, median of {report['rounds']} rounds; in each round all",
        "contenders take turns. In brackets: how many times as long as this package.",
        "With one thread this is processor time, with more it is the time on the clock.",
        "The loops compute the gradients of a few examples only, without updates; their time is",
        "scaled to the whole epoch.",
        "",
        f"Python {env['python']} on {env['machine']}, {env['processors']} processors, "
        f"{env['threads']} thread(s) for each contender.",
        f"{versions}.",
        f"Thread pools: {'; '.join(env['blas'])}.",
        "",
        *table(epoch_header(report), [epoch_cells(row) for row in report["epochs"]]),
        "",
        "Where the time goes: share of an epoch in each part, and the backward pass (with the",
        "backward pass of the loss) against the forward pass (with the loss).",
        "The products are the same matrix products alone, timed apart.",
        "",
        *table(
            ["task", *report["breakdown"][0]["shares"], "backward / forward"],
            [breakdown_cells(row) for row in report["breakdown"]],
        ),
        "",
    ]
    return "\n".join(lines)


def table(header: list[str], rows: list[list[str]]) -> list[str]:
    """Lay out a Markdown table."""
    rule = ["---"] + ["---:"] * (len(header) - 1)
    return [f"| {' | '.join(cells)} |" for cells in (header, rule, *rows)]


def epoch_header(report: dict) -> list[str]:
    """Columns of the table of epochs."""
    return ["task", *report["epochs"][0]["seconds"], "loops, scaled"]


def epoch_cells(row: dict) -> list[str]:
    """One line of the table of epochs."""
    ours = row["seconds"]["backprop"]
    cells = [
        f"{value:.3f}" if name == "backprop" else f"{value:.3f} ({value / ours:.2f})"
        for name, value in row["seconds"].items()
    ]
    return [row["task"], *cells, f"{row['loops']['seconds']:.0f} ({_rounded(row, ours)})"]


def _rounded(row: dict, ours: float) -> str:
    return f"{row['loops']['seconds'] / ours:.0f}"


def breakdown_cells(row: dict) -> list[str]:
    """One line of the table of shares."""
    shares = [f"{100 * share:.0f} %" for share in row["shares"].values()]
    return [row["task"], *shares, f"{row['backward_over_forward']:.2f}"]


if __name__ == "__main__":
    main()
