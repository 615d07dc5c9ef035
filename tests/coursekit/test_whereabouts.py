"""Where wrong entries stand is said only where it holds in every case."""

import numpy as np
import pytest

from coursekit.checks.calling import call
from coursekit.checks.compare import examine
from coursekit.checks.model import Case, Task
from coursekit.checks.patterns import numbers_pattern, pattern_of

RNG = np.random.default_rng(3)
TABLES = [RNG.normal(size=(3, 3)) for _ in range(4)]


def squares(A):
    return A * A + 1


def pattern(wrong, reference=squares, inputs=None, parameters=("A",)):
    inputs = [(table,) for table in TABLES] if inputs is None else inputs
    cases = [
        Case("some" if k < 2 else "more", given, reference(*copied(given)))
        for k, given in enumerate(inputs)
    ]
    task = Task("f", parameters, tuple(cases))
    with np.errstate(all="ignore"):
        return pattern_of(examine(task, [call(wrong, parameters, c.arguments) for c in cases]))


def copied(given):
    return [np.random.default_rng(5) if isinstance(g, np.random.Generator) else g for g in given]


def spoilt(wrong):
    """The same, but for one number of one case."""
    calls = iter(range(100))

    def almost(*arguments):
        result = wrong(*arguments)
        if next(calls) == 2:
            result.flat[1] += 17
        return result

    return almost


def off_diagonal(A):
    return np.where(np.eye(3, dtype=bool), squares(A), -squares(A))


def diagonal_alone(A):
    return np.diag(np.diag(squares(A)))


def wrong_on_it(A):
    return squares(A) - np.diag(np.diag(squares(A)))


def negative_cut(A):
    return squares(A) * (A >= 0)


def negative_turned(A):
    return squares(A) * np.where(A < 0, -1, 1)


SAID = [
    (off_diagonal, "Every entry on the diagonal is right; off it all have the other sign."),
    (diagonal_alone, "Every entry on the diagonal is right; off it all are 0."),
    (wrong_on_it, "Every entry off the diagonal is right; on it all are 0."),
    (negative_cut, "Right but for the entries where `A` is negative: there all are 0."),
    (negative_turned, "where `A` is negative: there all have the other sign."),
]


@pytest.mark.parametrize(("wrong", "words"), SAID)
def test_it_is_said_where_the_wrong_entries_stand(wrong, words):
    assert words in pattern(wrong)
    assert words not in pattern(spoilt(wrong))


@pytest.mark.parametrize(("wrong", "words"), SAID)
def test_a_number_that_is_none_breaks_a_pattern(wrong, words):
    def with_nan(A):
        result = wrong(A)
        result[0, 1] = np.nan
        return result

    assert words not in pattern(with_nan)


def test_what_comes_back_as_it_came_in_is_said():
    assert pattern(lambda A: A) == "What comes back is `A` as it came in."
    assert "as it came in" not in pattern(spoilt(lambda A: A.copy()))
    assert "as it came in" not in pattern(lambda A: A + 1, reference=lambda A: A)


def shuffled(A, rng):
    return A.ravel()[rng.permutation(A.size)]


def draws(wrong):
    inputs = [(table, np.random.default_rng(5)) for table in TABLES]
    return pattern(wrong, shuffled, inputs, ("A", "rng"))


def test_another_draw_than_the_given_generator_makes_is_said():
    other = "another order than `rng` gives"
    assert other in draws(lambda A, rng: np.random.default_rng(0).permutation(A.ravel()))
    assert other in draws(lambda A, rng: A.ravel())
    assert other not in draws(lambda A, rng: np.zeros(A.size))
    assert other not in draws(spoilt(lambda A, rng: A.ravel().copy()))


def test_where_nothing_else_is_known_the_groups_that_fail_are_named():
    calls = iter(range(100))

    def right_at_first(A):
        return squares(A) if next(calls) < 2 else RNG.normal(size=(3, 3))

    assert pattern(right_at_first) == "Right in every case of 'some'; what fails is 'more'."


def test_tables_that_are_no_squares_have_no_diagonal():
    inputs = [(np.ones((2, 3)) * k,) for k in (1.0, 2.0)]
    cases = tuple(Case("some", given, squares(*given)) for given in inputs)
    task = Task("f", ("A",), cases)
    wrong = [call(lambda A: squares(A) + A**3 + A, ("A",), case.arguments) for case in cases]
    assert "diagonal" not in numbers_pattern(examine(task, wrong))
