r"""Typeset the formulas while the book is built, so that they can be read before any script runs.

Sphinx hands each formula to the renderer of mathematics that ``html_math_renderer`` names, wherever
it stands: in a text, a title, a caption, a table, a docstring. This is ours. Equations have the
numbers and anchors that Sphinx gives them. A formula that cannot be typeset ends the build.
"""

import re

from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.locale import _
from sphinx.util.math import get_node_equation_number

from coursekit.typesetting.formulas import FormulaError, typeset

NUMBERED = re.compile(r"\\(begin|end)\{(equation|align|gather|alignat)\}")
"""Environments that number their lines, which only Sphinx does here."""


def typeset_node(translator, node: nodes.Element, tex: str, display: bool) -> str:
    try:
        return typeset(tex, display)
    except FormulaError as error:
        place = f"{node.source or translator.builder.current_docname}:{node.line or '?'}"
        raise ExtensionError(f"{place}: a formula cannot be typeset\n  {tex}\n  {error}") from error


def with_lines(tex: str) -> str:
    r"""TeX as Sphinx understands it: ``\\`` begins a line, an empty line another equation."""
    equations = [part for part in re.split(r"\n\s*\n", tex) if part.strip()]
    lined = [aligned(part) if r"\\" in part else part for part in equations]
    return aligned(r" \\ ".join(lined)) if len(lined) > 1 else lined[0]


def aligned(tex: str) -> str:
    return rf"\begin{{aligned}}{tex}\end{{aligned}}"


def visit_inline(translator, node: nodes.math) -> None:
    html = typeset_node(translator, node, node.astext(), display=False)
    tag = translator.starttag(node, "span", "", CLASS="math notranslate nohighlight")
    translator.body.append(f"{tag}{html}</span>")
    raise nodes.SkipNode


def visit_display(translator, node: nodes.math_block) -> None:
    translator.body.append(translator.starttag(node, "div", CLASS="math notranslate nohighlight"))
    if node["number"]:
        translator.body.append(f'<span class="eqno">({get_node_equation_number(translator, node)})')
        translator.add_permalink_ref(node, _("Link to this equation"))
        translator.body.append("</span>")
    tex = node.astext()
    tex = NUMBERED.sub(r"\\\1{\2*}", tex) if node["nowrap"] else with_lines(tex)
    translator.body.append(typeset_node(translator, node, tex, display=True) + "</div>\n")
    raise nodes.SkipNode


def setup(app):
    app.add_html_math_renderer("typeset", (visit_inline, None), (visit_display, None))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
