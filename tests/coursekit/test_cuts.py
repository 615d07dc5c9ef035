"""What is cut off or turned round is said where that holds in every case, and nowhere else."""

import numpy as np
import pytest

from coursekit.checks.calling import call
from coursekit.checks.compare import examine
from coursekit.checks.model import Case, Task
from coursekit.checks.patterns import numbers_pattern
from coursekit.checks.prints import leaves_of

RNG = np.random.default_rng(8)
TABLES = [RNG.normal(size=(4, 3)) + 0.1 for _ in range(4)]


def pattern(wrong, reference, inputs=TABLES):
    cases = tuple(Case("some", (x,), reference(x)) for x in inputs)
    task = Task("f", ("x",), cases)
    outcomes = [call(wrong, ("x",), case.arguments) for case in cases]
    return numbers_pattern(examine(task, outcomes))


def spoilt(wrong):
    """The same, but for one number of each array of one case."""
    calls = iter(range(100))

    def almost(x):
        result = wrong(x)
        for leaf in leaves_of(result) if next(calls) == 2 else ():
            leaf.flat[leaf.size // 2] += 17
        return result

    return almost


def table(x):
    return 3 * x + 1


def layers(x):
    return [(row * k, row[:2] + k) for k, row in enumerate(x, start=1)]


def changed_layers(place, number=slice(None)):
    def wrong(x):
        pairs = [list(pair) for pair in layers(x)]
        for pair in pairs[number]:
            pair[place] = np.sin(pair[place]) + 5
        return [tuple(pair) for pair in pairs]

    return wrong


def without_edge(x):
    result = table(x)
    result[0] = 0
    return result


def wrong_last_column(x):
    result = table(x)
    result[:, -1] = np.sin(result[:, -1])
    return result


def first_two_spoilt(x):
    return [(a + np.sin(a), b + 1) if k < 3 else (a, b) for k, (a, b) in enumerate(layers(x))]


SAID = [
    (lambda x: table(x)[1:], table, "The first row is missing; the others are right."),
    (lambda x: table(x)[:, :-1], table, "The last column is missing; the others are right."),
    (
        lambda x: np.vstack([table(x), x[:1]]),
        table,
        "There is one row too many, the last; the others are right.",
    ),
    (lambda x: np.clip(table(x), -0.5, None), table, "What should be below -0.5 is -0.5."),
    (lambda x: np.clip(table(x), -1.5, 1.5), table, "What should be above 1.5 is 1.5. All else"),
    (without_edge, table, "All is right but the first row, which is 0."),
    (wrong_last_column, table, "All is right but the last column."),
    (lambda x: layers(x)[::-1], layers, "The list holds the right parts from the last"),
    (lambda x: layers(x)[1:], layers, "The first part of the list is missing"),
    (lambda x: [*layers(x), (x, x)], layers, "one part too many, its last"),
    (changed_layers(1), layers, "the first is right, and what is wrong is the second."),
    (changed_layers(0), layers, "the second is right, and what is wrong is the first."),
    (first_two_spoilt, layers, "The last pair of the list is always right; what is wrong stands"),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "reference", "words"), SAID, ids=[words for *_, words in SAID])
def test_what_is_cut_is_said_where_it_holds_in_every_case(wrong, reference, words):
    assert words in pattern(wrong, reference)
    assert words not in pattern(spoilt(wrong), reference)


def quarter(z):
    return z / 4 + 0.3


WHOLE = [np.array([1, -3, 2]), np.array([0.5, 2.5]), np.array([4, 7])]


def test_whole_numbers_are_named_where_an_argument_holds_them():
    words = "each number is cut to a whole one"
    made_like_z = lambda z: quarter(z).astype(z.dtype)  # noqa: E731
    assert words in pattern(made_like_z, quarter, WHOLE)
    assert words not in pattern(lambda z: np.trunc(quarter(z)), quarter, WHOLE)
    assert words not in pattern(spoilt(made_like_z), quarter, WHOLE)
    assert words not in pattern(lambda z: np.round(quarter(z), 1), quarter, WHOLE)


def test_a_single_number_that_is_too_large_is_no_bound():
    numbers = [np.array(k) for k in (0.3, 0.7, 2.0)]
    assert "What should be" not in pattern(lambda x: np.maximum(x, 0.5), lambda x: x, numbers)


def size_of(x):
    return "large" if x.max() > 1.5 else "small"


def test_names_that_are_never_found_or_spelled_otherwise_are_said():
    small_and_large = [*TABLES, *(x / 9 for x in TABLES)]
    found = pattern(lambda x: "large", size_of, small_and_large)
    assert "So 'small' is never found where it belongs." in found
    assert "is none of the names" in pattern(lambda x: "Large", lambda x: "large")
    around = [np.array([x]) for x in (1.0, 1.45, 2.0)]
    lenient = pattern(lambda x: size_of(x + 0.1), size_of, around)
    assert "Most often 'large' fits too easily" in lenient
