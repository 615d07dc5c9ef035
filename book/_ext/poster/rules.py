"""The foot of the poster: what to use again, any depth, the step, and how to check it."""

from matplotlib.axes import Axes

from backprop.plotting.canvas import panel
from backprop.plotting.palette import colour
from backprop.plotting.passes import number

from .sheet import LEFT, RIGHT, SMALLEST, Part, line
from .values import LEARNING_RATE, PosterValues

TOP, BOTTOM, GAP, PITCH = 3.5, 0.75, 0.25, 0.3


def rules(axes: Axes, values: PosterValues) -> None:
    width = (RIGHT - LEFT - 3 * GAP) / 4
    for k, (role, title, content) in enumerate(
        (
            ("backward", "Compute it once", _use_again()),
            ("forward", "Any depth", _any_depth()),
            ("update", "Then take a step", _step(values)),
            ("numeric", "And measure", _check(values)),
        )
    ):
        left = LEFT + k * (width + GAP)
        middle = ((left + left + width) / 2, (TOP + BOTTOM) / 2)
        panel(axes, middle, width, TOP - BOTTOM, "", colour(role), line_width=2.0)
        line(axes, (left + 0.2, TOP - 0.42), [Part(title, role)], 20)
        for row, parts in enumerate(content):
            line(axes, (left + 0.2, TOP - 0.8 - row * PITCH), parts, SMALLEST)


Line = list[Part | str]


def _use_again() -> list[Line]:
    return [
        [Part("$dZ$", "backward"), " of a layer serves"],
        ["three times:"],
        [r"$dW = A^{\top} dZ$    the weights"],
        [r"$db = \mathbf{1}^{\top} dZ$    the biases"],
        [r"$dA = dZ\, W^{\top}$    the layer before"],
        ["All with the old weights; then"],
        ["all weights change at once."],
    ]


def _any_depth() -> list[Line]:
    return [
        [r"For $l = L, \ldots, 1$:"],
        [r"$dZ_l = dA_l \odot f_l'(Z_l)$"],
        [r"$dW_l = A_{l-1}^{\top}\, dZ_l$"],
        [r"$dA_{l-1} = dZ_l\, W_l^{\top}$"],
        ["Two layers, with all brackets:"],
        [r"$dW_1 = X^{\top} [f_1' \odot ([f_2' \odot d\hat{Y}]\, W_2^{\top})]$"],
        ["4×5[5×2⊙([5×3⊙5×3]3×2)]"],
    ]


def _step(values: PosterValues) -> list[Line]:
    before, after = number(values.batch.cost, 4), number(values.cost_after, 4)
    return [
        [r"$W \leftarrow W - \eta\, dW,\quad b \leftarrow b - \eta\, db$"],
        [f"One step with $\\eta =$ {LEARNING_RATE:g}:"],
        [f"cost {before}, then {after}."],
        ["Stochastic: a minibatch is"],
        ["a random sample. Its gradient"],
        ["is right on average, and not"],
        ["exact for all examples."],
    ]


def _check(values: PosterValues) -> list[Line]:
    derived = values.batch.gradients[0].W[0, 0]
    return [
        [r"$[C(w + h) - C(w - h)]\,/\,2h$:"],
        [f"first weight {number(values.measured, 8)},"],
        [f"by the passes {number(derived, 8)}."],
        ["A gradient has the shape of"],
        ["its thing. $1/M$ stands once. And"],
        ["the rule behind a product:"],
        [r"$d(u \cdot v) = u^{\top} dv + v^{\top} du$"],
    ]
