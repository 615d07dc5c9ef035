"""Formulas of a feedback page, typeset as the page is made: it asks no server for a script.

Most of them are those of the release, and some are students': all are taken for theirs.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from nbconvert.filters.markdown_mistune import IPythonRenderer

from coursekit.typesetting.formulas import typeset_foreign
from coursekit.typesetting.style import style_with_fonts

OPENING = re.compile(r"\$\$?|\\[\[(]|\\begin\{([a-z]{1,20}\*?)\}")
ENDING = re.compile(r"\\end\{([a-z]{1,20}\*?)\}")
CLOSING = {"$$": "$$", "$": "$", r"\[": r"\]", r"\(": r"\)"}
"""Signs around a formula in an output of the kind LaTeX."""
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


@dataclass(frozen=True)
class Formula:
    """A formula in a text, from the first of its signs to behind the last."""

    begin: int
    end: int
    tex: str
    display: bool


def formulas(text: str) -> Iterator[Formula]:
    """The formulas of a text; an opening sign that nothing closes is text, and costs no search."""
    ends: dict[str, list[int]] = defaultdict(list)
    for ending in ENDING.finditer(text):
        ends[ending[1]].append(ending.end())
    unclosed: set[str] = set()
    place = 0
    while opening := OPENING.search(text, place):
        place = opening.end()
        sign, environment = opening[0], opening[1]
        if environment is not None:
            behind = bisect_right(ends[environment], place)
            if behind < len(ends[environment]):
                place = ends[environment][behind]
                yield Formula(opening.start(), place, text[opening.start() : place], True)
        elif sign not in unclosed:
            closing = text.find(CLOSING[sign], place + 1)
            if closing < 0:
                unclosed.add(sign)
                continue
            tex, place = text[place:closing], closing + len(CLOSING[sign])
            yield Formula(opening.start(), place, tex, sign in ("$$", r"\["))


def typeset_text(text: str) -> str:
    """HTML of an output that mixes text and formulas."""
    pieces, end = [], 0
    for formula in formulas(text):
        pieces.append(escape(text[end : formula.begin]))
        pieces.append(typeset_foreign(formula.tex, display=formula.display))
        end = formula.end
    return "".join([*pieces, escape(text[end:])])


def with_style(page: str) -> str:
    """A page, with the style and the fonts that its formulas need."""
    style = style_with_fonts(page)
    return page.replace(PLACE, f"<style>{style}</style>" if style else "", 1)
