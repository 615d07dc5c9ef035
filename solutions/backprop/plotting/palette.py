"""The colours of the figures: six with a meaning, one ink, one muted ink, one paper.

The colours start from the hues of Okabe and Ito (2008) and are moved in lightness until each
reads as small text (contrast 4.5 : 1 or more) on its own background and any two differ for
readers with protanopia, deuteranopia and tritanopia.
"""

from __future__ import annotations

LineStyle = str | tuple[int, tuple[float, ...]]
"""A line style of matplotlib: a name, or an offset and the lengths of dashes and gaps."""

PALETTE: dict[str, tuple[str, str]] = {
    "forward": ("#1f6fd0", "#4a9fdc"),
    "backward": ("#cf4a05", "#f07818"),
    "weight": ("#05835e", "#4fe39a"),
    "loss": ("#c2189c", "#ffb3cf"),
    "update": ("#4f3200", "#e8f05a"),
    "numeric": ("#140a5c", "#9d6cff"),
}
"""Name to (colour on white, colour on ``#14181e``); drawn is the first."""

INK = "#1a1a1a"
"""Text, axes, ticks and edges."""

MUTED = "#6b7280"
"""Grids and secondary text."""

MUTED_ON_DARK = "#9ca3af"
"""What a dark page puts in place of the muted ink; no figure contains it."""

PAPER = "#ffffff"
"""Filled areas that must look like the page."""


def colour(name: str) -> str:
    """Colour of a meaning, as drawn on white.

    Parameters
    ----------
    name : str
        A key of ``PALETTE``, or ``"ink"``, ``"muted"``, ``"paper"``.

    Returns
    -------
    str
        Hexadecimal colour.

    Raises
    ------
    ValueError
        If the name is not one of them.
    """
    named = {key: light for key, (light, _) in PALETTE.items()}
    named |= {"ink": INK, "muted": MUTED, "paper": PAPER}
    if name not in named:
        raise ValueError(f"colour {name!r} is not in the palette; use one of {sorted(named)}")
    return named[name]


def allowed_colours() -> frozenset[str]:
    """Every hexadecimal colour that a figure may contain.

    Returns
    -------
    frozenset of str
        The six light colours of the palette, ink, muted ink and paper, in lower case.
    """
    return frozenset([light for light, _ in PALETTE.values()] + [INK, MUTED, PAPER])


def cycle_styles(count: int) -> list[tuple[str, LineStyle, str]]:
    """Colour, line style and marker for each of several lines.

    Parameters
    ----------
    count : int
        Number of lines, at most 6.

    Returns
    -------
    list of tuple
        ``(colour, linestyle, marker)``; no two share any of the three before the fifth line,
        so that lines are told apart without colour.

    Raises
    ------
    ValueError
        If there are more lines than colours.
    """
    if count > len(PALETTE):
        raise ValueError(f"{count} lines are given; a figure has room for {len(PALETTE)}: split it")
    lines: list[LineStyle] = ["-", "--", "-.", ":", (0, (6, 1.5, 1, 1.5, 1, 1.5)), (0, (9, 3))]
    markers = ["o", "s", "^", "D", "v", "P"]
    colours = [light for light, _ in PALETTE.values()]
    return list(zip(colours, lines, markers, strict=True))[:count]
