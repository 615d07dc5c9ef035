"""Read and write pages on all cores: Jupyter Book's command has no option for it.

Sphinx forks processes for it. On Windows it works in one, whatever is asked for.
"""

import os

UNDECLARED = ("sphinx_multitoc_numbering", "sphinx_jupyterbook_latex")
"""Extensions that do not say whether they allow it.

The first numbers pages after all are read, the second acts when LaTeX is written.
"""


def declare_safe(app, config) -> None:
    for name in UNDECLARED:
        app.extensions[name].parallel_read_safe = True


def usable_cores() -> int:
    """The cores that this process may use; where the system does not say, those that there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def setup(app):
    app.parallel = usable_cores()
    app.connect("config-inited", declare_safe)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
