"""Two parallel tests of twelve questions: the same concepts, asked with other numbers.

``python -m book.teaching.concept_tests`` writes the page's text. The wrong options of a question
are what known mistakes give, so an answer says not only whether, but what was misunderstood.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

TEXT = Path(__file__).with_suffix(".txt")
FORMS = ("A", "B")
LETTERS = "abcd"

Numbers = Mapping[str, Any]


@dataclass(frozen=True)
class Item:
    """A question in two forms.

    Attributes
    ----------
    concept : str
    question : str
        With a place for each number.
    numbers : tuple of dict
        Of form A and of form B.
    right : callable
    wrong : dict
        What each of three mistakes gives, by the words for it.
    """

    concept: str
    question: str
    numbers: tuple[Numbers, Numbers]
    right: Callable[..., Any]
    wrong: Mapping[str, Callable[..., Any]]

    def options(self, form: str) -> dict[str, str]:
        """The options as they are printed, each with what it says, in the order of the options."""
        given = self.numbers[FORMS.index(form)]
        answers = {"right": self.right, **self.wrong}
        values = {meaning: answer(**given) for meaning, answer in answers.items()}
        order = sorted(values, key=lambda meaning: tuple(np.ravel(values[meaning])))
        return {printed(values[meaning]): meaning for meaning in order}

    def text(self, form: str) -> str:
        shown = {name: printed(value) for name, value in self.numbers[FORMS.index(form)].items()}
        return self.question.format(**shown)

    def key(self, form: str) -> str:
        """The letter of the right option."""
        return LETTERS[list(self.options(form).values()).index("right")]


def printed(value: Any) -> str:
    if isinstance(value, tuple | list | np.ndarray):
        inner = ", ".join(map(printed, value))
        return f"({inner})" if isinstance(value, tuple) else f"[{inner}]"
    return f"{value + 0:.4g}".replace("-", "−")  # and no negative zero


def logistic(z):
    return 1 / (1 + np.exp(-z))


def array(values):
    return np.array(values, dtype=float)


def second_velocity(rate, share, g1, g2, new=1.0):
    """The change of the second step; ``new`` is the share that each gradient enters with."""
    return share * (-new * rate * g1) - new * rate * g2


ITEMS = (
    Item(
        "chain rule: the outer slope at the inner value, times the inner slope",
        "$y = u^3$ and $u = {a}\\,x$. What is $dy/dx$ at $x = {x}$?",
        ({"a": 2, "x": 3}, {"a": 3, "x": 2}),
        lambda a, x: 3 * (a * x) ** 2 * a,
        {
            "the inner slope is forgotten": lambda a, x: 3 * (a * x) ** 2,
            "the outer slope is taken at x": lambda a, x: 3 * x**2 * a,
            "the outer slope is forgotten": lambda a, x: a,
        },
    ),
    Item(
        "influences along different paths add",
        "$f$ depends on $u$ and $v$, which both depend on $t$. $∂f/∂u = {p}$, $∂f/∂v = {q}$, "
        "$du/dt = {r}$, $dv/dt = {s}$. What is $df/dt$?",
        ({"p": 2, "q": 3, "r": 4, "s": -1}, {"p": 3, "q": -2, "r": 1, "s": 5}),
        lambda p, q, r, s: p * r + q * s,
        {
            "one path only": lambda p, q, r, s: p * r,
            "sums are multiplied": lambda p, q, r, s: (p + q) * (r + s),
            "the paths are averaged": lambda p, q, r, s: (p * r + q * s) / 2,
        },
    ),
    Item(
        "the slope of a logistic unit, from its activation",
        "A logistic unit has the activation {a}. How fast does it change with its pre-activation?",
        ({"a": 0.8}, {"a": 0.3}),
        lambda a: a * (1 - a),
        {
            "squashed once more": lambda a: logistic(a) * (1 - logistic(a)),
            "the activation for its slope": lambda a: a,
            "the slope of tanh": lambda a: 1 - a**2,
        },
    ),
    Item(
        "δ of an output unit: sign, and the slope of the unit",
        "A logistic output unit has activation {a}, its target is {y}, and the cost is half the "
        "squared error. What is δ, the derivative of the cost by the pre-activation?",
        ({"a": 0.8, "y": 1}, {"a": 0.6, "y": 0}),
        lambda a, y: (a - y) * a * (1 - a),
        {
            "the wrong sign": lambda a, y: (y - a) * a * (1 - a),
            "the slope is forgotten": lambda a, y: a - y,
            "the half is forgotten": lambda a, y: 2 * (a - y) * a * (1 - a),
        },
    ),
    Item(
        "the gradient of a weight is what comes back times what came in",
        "A weight {w} leads from a unit with activation {h} to a unit with $δ = {d}$. What is the "
        "derivative of the cost by the weight?",
        ({"w": 2, "h": 0.4, "d": 0.5}, {"w": -2, "h": 0.5, "d": -0.3}),
        lambda w, h, d: d * h,
        {
            "the weight for what came in": lambda w, h, d: d * w,
            "δ for the gradient": lambda w, h, d: d,
            "the weight besides": lambda w, h, d: d * h * w,
        },
    ),
    Item(
        "a gradient has the shape of its parameter",
        "{M} examples, one per row, pass a layer with {n_in} inputs and {n_out} outputs. Which "
        "shape has the gradient of its weights?",
        ({"M": 32, "n_in": 5, "n_out": 3}, {"M": 16, "n_in": 4, "n_out": 6}),
        lambda M, n_in, n_out: (n_in, n_out),
        {
            "transposed": lambda M, n_in, n_out: (n_out, n_in),
            "the shape of the outputs": lambda M, n_in, n_out: (M, n_out),
            "the shape of the inputs": lambda M, n_in, n_out: (M, n_in),
        },
    ),
    Item(
        "the loss is a mean over the examples, and so is its gradient",
        "The loss is the mean over {M} examples, and an entry of its gradient is {g}. Now each "
        "example stands in the minibatch {k} times. What is the entry?",
        ({"M": 4, "g": 6, "k": 2}, {"M": 5, "g": 10, "k": 3}),
        lambda M, g, k: g,
        {
            "a sum for the mean": lambda M, g, k: g * k,
            "divided by the repetitions": lambda M, g, k: g / k,
            "divided by the number of examples again": lambda M, g, k: g / (M * k),
        },
    ),
    Item(
        "every example uses the bias, so their contributions add",
        "A layer with two output units gets the upstream gradient {dY}, one row per example. What "
        "is the derivative of the cost by the bias of the first unit?",
        (
            {"dY": [[1, 3], [-2, 0], [7, -1]]},
            {"dY": [[4, 2], [1, 0], [-2, 5]]},
        ),
        lambda dY: array(dY)[:, 0].sum(),
        {
            "averaged again": lambda dY: array(dY)[:, 0].mean(),
            "added along the wrong axis": lambda dY: array(dY)[0].sum(),
            "the first example only": lambda dY: array(dY)[0, 0],
        },
    ),
    Item(
        "ReLU passes a gradient back where its pre-activation is positive",
        "Three ReLU units have the pre-activations {Z} and the upstream gradient {dA}. What goes "
        "back to the pre-activations?",
        ({"Z": [2, -1, 3], "dA": [-4, 5, 6]}, {"Z": [-2, 4, 1], "dA": [3, -1, 2]}),
        lambda Z, dA: array(dA) * (array(Z) > 0),
        {
            "the gradient decides": lambda Z, dA: array(dA) * (array(dA) > 0),
            "the slope is forgotten": lambda Z, dA: array(dA),
            "the activation for its slope": lambda Z, dA: array(dA) * np.maximum(Z, 0),
        },
    ),
    Item(
        "softmax with cross-entropy: probability less target, divided by the examples",
        "The loss is the mean cross-entropy of {M} examples. One of them has the probability {s} "
        "for its true class. What is the derivative of the loss by the logit of that class?",
        ({"M": 2, "s": 0.2}, {"M": 4, "s": 0.6}),
        lambda M, s: (s - 1) / M,
        {
            "the mean is forgotten": lambda M, s: s - 1,
            "the wrong sign": lambda M, s: (1 - s) / M,
            "the slope of softmax once more": lambda M, s: s * (1 - s) * (s - 1) / M,
        },
    ),
    Item(
        "momentum: part of the last change is kept, and the new step is added",
        "Momentum with η = {rate} and α = {share} starts from rest. The gradients of two steps are "
        "{g1} and {g2}. By how much does the second step change the parameter?",
        (
            {"rate": 0.1, "share": 0.5, "g1": 6, "g2": 2},
            {"rate": 0.2, "share": 0.5, "g1": 4, "g2": -3},
        ),
        second_velocity,
        {
            "nothing is kept": lambda rate, share, g1, g2: -rate * g2,
            "all is kept": lambda rate, share, g1, g2: -rate * (g1 + g2),
            "an average": lambda rate, share, g1, g2: second_velocity(
                rate, share, g1, g2, new=1 - share
            ),
        },
    ),
    Item(
        "the steepest direction bounds the learning rate",
        "A quadratic cost has the curvatures {steep} and {flat} along its axes. Below which "
        "learning rate does gradient descent converge?",
        ({"steep": 4, "flat": 1}, {"steep": 10, "flat": 2}),
        lambda steep, flat: 2 / steep,
        {
            "the fastest for the largest": lambda steep, flat: 1 / steep,
            "the flattest direction": lambda steep, flat: 2 / flat,
            "all curvatures together": lambda steep, flat: 2 / (steep + flat),
        },
    ),
)


def form_text(form: str) -> str:
    """The questions of one form, with their options."""
    parts = [f"## Form {form}"]
    for number, item in enumerate(ITEMS, start=1):
        options = item.options(form)
        listed = [f"   {letter}) {value}" for letter, value in zip(LETTERS, options, strict=True)]
        parts.append("\\\n".join([f"{number}. {item.text(form)}", *listed]))
    return "\n\n".join(parts)


def key_text() -> str:
    """What each question asks, the right letters, and what each other letter says."""
    lines = ["| | what it asks | " + " | ".join(f"form {form}" for form in FORMS) + " |"]
    lines.append("|---|---|" + "---|" * len(FORMS))
    for number, item in enumerate(ITEMS, start=1):
        cells = []
        for form in FORMS:
            pairs = zip(LETTERS, item.options(form).values(), strict=True)
            wrong = "; ".join(f"{letter}: {said}" for letter, said in pairs if said != "right")
            cells.append(f"**{item.key(form)}**; {wrong}")
        lines.append(f"| {number} | {item.concept} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def page_text() -> str:
    """All that the page includes."""
    return "\n\n".join([*map(form_text, FORMS), "## Answers", key_text()]) + "\n"


if __name__ == "__main__":
    TEXT.write_text(page_text(), encoding="utf-8")
    print(f"{TEXT}: {len(ITEMS)} questions in {len(FORMS)} forms")
