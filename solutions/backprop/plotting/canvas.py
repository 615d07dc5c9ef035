"""The sheet that diagrams are drawn on, and what is drawn on it: arrows, boxes, discs, text.

A diagram's axes fill the figure and count in inches, so that a text of 10 pt is 10/72 long on
either axis and lines can be broken around their labels. Nothing hides anything behind a patch
of paper colour: a figure must hold on any background.
"""

from __future__ import annotations

from functools import lru_cache, partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.layout_engine import PlaceHolderLayoutEngine
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch
from matplotlib.text import Text
from matplotlib.textpath import TextPath

from .export import CourseFigure
from .palette import INK

Point = tuple[float, float]
TEXT_SIZE = 10.0
SMALL_SIZE = 9.0


def sheet(width: float, height: float) -> tuple[Figure, Axes]:
    """Empty figure whose axes fill it and count in inches.

    Parameters
    ----------
    width, height : float
        Size in inches; the width is at most 6.4, which a phone can show.

    Returns
    -------
    Figure
    Axes
        Without frame, x from 0 to `width`, y from 0 to `height`.

    Raises
    ------
    ValueError
        If the diagram would be wider than a page.
    """
    if width > 6.4 + 1e-9:
        raise ValueError(f"the diagram would be {width:.1f} in wide; 6.4 fit: draw fewer columns")
    # Not layout="none": after a first savefig that falls back to the style's constrained layout.
    fixed = PlaceHolderLayoutEngine(adjust_compatible=True, colorbar_gridspec=True)
    figure = CourseFigure(figsize=(width, height), layout=fixed)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, width), ylim=(0, height))
    axes.axis("off")
    return figure, axes


@lru_cache(maxsize=4096)
def text_size(text: str, size: float = TEXT_SIZE) -> tuple[float, float]:
    """Width and height of a line of text.

    Parameters
    ----------
    text : str
        Plain text or mathtext.
    size : float
        Font size in points.

    Returns
    -------
    tuple of float
        Width and height in inches.
    """
    if not text.strip():
        return 0.0, 0.0
    box = TextPath((0, 0), text, prop=FontProperties(size=size)).get_extents()
    return box.width / 72, box.height / 72


def write(
    axes: Axes, at: Point, text: str, colour: str = INK, size: float = TEXT_SIZE,
    rotation: float = 0.0, align: str = "center", weight: str = "normal",
) -> Text:  # fmt: skip
    """Write text centred on a point.

    Parameters
    ----------
    axes : Axes
        Axes of a sheet.
    at : tuple of float
        Where, in inches.
    text : str
        Plain text or mathtext.
    colour : str
        Hexadecimal colour.
    size : float
        Font size in points, at least 9.
    rotation : float
        Degrees against the clock.
    align : {"center", "left", "right"}
        Which part of the text is at the point.
    weight : {"normal", "bold"}
        Font weight.

    Returns
    -------
    Text
    """
    return axes.text(
        *at, text, color=colour, size=size, rotation=rotation, ha=align, weight=weight,
        va="center_baseline" if rotation == 0 else "center", rotation_mode="default",
    )  # fmt: skip


def stroke(
    axes: Axes, start: Point, end: Point, colour: str = INK, width: float = 1.0,
    style: str = "-", head: bool = True, alpha: float = 1.0, bend: float = 0.0,
) -> FancyArrowPatch:  # fmt: skip
    """Draw a line or an arrow.

    Parameters
    ----------
    axes : Axes
        Axes of a sheet.
    start, end : tuple of float
        Ends, in inches.
    colour : str
        Hexadecimal colour.
    width : float
        Line width in points.
    style : str
        Line style.
    head : bool
        Whether the end has an arrow head.
    alpha : float
        Opacity, 0 to 1.
    bend : float
        Height of the arc as a part of its chord; 0 is straight.

    Returns
    -------
    FancyArrowPatch
    """
    patch = FancyArrowPatch(
        start, end, arrowstyle="-|>" if head else "-", mutation_scale=7 + 2 * width,
        connectionstyle=f"arc3,rad={bend}", shrinkA=0, shrinkB=0, color=colour, lw=width,
        linestyle=style, alpha=alpha, joinstyle="miter", capstyle="butt",
    )  # fmt: skip
    axes.add_patch(patch)
    return patch


def _half_gap(text: str, size: float, direction: np.ndarray, along: bool) -> float:
    width, height = text_size(text, size)
    if along:
        return width / 2 + 0.05
    reach = [half / abs(part) for half, part in zip((width / 2, height / 2), direction, strict=True)
             if abs(part) > 1e-9]  # fmt: skip
    return min(reach) + 0.06


