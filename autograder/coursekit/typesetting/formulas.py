"""From TeX to HTML and MathML."""

import json
import os
import re
import threading
from functools import lru_cache
from html import escape
from importlib.resources import files

import quickjs

KATEX = files("coursekit.typesetting") / "katex"
RENDER = """
    function render(request) {
        const {tex, options} = JSON.parse(request);
        try {
            return JSON.stringify({html: katex.renderToString(tex, options)});
        } catch (error) {
            return JSON.stringify({error: String(error.message)});
        }
    }
"""
NO_CHARACTER = re.compile("[\ud800-\udfff]")
"""Half of a character, which no page can hold."""
LABEL = re.compile(r"\\label\s*\{[^{}]*\}")
"""The name of an equation. Who numbers equations keeps it; KaTeX does not know the command."""

LONGEST_FOREIGN = 2_000
"""Characters of a formula that somebody handed in."""
LARGEST_RESULT = 300_000
"""Characters of what such a formula becomes."""
SECONDS = 1.0
MEGABYTES = 64
"""What such a formula may take; the longest of the book takes a hundredth of it."""


class FormulaError(Exception):
    """A formula that cannot be typeset; the message says why."""


def typeset(tex: str, display: bool = False) -> str:
    r"""HTML and MathML of a formula of our own.

    Parameters
    ----------
    tex : str
        Without delimiters. ``\label`` in it is passed over.
    display : bool
        Whether it stands on lines of its own.

    Raises
    ------
    FormulaError
        If it cannot be typeset.
    """
    return _rendered(LABEL.sub("", tex), display, False)


def typeset_foreign(tex: str, display: bool = False) -> str:
    """HTML of a formula that somebody handed in: what cannot be typeset is shown as its text.

    It can make no link, no attribute and no definition that outlives it, and takes limited time,
    memory and space.
    """
    if len(tex) <= LONGEST_FOREIGN and not NO_CHARACTER.search(tex):
        try:
            html = _rendered(LABEL.sub("", tex), display, True)
        except FormulaError:
            pass
        else:
            if len(html) <= LARGEST_RESULT:
                return html
    mark = "$$" if display else "$"
    return f'<code class="tex">{escape(f"{mark}{tex}{mark}", quote=False)}</code>'


@lru_cache(8192)
def _rendered(tex: str, display: bool, foreign: bool) -> str:
    options = {"displayMode": display, "throwOnError": True, "trust": False, "strict": "ignore"}
    if foreign:
        options |= {"maxSize": 20, "maxExpand": 500}
    engine = _engine(os.getpid(), threading.get_ident())
    engine.set_time_limit(SECONDS if foreign else -1)
    engine.set_memory_limit(MEGABYTES << 20 if foreign else -1)
    try:
        result = json.loads(engine.get("render")(json.dumps({"tex": tex, "options": options})))
    except (quickjs.JSException, quickjs.StackOverflow) as error:
        _engine.cache_clear()  # who was stopped in the middle may not be whole any more
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise FormulaError(f"{reason}, after {SECONDS:g} s or {MEGABYTES} MB") from error
    if "error" in result:
        raise FormulaError(result["error"])
    html: str = result["html"]
    return html


@lru_cache(2)
def _engine(process: int, thread: int) -> quickjs.Context:
    """KaTeX, ready to be called: one for each process, since a fork shares nothing that runs."""
    engine = quickjs.Context()
    engine.eval((KATEX / "katex.min.js").read_text(encoding="utf-8"))
    engine.eval(RENDER)
    return engine
