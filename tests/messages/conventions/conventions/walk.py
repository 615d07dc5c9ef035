"""Walk a tape back to its leaves."""

import numpy as np

from coursekit.authoring.exercises import Cases, Exercise

from .pages import DEPTH


def walk_back(tape: list[tuple], seeds: np.ndarray) -> np.ndarray:
    """Walk back along a tape.

    Parameters
    ----------
    tape : list of (offsets, partials)
        An entry for each value, in the order in which they were computed. It was computed from
        other ones, and an offset says how many entries before it each of them stands; its
        derivative with respect to that one is the partial in the same place. A leaf has none.
    seeds : array, shape (n_out,)
        Derivatives of the cost with respect to the last values of the tape, counted from the
        end: the first seed belongs to the very last value.

    Returns
    -------
    array, shape (n_leaves,)
        Derivative of the cost with respect to each leaf, and to no other value; the leaf that
        came last on the tape comes first.

    Examples
    --------
    >>> tape = [((), ()), ((), ()), ((2, 1), (5.0, 7.0))]
    >>> walk_back(tape, np.array([2.0]))
    array([14., 10.])
    """
    slopes = np.zeros(len(tape))
    slopes[-len(seeds) :] = seeds[::-1]
    for k in reversed(range(len(tape))):
        for offset, partial in zip(*tape[k], strict=True):
            slopes[k - offset] += partial * slopes[k]
    return slopes[[not offsets for offsets, _ in tape]][::-1]


def given_tape(*offsets, outputs):
    """Partials are drawn; the offsets of each entry are given."""

    def draw(rng):
        tape = [(given, tuple(rng.uniform(0.5, 2, len(given)).tolist())) for given in offsets]
        return tape, rng.normal(size=outputs)

    return draw


EXERCISE = Exercise(
    walk_back,
    cases=[
        Cases("two outputs", given_tape((), (), (1, 2), (), (1, 2), (1, 3), outputs=2), 0.5),
        Cases("three leaves at the start", given_tape((), (), (), (1, 3), (1, 3), outputs=2), 0.3),
        Cases("one output", given_tape((), (), (2, 1), (1, 3), outputs=1), share=0.2),
    ],
    hints=[
        "Two leaves and their product stand on a tape. What is the offset of each leaf, seen "
        "from the product?",
        "Look at the order at both ends: which value does the first seed belong to, and which "
        "leaf does the first number belong to?",
        "Most often an offset is taken for a place on the tape, or the result has the leaves in "
        "the order of the tape.",
    ],
)


@EXERCISE.misconception(
    "Your leaves stand in the order of the tape. The last of them should come first.",
    f"{DEPTH}#The order of multiplication",
)
def in_order_of_tape(tape, seeds):
    return walk_back(tape, seeds)[::-1]


@EXERCISE.misconception(
    "Your seeds go along the tape. They are counted from its end.",
    f"{DEPTH}#The order of multiplication",
)
def seeds_along_tape(tape, seeds):
    return walk_back(tape, seeds[::-1])
