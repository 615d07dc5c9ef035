"""Write the parameter trajectories of PyTorch's, Keras' and Optax' optimizers.

Needs torch, keras and optax, which the tests do not: a large environment of its own.  What is kept
was made with these versions, of torch with the build for CPUs.  From the root of the checkout::

    python3 -m venv build/frameworks
    build/frameworks/bin/pip install torch==2.13.0 keras==3.15.1 optax==0.2.8 jax==0.10.2
    KERAS_BACKEND=torch build/frameworks/bin/python tests/golden/make_trajectories.py

Without these frameworks leave trajectories.json as it is, and name the new optimizer in LEFT_OUT of
tests/backprop/test_optimizers.py with the reason: no framework has it, or who adds it could not run
them.  Its formula is then held by other oracles there: sums over the past, closed forms, scales.

All optimizers are fed the same gradients, in float64.  Their sizes run from 1 to 1e-6, so that a
misplaced epsilon shows, and the learning rate drops by a factor of 10 in the middle, so that the
forms of momentum part.

Two shorter parts are for the book's page on variants: what each optimizer does when nothing is said
but its learning rate, with the defaults in its signature; and weight decay, with gradients of 0 for
the second parameter, which is where its forms part at the first step.
"""

import inspect
import json
from collections.abc import Callable, Iterator
from importlib import metadata
from itertools import islice
from pathlib import Path

import jax
import keras
import numpy as np
import optax
import torch

TARGET = Path(__file__).with_name("trajectories.json")
STEPS, DROP_AT = 24, 12
FIRST_STEPS = 4
"""Of the runs with defaults and with weight decay."""
DECAY, SILENT = 0.1, np.array([1.0, 0.0, 1.0, 1.0])
SCALES = np.array([1.0, 1e-2, 1e-4, 1e-6])
START = np.array([0.5, -1.5, 2.0, 0.0])

Rate = Callable[[int], float]
Mask = np.ndarray | float
"""What all gradients are multiplied by."""


def rate(initial: float) -> Rate:
    """Learning rate that drops by a factor of 10 in the middle."""
    return lambda step: initial if step < DROP_AT else initial / 10


def gradients(mask: Mask = 1.0) -> np.ndarray:
    """The same gradients for all: normal, shifted so that they do not cancel, with one zero."""
    rng = np.random.default_rng(20260101)
    values = SCALES * (0.5 + rng.standard_normal((STEPS, len(SCALES))))
    values[3, 0] = 0.0
    return values * mask


def with_torch(
    kind: type, learning_rate: float, *, mask: Mask = 1.0, **options: object
) -> Iterator[list[float]]:
    """Trajectory of a PyTorch optimizer."""
    parameter = torch.nn.Parameter(torch.tensor(START))
    optimizer = kind([parameter], lr=learning_rate, **options)
    for step, gradient in enumerate(gradients(mask)):
        optimizer.param_groups[0]["lr"] = rate(learning_rate)(step)
        parameter.grad = torch.tensor(gradient)
        optimizer.step()
        yield parameter.detach().numpy().tolist()


def with_keras(
    kind: type, learning_rate: float, *, mask: Mask = 1.0, **options: object
) -> Iterator[list[float]]:
    """Trajectory of a Keras optimizer."""
    variable = keras.Variable(START, dtype="float64")
    optimizer = kind(learning_rate=learning_rate, **options)
    optimizer.build([variable])
    for step, gradient in enumerate(gradients(mask)):
        optimizer.learning_rate = rate(learning_rate)(step)
        optimizer.apply([keras.ops.convert_to_tensor(gradient)])
        yield keras.ops.convert_to_numpy(variable).tolist()


def with_optax(
    make: Callable[..., object], learning_rate: float, *, mask: Mask = 1.0, **options: object
) -> Iterator[list[float]]:
    """Trajectory of an Optax optimizer; its schedule is a function of a traced step."""
    drop = optax.piecewise_constant_schedule(learning_rate, {DROP_AT: 0.1})
    transform = make(drop, **options)
    params = jax.numpy.asarray(START)
    state = transform.init(params)
    for gradient in gradients(mask):
        updates, state = transform.update(jax.numpy.asarray(gradient), state, params)
        params = optax.apply_updates(params, updates)
        yield np.asarray(params).tolist()


def averaged_momentum(schedule: Callable, decay: float) -> object:
    """Momentum as an uncorrected moving average of the gradients, from Optax' parts."""
    return optax.chain(optax.ema(decay, debias=False), optax.scale_by_learning_rate(schedule))


