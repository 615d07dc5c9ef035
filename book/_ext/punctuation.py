"""Keep a formula and the punctuation behind it on one line.

To a browser a formula is a box, and a line may end after a box: a full stop or a closing quote
could begin the next one.
"""

import re

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

CLOSING = re.compile(r"[.,;:!?)\]’”…]+")


def keep_together(formula: nodes.math) -> None:
    """Wrap a formula and the punctuation behind it, if there is any."""
    behind = formula.next_node(descend=False, siblings=True)
    mark = CLOSING.match(behind) if isinstance(behind, nodes.Text) else None
    if mark:
        together = nodes.inline("", "", classes=["together"])
        behind.parent.replace(behind, nodes.Text(behind[mark.end() :]))
        formula.replace_self(together)
        together += [formula, nodes.Text(mark.group())]


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
