"""Put the SVG figures of code cells into the page, so that they follow light and dark.

A picture in an ``<img>`` cannot see the page's style. Here the drawing itself becomes part of
the page, and each colour of the course style becomes a CSS variable that the page's style sheet
gives for light and for dark. The alternative text becomes the drawing's accessible name.
"""

import hashlib
import re
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from backprop.plotting.palette import INK, MUTED, MUTED_ON_DARK, PALETTE, PAPER

VARIABLES = {
    INK: "--figure-ink",
    MUTED: "--figure-muted",
    PAPER: "--figure-paper",
    **{light: f"--figure-{name}" for name, (light, _) in PALETTE.items()},
}


SMALLEST = 0.69
"""Of its size, to which a figure shrinks on a phone; what does not fit even so scrolls.

The text of a figure is then 9 pixels high, and most figures are seen whole.
"""


def colours_as_variables(svg: str) -> str:
    def variable(match: re.Match) -> str:
        name = VARIABLES.get(match.group().lower())
        return f"var({name})" if name else match.group()

    return re.sub(r"#[0-9a-fA-F]{6}\b", variable, svg)


def unique_ids(svg: str) -> str:
    """Prefix every id: two drawings in one page would share glyphs and clip paths otherwise."""
    prefix = "f" + hashlib.sha256(svg.encode()).hexdigest()[:8] + "-"
    svg = re.sub(r'\bid="', f'id="{prefix}', svg)
    return re.sub(r'(url\(#|href="#)', rf"\g<1>{prefix}", svg)


def compact(svg: str) -> str:
    """The same drawing in fewer bytes: places to a hundredth of a point, ids that are asked for."""
    svg = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", svg, flags=re.DOTALL)
    asked = set(re.findall(r'(?:url\(#|href="#)([^)"]+)', svg))
    svg = re.sub(r' id="([^"]*)"', lambda found: found[0] if found[1] in asked else "", svg)
    svg = re.sub(r'(?<= d=")[^"]*', lambda path: rounded(path[0]), svg)
    return re.sub(r">\s+<", "><", svg)


def rounded(path: str) -> str:
    """The numbers of a path to two decimals, without blanks that say nothing."""
    path = re.sub(r"-?\d+\.\d{2,}", lambda number: f"{float(number[0]):.2f}", path)
    path = re.sub(r"\.(\d*?)0+(?!\d)", lambda n: f".{n[1]}" if n[1] else "", path)
    return re.sub(r"\s*([A-Za-z])\s*", r"\1", path).strip()


def inline_svg(svg: str, alt: str) -> str:
    svg = colours_as_variables(unique_ids(compact(svg[svg.index("<svg") :])))
    width = float(re.search(r'width="([\d.]+)pt"', svg).group(1))
    svg = re.sub(r' (width|height)="[\d.]+pt"', "", svg, count=2)
    label = f'role="img" aria-label="{escape(alt)}"' if alt else 'aria-hidden="true"'
    pixels = round(width * 4 / 3)
    style = f'style="max-width:{pixels}px; min-width:{round(SMALLEST * pixels)}px"'
    svg = svg.replace("<svg", f'<svg class="figure" {label} {style}', 1)
    return f'<div class="figure-frame">{svg}</div>'


class InlineFigures(SphinxPostTransform):
    """Replace the images that code cells drew by their drawings, in HTML only."""

    formats = ("html",)
    default_priority = 5

    def run(self, **kwargs) -> None:
        for image in list(self.document.findall(nodes.image)):
            path = Path(self.app.srcdir) / image["uri"]
            if path.suffix == ".svg" and "jupyter_execute" in path.parts:
                drawing = inline_svg(path.read_text(encoding="utf-8"), image.get("alt", ""))
                image.replace_self(nodes.raw("", drawing, format="html"))


def figure_variables(theme: int) -> str:
    pairs = {"ink": (INK, "#e6e8eb"), "muted": (MUTED, MUTED_ON_DARK), "paper": (PAPER, "#14181e")}
    lines = [f"  --figure-{name}: {pair[theme]};" for name, pair in (pairs | PALETTE).items()]
    return "\n".join(lines)


def write_style(app) -> None:
    if app.builder.format == "html":
        style = Path(app.outdir) / "_static" / "figure-colours.css"
        style.parent.mkdir(parents=True, exist_ok=True)
        light, dark = figure_variables(0), figure_variables(1)
        style.write_text(
            f"html {{\n{light}\n}}\nhtml[data-theme=dark] {{\n{dark}\n}}\n", encoding="utf-8"
        )


def setup(app):
    app.add_post_transform(InlineFigures)
    app.connect("builder-inited", write_style)
    app.add_css_file("figure-colours.css")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
