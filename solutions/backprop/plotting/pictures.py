"""What a network sees and decides: regions of classes, images, matrices of numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from numpy.typing import ArrayLike, NDArray

from .arguments import as_array, as_interval, require_same
from .canvas import SMALL_SIZE, TEXT_SIZE, sheet, text_size, write
from .charts import chart
from .palette import INK, colour, cycle_styles
from .passes import number

Array = NDArray[np.float64]


def _margins(scores: Array, threshold: float) -> Array:
    """How far each class is ahead of the best other one; positive in the class's region."""
    if scores.ndim == 1:
        return np.stack([threshold - scores, scores - threshold])
    others = [np.delete(scores, k, axis=1).max(axis=1) for k in range(scores.shape[1])]
    return np.stack([scores[:, k] - other for k, other in enumerate(others)])


def decision_regions(
    score: Callable[[Array], Array],
    X: ArrayLike,
    labels: ArrayLike,
    *,
    threshold: float = 0.5,
    names: Sequence[str] | None = None,
    symbols: tuple[str, str] = ("$x_1$", "$x_2$"),
    limits: tuple[tuple[float, float], tuple[float, float]] | None = None,
) -> Figure:
    """Draw which class a model chooses where, with the data.

    Parameters
    ----------
    score : callable
        Takes points of shape (n, 2); gives the score of class 1, shape (n,), or the scores of
        all classes, shape (n, n_classes), of which the largest wins.
    X : ArrayLike, shape (M, 2)
        The data.
    labels : ArrayLike, shape (M,)
        Classes 0, 1, …, at most 5.
    threshold : float
        Score from which on class 1 is chosen; for one score only.
    names : sequence of str, optional
        Names of the classes.
    symbols : tuple of str
        Labels of the axes.
    limits : tuple of tuple of float, optional
        Ranges of both axes; those of the data with a margin unless given.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        If X has not two columns, labels are not whole numbers from 0 to 5 or differ in number
        from X, or the scores have an unexpected shape.
    """
    points, classes = as_array(X, "X", 2), as_array(labels, "labels", 1)
    require_same("the number of columns of X", points.shape[1], "the plane", 2)
    require_same("the number of labels", len(classes), "X", len(points))
    if not np.isin(classes, np.arange(6)).all():
        raise ValueError(f"labels are {np.unique(classes)}; expected whole numbers from 0 to 5")
    xlim, ylim = limits or _limits_around(points)
    x, y = np.meshgrid(np.linspace(*as_interval(xlim, "limits"), 161),
                       np.linspace(*as_interval(ylim, "limits"), 161))  # fmt: skip
    scores = np.asarray(score(np.column_stack([x.ravel(), y.ravel()])), dtype=np.float64)
    require_same("the number of scores", scores.shape[0], "the points given", x.size)
    figure, axes = chart(*symbols, width=4.6, height=4.0)
    _draw_regions(axes, x, y, [m.reshape(x.shape) for m in _margins(scores, threshold)])
    _scatter_classes(axes, points, classes, names)
    axes.set(xlim=xlim, ylim=ylim)
    axes.grid(False)
    figure.legend(loc="outside upper center", ncols=3)
    return figure


def _limits_around(points: Array) -> tuple[tuple[float, float], tuple[float, float]]:
    margin = 0.12 * np.ptp(points, axis=0) + 1e-9
    low, high = points.min(0) - margin, points.max(0) + margin
    return (low[0], high[0]), (low[1], high[1])


def _draw_regions(axes: Axes, x: Array, y: Array, regions: Sequence[Array]) -> None:
    for region, (tone, _, _) in zip(regions, cycle_styles(len(regions)), strict=True):
        if region.max() > 0:
            axes.contourf(x, y, region, levels=[0, region.max() + 1], colors=[tone], alpha=0.16)
    for region in regions if len(regions) > 2 else regions[:1]:  # two classes share one border
        if region.min() < 0 < region.max():
            axes.contour(x, y, region, levels=[0], colors=INK, linewidths=1.2)


def _scatter_classes(
    axes: Axes, points: Array, classes: Array, names: Sequence[str] | None
) -> None:
    present = np.unique(classes).astype(int)
    names = names or [f"class {k}" for k in range(6)]
    for k in present:
        tone, _, mark = cycle_styles(6)[k]
        axes.plot(*points[classes == k].T, mark, color=tone, markersize=5.5, label=names[k],
                  linestyle="none")  # fmt: skip


