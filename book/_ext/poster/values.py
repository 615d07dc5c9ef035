"""Every number of the poster, by the package: one example, its minibatch, a step, a check."""

from dataclasses import dataclass

import numpy as np

from backprop.activations import logistic_backward
from backprop.derivatives import central_difference
from backprop.layers import linear_input_gradient
from backprop.losses import half_squared_error_backward, half_squared_error_forward
from backprop.networks import (
    Layer,
    mlp_backward,
    mlp_forward,
    mlp_loss_and_gradients,
)
from backprop.optimizers import GradientDescent
from backprop.running_example import RunningExample, running_example
from backprop.traces import PassTrace, trace_pass
from backprop.training import training_step

NETWORK = {"activation": "logistic", "output_activation": "logistic"}
LEARNING_RATE = 2.0


@dataclass(frozen=True)
class Batch:
    """A minibatch on its way there and back, layer by layer.

    Attributes
    ----------
    Z, A : list of Array
        Pre-activations and activations; ``A[0]`` are the inputs.
    Z_gradients, A_gradients : list of Array
        Their gradients; ``A_gradients[-1]`` comes from the loss.
    gradients : list of Layer
        ``(dW, db)`` of each layer.
    cost : float
    """

    Z: list[np.ndarray]
    A: list[np.ndarray]
    Z_gradients: list[np.ndarray]
    A_gradients: list[np.ndarray]
    gradients: list[Layer]
    cost: float


@dataclass(frozen=True)
class PosterValues:
    """What the poster shows.

    Attributes
    ----------
    example : RunningExample
    one : PassTrace
        The pass of the first example.
    batch : Batch
    cost_after : float
        Of the minibatch, after one step of gradient descent.
    measured : float
        The derivative for the first weight, by a central difference.
    """

    example: RunningExample
    one: PassTrace
    batch: Batch
    cost_after: float
    measured: float


def poster_values() -> PosterValues:
    """The running example, there and back."""
    example = running_example()
    params = [Layer(example.W1, example.b1), Layer(example.W2, example.b2)]

    def loss_and_gradients(params, X, Y):
        return mlp_loss_and_gradients(params, X, Y, loss="half_squared_error", **NETWORK)

    def cost_with(weight: float) -> float:
        W1 = example.W1.copy()
        W1[0, 0] = weight
        return float(
            loss_and_gradients([Layer(W1, example.b1), params[1]], example.X, example.Y)[0]
        )

    descent = GradientDescent(LEARNING_RATE)
    step = training_step(
        params, descent.init(params), example.X, example.Y, loss_and_gradients, descent
    )
    return PosterValues(
        example,
        trace_pass(example.unit_network, example.X[0], example.Y[0]),
        batch_pass(params, example.X, example.Y),
        float(loss_and_gradients(step.params, example.X, example.Y)[0]),
        central_difference(cost_with, float(example.W1[0, 0])),
    )


def batch_pass(params: list[Layer], X: np.ndarray, Y: np.ndarray) -> Batch:
    """All that a minibatch computes on its way there and back."""
    Y_hat, caches = mlp_forward(params, X, **NETWORK)
    cost, loss_cache = half_squared_error_forward(Y_hat, Y)
    dA = [half_squared_error_backward(1.0, loss_cache)]
    dZ: list[np.ndarray] = []
    for cache in reversed(caches):
        dZ.insert(0, logistic_backward(dA[0], cache.activation))
        if cache is not caches[0]:
            dA.insert(0, linear_input_gradient(dZ[0], cache.linear))
    return Batch(
        Z=[cache.activation.Z for cache in caches],
        A=[X, *(cache.activation.A for cache in caches)],
        Z_gradients=dZ,
        A_gradients=dA,
        gradients=mlp_backward(dA[-1], caches),
        cost=float(cost),
    )
