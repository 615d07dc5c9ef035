"""The passes by hand of the problem sets."""

from collections.abc import Iterator

import numpy as np

from backprop.activations import logistic
from coursekit.exams.pass_by_hand import KnownSlip, Numbers, Pass, Step, Work


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
    "output unit with the weight v and the bias c. Both units are logistic; the cost C of a "
    "pattern is half the squared error, and y the target. In what follows h is the hidden unit and "
    "o the output unit, z the pre-activation of a unit, a its activation, and δ the derivative of "
    "the cost with respect to z.",
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
        KnownSlip("The bias of the hidden unit is left out.", {
            "z_h": lambda n: n["w_1"] * n["x_1"] + n["w_2"] * n["x_2"]}),
        KnownSlip("The pre-activation is sent on, not the activation.", {
            "z_o": lambda n: n["v"] * n["z_h"] + n["c"]}),
        KnownSlip("The half of the squared error is forgotten in C.", {
            "C": lambda n: (n["y"] - n["a_o"]) ** 2}),
        KnownSlip("The slope of the output unit is missing.", {
            r"\delta_o": lambda n: n["a_o"] - n["y"]}),
        KnownSlip("The error is target minus activation.", {
            r"\delta_o": lambda n: (n["y"] - n["a_o"]) * n["a_o"] * (1 - n["a_o"])}),
        KnownSlip("The slope of the hidden unit is missing.", {
            r"\delta_h": lambda n: n["v"] * n[r"\delta_o"]}),
    ),
    "book/chain_rule/whole_pass#The whole pass",
)  # fmt: skip


def for_softmax(rng: np.random.Generator) -> Numbers:
    shares = rng.permutation([0.2, 0.3, 0.5])
    rates = rng.permutation([-2.0, -1.0, 0.5, 1.0, 2.0, 3.0])[:3]
    return {f"s_{k + 1}": float(s) for k, s in enumerate(shares)} | {
        f"u_{k + 1}": float(u) for k, u in enumerate(rates)
    }


def softmax_step(k: int) -> Step:
    return Step(f"dz_{k}", rf"s_{k} (u_{k} - u^\top s)",
                lambda n: n[f"s_{k}"] * (n[f"u_{k}"] - n[r"u^\top s"]))  # fmt: skip


def diagonal_only(k: int) -> Work:
    return lambda n: n[f"s_{k}"] * (1 - n[f"s_{k}"]) * n[f"u_{k}"]


def shared_term_missing(k: int) -> Work:
    return lambda n: n[f"s_{k}"] * n[f"u_{k}"]


SOFTMAX_PRODUCT = Pass(
    "ps2",
    "s is the softmax of three numbers z, and u the upstream gradient: the derivative of a cost "
    "with respect to each entry of s. dz is the gradient with respect to z, and J the Jacobian of "
    "the softmax.",
    for_softmax,
    (
        Step(r"u^\top s", "u_1 s_1 + u_2 s_2 + u_3 s_3",
             lambda n: sum(n[f"s_{k}"] * n[f"u_{k}"] for k in (1, 2, 3))),
        *(softmax_step(k) for k in (1, 2, 3)),
        Step("J_{11}", "s_1 (1 - s_1)", lambda n: n["s_1"] * (1 - n["s_1"])),
        Step("J_{12}", "-s_1 s_2", lambda n: -n["s_1"] * n["s_2"]),
    ),
    (
        KnownSlip("The sum is left without its weights s.", {
            r"u^\top s": lambda n: n["u_1"] + n["u_2"] + n["u_3"]}),
        KnownSlip("Only the diagonal of the Jacobian is used for the gradient.", {
            f"dz_{k}": diagonal_only(k) for k in (1, 2, 3)}),
        KnownSlip("The shared term is left out of the gradient.", {
            f"dz_{k}": shared_term_missing(k) for k in (1, 2, 3)}),
        KnownSlip("The sign beside the diagonal is lost.", {
            "J_{12}": lambda n: n["s_1"] * n["s_2"]}),
    ),
    "book/jacobians/elementwise_softmax#Softmax: each output sees all inputs",
)  # fmt: skip


