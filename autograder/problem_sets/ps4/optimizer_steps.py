"""The steps of an optimizer of the package, which keeps its state in an object of its own."""

from backprop.optimizers import apply_updates


def steps_of(optimizer, params, state, gradients):
    """Parameters and state after the step with each of the gradients."""
    for grads in gradients:
        updates, state = optimizer.update(grads, state)
        params = apply_updates(params, updates)
        yield params, state
