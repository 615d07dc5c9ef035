"""What PyTorch, Keras and Optax do unasked is said rightly by the book, and their autograd agrees.

The recorded runs lie in ``tests/golden``; two scripts there say which versions made them.
"""

import ast
import json
import re
from pathlib import Path

import numpy as np
import pytest

from backprop.activations import logistic
from backprop.networks import Layer, mlp_loss_and_gradients
from backprop.optimizers import Adagrad, Adam, GradientDescent, Nadam, RMSprop, apply_updates
from backprop.running_example import running_example

GOLDEN = Path(__file__).parents[1] / "golden"
RUNS = json.loads((GOLDEN / "trajectories.json").read_text(encoding="utf-8"))
AUTOGRAD = json.loads((GOLDEN / "autograd.json").read_text(encoding="utf-8"))
START, GRADIENTS = np.array(RUNS["start"]), np.array(RUNS["gradients"])


def betas(settings):
    names = [name for name in settings if name.startswith(("b", "beta"))]
    return [settings[name] for name in names]


def eps(settings):
    return settings.get("eps", settings.get("epsilon"))


OURS = {
    "torch sgd": lambda rate, s: GradientDescent(rate),
    "keras sgd": lambda rate, s: GradientDescent(rate),
    "optax sgd": lambda rate, s: GradientDescent(rate),
    "torch adagrad": lambda rate, s: Adagrad(rate, eps(s), s["initial_accumulator_value"]),
    "keras adagrad": lambda rate, s: Adagrad(
        rate, eps(s), s["initial_accumulator_value"], "eps_inside"
    ),
    "optax adagrad": lambda rate, s: Adagrad(
        rate, eps(s), s["initial_accumulator_value"], "eps_inside"
    ),
    "torch rmsprop": lambda rate, s: RMSprop(rate, s["alpha"], eps(s)),
    "keras rmsprop": lambda rate, s: RMSprop(rate, s["rho"], eps(s), "eps_inside"),
    "optax rmsprop": lambda rate, s: RMSprop(rate, s["decay"], eps(s), "eps_inside"),
    "torch adam": lambda rate, s: Adam(rate, *betas(s), eps(s)),
    "keras adam": lambda rate, s: Adam(rate, *betas(s), eps(s), "eps_hat"),
    "optax adam": lambda rate, s: Adam(rate, *betas(s), eps(s)),
    "torch adamw": lambda rate, s: Adam(rate, *betas(s), eps(s)),
    "keras adamw": lambda rate, s: Adam(rate, *betas(s), eps(s), "eps_hat"),
    "optax adamw": lambda rate, s: Adam(rate, *betas(s), eps(s)),
    "torch nadam": lambda rate, s: Nadam(rate, *betas(s), eps(s), "pytorch", s["momentum_decay"]),
    "keras nadam": lambda rate, s: Nadam(rate, *betas(s), eps(s), "keras"),
    "optax nadam": lambda rate, s: Nadam(rate, *betas(s), eps(s)),
}
"""Our optimizer with the numbers of a framework's signature."""


def run(optimizer, mask=1.0, *, into_gradient=0.0, beside=0.0, rate=0.0, steps=4):
    """Points of a run; weight decay goes into the gradient, or beside Adam's division."""
    params, state, points = START, optimizer.init(START), []
    for gradient in GRADIENTS[:steps] * mask:
        updates, state = optimizer.update(gradient + into_gradient * params, state)
        params = apply_updates(params, updates - rate * beside * params)
        points.append(params)
    return np.array(points)


@pytest.mark.parametrize("name", RUNS["defaults"])
def test_a_framework_does_unasked_what_its_signature_says(name):
    recorded = RUNS["defaults"][name]
    rate, settings = recorded["learning_rate"], recorded["settings"]
    ours = run(OURS[name](rate, settings), beside=settings.get("weight_decay", 0.0), rate=rate)
    travelled = np.array(recorded["trajectory"]) - START
    np.testing.assert_allclose(ours - START, travelled, rtol=1e-6, atol=1e-13)


