"""Read and write pages on all cores: Jupyter Book's command has no option for it.

Sphinx forks processes for it. On Windows it works in one, whatever is asked for.
"""

from coursekit.machine import usable_cores

UNDECLARED = ("sphinx_multitoc_numbering", "sphinx_jupyterbook_latex")
"""Extensions that do not say whether they allow it.

The first numbers pages after all are read, the second acts when LaTeX is written.
"""


def declare_safe(app, config) -> None:
    for name in UNDECLARED:
        app.extensions[name].parallel_read_safe = True


def setup(app):
    app.parallel = usable_cores()
    app.connect("config-inited", declare_safe)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
