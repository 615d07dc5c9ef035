"""Keep a formula and the punctuation behind it on one line.

To a browser a formula is a box, and a line may end after a box: a full stop or a closing quote
could begin the next one.
"""

import re

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

CLOSING = re.compile(r"[.,;:!?)\]’”…]+")


def keep_together(formula: nodes.math) -> None:
    """Wrap a formula and the punctuation behind it, if there is any.

    Nodes of text that say the same are equal: the place is found by what stands there, not by
    its words.
    """
    paragraph = formula.parent
    place = next(k for k, child in enumerate(paragraph.children) if child is formula)
    behind = paragraph[place + 1] if place + 1 < len(paragraph) else None
    mark = CLOSING.match(behind) if isinstance(behind, nodes.Text) else None
    if mark:
        together = nodes.inline("", "", formula, nodes.Text(mark.group()), classes=["together"])
        paragraph[place : place + 2] = [together, nodes.Text(behind[mark.end() :])]


class KeepTogether(SphinxPostTransform):
    """Wrap all formulas of a page that are followed by punctuation, in HTML only."""

    formats = ("html",)
    default_priority = 900

    def run(self, **kwargs) -> None:
        for formula in list(self.document.findall(nodes.math)):
            keep_together(formula)


def setup(app):
    app.add_post_transform(KeepTogether)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
