"""One training epoch of the same network, by this package and by its peers.

Each function returns a closure that trains one more epoch on the same data: shuffle, minibatches,
forward pass, softmax cross-entropy, backward pass, update. A peer that is not installed raises
ImportError, and its column stays empty.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from backprop import units
from backprop.initializers import he_normal
from backprop.minibatches import minibatches
from backprop.networks import initialize_mlp, mlp_loss_and_gradients
from backprop.optimizers import Adam, GradientDescent, apply_updates
from backprop.training import train

LEARNING_RATE = {"sgd": 0.05, "adam": 0.001}


class Task(NamedTuple):
    """What is trained, and how."""

    name: str
    sizes: tuple[int, ...]
    X: np.ndarray
    labels: np.ndarray
    optimizer: str
    batch_size: int = 128

    def params(self) -> list:
        """Initial parameters in the dtype of the data."""
        return initialize_mlp(
            self.sizes, np.random.default_rng(0), initializer=he_normal, dtype=self.X.dtype
        )

    def backprop_optimizer(self) -> GradientDescent | Adam:
        """This package's optimizer for the task."""
        kind = {"sgd": GradientDescent, "adam": Adam}[self.optimizer]
        return kind(LEARNING_RATE[self.optimizer])


Epoch = Callable[[], object]


def backprop_epoch(task: Task) -> Epoch:
    """This package: its training loop as pages use it."""
    params, rng = task.params(), np.random.default_rng(1)

    def epoch() -> None:
        nonlocal params
        params, _ = train(
            params, task.X, task.labels, mlp_loss_and_gradients, task.backprop_optimizer(),
            epochs=1, batch_size=task.batch_size, rng=rng,
        )  # fmt: skip

    return epoch


def scikit_learn_epoch(task: Task) -> Epoch:
    """scikit-learn's MLPClassifier, one `partial_fit` an epoch, without weight decay."""
    from sklearn.neural_network import MLPClassifier

    model = MLPClassifier(
        task.sizes[1:-1], solver=task.optimizer, alpha=0.0, batch_size=task.batch_size,
        learning_rate_init=LEARNING_RATE[task.optimizer], momentum=0.0,
        nesterovs_momentum=False, random_state=0,
    )  # fmt: skip
    classes = np.arange(task.sizes[-1])
    return lambda: model.partial_fit(task.X, task.labels, classes=classes)


def autograd_epoch(task: Task) -> Epoch:
    """HIPS autograd for the gradients, this package's minibatches and optimizers for the rest."""
    import autograd.numpy as anp
    from autograd import value_and_grad

    def loss(params: list, X: np.ndarray, labels: np.ndarray) -> float:
        for W, b in params[:-1]:
            X = anp.maximum(X @ W + b, 0)
        W, b = params[-1]
        Z = X @ W + b
        Z = Z - anp.max(Z, axis=1, keepdims=True)
        log_probabilities = Z - anp.log(anp.sum(anp.exp(Z), axis=1, keepdims=True))
        return -anp.mean(log_probabilities[np.arange(len(labels)), labels])

    loss_and_gradients, optimizer = value_and_grad(loss), task.backprop_optimizer()
    params, rng = [tuple(layer) for layer in task.params()], np.random.default_rng(1)
    state = optimizer.init(params)

    def epoch() -> None:
        nonlocal params, state
        for X, labels in minibatches(task.X, task.labels, task.batch_size, rng=rng):
            _, gradients = loss_and_gradients(params, X, labels)
            updates, state = optimizer.update(gradients, state)
            params = apply_updates(params, updates)

    return epoch


def pytorch_epoch(task: Task) -> Epoch:
    """PyTorch on the CPU, eager mode, its default optimizers, tensors indexed by a permutation."""
    import torch

    layers = []
    for W, b in task.params():
        linear = torch.nn.Linear(*W.shape)
        linear.weight = torch.nn.Parameter(torch.tensor(W.T.copy()))
        linear.bias = torch.nn.Parameter(torch.tensor(b))
        layers += [linear, torch.nn.ReLU()]
    model = torch.nn.Sequential(*layers[:-1])
    kind = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[task.optimizer]
    optimizer = kind(model.parameters(), lr=LEARNING_RATE[task.optimizer])
    loss = torch.nn.CrossEntropyLoss()
    X, labels = torch.from_numpy(task.X), torch.from_numpy(task.labels)

    def epoch() -> None:
        order = torch.randperm(len(X))
        for rows in order.split(task.batch_size):
            optimizer.zero_grad()
            loss(model(X[rows]), labels[rows]).backward()
            optimizer.step()

    return epoch


def loops_epoch(task: Task, examples: int) -> Epoch:
    """Gradients unit by unit for a few examples: logistic units, half squared error, no update."""
    network = [units.UnitLayer(W.T.copy(), b) for W, b in task.params()]
    X, Y = task.X[:examples], np.eye(task.sizes[-1])[task.labels[:examples]]
    return lambda: units.batch_gradients(network, X, Y)


CONTENDERS = {
    "backprop": backprop_epoch,
    "scikit-learn": scikit_learn_epoch,
    "autograd": autograd_epoch,
    "PyTorch": pytorch_epoch,
}
