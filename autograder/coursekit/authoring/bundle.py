"""Join the modules of :mod:`coursekit.checks` into the one file that students get."""

import ast
from collections.abc import Iterable
from pathlib import Path

import coursekit

MODULES = (
    "worker/failing_line",
    "worker/trees",
    "worker/kept_answers",
    "checks/cell_names",
    "checks/answer_cells",
    "checks/values",
    "worker/personal",
    "checks/words",
    "checks/model",
    "checks/imports",
    "checks/held_out",
    "checks/compare",
    "checks/pictures",
    "checks/prints",
    "checks/causes",
    "checks/sealed",
    "checks/asides",
    "checks/whereabouts",
    "checks/cuts",
    "checks/patterns",
    "checks/diagnosis",
    "checks/overheard",
    "checks/calling",
    "checks/bounded",
    "checks/swaps",
    "checks/edits",
    "checks/one_change",
    "checks/hints",
    "checks/attempt_log",
    "checks/saved_notebook",
    "checks/case_file",
    "checks/commands",
)
"""In the order in which they build on each other."""

ANY_MODULE = "MODULES: frozenset[str] = frozenset()"
"""The line of :mod:`coursekit.checks.imports` that a release fills in."""

HEADER = '''"""Check your functions, and ask for hints. Needs NumPy and nothing else.

    from checks import check, hint

    check(output_deltas)   # does it do what the exercise asks, on the public cases?
    hint(output_deltas)    # if not: what does the mistake look like?

Nothing here is secret. The public cases lie in the .npz file beside this one; grading calls
your function with other inputs.
"""

from __future__ import annotations

import sys

if sys.version_info < (3, 11):
    raise SystemExit(
        "Python 3.11 or newer is needed, and this is Python %d.%d. The README beside this "
        "notebook says how to set up a newer one." % sys.version_info[:2]
    )
'''


def bundle_checks(available: Iterable[str] = ()) -> str:
    """Source of ``checks.py``: the modules one after the other, their imports merged in front.

    Parameters
    ----------
    available : iterable of str
        Modules that grading has beside the standard library; by default any.
    """
    folder = Path(coursekit.__file__).parent
    imports, bodies = set(), []
    for name in MODULES:
        source = (folder / f"{name}.py").read_text(encoding="utf-8")
        found, body = split_imports(source)
        imports |= found
        bodies.append(body)
    named = "".join(f"    {name!r},\n" for name in sorted(available))
    bodies = [
        body.replace(ANY_MODULE, f"MODULES = frozenset((\n{named}))") if named else body
        for body in bodies
    ]
    plain = sorted(line for line in imports if not line.endswith("as np"))
    return (
        "\n".join([HEADER, *plain, "", "import numpy as np", "", "", "\n\n\n".join(bodies)]) + "\n"
    )


def split_imports(source: str) -> tuple[set[str], str]:
    """The import lines that lead outside, and the text behind the last import."""
    lines, tree = source.splitlines(), ast.parse(source)
    statements = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    outside = {
        ast.unparse(node)
        for node in statements
        if not (
            isinstance(node, ast.ImportFrom)
            and (node.module or "").startswith(("coursekit", "__future__"))
        )
    }
    return outside, "\n".join(lines[statements[-1].end_lineno :]).strip("\n")
