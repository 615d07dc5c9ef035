"""Let a page load what it uses, and nothing that keeps its text from being shown.

The theme and the extensions ask for eleven style sheets and a dozen scripts on every page. Here a
page has one style sheet, which ``site_style`` writes, and its scripts wait until the page is there.
What runs code on a server elsewhere is left out, and so is what the page has no use for. The
templates beside this module say the rest.
"""

import re
from pathlib import Path

from docutils import nodes

TEMPLATES = Path(__file__).parent / "templates"
LAST = 990
"""The priority of who is called after the theme and the other extensions."""

NEEDED_BY = {
    "clipboard.min.js": 'class="highlight',
    "copybutton.js": 'class="highlight',
    "design-tabs.js": "sd-tab-set",
    "start.js": "data-explorable=",
    "togglebutton.js": r'class="(?:[^"]* )?(?:toggle|admonition (?:[^"]* )?dropdown)[ "]',
}
"""Scripts that some pages need: those in which this is found."""
LEFT_OUT = ("thebe", "mathjax")
"""What is in the name of a script that no page needs: a server's code, and formulas as TeX."""
THEME_SCRIPTS = ("_static/scripts/bootstrap.js", "_static/scripts/pydata-sphinx-theme.js")
WITH_WORDS = {"togglebutton.js": "toggle"}
"""Scripts that read settings from inline ones, and the word by which these are known."""

MATHML = '<span class="katex-mathml"'
"""Begins the half of a formula that is heard."""
THEBE = re.compile(r"x-thebe-config|\bkernelName\b")


def is_used(name: str, body: str) -> bool:
    return name not in NEEDED_BY or re.search(NEEDED_BY[name], body) is not None


def settings_used(text: str, body: str) -> bool:
    """Whether an inline script sets something for a script that the page has."""
    return any(word in text and is_used(name, body) for name, word in WITH_WORDS.items())


def scripts_for(body: str, asked: list) -> list:
    """Those of the scripts that a page needs, each told to wait for the page."""
    found = []
    for script in asked:
        name, text = str(script.filename or ""), script.attributes.get("body") or ""
        short = name.rpartition("/")[2].partition("?")[0]
        if any(word in short for word in LEFT_OUT):
            continue
        if not name:
            found += [script] if settings_used(text, body) else []
        elif is_used(short, body):
            waiting = {**script.attributes, "defer": "defer"}
            found.append(type(script)(script.filename, priority=script.priority, **waiting))
    kind = type(asked[0]) if asked else None
    return found + [kind(name, defer="defer") for name in THEME_SCRIPTS if kind]


def tidy(body: str) -> str:
    """The text of a page, without habits of docutils that are barriers for who hears it.

    A head without words is no head of a column, and entries of a bibliography are those of a list.
    A head that is a formula is said with each cell of its column, so it is said in plain letters.
    """
    body = re.sub(r"<th\b([^>]*)><p></p></th>", r"<td\1></td>", body)
    body = re.sub(r"<th\b[^>]*>.*?</th>", lambda head: spoken(head[0]), body, flags=re.DOTALL)
    return body.replace('role="doc-biblioentry"', 'role="listitem"')


def spoken(head: str) -> str:
    """A head of a column, in letters besides if it is a formula."""
    if not head.partition(MATHML)[1] or words(head.partition('<span class="math')[0]):
        return head
    formula = re.sub(r"<annotation.*?</annotation>", "", head, flags=re.DOTALL)
    letters = " ".join(words(part) for part in re.findall(r"<math\b.*?</math>", formula, re.DOTALL))
    hidden = head.replace(MATHML, f'{MATHML} aria-hidden="true"')
    return hidden.replace("</th>", f'<span class="visually-hidden">{letters}</span></th>')


def words(html: str) -> str:
    return " ".join(re.sub("<[^>]*>", " ", html).split())


def trim(app, pagename, templatename, context, doctree) -> None:
    body = context["body"] = tidy(context.get("body") or "")
    context["css_files"] = []
    context["script_files"] = scripts_for(body, context.get("script_files", []))
    context["has_formulas"] = 'class="katex"' in body
    context["default_mode"] = "light"  # of a page whose scripts do not run
    context["metatags"] = re.sub(r'<meta name="viewport"[^>]*>', "", context.get("metatags") or "")


def without_thebe(app, doctree, docname) -> None:
    """Take what configures Thebe out of a page."""
    for node in list(doctree.children):
        if isinstance(node, nodes.raw) and THEBE.search(node.astext()):
            doctree.remove(node)


def name_rows(app, doctree, docname) -> None:
    """Make the first cells of a table without a head above them the heads of their rows."""
    for table in doctree.findall(nodes.tgroup):
        heads = next(table.findall(nodes.thead), None)
        first = next(heads.findall(nodes.entry), None) if heads else None
        if first is not None and not first.astext().strip():
            next(table.findall(nodes.colspec))["stub"] = 1


def place_templates(app, config) -> None:
    config.templates_path = [str(TEMPLATES), *config.templates_path]


def setup(app):
    app.connect("config-inited", place_templates)
    app.connect("doctree-resolved", without_thebe, priority=LAST)
    app.connect("doctree-resolved", name_rows, priority=LAST)
    app.connect("html-page-context", trim, priority=LAST)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
