"""A test that exposes a wrong backward pass, judged by what it lets pass."""

import numpy as np

from backprop.derivatives import gradient_check
from coursekit.authoring.exercises import Cases, Exercise

from .layers_on_trial import HIDDEN_MISTAKES, PUBLIC_MISTAKES, RIGHT_PAIRS, layer_pair
from .pages import CHECK, LAYER, MINIBATCH


def backward_is_right(forward, backward, rng: np.random.Generator) -> bool:
    """Whether a backward pass belongs to a forward pass.

    Parameters
    ----------
    forward : callable
        `forward(X, W, b)` returns the output Y of a layer, shape (M, n_out). It is right, and
        takes X of shape (M, n_in), W of shape (n_in, n_out), b of shape (n_out,), of any sizes.
    backward : callable
        `backward(dY, X, W, b)` returns `(dX, dW, db)`, right or wrong. It never raises.
    rng : numpy.random.Generator
        Source of random numbers: choose sizes and inputs yourself.

    Returns
    -------
    bool
        True if the three gradients are those of the sum of `dY * forward(X, W, b)`.

    Examples
    --------
    >>> forward = lambda X, W, b: X @ W + b
    >>> backward = lambda dY, X, W, b: (0 * X, 0 * W, 0 * b)
    >>> backward_is_right(forward, backward, np.random.default_rng(0))
    False
    """
    X, W, b, dY = (rng.normal(size=shape) for shape in ((5, 4), (4, 3), (3,), (5, 3)))
    for position, gradient in enumerate(backward(dY, X, W, b)):
        if np.shape(gradient) != (X, W, b)[position].shape:
            return False
        for _ in range(3):
            V = rng.normal(size=np.shape(gradient))
            above, below = [X, W, b], [X, W, b]
            above[position] = above[position] + 1e-5 * V
            below[position] = below[position] - 1e-5 * V
            difference = (dY * (forward(*above) - forward(*below))).sum() / 2e-5
            if not np.isclose(difference, (gradient * V).sum()):
                return False
    return True


EXERCISE = Exercise(
    backward_is_right,
    cases=[
        Cases(
            "sixteen right and sixteen wrong backward passes",
            [*RIGHT_PAIRS, *[layer_pair(mistake) for mistake in HIDDEN_MISTAKES]],
            share=1.0,
            count=32,
            public=[*RIGHT_PAIRS, *[layer_pair(mistake) for mistake in PUBLIC_MISTAKES]],
        )
    ],
    hints=[
        "Which number can you measure with forward alone, so that it tells you something about "
        "the gradients?",
        "Look at your inputs: wiggle one at a time, and multiply the outputs by a random dY "
        "before you add them up. Make all sizes different and larger than 1.",
        "Wrong ones pass? Most often shapes are not compared, not all three gradients are tested, "
        "a sum, a length or a mean stands for all entries, or the limit is too wide. Right ones "
        "fail? Then the limit is too narrow, or an input is not put back after it was moved.",
    ],
    situation="shapes?n=3-3-3-3-3&line=A2@delta3",
    equivalent={
        "3 -> 4 (number 4)": "one direction more",
        "3 -> 2 (number 4)": "two random directions are enough",
        "np.isclose(difference, (gradient * V).sum()) -> "
        "np.isclose((gradient * V).sum(), difference)": "closeness does not depend on the order",
    },
)


@EXERCISE.in_package
def by_backprop(forward, backward, rng):
    X, W, b, dY = (rng.normal(size=shape) for shape in ((5, 4), (4, 3), (3,), (5, 3)))
    dX, dW, db = backward(dY, X, W, b)
    checks = (
        (lambda X: (dY * forward(X, W, b)).sum(), X, dX),
        (lambda W: (dY * forward(X, W, b)).sum(), W, dW),
        (lambda b: (dY * forward(X, W, b)).sum(), b, db),
    )
    return all(
        np.shape(gradient) == place.shape and bool(gradient_check(loss, place, gradient))
        for loss, place, gradient in checks
    )


@EXERCISE.misconception(
    "Your test looks at shapes only. A wrong sign, a missing factor or a wrong sum still has the "
    "right shape.",
    f"{LAYER}#The shape argument, and where it deceives",
)
def shapes_only(forward, backward, rng):
    X, W, b = rng.normal(size=(5, 4)), rng.normal(size=(4, 3)), rng.normal(size=3)
    gradients = backward(rng.normal(size=(5, 3)), X, W, b)
    return all(np.shape(g) == a.shape for g, a in zip(gradients, (X, W, b), strict=True))


