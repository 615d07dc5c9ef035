"""The middle of the poster: a minibatch in matrix form.

Forward runs down the left side, backward up the right one, the parameters stand between them: so
each gradient stands beside the thing whose shape it has.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes

from backprop.plotting.canvas import stroke
from backprop.plotting.palette import colour
from backprop.plotting.passes import number

from .sheet import FORMULA, LEFT, LINE, ROW, SMALLEST, TEXT, Part, Point, heading, line, table
from .values import PosterValues

ROWS = (13.4, 11.37, 9.34, 7.31, 5.28)
"""Baselines of the formulas of X, Z₁, A₁, Z₂, Ŷ; their tables stand below."""
UNDER = 0.17
CENTRE, GRADIENTS, BACK = 5.05, 7.4, 11.35

FORWARD = [
    [Part("$X$", "forward")],
    [Part("$Z_1 = X\\,$", "forward"), Part("$W_1 + b_1$", "weight")],
    [Part(r"$A_1 = \sigma(Z_1)$", "forward")],
    [Part(r"$Z_2 = A_1\,$", "forward"), Part("$W_2 + b_2$", "weight")],
    [Part(r"$\hat{Y} = \sigma(Z_2)$", "forward")],
]
BACKWARD = [
    [Part(r"$dZ_1 = dA_1$", "backward"), Part(r"$\,\odot\,\sigma'(Z_1)$", "forward")],
    [Part(r"$dA_1 = dZ_2\,$", "backward"), Part(r"$W_2^{\top}$", "weight")],
    [Part(r"$dZ_2 = d\hat{Y}$", "backward"), Part(r"$\,\odot\,\sigma'(Z_2)$", "forward")],
    [Part(r"$d\hat{Y} = ($", "backward"), Part(r"$\hat{Y}$", "forward"), " $-$ ",
     Part("$Y$", "loss"), Part(r"$)\,/\,M$", "backward")],
]  # fmt: skip


def minibatch(axes: Axes, values: PosterValues) -> None:
    batch = values.batch
    heading(axes, (LEFT, 13.95), "2  A minibatch: an example a row, a layer a matrix product")
    X, A1, Y_hat = batch.A
    M, n0 = X.shape
    n1, n2 = A1.shape[1], Y_hat.shape[1]
    forward = zip(
        ROWS, FORWARD, [X, batch.Z[0], A1, batch.Z[1], Y_hat], (1, 2, 2, 2, 2),
        [f"{M}×{n0}", f"({M}×{n0}) ({n0}×{n1})", f"{M}×{n1}", f"({M}×{n1}) ({n1}×{n2})",
         f"{M}×{n2}"], strict=True,
    )  # fmt: skip
    for y, formula, array, decimals, shape in forward:
        width = _step(axes, (LEFT, y), formula, array, decimals, "forward", shape)
        if y in (ROWS[0], ROWS[2]):  # the inputs of a layer
            below = ROWS[ROWS.index(y) + 1] + 0.3
            _kept(axes, y - UNDER - 2.5 * ROW, LEFT + width + 0.08, (GRADIENTS + 1.2, below))
    (dZ1, dZ2), (dA1, dY_hat) = batch.Z_gradients, batch.A_gradients
    backward = zip(
        ROWS[1:], BACKWARD, [dZ1, dA1, dZ2, dY_hat],
        [f"({M}×{n1}) ⊙ ({M}×{n1})", f"({M}×{n2}) ({n2}×{n1})",
         f"({M}×{n2}) ⊙ ({M}×{n2})", f"{M}×{n2}"], strict=True,
    )  # fmt: skip
    for y, formula, array, shape in backward:
        _step(axes, (BACK, y), formula, array, 4, "backward", shape)
    _parameters(axes, values)
    _targets(axes, values)
    _legend(axes)
    _arrows(axes)


def _step(
    axes: Axes, at: Point, formula: Sequence[Part | str], array: np.ndarray, decimals: int,
    role: str, shape: str,
) -> float:  # fmt: skip
    """A formula, the shapes in it, and the table that it gives; the width of the table."""
    end = line(axes, at, formula, FORMULA)
    line(axes, (end + 0.25, at[1]), [Part(shape, "muted")], SMALLEST)
    width, _ = table(axes, (at[0], at[1] - UNDER), array, decimals, role, first_row=True)
    return width


def _parameters(axes: Axes, values: PosterValues) -> None:
    """Weights and biases beside their gradients."""
    example, gradients = values.example, values.batch.gradients
    layers = [(example.W1, example.b1), (example.W2, example.b2)]
    inputs = ("X", "A_1")
    for layer, ((W, b), (dW, db), y) in enumerate(
        zip(layers, gradients, (ROWS[1], ROWS[3]), strict=True)
    ):
        n, A = layer + 1, inputs[layer]
        M = len(values.batch.A[0])
        line(axes, (CENTRE, y), [Part(f"$W_{n}$", "weight")], FORMULA)
        product = [Part(f"$dW_{n} = $", "weight"), Part(rf"${A}^{{\top}}$", "forward"),
                   Part(rf"$\,dZ_{n}$", "backward")]  # fmt: skip
        end = line(axes, (GRADIENTS, y), product, FORMULA)
        shape = f"({W.shape[0]}×{M}) ({M}×{W.shape[1]})"
        line(axes, (end + 0.15, y), [Part(shape, "muted")], SMALLEST)
        _, height = table(axes, (CENTRE, y - UNDER), W, 1, "weight")
        width, _ = table(axes, (GRADIENTS, y - UNDER), dW, 4, "weight")
        _again(axes, y - UNDER - height / 2, GRADIENTS + width)
        below = y - UNDER - height - 0.36
        line(axes, (CENTRE, below), [Part(f"$b_{n}$", "weight")], FORMULA)
        line(axes, (GRADIENTS, below), [Part(f"$db_{n} = $ sum of the rows of ", "weight"),
                                    Part(f"$dZ_{n}$", "backward")], TEXT)  # fmt: skip
        table(axes, (CENTRE, below - 0.13), b, 1, "weight")
        table(axes, (GRADIENTS, below - 0.13), db, 4, "weight")


def _targets(axes: Axes, values: PosterValues) -> None:
    """What the output should be, and the one number that is made from the difference."""
    y = ROWS[4]
    line(axes, (CENTRE, y), [Part("$Y$", "loss")], FORMULA)
    width, _ = table(axes, (CENTRE, y - UNDER), values.example.Y, 2, "loss", first_row=True)
    beside = CENTRE + width + 0.3
    line(
        axes,
        (beside, y - 0.55),
        [Part(r"$C = \frac{1}{2M} \sum (\hat{Y} - Y)^2$", "loss")],
        FORMULA,
    )
    line(axes, (beside, y - 1.1), [Part(f"$= $ {number(values.batch.cost, 4)}", "loss")], FORMULA)


def _again(axes: Axes, y: float, end: float) -> None:
    """What was computed for the way back is the factor of the weights, too."""
    stroke(axes, (BACK - 0.08, y), (end + 0.08, y), colour("backward"), 1.6)
    if BACK - end > 1.2:
        middle = (BACK + end) / 2
        line(axes, (middle, y + 0.08), [Part("used again", "backward")], SMALLEST, "center")


def _kept(axes: Axes, y: float, start: float, end: Point) -> None:
    """A value of the way forward is kept until the gradient of the weights needs it."""
    stroke(axes, (start, y), (end[0], y), colour("forward"), 1.6, head=False)
    stroke(axes, (end[0], y), end, colour("forward"), 1.6)
    line(axes, ((start + end[0]) / 2, y + 0.08), [Part("kept", "forward")], SMALLEST, "center")


def _legend(axes: Axes) -> None:
    """What the colours say: they tell what is used again."""
    y = ROWS[0] - 0.1
    for parts in (
        [Part("blue", "forward"), ": kept from the way forward"],
        [Part("orange", "backward"), ": made on the way back"],
        [Part("green", "weight"), ": parameters, their gradients"],
        ["framed: the example of the picture"],
    ):
        line(axes, (BACK, y), parts, TEXT)
        y -= LINE


def _arrows(axes: Axes) -> None:
    """Down on the left, up on the right, and from both sides to the gradients of the weights."""
    for upper, lower in pairwise(ROWS):
        start, end = upper - UNDER - 5 * ROW - 0.03, lower + 0.27
        stroke(axes, (LEFT + 0.25, start), (LEFT + 0.25, end), colour("forward"), 3.0)
        if upper != ROWS[0]:
            stroke(axes, (BACK + 0.25, end), (BACK + 0.25, start), colour("backward"), 3.0)