def for_minibatch(rng: np.random.Generator) -> Numbers:
    found = {name: signed(rng) for name in ("x_1", "x_2", "w", "b", "v", "c")}
    return found | {"y_1": chosen(rng, -1, 0, 1, 2), "y_2": chosen(rng, -1, 0, 1, 2)}


def relu(z: float) -> float:
    return max(z, 0.0)


def layer_step(m: int) -> Step:
    return Step(f"z_{m}", f"w\\,x_{m} + b", lambda n: n["w"] * n[f"x_{m}"] + n["b"])


def output_step(m: int) -> Step:
    work = f"v\\,\\max(z_{m}, 0) + c"
    return Step(rf"\hat y_{m}", work, lambda n: n["v"] * relu(n[f"z_{m}"]) + n["c"])


def error_step(m: int) -> Step:
    return Step(rf"d\hat y_{m}", rf"(\hat y_{m} - y_{m}) / 2", error_over(m, 2))


def error_over(m: int, divisor: float) -> Work:
    return lambda n: (n[rf"\hat y_{m}"] - n[f"y_{m}"]) / divisor


def slope_of_v(n: Numbers) -> float:
    return relu(n["z_1"]) * n[r"d\hat y_1"] + relu(n["z_2"]) * n[r"d\hat y_2"]


def back(n: Numbers, m: int) -> float:
    """What an example gives to the slope of w where its ReLU is on."""
    return n["v"] * n[rf"d\hat y_{m}"] * n[f"x_{m}"]


MINIBATCH = Pass(
    "ps3",
    "A minibatch of two examples with one input x each goes through a linear layer with the "
    "weight w and the bias b, a ReLU, and a linear layer with the weight v and the bias c. z is "
    "the pre-activation of the ReLU, ŷ what the last layer gives, and y the target. The loss is "
    "the mean over the minibatch of half the squared error. A d in front of a name is the "
    "derivative of the loss with respect to it, and an index is that of the example.",
    for_minibatch,
    (
        *map(layer_step, (1, 2)),
        *map(output_step, (1, 2)),
        *map(error_step, (1, 2)),
        Step("dv", r"\max(z_1, 0)\,d\hat y_1 + \max(z_2, 0)\,d\hat y_2", slope_of_v),
        Step("dc", r"d\hat y_1 + d\hat y_2", lambda n: n[r"d\hat y_1"] + n[r"d\hat y_2"]),
        Step("dw", r"\sum_{m:\,z_m > 0} v\,d\hat y_m\,x_m",
             lambda n: sum(back(n, m) for m in (1, 2) if n[f"z_{m}"] > 0)),
    ),
    (
        KnownSlip("The 1/M of the mean is forgotten.", {
            rf"d\hat y_{m}": error_over(m, 1) for m in (1, 2)}),
        KnownSlip("The error is y - ŷ.", {
            rf"d\hat y_{m}": error_over(m, -2) for m in (1, 2)}),
        KnownSlip("Divided by the size of the minibatch once more.", {
            "dv": lambda n: slope_of_v(n) / 2}),
        KnownSlip("The bias is averaged, not summed.", {
            "dc": lambda n: (n[r"d\hat y_1"] + n[r"d\hat y_2"]) / 2}),
        KnownSlip("The mask of the ReLU is missing.", {
            "dw": lambda n: back(n, 1) + back(n, 2)}),
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


def change_subtracted(t: int) -> Work:
    return lambda n: n[rf"\theta_{t - 1}"] - n[rf"\Delta_{t}"]


MOMENTUM = Pass(
    "ps4",
    "The cost is C(θ) = ½kθ². Make two steps of gradient descent with the learning rate η and the "
    "momentum α, in the convention of the book: Δ is the last change of θ, it is zero before the "
    "first step, and η is inside of what is remembered. The gradient is g.",
    for_momentum,
    (*momentum_steps(1), *momentum_steps(2)),
    (
        KnownSlip("The gradient of the second step is taken at the old place.", {
            "g_2": lambda n: n["k"] * n[r"\theta_0"]}),
        KnownSlip("The last change is forgotten.", {
            r"\Delta_2": lambda n: -n[r"\eta"] * n["g_2"]}),
        KnownSlip("The change is subtracted.", {
            rf"\theta_{t}": change_subtracted(t) for t in (1, 2)}),
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
