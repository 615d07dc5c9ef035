"""What a student reads on the feedback page about the file that was handed in."""

import copy
import re
from collections.abc import Sequence

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from coursekit.names import shown

ID = "about-the-file"
UNFIT = re.compile(r"[^\w .,;:()+%'/=-]")
"""What of a name or of a reason might act in Markdown, HTML or a formula."""


def with_note(notebook: NotebookNode, advice: Sequence[str]) -> NotebookNode:
    """A copy of a notebook in which these sentences stand first; the notebook if there are none.

    They stand in a cell, because nbgrader's own commands show nothing but cells. A cell without
    an identity of nbgrader's has no points, and is not taken over when a notebook is rebuilt.
    """
    if not advice:
        return notebook
    cell = new_markdown_cell(words(advice), id=ID)
    if notebook.nbformat_minor < 5:  # then cells have no ids
        del cell["id"]
    noted = copy.copy(notebook)
    noted["cells"] = [cell, *notebook.cells]
    return noted


def words(advice: Sequence[str]) -> str:
    plain = (UNFIT.sub("_", shown(sentence)).replace("//", "/") for sentence in advice)
    lines = "\n".join(f"- {sentence}." for sentence in plain)
    return f"**About the file that you handed in**\n\n{lines}"
