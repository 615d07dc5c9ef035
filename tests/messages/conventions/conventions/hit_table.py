"""How well a classifier does."""

import numpy as np

from coursekit.authoring.exercises import Cases, Exercise

from .pages import LOSSES, SOFTMAX


def hit_table(scores: np.ndarray, labels: np.ndarray, threshold: float) -> tuple[np.ndarray, float]:
    """How well scores tell two classes from each other.

    Parameters
    ----------
    scores : array, shape (M,)
        Class 1 is predicted where the score is above the threshold, and not where it is equal.
    labels : array of int, shape (M,)
        0 or 1; each of them occurs.
    threshold : float

    Returns
    -------
    table : array, shape (2, 2)
        A row for each predicted class and a column for each true one, class 1 first; each
        column in percent of its own sum.
    F : float
        The measure F₂: 5 times the hits, divided by 5 times the hits, 4 times the missed and the
        false alarms.

    Examples
    --------
    >>> scores, labels = np.array([0.9, 0.5, 0.6, 0.1]), np.array([1, 1, 0, 0])
    >>> table, F = hit_table(scores, labels, 0.5)
    >>> table, float(F)
    (array([[50., 50.],
           [50., 50.]]), 0.5)
    """
    said = scores > threshold
    true = labels == 1
    hits, alarms = np.sum(said[true]), np.sum(said[~true])
    missed, others = np.sum(true) - hits, np.sum(~true) - alarms
    table = np.array([[hits, alarms], [missed, others]])
    return 100 * table / table.sum(axis=0), 5 * hits / (5 * hits + 4 * missed + alarms)


def scored(hits, missed, alarms, others):
    """Scores, as many of each kind as given, and one of each class just at the threshold."""

    def draw(rng):
        threshold = float(rng.uniform(0.3, 0.7))
        above = rng.uniform(threshold + 0.05, 1, hits + alarms)
        below = rng.uniform(0, threshold - 0.05, missed + others)
        scores = np.concatenate([above, below, [threshold, threshold]])
        labels = np.repeat([1, 0, 1, 0, 1, 0], [hits, alarms, missed, others, 1, 1])
        order = rng.permutation(len(scores))
        return scores[order], labels[order], threshold

    return draw


EXERCISE = Exercise(
    hit_table,
    cases=[
        Cases("more of class 0", scored(3, 1, 2, 6), share=0.5),
        Cases("more of class 1", scored(5, 3, 1, 2), share=0.5),
    ],
    hints=[
        "Which sums are 100 in the table, those of its rows or those of its columns?",
        "Look at one example that is just at the threshold, and at the corner in which the hits "
        "stand.",
        "Most often the table is turned, or class 0 comes first.",
    ],
)


@EXERCISE.misconception(
    "You predict class 1 at the threshold. It has to be above.",
    f"{LOSSES}#Softmax and its cross-entropy",
)
def at_threshold(scores, labels, threshold):
    return hit_table(scores, labels, np.nextafter(threshold, -1))


@EXERCISE.misconception(
    "Your percentages are those of all examples. Each true class has 100 of its own.",
    f"{SOFTMAX}#Softmax: each output sees all inputs",
)
def of_all_examples(scores, labels, threshold):
    table, F = hit_table(scores, labels, threshold)
    return table * [np.mean(labels), 1 - np.mean(labels)], F