def labelled_stroke(
    axes: Axes, start: Point, end: Point, text: str = "", at: float = 0.5, along: bool = False,
    colour: str = INK, text_colour: str | None = None, size: float = SMALL_SIZE,
    width: float = 1.0, style: str = "-", head: bool = True, alpha: float = 1.0,
) -> None:  # fmt: skip
    """Draw an arrow that is interrupted by its label.

    Parameters
    ----------
    axes : Axes
        Axes of a sheet.
    start, end : tuple of float
        Ends, in inches.
    text : str
        Label; empty for an arrow without one.
    at : float
        Where the label's centre is, as a part of the way.
    along : bool
        Whether the label is turned to follow the arrow.
    colour, text_colour : str
        Colours of the arrow and of its label; the same unless given.
    size, width : float
        Font size and line width in points.
    style : str
        Line style.
    head : bool
        Whether the end has an arrow head.
    alpha : float
        Opacity, 0 to 1.
    """
    line = partial(stroke, axes, colour=colour, width=width, style=style, alpha=alpha)
    if not text:
        line(start, end, head=head)
        return
    begin, vector = np.array(start), np.subtract(end, start)
    length = float(np.hypot(*vector))
    direction = vector / length
    half = _half_gap(text, size, direction, along) / length
    line(start, tuple(begin + max(at - half, 0) * vector), head=False)
    line(tuple(begin + min(at + half, 1) * vector), end, head=head)
    angle = np.degrees(np.arctan2(direction[1], direction[0])) if along else 0.0
    angle = (angle + 90) % 180 - 90  # never upside down
    write(axes, tuple(begin + at * vector), text, text_colour or colour, size, rotation=angle)


def disc(
    axes: Axes, at: Point, radius: float, text: str = "", edge: str = INK, fill: str | None = None,
    width: float = 1.2, alpha: float = 1.0, size: float = SMALL_SIZE,
) -> Circle:  # fmt: skip
    """Draw a unit: a circle with text in it.

    Parameters
    ----------
    axes : Axes
        Axes of a sheet.
    at : tuple of float
        Centre, in inches.
    radius : float
        In inches.
    text : str
        Text in the circle, in ink.
    edge, fill : str
        Colours; a fill is drawn as a tint.
    width, alpha, size : float
        Line width in points, opacity of the edge, font size in points.

    Returns
    -------
    Circle
    """
    if fill:
        axes.add_patch(Circle(at, radius, facecolor=fill, edgecolor="none", alpha=0.16))
    circle = Circle(at, radius, facecolor="none", edgecolor=edge, lw=width, alpha=alpha)
    axes.add_patch(circle)
    if text:
        write(axes, at, text, size=size)
    return circle


def panel(
    axes: Axes, at: Point, width: float, height: float, text: str = "", edge: str = INK,
    fill: str | None = None, size: float = TEXT_SIZE, rounding: float = 0.06,
    style: str = "-", line_width: float = 1.2,
) -> FancyBboxPatch:  # fmt: skip
    """Draw a box with text in it.

    Parameters
    ----------
    axes : Axes
        Axes of a sheet.
    at : tuple of float
        Centre, in inches.
    width, height : float
        Size in inches.
    text : str
        Text in the box, in ink.
    edge, fill : str
        Colours; a fill is drawn as a tint.
    size : float
        Font size in points.
    rounding : float
        Radius of the corners in inches.
    style : str
        Line style of the edge.
    line_width : float
        In points.

    Returns
    -------
    FancyBboxPatch
    """
    corner = (at[0] - width / 2, at[1] - height / 2)
    shape = f"round,pad=0,rounding_size={rounding}" if rounding else "square,pad=0"
    if fill:
        tint = FancyBboxPatch(corner, width, height, fc=fill, ec="none", alpha=0.16, boxstyle=shape)
        axes.add_patch(tint)
    patch = FancyBboxPatch(
        corner, width, height, fc="none", ec=edge, lw=line_width, ls=style, boxstyle=shape
    )
    axes.add_patch(patch)
    if text:
        write(axes, at, text, size=size)
    return patch


def boundary(centre: Point, toward: Point, radius: float) -> Point:
    """Point on a circle in the direction of another point.

    Parameters
    ----------
    centre, toward : tuple of float
        In inches.
    radius : float
        In inches.

    Returns
    -------
    tuple of float
    """
    vector = np.subtract(toward, centre)
    return tuple(np.array(centre) + radius * vector / np.hypot(*vector))


def box_exit(centre: Point, toward: Point, width: float, height: float) -> Point:
    """Point where the way from a box's centre to another point leaves the box.

    Parameters
    ----------
    centre, toward : tuple of float
        In inches.
    width, height : float
        Size of the box in inches.

    Returns
    -------
    tuple of float
    """
    vector = np.subtract(toward, centre)
    parts = np.abs(vector) / (width / 2, height / 2)
    return tuple(np.array(centre) + vector / parts.max())
