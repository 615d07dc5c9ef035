"""Pages that stand alone: one file, with its style and its fonts, that asks no server for more."""

from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from coursekit.typesetting.formulas import typeset
from coursekit.typesetting.style import style_with_fonts

TEMPLATES = Path(__file__).with_name("templates")
PLACE = '<style id="formulas"></style>'
"""Where the template leaves room for the style of formulas."""


@lru_cache(8)
def environment(folder: Path) -> Environment:
    """What renders the templates of a folder, all of which begin with ours; texts are escaped."""
    made = Environment(
        loader=FileSystemLoader([folder, TEMPLATES]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["formula"] = formula
    made.globals["style"] = Markup((TEMPLATES / "page.css").read_text(encoding="utf-8"))
    return made


def formula(tex: str, display: bool = False) -> Markup:
    """HTML of a formula of our own."""
    return Markup(typeset(tex, display))


def page(folder: Path, template: str, **values: object) -> str:
    """A page, with the style and the fonts that its formulas need."""
    html = environment(folder).get_template(template).render(**values)
    style = style_with_fonts(html)
    return html.replace(PLACE, f"<style>{style}</style>" if style else "", 1)