def _pixels(mask: NDArray[np.bool_], left: float, top: float, size: float) -> Path:
    """One path of squares for all pixels of a grey level, so that no seam shows between them."""
    corners = []
    for row, column in np.argwhere(mask):
        x, y = left + column * size, top - row * size
        corners += [(x, y), (x + size, y), (x + size, y - size), (x, y - size), (x, y)]
    codes = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY]
    return Path(corners, codes * (len(corners) // 5))


def _draw_image(
    axes: Axes, levels: NDArray[np.int_], left: float, top: float, pixel: float, heavy: bool
) -> None:
    """Draw an image of 16 grey levels from its upper left corner, in a thin or heavy frame."""
    for level in np.unique(levels[levels > 0]):
        path = _pixels(levels == level, left, top, pixel)
        ink = PathPatch(path, fc=INK, ec="none", lw=0, alpha=level / 15, antialiased=False)
        axes.add_patch(ink)
    height, width = np.multiply(levels.shape, pixel)
    tone, line = (colour("backward"), 2.2) if heavy else (colour("muted"), 0.6)
    axes.add_patch(Rectangle((left, top - height), width, height, fc="none", ec=tone, lw=line))


def image_grid(
    images: ArrayLike,
    *,
    captions: Sequence[str] | None = None,
    columns: int = 8,
    size: float = 0.66,
    marked: Sequence[int] = (),
) -> Figure:
    """Draw small grey images in a grid, as ink on the page.

    Parameters
    ----------
    images : ArrayLike, shape (n, height, width)
        Grey values; 0 is the page, the largest value is full ink. Drawn in at most 16 levels.
    captions : sequence of str, optional
        Text below each image.
    columns : int
        Images in a row.
    size : float
        Width of an image in inches.
    marked : sequence of int
        Images with a heavy frame, such as those that a model gets wrong.

    Returns
    -------
    Figure
        All shapes, no bitmap: the ink follows the theme of the page.

    Raises
    ------
    ValueError
        If images has not three axes, a value is negative, captions differ in number, or the
        grid is wider than a page.
    """
    stack = as_array(images, "images", 3)
    if (stack < 0).any():
        raise ValueError(f"images contains {stack.min():g}; expected grey values from 0 up")
    captions = captions or [""] * len(stack)
    require_same("the number of captions", len(captions), "images", len(stack))
    columns = min(columns, len(stack))
    rows = -(-len(stack) // columns)
    pixel = size / stack.shape[2]
    pitch_x, pitch_y = size + 0.12, stack.shape[1] * pixel + (0.32 if any(captions) else 0.12)
    figure, axes = sheet(columns * pitch_x + 0.1, rows * pitch_y + 0.08)
    levels = np.ceil(15 * stack / max(stack.max(), 1e-300)).astype(int)
    for index, (image, caption) in enumerate(zip(levels, captions, strict=True)):
        left = 0.1 + (index % columns) * pitch_x
        top = rows * pitch_y - (index // columns) * pitch_y
        _draw_image(axes, image, left, top, pixel, index in marked)
        at = (left + size / 2, top - stack.shape[1] * pixel - 0.12)
        write(axes, at, caption, size=SMALL_SIZE)
    return figure


def _tinted_cell(
    axes: Axes, corner: tuple[float, float], width: float, strength: float, text: str
) -> None:
    """Draw a cell whose tint has the sign and the size of a strength from -1 to 1."""
    tone, tint = colour("forward" if strength > 0 else "backward"), 0.45 * abs(strength)
    axes.add_patch(Rectangle(corner, width, 0.36, fc=tone, ec="none", alpha=tint))
    axes.add_patch(Rectangle(corner, width, 0.36, fc="none", ec=colour("muted"), lw=0.5))
    write(axes, (corner[0] + width / 2, corner[1] + 0.18), text)


def _label_cells(
    axes: Axes,
    corner: tuple[float, float],
    width: float,
    rows: Sequence[str],
    columns: Sequence[str],
) -> None:
    """Write names left of and above a matrix of cells, from its upper left corner."""
    left, top = corner
    for i, text in enumerate(rows):
        write(axes, (left - 0.08, top - (i + 0.5) * 0.36), text, align="right")
    for j, text in enumerate(columns):
        write(axes, (left + (j + 0.5) * width, top + 0.14), text)


def heat_map(
    matrix: ArrayLike,
    *,
    row_labels: Sequence[str] | None = None,
    column_labels: Sequence[str] | None = None,
    name: str = "",
    decimals: int = 2,
) -> Figure:
    """Draw a small matrix with its numbers printed in tinted cells.

    Parameters
    ----------
    matrix : ArrayLike, shape (m, n)
        The numbers.
    row_labels, column_labels : sequence of str, optional
        Names of rows and columns.
    name : str
        Written above the matrix.
    decimals : int
        Digits after the point.

    Returns
    -------
    Figure
        Positive cells have the tint of "forward", negative ones that of "backward" and a minus
        sign; the tint grows with the absolute value.

    Raises
    ------
    ValueError
        If labels do not agree with the shape or the matrix is wider than a page.
    """
    A = as_array(matrix, "matrix", 2)
    rows = row_labels or [""] * len(A)
    columns = column_labels or [""] * A.shape[1]
    require_same("the number of row_labels", len(rows), "matrix", A.shape[0])
    require_same("the number of column_labels", len(columns), "matrix", A.shape[1])
    texts = [[number(value, decimals) for value in row] for row in A]
    flat = [text for row in texts for text in row] + list(columns)
    width = max(text_size(text)[0] for text in flat) + 0.2
    left = max(text_size(text)[0] for text in rows) + 0.2
    above = 0.1 + 0.26 * any(columns) + 0.28 * bool(name)
    figure, axes = sheet(left + A.shape[1] * width + 0.1, len(A) * 0.36 + above + 0.08)
    largest = np.abs(A).max() or 1.0
    for (i, j), value in np.ndenumerate(A):
        corner = (left + j * width, 0.08 + (len(A) - 1 - i) * 0.36)
        _tinted_cell(axes, corner, width, value / largest, texts[i][j])
    top = 0.08 + len(A) * 0.36
    _label_cells(axes, (left, top), width, rows, columns)
    centre = left + A.shape[1] * width / 2
    write(axes, (centre, top + 0.16 + 0.26 * any(columns)), name, size=TEXT_SIZE + 1)
    return figure
