"""Draw the picture of the README: ``python -m book.picture`` writes ``book/picture.svg``.

A page of the book tells its drawings whether it is light or dark. A picture in a README is asked
by nobody: it holds the colours for both, and a paper of its own for where the two disagree.
"""

import re
from pathlib import Path

import matplotlib as mpl
from book._ext.svg_figures import colours_as_variables, figure_variables

from backprop import plotting
from backprop.running_example import running_example
from backprop.traces import trace_pass

PICTURE = Path(__file__).with_suffix(".svg")
STYLE = Path(__file__).with_name("course.mplstyle")
TITLE = (
    "A network with four inputs, two hidden and three output units. What the units send runs "
    "forward; below each unit stands δ, the derivative of the cost, which runs back."
)
COLOURS = """\
<title>{title}</title>
<style>
:root {{
{light}
}}
@media (prefers-color-scheme: dark) {{ :root {{
{dark}
}} }}
</style>
<rect width="100%" height="100%" x="{x}" y="{y}" rx="8" style="fill: var(--figure-paper)"/>
"""


def picture() -> str:
    """The first example of the book's minibatch, there and back."""
    example = running_example()
    trace = trace_pass(example.unit_network, example.X[0], example.Y[0])
    with mpl.rc_context(fname=STYLE):
        mpl.rcParams["savefig.pad_inches"] = 0.15
        svg = plotting.to_svg(plotting.both_passes(plotting.PassValues(*trace)))
    svg = re.sub(r"<metadata>.*?</metadata>\s*", "", colours_as_variables(svg), flags=re.DOTALL)
    opening = re.search(r'<svg[^>]*viewBox="(\S+) (\S+)[^>]*>\n', svg)
    head = COLOURS.format(
        title=TITLE, light=figure_variables(0), dark=figure_variables(1), x=opening[1], y=opening[2]
    )
    return svg[: opening.end()] + head + svg[opening.end() :]


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8")
