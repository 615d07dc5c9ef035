"""A penalty on weights, and its gradient."""

import numpy as np

from coursekit.authoring.exercises import Cases, Exercise

from .pages import LOSSES, SPACE


def weight_penalty(W: np.ndarray, strength: float, mix: float) -> tuple[np.ndarray, float]:
    """Penalty on the weights of a layer.

    Parameters
    ----------
    W : array, shape (n_out, n_in + 1)
        Weights; the last column holds the biases, which are free.
    strength : float
        Factor of the whole penalty.
    mix : float, 0 <= mix <= 1
        The share of the squares; the absolute values have the rest.

    Returns
    -------
    G : array, shape (n_out, n_in + 1)
        Gradient of the penalty; 0 for the biases.
    value : float
        Squares and absolute values, both averaged over the weights that are not free; there is
        no ½ in front of the squares.

    Examples
    --------
    >>> G, value = weight_penalty(np.array([[1.0, -2.0, 9.0]]), 1.0, 0.5)
    >>> G, float(value)
    (array([[ 0.75, -1.25,  0.  ]]), 2.0)
    """
    V = W[:, :-1]
    slopes = strength * (2 * mix * V + (1 - mix) * np.sign(V)) / V.size
    value = strength * (mix * np.mean(V**2) + (1 - mix) * np.mean(np.abs(V)))
    return np.column_stack([slopes, np.zeros(len(W))]), value


def weights(n_out, n_in):
    def draw(rng):
        W = rng.normal(size=(n_out, n_in + 1))
        return W, float(rng.uniform(0.2, 0.8)), float(rng.uniform(0.1, 0.4))

    return draw


EXERCISE = Exercise(
    weight_penalty,
    cases=[
        Cases("two units", weights(2, 4), share=0.5),
        Cases("more units than inputs", weights(4, 2), share=0.5),
    ],
    hints=[
        "Which entries of the gradient are 0, whatever the weights are?",
        "Look at the value alone first. By how many weights is it divided, and which part gets "
        "`mix`?",
        "Most often the squares have a ½, or the sum is never divided.",
    ],
    axes={"n_out": "unit"},
    equivalent={
        "(1 - mix) * np.sign(V) -> (1 - mix) / np.sign(V)": "a sign is its own inverse",
    },
)


@EXERCISE.misconception(
    "You put a ½ in front of the squares. There is none here.",
    f"{LOSSES}#Losses and their output layers",
)
def halved(W, strength, mix):
    V = W[:, :-1]
    slopes = strength * (mix * V + (1 - mix) * np.sign(V)) / V.size
    value = strength * (mix * np.mean(V**2) / 2 + (1 - mix) * np.mean(np.abs(V)))
    return np.hstack([slopes, np.zeros((len(W), 1))]), value


@EXERCISE.misconception(
    "You punish the biases as well. They are free.",
    f"{SPACE}#Two weights",
)
def biases_too(W, strength, mix):
    G, value = weight_penalty(np.column_stack([W, W[:, -1]]), strength, mix)
    return G[:, :-1], value
