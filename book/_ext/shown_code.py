"""Let a figure come before the code that drew it, and name the bar that unfolds the code.

MyST-NB puts the folded code of a cell above its output, behind a bar that is called "Toggle hidden
content" to who hears the page, whatever it says to who sees it.
"""

from html import escape

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.transforms.post_transforms import SphinxPostTransform

AFTER_HIDING = 200
"""MyST-NB folds code away at 199."""


class FiguresFirst(SphinxPostTransform):
    """Move folded code below what its cell shows, in HTML only."""

    formats = ("html",)
    default_priority = AFTER_HIDING

    def run(self, **kwargs) -> None:
        for folded in list(self.document.findall(HideCodeCellNode)):
            cell = folded.parent
            if "above-input" in folded["classes"] and cell.index(folded) < len(cell) - 1:
                cell.remove(folded)
                cell.append(folded)
                folded["classes"] = ["below-output"]


def visit_folded(translator, node: HideCodeCellNode) -> None:
    classes = " ".join(["admonition", "hide", *node["classes"]])
    show, hide = escape(node["prompt_show"]), escape(node["prompt_hide"])
    translator.body.append(
        f'<details class="{classes}">\n<summary>'
        f'<span class="collapsed admonition-title">{show}</span>'
        f'<span class="expanded admonition-title">{hide}</span></summary>\n'
    )


def depart_folded(translator, node: nodes.Element) -> None:
    translator.body.append("</details>\n")


def setup(app):
    app.setup_extension("myst_nb")
    app.add_node(HideCodeCellNode, override=True, html=(visit_folded, depart_folded))
    app.add_post_transform(FiguresFirst)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
