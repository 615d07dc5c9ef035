"""Formulas of a feedback page, typeset as the page is made: it asks no server for a script.

Most of them are those of the release, and some are students': all are taken for theirs.
"""

import re
from html import escape

from nbconvert.filters.markdown_mistune import IPythonRenderer

from coursekit.typesetting.formulas import typeset_foreign
from coursekit.typesetting.style import style_with_fonts

FORMULA = re.compile(
    r"\$\$(?P<block>.+?)\$\$|\\\[(?P<bracket>.+?)\\\]"
    r"|\$(?P<inline>.+?)\$|\\\((?P<parenthesis>.+?)\\\)"
    r"|(?P<environment>\\begin\{(?P<name>[a-z]*\*?)\}.*?\\end\{(?P=name)\})",
    re.DOTALL,
)
"""A formula in an output of the kind LaTeX."""
PLACE = '<style id="formulas"></style>'
"""Where the template leaves room for the style of formulas."""


class FormulaRenderer(IPythonRenderer):
    """nbconvert's renderer of Markdown, with formulas as HTML in place of TeX for a script."""

    def block_math(self, body: str) -> str:
        """A formula on lines of its own."""
        return typeset_foreign(body, display=True)

    def inline_math(self, body: str) -> str:
        """A formula in a line."""
        return typeset_foreign(body)

    def latex_environment(self, name: str, body: str) -> str:
        """A formula that is an environment."""
        return typeset_foreign(f"\\begin{{{name}}}{body}\\end{{{name}}}", display=True)


def typeset_text(text: str) -> str:
    """HTML of an output that mixes text and formulas."""

    def pieces() -> list[str]:
        found, end = [], 0
        for formula in FORMULA.finditer(text):
            found.append(escape(text[end : formula.start()]))
            display = formula["block"] or formula["bracket"] or formula["environment"]
            inline = formula["inline"] or formula["parenthesis"]
            found.append(typeset_foreign(display or inline, display=bool(display)))
            end = formula.end()
        return [*found, escape(text[end:])]

    return "".join(pieces())


def with_style(page: str) -> str:
    """A page, with the style and the fonts that its formulas need."""
    style = style_with_fonts(page)
    return page.replace(PLACE, f"<style>{style}</style>" if style else "", 1)
