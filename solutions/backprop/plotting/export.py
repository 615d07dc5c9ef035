"""A figure as text: the same figure always gives the same bytes, in a file and on a page."""

from __future__ import annotations

from io import StringIO

from matplotlib.figure import Figure


class CourseFigure(Figure):
    """A figure that a notebook shows as SVG, whichever way its plotting is set up.

    It is not known to pyplot, so a cell that ends with it shows it once.
    """

    def _repr_svg_(self) -> str:
        return to_svg(self)


def to_svg(figure: Figure) -> str:
    """Write a figure as SVG without date and version.

    Parameters
    ----------
    figure : Figure
        Any figure of this package.

    Returns
    -------
    str
        The SVG document, cropped as the style says. With the course's style a figure that is
        made anew gives the same text: its ``svg.hashsalt`` fixes the ids. The ids of two
        figures can be equal, so a page that inlines both must prefix them.
    """
    text = StringIO()
    figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
    return text.getvalue()
