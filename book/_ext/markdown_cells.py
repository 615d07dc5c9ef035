"""Write a page of the book as the cells of a notebook: plain Markdown, and code.

The source of a page has directives, labels and numbers that only the build knows. So the cells are
written from what the build made of it: references are resolved, numbers stand there, formulas are
TeX again, as every notebook shows them. What a cell drew is left out; running it draws it again.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from types import SimpleNamespace

from docutils import nodes
from readable import text_of
from sphinx import addnodes
from sphinx.util.math import get_node_equation_number
from sphinx_design.dropdown import dropdown_main, dropdown_title
from sphinx_design.tabs import sd_tab_label

MARKS = re.compile(r"([\\`*_$<>\[\]])")
"""Characters that mean something in Markdown."""
UNSHOWN = (nodes.comment, nodes.raw, nodes.image, nodes.target, addnodes.index, addnodes.toctree)
BESIDE = {nodes.emphasis: "*", nodes.strong: "**"}


@dataclass(frozen=True)
class Cell:
    """Markdown, or the code of a cell."""

    text: str
    code: bool = False


@dataclass(frozen=True)
class Writer:
    """Writes pages.

    Attributes
    ----------
    place : callable
        The full address of a link of the page, or None for what has none outside of the site.
    numbers : SimpleNamespace
        What Sphinx asks for the number of an equation.
    """

    place: Callable[[str], str | None]
    numbers: SimpleNamespace

    def cells(self, page: nodes.document) -> list[Cell]:
        """Texts between two cells of code are one cell."""
        found: list[Cell] = []
        for cell in self._cells(page, 1):
            if cell.code or not found or found[-1].code:
                found.append(cell)
            else:
                found[-1] = Cell(f"{found[-1].text}\n\n{cell.text}")
        return found

    def _cells(self, parent: nodes.Element, level: int) -> Iterator[Cell]:
        for node in parent.children:
            if isinstance(node, nodes.section):
                yield from self._cells(node, level + 1)
            elif isinstance(node, nodes.title):
                yield Cell(f"{'#' * (level - 1)} {self.inline(node)}")
            elif is_cell(node):
                yield from self._of_cell(node)
            elif text := self.block(node):
                yield Cell(text)

    def _of_cell(self, cell: nodes.Element) -> Iterator[Cell]:
        for source in cell.findall(nodes.literal_block):
            if "cell_input" in source.parent["classes"]:
                yield Cell(source.astext(), code=True)
        for caption in cell.findall(nodes.caption):
            yield Cell(f"*{self.inline(caption)}*")

    def blocks(self, parent: nodes.Element) -> str:
        return "\n\n".join(filter(None, map(self.block, parent.children)))

    def block(self, node: nodes.Node) -> str:
        """What stands on lines of its own."""
        match node:
            case nodes.paragraph() | nodes.term():
                return self.inline(node)
            case nodes.rubric() | nodes.title() | sd_tab_label():
                return f"**{self.inline(node)}**"
            case nodes.caption():
                return f"*{self.inline(node)}*"
            case nodes.math_block():
                return f"$$\n{node.astext().strip()}{self._tag(node)}\n$$"
            case nodes.literal_block():
                return f"```{node.get('language', '')}\n{node.astext().rstrip()}\n```"
            case nodes.bullet_list():
                return "\n".join(indented(self.blocks(item), "- ") for item in node)
            case nodes.enumerated_list():
                first = node.get("start", 1)
                items = enumerate(node, first)
                return "\n".join(indented(self.blocks(item), f"{k}. ") for k, item in items)
            case nodes.definition():
                return indented(self.blocks(node), "  ")
            case nodes.Admonition() | nodes.block_quote():
                return "\n".join(f"> {line}".rstrip() for line in self.blocks(node).splitlines())
            case nodes.table():
                return self.table(node)
            case dropdown_main():
                title = escape(text_of(node[0]), quote=False)
                return f"<details>\n<summary>{title}</summary>\n\n{self.blocks(node)}\n\n</details>"
            case dropdown_title() | nodes.system_message():
                return ""
            case nodes.Text():
                return self.inline(node)
        if isinstance(node, UNSHOWN):
            return ""
        if isinstance(node, nodes.Inline):
            return self.inline(node)
        return self.blocks(node)

    def _tag(self, node: nodes.math_block) -> str:
        return (
            rf" \tag{{{get_node_equation_number(self.numbers, node)}}}"
            if node.get("number")
            else ""
        )

    def table(self, node: nodes.table) -> str:
        """A table with its heads; one without any has an empty row of them."""
        rows = [
            [self.blocks(entry).replace("\n", " ").replace("|", r"\|") for entry in row]
            for row in node.findall(nodes.row)
        ]
        if next(node.findall(nodes.thead), None) is None:
            rows.insert(0, [""] * len(rows[0]))
        rows.insert(1, ["---"] * len(rows[0]))
        return "\n".join(f"| {' | '.join(row)} |" for row in rows)

    def inline(self, node: nodes.Node) -> str:
        """What runs in a line of text."""
        match node:
            case nodes.Text():
                return MARKS.sub(r"\\\1", str(node).replace("\n", " "))
            case nodes.math():
                return f"${node.astext()}$"
            case nodes.literal():
                return f"`{node.astext()}`"
            case nodes.reference():
                return self.link(node)
        if isinstance(node, UNSHOWN):
            return ""
        inner = "".join(map(self.inline, node.children))
        mark = BESIDE.get(type(node), "") if inner.strip() else ""
        return f"{mark}{inner}{mark}"

    def link(self, node: nodes.reference) -> str:
        text = "".join(map(self.inline, node.children))
        place = self.place(node["refuri"]) if "refuri" in node else None
        return f"[{text}]({place})" if place and text else text


def is_cell(node: nodes.Node) -> bool:
    return isinstance(node, nodes.container) and "cell" in node["classes"]


def indented(text: str, head: str) -> str:
    """A text behind a head; its other lines stand below its first."""
    return head + re.sub(r"\n(?=[^\n])", f"\n{' ' * len(head)}", text)
