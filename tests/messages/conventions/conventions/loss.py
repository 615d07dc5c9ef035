"""Cross entropy with softened labels."""

import numpy as np

from coursekit.authoring.exercises import Cases, Exercise

from .pages import LOSSES, MINIBATCH


def label_loss(P: np.ndarray, labels: np.ndarray, soft: float) -> float:
    """Cross entropy of labels that are not quite sure.

    Parameters
    ----------
    P : array, shape (K, M)
        Probabilities, one example per column.
    labels : array of int, shape (M,)
        The class of each example, counted from 1.
    soft : float, 0 <= soft < 1
        What is taken from the probability 1 of the labelled class. The other K - 1 classes share
        it equally.

    Returns
    -------
    float
        In bits, so with logarithms to base 2; the sum over all examples.

    Examples
    --------
    >>> float(label_loss(np.array([[0.5], [0.25], [0.25]]), np.array([1]), 0.5))
    1.5
    """
    K, M = P.shape
    T = np.full((K, M), soft / (K - 1))
    T[labels - 1, np.arange(M)] = 1 - soft
    return -(T * np.log2(P)).sum()


def predictions(K, M):
    def draw(rng):
        e = np.exp(rng.normal(size=(K, M)))
        labels = np.append(rng.integers(1, K + 1, M - 1), K)
        return e / e.sum(axis=0), labels, float(rng.uniform(0.1, 0.4))

    return draw


EXERCISE = Exercise(
    label_loss,
    cases=[
        Cases("three classes", predictions(3, 4), share=0.5),
        Cases("more classes than examples", predictions(5, 2), share=0.5),
    ],
    hints=[
        "Write the targets of one example down as a column. What is their sum?",
        "Look at the target of the labelled class and at that of another one, then at the "
        "logarithm and at what is done over the examples.",
        "Most often the soft part is shared among all classes, or the loss comes out in nats.",
    ],
    axes={"K": "class", "M": "example"},
)


@EXERCISE.misconception(
    "You take the natural logarithm. This loss is asked for in bits.",
    f"{LOSSES}#Softmax and its cross-entropy",
)
def in_nats(P, labels, soft):
    return label_loss(P, labels, soft) * np.log(2)


@EXERCISE.misconception(
    "You average over the examples. Here they are added up.",
    f"{MINIBATCH}#Sum or mean",
)
def averaged(P, labels, soft):
    return label_loss(P, labels, soft) / len(labels)
