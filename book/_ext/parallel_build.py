"""Read and write pages on all cores: Jupyter Book's command has no option for it.

Sphinx forks processes for it. On Windows it works in one, whatever is asked for.

When one of them fails, Sphinx asks the others to end. One that has executed a page does not: what
talks to kernels has taken the signal for itself. It would wait for ever to hand its pages over, and
the build for its end; and what failed while pages are still handed out would be passed over. So
the others are killed, and what failed ends the build.
"""

import multiprocessing
import sys

from sphinx.util.parallel import ParallelTasks

from coursekit.machine import usable_cores

UNDECLARED = ("sphinx_multitoc_numbering", "sphinx_jupyterbook_latex")
"""Extensions that do not say whether they allow it.

The first numbers pages after all are read, the second acts when LaTeX is written.
"""


def declare_safe(app, config) -> None:
    for name in UNDECLARED:
        app.extensions[name].parallel_read_safe = True


def end_all(tasks: ParallelTasks) -> None:
    """End the processes that are left, and let what made this necessary go on."""
    for task in list(tasks._precvs):
        process = tasks._procs.pop(task)
        process.kill()
        process.join()
        tasks._result_funcs.pop(task, None)
        tasks._precvs.pop(task)
        tasks._pworking -= 1
    if (error := sys.exc_info()[1]) is not None:
        raise error


def end_left_over(app, exception) -> None:
    """End readers that nobody waits for: Python would, before it exits."""
    for process in multiprocessing.active_children():
        process.kill()


def write_on_all_cores(app, builder) -> None:
    """Sphinx lets one core wait for who hands pages over, which is done long before the writing."""
    if app.parallel > 1:
        app.parallel = usable_cores() + 1


def setup(app):
    app.connect("build-finished", end_left_over)
    ParallelTasks.terminate = end_all
    app.parallel = usable_cores()
    app.connect("config-inited", declare_safe)
    app.connect("write-started", write_on_all_cores)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
