"""Write what PyTorch's autograd and JAX find for the running example.

Needs torch and jax, which the tests do not; the environment is that of make_trajectories.py, and
what is kept was made with these versions, of torch with the build for CPUs.  From the root of the
checkout::

    python3 -m venv build/frameworks
    build/frameworks/bin/pip install torch==2.13.0 jax==0.10.2
    PYTHONPATH=solutions build/frameworks/bin/python tests/golden/make_autograd.py

All of it is in float64.  The functions below are what the book's page *The same in PyTorch* shows.
"""

import json
from importlib import metadata
from pathlib import Path

import jax
import jax.numpy as jnp
import torch

from backprop.running_example import running_example

TARGET = Path(__file__).with_name("autograd.json")
EXAMPLE = running_example()
PARAMETERS = ("W1", "b1", "W2", "b2")


def tensor(name: str) -> torch.Tensor:
    """A part of the running example; parameters ask for their gradients."""
    return torch.tensor(getattr(EXAMPLE, name), requires_grad=name in PARAMETERS)


def every_intermediate() -> dict[str, dict[str, object]]:
    """Values and gradients of all tables from the first pre-activation to the cost."""
    X, Y, W1, b1, W2, b2 = map(tensor, ("X", "Y", *PARAMETERS))
    Z1 = X @ W1 + b1
    A1 = torch.sigmoid(Z1)
    Z2 = A1 @ W2 + b2
    A2 = torch.sigmoid(Z2)
    C = ((A2 - Y) ** 2).sum() / (2 * len(X))
    tables = {"W1": W1, "b1": b1, "Z1": Z1, "A1": A1, "W2": W2, "b2": b2, "Z2": Z2, "A2": A2}
    for table in tables.values():
        table.retain_grad()
    C.backward()
    gradients = {name: table.grad.tolist() for name, table in tables.items()}
    return {
        "cost": C.item(),
        "values": {name: table.tolist() for name, table in tables.items()},
        "gradients": gradients,
    }


def linear_layers() -> dict[str, object]:
    """The network from PyTorch's layers, whose weights have a row for each unit, and its loss."""
    X, Y = tensor("X"), tensor("Y")
    model = torch.nn.Sequential(
        torch.nn.Linear(4, 2), torch.nn.Sigmoid(), torch.nn.Linear(2, 3), torch.nn.Sigmoid()
    ).double()
    with torch.no_grad():
        for layer, (W, b) in ((0, ("W1", "b1")), (2, ("W2", "b2"))):
            model[layer].weight.copy_(tensor(W).T)
            model[layer].bias.copy_(tensor(b))
    loss = torch.nn.MSELoss()(model(X), Y)
    loss.backward()
    return {
        "loss": loss.item(),
        "weight_shape": list(model[0].weight.shape),
        "weight_gradient": model[0].weight.grad.tolist(),
    }


def check() -> bool:
    """PyTorch's own gradient check, by central differences, of the cost over its parameters."""
    X, Y = tensor("X"), tensor("Y")

    def cost(W1, b1, W2, b2):
        A2 = torch.sigmoid(torch.sigmoid(X @ W1 + b1) @ W2 + b2)
        return ((A2 - Y) ** 2).sum() / (2 * len(X))

    return torch.autograd.gradcheck(cost, tuple(map(tensor, PARAMETERS)))


def second_backward() -> list[float]:
    """The gradient of w² at 3 after one call of backward and after a second one."""
    w = torch.tensor(3.0, dtype=torch.float64, requires_grad=True)
    found = []
    for _ in range(2):
        (w**2).backward()
        found.append(w.grad.item())
    return found


def at_the_kink() -> dict[str, float]:
    """Slopes at 0 of functions that have the values of ReLU."""
    forms = {
        "torch.relu(z)": torch.relu,
        "torch.clamp(z, min=0)": lambda z: torch.clamp(z, min=0),
        "torch.maximum(z, 0)": lambda z: torch.maximum(z, torch.zeros_like(z)),
    }
    slopes = {}
    for name, form in forms.items():
        z = torch.zeros((), dtype=torch.float64, requires_grad=True)
        form(z).backward()
        slopes[name] = z.grad.item()
    slopes["jax.nn.relu(z)"] = float(jax.grad(jax.nn.relu)(0.0))
    slopes["jax.numpy.maximum(z, 0)"] = float(jax.grad(lambda z: jnp.maximum(z, 0.0))(0.0))
    return slopes


def with_jax() -> dict[str, object]:
    """The gradients of all parameters, in their own structure."""

    def cost(params, X, Y):
        A = X
        for W, b in params:
            A = jax.nn.sigmoid(A @ W + b)
        return ((A - Y) ** 2).sum() / (2 * len(X))

    params = [(EXAMPLE.W1, EXAMPLE.b1), (EXAMPLE.W2, EXAMPLE.b2)]
    params = jax.tree.map(jnp.asarray, params)
    C, gradients = jax.value_and_grad(cost)(params, EXAMPLE.X, EXAMPLE.Y)
    flat = [part.tolist() for layer in gradients for part in layer]
    return {"cost": float(C), "gradients": dict(zip(PARAMETERS, flat, strict=True))}


def main() -> None:
    """Compute and write."""
    jax.config.update("jax_enable_x64", True)
    report = {
        "versions": {name: metadata.version(name) for name in ("torch", "jax")},
        "torch": every_intermediate(),
        "linear": linear_layers(),
        "gradcheck": check(),
        "second_backward": second_backward(),
        "slope_at_0": at_the_kink(),
        "jax": with_jax(),
    }
    TARGET.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(f"{TARGET.name}: {report['versions']}, slopes at 0 {report['slope_at_0']}")


if __name__ == "__main__":
    main()
