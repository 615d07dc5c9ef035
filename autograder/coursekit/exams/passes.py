"""Passes that are worked out by hand, step after step, so that an error can be followed through."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from backprop.activations import logistic
from coursekit.exams.questions import Asked, Block, Question, Slip, in_figures

Numbers = dict[str, float]
Work = Callable[[Numbers], float]


@dataclass(frozen=True)
class Step:
    """A step of a pass.

    Attributes
    ----------
    name, formula : str
        What is worked out, in TeX, and how it follows from what is known by then.
    work : callable
    """

    name: str
    formula: str
    work: Work


@dataclass(frozen=True)
class KnownSlip:
    """A mistake that is made in one step: in words, and what is then worked out there."""

    words: str
    step: str
    work: Work


@dataclass(frozen=True)
class Pass:
    """A pass by hand.

    Attributes
    ----------
    exercise : str
        What it belongs to.
    text : str
    given : callable
        Draws the numbers that the paper gives, by their names in TeX.
    steps : tuple of Step
    slips : tuple of KnownSlip
    section : str
        Where the book has such a pass: "page#Title".
    """

    exercise: str
    text: str
    given: Callable[[np.random.Generator], Numbers]
    steps: tuple[Step, ...]
    slips: tuple[KnownSlip, ...]
    section: str

    def work(self, given: Mapping[str, float], slip: KnownSlip | None = None) -> Numbers:
        """All numbers of the pass; with a slip what follows from it follows rightly."""
        known = dict(given)
        for step in self.steps:
            made = slip is not None and slip.step == step.name
            known[step.name] = slip.work(known) if made and slip else step.work(known)
        return known

    def question(self, rng: np.random.Generator) -> Question:
        """The question for numbers of which no slip comes near the right ones."""
        given = next(numbers for numbers in self.drawn(rng) if self.tells_apart(numbers))
        right = self.work(given)
        return Question(
            "A pass by hand",
            self.exercise,
            (
                Block("text", self.text),
                *(Block("formula", line) for line in in_lines(given)),
                Block("text", "Work out, in this order:"),
            ),
            tuple(Asked(step.name, right[step.name], step.formula) for step in self.steps),
            slips=tuple(self.slip(given, slip) for slip in self.slips),
            section=self.section,
        )

    def drawn(self, rng: np.random.Generator) -> Iterator[Numbers]:
        while True:
            yield self.given(rng)

    def tells_apart(self, given: Numbers) -> bool:
        """Whether each slip shows, and no number is so small that rounding eats it."""
        right = self.work(given)
        small = any(abs(right[step.name]) < 0.02 for step in self.steps)
        shows = (
            abs(self.work(given, slip)[slip.step] - right[slip.step]) >= 0.015
            for slip in self.slips
        )
        return not small and all(shows)

    def slip(self, given: Numbers, slip: KnownSlip) -> Slip:
        """What follows from a slip: the step in which it is made is lost, and no other."""
        values = self.work(given, slip)
        figures = tuple(in_figures(values[step.name]) for step in self.steps)
        return Slip(slip.words, figures, len(self.steps) - 1)


def in_lines(given: Numbers, wide: int = 4) -> Iterator[str]:
    """The numbers that are given, a few on a line."""
    parts = [f"{name} = {value:g}" for name, value in given.items()]
    for begin in range(0, len(parts), wide):
        yield r",\quad ".join(parts[begin : begin + wide])


def chosen(rng: np.random.Generator, *from_: float) -> float:
    return float(rng.choice(from_))


def signed(rng: np.random.Generator) -> float:
    return chosen(rng, -2, -1.5, -1, -0.5, 0.5, 1, 1.5, 2)


def squash(z: float) -> float:
    return float(logistic(z))


def for_network(rng: np.random.Generator) -> Numbers:
    names = ("x_1", "x_2", "w_1", "w_2", "b", "v", "c")
    return {name: signed(rng) for name in names} | {"y": chosen(rng, 0.2, 0.3, 0.7, 0.8)}


LOGISTIC_NETWORK = Pass(
    "ps1",
    "Two inputs x lead to one hidden unit with the weights w and the bias b, and this leads to one "
    "output unit with the weight v and the bias c. Both units are logistic; the cost of a pattern "
    "is half the squared error. In what follows h is the hidden unit and o the output unit, and "
    "each δ is the derivative of the cost with respect to the pre-activation z of a unit.",
    for_network,
    (
        Step("z_h", "w_1 x_1 + w_2 x_2 + b", lambda n: n["w_1"] * n["x_1"] + n["w_2"] * n["x_2"]
             + n["b"]),
        Step("a_h", r"\sigma(z_h)", lambda n: squash(n["z_h"])),
        Step("z_o", "v\\,a_h + c", lambda n: n["v"] * n["a_h"] + n["c"]),
        Step("a_o", r"\sigma(z_o)", lambda n: squash(n["z_o"])),
        Step("C", r"\tfrac12 (y - a_o)^2", lambda n: (n["y"] - n["a_o"]) ** 2 / 2),
        Step(r"\delta_o", "(a_o - y)\\,a_o (1 - a_o)",
             lambda n: (n["a_o"] - n["y"]) * n["a_o"] * (1 - n["a_o"])),
        Step(r"\delta_h", r"v\,\delta_o\,a_h (1 - a_h)",
             lambda n: n["v"] * n[r"\delta_o"] * n["a_h"] * (1 - n["a_h"])),
        Step(r"\partial C / \partial w_1", r"\delta_h\,x_1", lambda n: n[r"\delta_h"] * n["x_1"]),
    ),
    (
        KnownSlip("The bias of the hidden unit is left out.", "z_h",
                  lambda n: n["w_1"] * n["x_1"] + n["w_2"] * n["x_2"]),
        KnownSlip("The pre-activation is sent on, not the activation.", "z_o",
                  lambda n: n["v"] * n["z_h"] + n["c"]),
        KnownSlip("The slope of the output unit is missing.", r"\delta_o",
                  lambda n: n["a_o"] - n["y"]),
        KnownSlip("The slope of the hidden unit is missing.", r"\delta_h",
                  lambda n: n["v"] * n[r"\delta_o"]),
    ),
    "book/chain_rule/whole_pass#The whole pass",
)  # fmt: skip


def for_softmax(rng: np.random.Generator) -> Numbers:
    shares = rng.permutation([0.2, 0.3, 0.5])
    weights = rng.permutation([-2.0, -1.0, 0.5, 1.0, 2.0, 3.0])[:3]
    return {f"p_{k + 1}": float(p) for k, p in enumerate(shares)} | {
        f"v_{k + 1}": float(v) for k, v in enumerate(weights)
    }


def softmax_step(k: int) -> Step:
    return Step(f"g_{k}", f"p_{k} (v_{k} - s)",
                lambda n: n[f"p_{k}"] * (n[f"v_{k}"] - n["s"]))  # fmt: skip


SOFTMAX_PRODUCT = Pass(
    "ps2",
    "p is the softmax of three numbers, and v the gradient of a loss with respect to p. Work out "
    "the gradient g with respect to these three numbers; s is the sum that occurs in each of its "
    "entries, and J the Jacobian matrix of the softmax.",
    for_softmax,
    (
        Step("s", "p_1 v_1 + p_2 v_2 + p_3 v_3",
             lambda n: sum(n[f"p_{k}"] * n[f"v_{k}"] for k in (1, 2, 3))),
        *(softmax_step(k) for k in (1, 2, 3)),
        Step("J_{11}", "p_1 (1 - p_1)", lambda n: n["p_1"] * (1 - n["p_1"])),
        Step("J_{12}", "-p_1 p_2", lambda n: -n["p_1"] * n["p_2"]),
    ),
    (
        KnownSlip("The sum is left without its weights p.", "s",
                  lambda n: n["v_1"] + n["v_2"] + n["v_3"]),
        KnownSlip("Only the diagonal of the Jacobian is used for the first entry.", "g_1",
                  lambda n: n["p_1"] * (1 - n["p_1"]) * n["v_1"]),
        KnownSlip("The sign beside the diagonal is lost.", "J_{12}",
                  lambda n: n["p_1"] * n["p_2"]),
    ),
    "book/jacobians/elementwise_softmax#Softmax: each output sees all inputs",
)  # fmt: skip


def for_minibatch(rng: np.random.Generator) -> Numbers:
    found = {name: signed(rng) for name in ("x_1", "x_2", "u", "b", "w", "c")}
    return found | {"y_1": chosen(rng, -1, 0, 1, 2), "y_2": chosen(rng, -1, 0, 1, 2)}


def relu(z: float) -> float:
    return max(z, 0.0)


def layer_step(m: int) -> Step:
    return Step(f"z_{m}", f"u\\,x_{m} + b", lambda n: n["u"] * n[f"x_{m}"] + n["b"])


def output_step(m: int) -> Step:
    work = f"w\\,\\max(z_{m}, 0) + c"
    return Step(f"o_{m}", work, lambda n: n["w"] * relu(n[f"z_{m}"]) + n["c"])


def error_step(m: int) -> Step:
    return Step(f"do_{m}", f"(o_{m} - y_{m}) / 2", lambda n: (n[f"o_{m}"] - n[f"y_{m}"]) / 2)


def slope_of_w(n: Numbers) -> float:
    return relu(n["z_1"]) * n["do_1"] + relu(n["z_2"]) * n["do_2"]


def back(n: Numbers, m: int) -> float:
    """What an example gives to the slope of u where its ReLU is on."""
    return n["w"] * n[f"do_{m}"] * n[f"x_{m}"]


MINIBATCH = Pass(
    "ps3",
    "A minibatch of two examples with one input each goes through a linear layer with the weight u "
    "and the bias b, a ReLU, and a linear layer with the weight w and the bias c. The loss is the "
    "mean over the minibatch of half the squared error. A d in front of a name is the derivative "
    "of the loss with respect to it, and an index is that of the example.",
    for_minibatch,
    (
        *map(layer_step, (1, 2)),
        *map(output_step, (1, 2)),
        *map(error_step, (1, 2)),
        Step("dw", r"\max(z_1, 0)\,do_1 + \max(z_2, 0)\,do_2", slope_of_w),
        Step("dc", "do_1 + do_2", lambda n: n["do_1"] + n["do_2"]),
        Step("du", r"\sum_{m:\,z_m > 0} w\,do_m\,x_m",
             lambda n: sum(back(n, m) for m in (1, 2) if n[f"z_{m}"] > 0)),
    ),
    (
        KnownSlip("Divided by the size of the minibatch once more.", "dw",
                  lambda n: slope_of_w(n) / 2),
        KnownSlip("The bias is averaged, not summed.", "dc",
                  lambda n: (n["do_1"] + n["do_2"]) / 2),
        KnownSlip("The mask of the ReLU is missing.", "du",
                  lambda n: back(n, 1) + back(n, 2)),
    ),
    "book/matrix_backprop/minibatch#Backward, one step after another",
)  # fmt: skip


def for_momentum(rng: np.random.Generator) -> Numbers:
    return {
        "k": chosen(rng, 2, 3, 4),
        r"\theta_0": chosen(rng, -3, -2, 2, 3),
        r"\eta": chosen(rng, 0.1, 0.2),
        r"\alpha": chosen(rng, 0.5, 0.8, 0.9),
    }


def momentum_steps(t: int) -> Iterator[Step]:
    before, last = rf"\theta_{t - 1}", rf"\Delta_{t - 1}"
    change = r"-\eta\,g_1" if t == 1 else r"\alpha\,\Delta_1 - \eta\,g_2"
    yield Step(f"g_{t}", rf"k\,{before}", lambda n: n["k"] * n[before])
    yield Step(
        rf"\Delta_{t}",
        change,
        lambda n: n[r"\alpha"] * n.get(last, 0.0) - n[r"\eta"] * n[f"g_{t}"],
    )
    yield Step(rf"\theta_{t}", rf"{before} + \Delta_{t}", lambda n: n[before] + n[rf"\Delta_{t}"])


MOMENTUM = Pass(
    "ps4",
    "The cost is C(θ) = ½kθ². Make two steps of gradient descent with momentum in the convention "
    "of the book: Δ is the last change of θ, it is zero before the first step, and η is inside of "
    "what is remembered. The gradient is g.",
    for_momentum,
    (*momentum_steps(1), *momentum_steps(2)),
    (
        KnownSlip("The gradient of the second step is taken at the old place.", "g_2",
                  lambda n: n["k"] * n[r"\theta_0"]),
        KnownSlip("The last change is forgotten.", r"\Delta_2",
                  lambda n: -n[r"\eta"] * n["g_2"]),
        KnownSlip("The change is subtracted.", r"\theta_2",
                  lambda n: n[r"\theta_1"] - n[r"\Delta_2"]),
    ),
    "book/optimizers/momentum#Three steps by hand",
)  # fmt: skip

PASSES = {
    "ps1": LOGISTIC_NETWORK,
    "ps2": SOFTMAX_PRODUCT,
    "ps3": MINIBATCH,
    "ps4": MOMENTUM,
    "ps5": MINIBATCH,
}
"""By problem set."""