def weak_test(
    sizes=(5, 4, 3),
    upstream=None,
    inputs=None,
    watched=(0, 1, 2),
    tolerance=1e-6,
    shapes=True,
    measure=np.ravel,
):
    """A test of a backward pass that looks at too little, or tolerates too much."""

    def wrong(forward, backward, rng):
        M, n_in, n_out = sizes
        shape_of = ((M, n_in), (n_in, n_out), (n_out,))
        given = [(inputs or np.asarray)(rng.normal(size=shape)) for shape in shape_of]
        dY = (upstream or (lambda drawn: drawn))(rng.normal(size=(M, n_out)))
        gradients = backward(dY, *given)
        for k in watched:
            gradient = np.asarray(gradients[k])
            if shapes and gradient.shape != shape_of[k]:
                return False
            numerical = difference_quotients(lambda *now: (dY * forward(*now)).sum(), given, k)
            if np.abs(measure(gradient) - measure(numerical)).max() > tolerance:
                return False
        return True

    return wrong


def difference_quotients(function, given, k, step=1e-5):
    result = np.zeros(given[k].shape)
    for index in np.ndindex(result.shape):
        above, below = [list(given), list(given)]
        above[k], below[k] = given[k].copy(), given[k].copy()
        above[k][index] += step
        below[k][index] -= step
        result[index] = (function(*above) - function(*below)) / (2 * step)
    return result


EXERCISE.misconception(
    "Your upstream gradient is all ones. A backward pass that ignores it altogether passes that "
    "test.",
    f"{CHECK}#The procedure",
    id="upstream-of-ones",
)(weak_test(upstream=np.ones_like))

EXERCISE.misconception(
    "Your test looks at dW alone. dX and db can be wrong on their own.",
    f"{CHECK}#The procedure",
    id="weights-only",
)(weak_test(watched=(1,)))

EXERCISE.misconception(
    "Your test looks at dW and db, and dX goes unseen. No parameter is changed by it, but the "
    "layer before gets it as its own upstream gradient.",
    f"{LAYER}#The layer before",
    id="input-unseen",
)(weak_test(watched=(1, 2)))

EXERCISE.misconception(
    "You compare one sum over all entries of a gradient. It stays as it is when entries change "
    "places or the shape is wrong: compare entry by entry, and the shapes.",
    f"{CHECK}#The procedure",
    id="sums-compared",
)(weak_test(measure=np.sum, shapes=False))

EXERCISE.misconception(
    "You compare how long the gradients are. The length stays as it is when signs turn, entries "
    "change places or the shape is wrong: compare entry by entry, and the shapes.",
    f"{CHECK}#The procedure",
    id="lengths-compared",
)(weak_test(measure=np.linalg.norm, shapes=False))

EXERCISE.misconception(
    "Your minibatch has one example. With one example a sum is a mean, so whatever is divided by "
    "M goes unnoticed.",
    f"{MINIBATCH}#Sum or mean",
    id="one-example",
)(weak_test(sizes=(1, 4, 3)))

EXERCISE.misconception(
    "Your test lets errors of a few parts in a thousand pass. Central differences in "
    "float64 agree with the right gradient far better than that.",
    f"{CHECK}#How far off is too far?",
    id="tolerance-too-large",
)(weak_test(tolerance=0.05))

EXERCISE.misconception(
    "Your inputs are all positive. What goes wrong for negative ones goes unnoticed.",
    f"{CHECK}#The procedure",
    id="positive-inputs",
)(weak_test(inputs=np.abs))

EXERCISE.misconception(
    "You compare numbers but not shapes. A db of shape (1, n_out) has the right numbers and is "
    "still wrong: added to b, it changes the shape of b.",
    f"{CHECK}#The procedure",
    id="shape-ignored",
)(weak_test(shapes=False))

EXERCISE.misconception(
    "You call every backward pass wrong, the right ones, too. A difference quotient is never "
    "exact: is its step neither too long nor too short, and does your limit allow for its error?",
    f"{CHECK}#How far off is too far?",
    id="no-tolerance",
)(weak_test(tolerance=0))


@EXERCISE.misconception(
    "You compare with the formulas of a linear layer, but the layer that you are given may bend "
    "its outputs. Measure, using forward.",
    f"{CHECK}#The procedure",
)
def linear_layer_assumed(forward, backward, rng):
    X, W, b, dY = (rng.normal(size=shape) for shape in ((5, 4), (4, 3), (3,), (5, 3)))
    wanted = dY @ W.T, X.T @ dY, dY.sum(axis=0)
    pairs = zip(backward(dY, X, W, b), wanted, strict=True)
    return all(np.shape(g) == w.shape and np.allclose(g, w) for g, w in pairs)


