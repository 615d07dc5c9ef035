"""Examples held out from a training, and how well a trained network labels them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coursekit.checks.model import Finding


@dataclass(frozen=True)
class HeldOut:
    """What a trained network is judged by, in the place of an expected value.

    The network is a list of ``(W, b)``, one example per row, with tanh between the layers; the
    largest output says the label.

    Attributes
    ----------
    X : array, shape (M, n_in)
    labels : array of int, shape (M,)
    scale : tuple of (float, float)
        Share of right labels and the credit that it earns, from the lowest to the full one.
    most_parameters : int
        The largest network that is allowed.
    """

    X: np.ndarray
    labels: np.ndarray
    scale: tuple[tuple[float, float], ...]
    most_parameters: int

    def judge(self, found: object, place: str) -> Finding | None:
        """What keeps a result from full credit; None if nothing does."""
        layers, trouble = read_layers(found, self.X.shape[1], place)
        if trouble:
            return trouble
        size = sum(W.size + b.size for W, b in layers)
        if size > self.most_parameters:
            most = self.most_parameters
            return Finding("shape", f"the network has {size} parameters; allowed are {most}")
        outputs = forward(self.X, layers)
        if not np.isfinite(outputs).all():
            return Finding("finite", "the outputs of the network are not all finite numbers")
        return self.finding(float(np.mean(outputs.argmax(axis=1) == self.labels)))

    def finding(self, accuracy: float) -> Finding | None:
        """The credit that an accuracy earns, in words; None for full credit."""
        credit = max((part for share, part in self.scale if accuracy >= share), default=0.0)
        if credit == 1:
            return None
        text = (
            f"{accuracy:.1%} of the held-out examples are labelled rightly; full credit is given "
            f"from {self.scale[-1][0]:.0%}, and this earns {credit:.0%} of it"
        )
        if accuracy < 2 * np.bincount(self.labels).max() / len(self.labels):
            text += (
                "; that is little better than guessing: look whether the loss goes down, and "
                "whether examples and labels are still side by side"
            )
        return Finding("accuracy", text, credit)


def forward(X: np.ndarray, layers: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """Outputs of the last layer, which is linear."""
    Z = A = X
    with np.errstate(all="ignore"):
        for W, b in layers:
            Z = A @ W + b
            A = np.tanh(Z)
    return Z


def read_layers(
    found: object, width: int, place: str
) -> tuple[list[tuple[np.ndarray, np.ndarray]], Finding | None]:
    """The layers of a network as arrays, or what is wrong with them."""
    layers = []
    if not isinstance(found, list | tuple) or not found:
        return [], Finding("type", f"{place} must be a list of pairs (W, b), one for each layer")
    for number, layer in enumerate(found, start=1):
        if not isinstance(layer, list | tuple) or len(layer) != 2:
            return [], Finding("type", f"layer {number} of {place} is not a pair (W, b)")
        try:
            W, b = (np.asarray(part, dtype=float) for part in layer)
        except (TypeError, ValueError):
            return [], Finding("type", f"layer {number} of {place} does not hold numbers")
        if W.ndim != 2 or W.shape[0] != width or b.shape != W.shape[1:]:
            return [], Finding(
                "shape",
                f"layer {number} of {place} has W of shape {W.shape} and b of shape {b.shape}; "
                f"expected are ({width}, n) and (n,)",
            )
        width = W.shape[1]
        layers.append((W, b))
    return layers, None