@pytest.mark.parametrize(
    ("name", "variant", "where"),
    [
        ("torch Adam", "algorithm1", "into_gradient"),
        ("torch AdamW", "algorithm1", "beside"),
        ("optax adamw", "algorithm1", "beside"),
        ("keras Adam", "eps_hat", "beside"),
        ("keras AdamW", "eps_hat", "beside"),
    ],
)
def test_weight_decay_of_one_name_is_two_formulas(name, variant, where):
    recorded = RUNS["weight_decay"]
    travelled = np.array(recorded["runs"][name]) - START
    forms = {
        form: run(
            Adam(0.01, eps=1e-3, variant=variant),
            np.array(recorded["mask"]),
            rate=0.01,
            **{form: recorded["decay"]},
        )
        for form in ("into_gradient", "beside")
    }
    np.testing.assert_allclose(forms.pop(where) - START, travelled, rtol=1e-6, atol=1e-13)
    (other,) = forms.values()
    assert np.abs(other - START - travelled).max() > 1e-3


def our_tables():
    """Values and gradients of all tables of the running example, by the rules of the book."""
    example = running_example()
    layers = [Layer(example.W1, example.b1), Layer(example.W2, example.b2)]
    cost, gradients = mlp_loss_and_gradients(
        layers,
        example.X,
        example.Y,
        loss="half_squared_error",
        activation="logistic",
        output_activation="logistic",
    )
    A1 = logistic(example.X @ example.W1 + example.b1)
    A2 = logistic(A1 @ example.W2 + example.b2)
    dA2 = (A2 - example.Y) / 5
    dZ2 = dA2 * A2 * (1 - A2)
    dA1 = dZ2 @ example.W2.T
    named = {"A2": dA2, "Z2": dZ2, "A1": dA1, "Z1": dA1 * A1 * (1 - A1)}
    for number, layer in enumerate(gradients, 1):
        named |= {f"W{number}": layer.W, f"b{number}": layer.b}
    return cost, named


def test_pytorch_finds_every_gradient_between_the_cost_and_the_parameters():
    cost, gradients = our_tables()
    recorded = AUTOGRAD["torch"]
    assert set(recorded["gradients"]) == set(gradients)
    np.testing.assert_allclose(recorded["cost"], cost, rtol=1e-12)
    for name, gradient in gradients.items():
        np.testing.assert_allclose(recorded["gradients"][name], gradient, rtol=1e-10)
    assert AUTOGRAD["gradcheck"] is True


def test_jax_finds_the_same_gradients_of_the_parameters():
    cost, gradients = our_tables()
    np.testing.assert_allclose(AUTOGRAD["jax"]["cost"], cost, rtol=1e-12)
    for name, gradient in AUTOGRAD["jax"]["gradients"].items():
        np.testing.assert_allclose(gradient, gradients[name], rtol=1e-10)


def test_a_linear_layer_of_pytorch_is_transposed_and_its_mean_square_is_two_thirds():
    cost, gradients = our_tables()
    linear = AUTOGRAD["linear"]
    assert linear["weight_shape"] == [2, 4]
    np.testing.assert_allclose(linear["loss"], cost * 2 / 3, rtol=1e-12)
    np.testing.assert_allclose(linear["weight_gradient"], gradients["W1"].T * 2 / 3, rtol=1e-10)


@pytest.mark.parametrize(
    ("script", "versions"),
    [("make_autograd.py", AUTOGRAD["versions"]), ("make_trajectories.py", RUNS["versions"])],
)
def test_a_script_names_the_versions_that_made_what_is_kept(script, versions):
    text = (GOLDEN / script).read_text(encoding="utf-8")
    made_with = {name: version.partition("+")[0] for name, version in versions.items()}
    assert dict(re.findall(r"(\w+)==(\S+)", ast.get_docstring(ast.parse(text)))) == made_with