@EXERCISE.right
def entrywise(forward, backward, rng, sizes=(3, 2, 4), draw=None, upstream=None, close=1e-6):
    M, n, k = sizes
    draw = draw or (lambda shape: rng.uniform(-2, 2, shape))
    given = [draw((M, n)), draw((n, k)), draw((k,))]
    dY = rng.uniform(-1, 1, (M, k)) if upstream is None else upstream * np.ones((M, k))
    for part, gradient in zip(given, backward(dY, *given), strict=True):
        if np.shape(gradient) != part.shape:
            return False
        for index in np.ndindex(part.shape):
            kept = part[index]
            part[index] = kept + 1e-5
            above = np.sum(dY * forward(*given))
            part[index] = kept - 1e-5
            below = np.sum(dY * forward(*given))
            part[index] = kept
            if abs((above - below) / 2e-5 - gradient[index]) > close:
                return False
    return True


@EXERCISE.right
def two_minibatches(forward, backward, rng):
    return all(entrywise(forward, backward, rng, sizes) for sizes in ((4, 3, 2), (2, 5, 3)))


@EXERCISE.second(shapes_only)
def by_shapes(forward, backward, rng):
    given = [rng.random((4, 3)), rng.random((3, 2)), rng.random(2)]
    found = backward(rng.random((4, 2)), *given)
    return [np.shape(g) for g in found] == [g.shape for g in given]


@EXERCISE.second("upstream-of-ones")
def by_ones(forward, backward, rng):
    return entrywise(forward, backward, rng, upstream=1.0)


def right_parts(forward, dY, *given):
    parts = []
    for position in range(3):
        gradient = np.zeros(given[position].shape)
        for index in np.ndindex(gradient.shape):
            moved = [g.copy() for g in given]
            moved[position][index] += 1e-5
            above = np.sum(dY * forward(*moved))
            moved[position][index] -= 2e-5
            gradient[index] = (above - np.sum(dY * forward(*moved))) / 2e-5
        parts.append(gradient)
    return parts


def blind_to(*unseen):
    """A test that takes some of the three gradients as right."""

    def test(forward, backward, rng):
        def seen(*given):
            parts = zip(right_parts(forward, *given), backward(*given), strict=True)
            return [right if k in unseen else found for k, (right, found) in enumerate(parts)]

        return entrywise(forward, seen, rng, close=1e-5)

    return test


by_weights = EXERCISE.second("weights-only")(blind_to(0, 2))

by_parameters = EXERCISE.second("input-unseen")(blind_to(0))


def by_one_number(number):
    """A test that looks at one number of each gradient."""

    def test(forward, backward, rng):
        given = [rng.normal(size=shape) for shape in ((4, 2), (4, 3), (3, 2), (2,))]
        parts = zip(right_parts(forward, *given), backward(*given), strict=True)
        return all(abs(number(right) - number(found)) < 1e-5 for right, found in parts)

    return test


by_sums = EXERCISE.second("sums-compared")(by_one_number(lambda part: np.asarray(part).sum()))

by_lengths = EXERCISE.second("lengths-compared")(
    by_one_number(lambda part: np.sqrt((np.asarray(part) ** 2).sum()))
)


@EXERCISE.second("one-example")
def by_one_example(forward, backward, rng):
    return entrywise(forward, backward, rng, sizes=(1, 3, 2))


@EXERCISE.second("tolerance-too-large")
def by_large_tolerance(forward, backward, rng):
    return entrywise(forward, backward, rng, sizes=(5, 4, 3), close=0.05)


@EXERCISE.second("positive-inputs")
def by_positive_inputs(forward, backward, rng):
    return entrywise(forward, backward, rng, draw=lambda shape: rng.uniform(0.2, 1, shape))


@EXERCISE.second("shape-ignored")
def by_numbers_only(forward, backward, rng):
    def reshaped(dY, X, W, b):
        return [
            np.reshape(g, p.shape) for g, p in zip(backward(dY, X, W, b), (X, W, b), strict=True)
        ]

    return entrywise(forward, reshaped, rng)


@EXERCISE.second("no-tolerance")
def by_exact_equality(forward, backward, rng):
    return entrywise(forward, backward, rng, close=0.0)


@EXERCISE.second(linear_layer_assumed)
def by_formulas(forward, backward, rng):
    X, W, b = rng.normal(size=(4, 2)), rng.normal(size=(2, 3)), rng.normal(size=3)
    dY = rng.normal(size=(4, 3))
    dX, dW, db = (np.asarray(g) for g in backward(dY, X, W, b))
    if (dX.shape, dW.shape, db.shape) != (X.shape, W.shape, b.shape):
        return False
    return bool(
        np.abs(dX - np.einsum("mi,ji->mj", dY, W)).max() < 1e-8
        and np.abs(dW - np.einsum("mj,mi->ji", X, dY)).max() < 1e-8
        and np.abs(db - np.ones(4) @ dY).max() < 1e-8
    )
