"""Backpropagation in NumPy, one idea a module: the reference package of the course.

Pages draw their figures with it, exercises take their stubs and solutions from it,
and the grader compares submissions with what it computes.

``import backprop`` loads none of its modules; ``backprop.layers`` loads that one.

Chapter 1, the chain rule

  units             A network written unit by unit, with one index for each letter of the formulas.
  traces            Every number of one pattern's forward and backward pass, for tables and figures.

Chapter 2, Jacobians

  derivatives       Derivatives by numbers: finite differences, the complex step.
  jacobians         Jacobians of the functions that networks are made of.
  total_derivative  The rules of differentiation as products of matrices.
  least_squares     The least-squares loss of a linear model.
  tensors           Derivatives of matrices, which have more than two indices.
  layouts           Two layouts for derivatives, and the bridge from a Jacobian to a gradient.

Chapter 3, backpropagation in matrix form

  activations       Activation functions, their derivatives, and their forward/backward pairs.
  layers            The linear layer and the activation layer: what a network is made of.
  losses            Loss functions in forward/backward pairs.
  networks          A multilayer perceptron of any depth over minibatches of rows.
  columns           One example as a column, in the notation of B and C.
  dual              Forward mode: numbers that carry their derivative with them.
  tape              Reverse mode: record the computation, then walk it backward.

Chapter 4, optimizers

  optimizers        Optimizers, from gradient descent to Nadam.
  schedules         Learning-rate schedules: pure functions of the number of steps taken so far.
  minibatches       Minibatches: a data set in random order, a few rows at a time.
  training          The training loop: minibatch, gradients, update, and a record of what happened.
  initializers      Initial weights: where training starts.
  datasets          Data to learn from: handwritten digits, XOR and two spirals.
  objectives        Functions of two or more variables with known minima, to watch optimizers on.
  descent           An optimizer on a function whose gradient is known.
  weight_plane      One output unit of the running example as a function of its two weights.

All chapters

  running_example   The one network and the one minibatch that all chapters compute with.
  plotting          The figures of the course.

What the others stand on

  validation        What every function of the package asks of its arguments, and how it says so.
  local_derivatives Local derivatives of the elementary functions.

Letters in the References of a docstring are the five sources of the course: D, the slides
*Derivation of Backpropagation*; B, the blog post *Backpropagation – Matrix Form*; L, the slides
*Backpropagation* of Hung-yi Lee; C, the slides CSE463 *Backpropagation* of Hossam Abd El Munim,
with the equation numbers (5.xx) of Deisenroth et al. 2020; P, the poster *Backpropagation
Illustrated*.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType

__version__ = "0.1.0"

__all__ = [
    "activations",
    "columns",
    "datasets",
    "derivatives",
    "descent",
    "dual",
    "initializers",
    "jacobians",
    "layers",
    "layouts",
    "least_squares",
    "local_derivatives",
    "losses",
    "minibatches",
    "networks",
    "objectives",
    "optimizers",
    "running_example",
    "schedules",
    "tape",
    "tensors",
    "total_derivative",
    "traces",
    "training",
    "units",
    "validation",
    "weight_plane",
]
"""The modules that need NumPy only; ``backprop.plotting`` needs matplotlib."""


def __getattr__(name: str) -> ModuleType:
    from importlib import import_module

    if name not in (*__all__, "plotting"):
        raise AttributeError(f"module 'backprop' has no attribute {name!r}")
    try:
        return import_module(f"backprop.{name}")
    except ModuleNotFoundError as error:
        raise AttributeError(f"backprop.{name} needs {error.name}; install it") from error


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, "plotting"})