def trajectories() -> dict[str, list[list[float]]]:
    """All trajectories by name; the names are what the test looks up."""
    sgd, nesterov = torch.optim.SGD, {"momentum": 0.9, "nesterov": True}
    k = keras.optimizers
    made = {
        "torch SGD": with_torch(sgd, 0.1),
        "torch SGD momentum": with_torch(sgd, 0.1, momentum=0.9),
        "torch SGD nesterov": with_torch(sgd, 0.1, **nesterov),
        "torch Adagrad": with_torch(torch.optim.Adagrad, 0.1, eps=1e-3),
        "torch RMSprop": with_torch(torch.optim.RMSprop, 0.01, alpha=0.9, eps=1e-3),
        "torch Adam": with_torch(torch.optim.Adam, 0.01, eps=1e-3),
        "torch NAdam": with_torch(torch.optim.NAdam, 0.01, eps=1e-3),
        "keras SGD momentum": with_keras(k.SGD, 0.1, momentum=0.9),
        "keras SGD nesterov": with_keras(k.SGD, 0.1, **nesterov),
        "keras Adagrad": with_keras(k.Adagrad, 0.1, epsilon=1e-3),
        "keras RMSprop": with_keras(k.RMSprop, 0.01, rho=0.9, epsilon=1e-3),
        "keras Adam": with_keras(k.Adam, 0.01, epsilon=1e-3),
        "keras Nadam": with_keras(k.Nadam, 0.01, epsilon=1e-3),
        "optax sgd momentum": with_optax(optax.sgd, 0.1, momentum=0.9),
        "optax sgd nesterov": with_optax(optax.sgd, 0.1, **nesterov),
        "optax averaged momentum": with_optax(averaged_momentum, 0.1, decay=0.9),
        "optax adagrad": with_optax(optax.adagrad, 0.1, eps=1e-3),
        "optax rmsprop": with_optax(optax.rmsprop, 0.01, decay=0.9, eps=1e-3),
        "optax adam": with_optax(optax.adam, 0.01, eps=1e-3),
        "optax nadam": with_optax(optax.nadam, 0.01, eps=1e-3),
    }
    return {name: list(steps) for name, steps in made.items()}


def settings_of(kind: Callable) -> dict[str, float]:
    """Defaults of an optimizer that are numbers; a pair of them is two settings."""
    numbers = {}
    for name, parameter in inspect.signature(kind).parameters.items():
        default = parameter.default
        if isinstance(default, tuple):
            numbers |= {f"{name}[{k}]": float(value) for k, value in enumerate(default)}
        elif isinstance(default, int | float) and not isinstance(default, bool):
            numbers[name] = float(default)
    numbers.pop("ema_momentum", None)  # of an average that Keras keeps only if it is asked to
    return numbers


def with_defaults() -> dict[str, dict[str, object]]:
    """Settings and first steps of the optimizers when they are given a learning rate only."""
    t, k, learning_rate = torch.optim, keras.optimizers, 0.01
    kinds = {
        with_torch: (t.SGD, t.Adagrad, t.RMSprop, t.Adam, t.AdamW, t.NAdam),
        with_keras: (k.SGD, k.Adagrad, k.RMSprop, k.Adam, k.AdamW, k.Nadam),
        with_optax: (
            optax.sgd,
            optax.adagrad,
            optax.rmsprop,
            optax.adam,
            optax.adamw,
            optax.nadam,
        ),
    }
    names = ("sgd", "adagrad", "rmsprop", "adam", "adamw", "nadam")
    return {
        f"{run.__name__.removeprefix('with_')} {name}": {
            "settings": settings_of(kind),
            "learning_rate": learning_rate,
            "trajectory": list(islice(run(kind, learning_rate), FIRST_STEPS)),
        }
        for run, row in kinds.items()
        for name, kind in zip(names, row, strict=True)
    }


def with_weight_decay() -> dict[str, list[list[float]]]:
    """First steps of Adam and AdamW with an argument ``weight_decay``."""
    t, k = torch.optim, keras.optimizers
    made = {
        "torch Adam": with_torch(t.Adam, 0.01, eps=1e-3, weight_decay=DECAY, mask=SILENT),
        "torch AdamW": with_torch(t.AdamW, 0.01, eps=1e-3, weight_decay=DECAY, mask=SILENT),
        "keras Adam": with_keras(k.Adam, 0.01, epsilon=1e-3, weight_decay=DECAY, mask=SILENT),
        "keras AdamW": with_keras(k.AdamW, 0.01, epsilon=1e-3, weight_decay=DECAY, mask=SILENT),
        "optax adamw": with_optax(optax.adamw, 0.01, eps=1e-3, weight_decay=DECAY, mask=SILENT),
    }
    return {name: list(islice(steps, FIRST_STEPS)) for name, steps in made.items()}


def main() -> None:
    """Compute and write."""
    jax.config.update("jax_enable_x64", True)
    keras.config.set_floatx("float64")
    report = {
        "versions": {name: metadata.version(name) for name in ("torch", "keras", "optax", "jax")},
        "keras_backend": keras.backend.backend(),
        "drop_at": DROP_AT,
        "start": START.tolist(),
        "gradients": gradients().tolist(),
        "trajectories": trajectories(),
        "defaults": with_defaults(),
        "weight_decay": {"decay": DECAY, "mask": SILENT.tolist(), "runs": with_weight_decay()},
    }
    TARGET.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(f"{TARGET.name}: {len(report['trajectories'])} trajectories, {report['versions']}")


if __name__ == "__main__":
    main()
