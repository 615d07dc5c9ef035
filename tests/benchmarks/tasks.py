"""What is measured: a network of MNIST's shape and one for the digits of the course."""

from collections.abc import Iterator

import numpy as np
from tests.benchmarks.contenders import Task

from backprop.datasets import load_digits


def all_tasks(examples: int) -> Iterator[Task]:
    """Both networks, in both precisions, with both optimizers."""
    for dtype in (np.float32, np.float64):
        for optimizer in ("sgd", "adam"):
            yield mnist_shaped(examples, dtype, optimizer)
            yield digits(dtype, optimizer)


def mnist_shaped(examples: int, dtype: type, optimizer: str) -> Task:
    """784–256–128–10 on random data: the speed does not depend on what the pixels show."""
    rng = np.random.default_rng(0)
    X = rng.random((examples, 784), dtype=np.float32).astype(dtype)
    labels = rng.integers(0, 10, examples)
    return Task(_name("784–256–128–10", dtype, optimizer), (784, 256, 128, 10), X, labels,
                optimizer)  # fmt: skip


def digits(dtype: type, optimizer: str) -> Task:
    """64–64–10 on the UCI digits, minibatches of 32."""
    X, labels = load_digits()
    return Task(_name("digits 64–64–10", dtype, optimizer), (64, 64, 10), X.astype(dtype), labels,
                optimizer, batch_size=32)  # fmt: skip


def _name(network: str, dtype: type, optimizer: str) -> str:
    return f"{network}, {np.dtype(dtype).name}, {optimizer}"
