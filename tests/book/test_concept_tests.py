"""The two parallel tests: each right option is what the package says, and no two options agree."""

import numpy as np
import pytest
from book.teaching.concept_tests import FORMS, ITEMS, LETTERS, TEXT, page_text, printed

from backprop.activations import logistic, logistic_derivative, relu_backward, relu_forward
from backprop.derivatives import central_difference
from backprop.descent import descend
from backprop.layers import LinearCache, linear_backward
from backprop.losses import softmax_cross_entropy_backward, softmax_cross_entropy_forward
from backprop.optimizers import GradientDescent, Momentum
from backprop.total_derivative import total_derivative
from backprop.units import output_deltas


def momentum(rate, share, g1, g2):
    """Two steps of the package along gradients that are given."""
    gradients = iter([np.array([g1]), np.array([g2])])
    path = descend(np.zeros(1), lambda x: next(gradients), Momentum(rate, share), 2)
    return path[2, 0] - path[1, 0]


def cross_entropy(M, s):
    """M equal examples of two classes, the first of which has the probability s."""
    logits = np.log([[s, 1 - s]] * M)
    _, cache = softmax_cross_entropy_forward(logits, np.zeros(M, dtype=int))
    return softmax_cross_entropy_backward(1.0, cache)[0, 0]


def weights(M, n_in, n_out):
    cache = LinearCache(np.ones((M, n_in)), np.ones((n_in, n_out)))
    return linear_backward(np.ones((M, n_out)), cache)[1].shape


def repeated_mean(M, g, k):
    """M slopes with the mean g, of a loss that is a mean over all of them k times."""
    slopes = np.tile(np.arange(M) - (M - 1) / 2 + g, k)
    return central_difference(lambda w: np.mean(slopes * w), 1.0)


def bias(dY):
    dY = np.array(dY, dtype=float)
    return linear_backward(dY, LinearCache(np.ones((len(dY), 1)), np.ones((1, 2))))[2][0]


def relu(Z, dA):
    return relu_backward(np.array(dA, dtype=float), relu_forward(np.array(Z, dtype=float))[1])


def bound(steep, flat):
    """By walking: a little below it the way ends at the minimum, a little above it does not."""
    curvatures = np.array([steep, flat], dtype=float)
    right = ITEMS[-1].right(steep, flat)

    def end(rate):
        walk = descend(np.ones(2), lambda x: curvatures * x, GradientDescent(rate), 2000)
        return np.abs(walk[-1]).max()

    assert end(0.99 * right) < 1e-6
    assert end(1.01 * right) > 1
    return right


ORACLES = (
    lambda a, x: central_difference(lambda at: (a * at) ** 3, float(x)),
    lambda p, q, r, s: total_derivative(np.array([p, q]), np.array([r, s])),
    lambda a: logistic_derivative(np.log(a / (1 - a))),
    lambda a, y: output_deltas(np.array([a]), np.array([y]))[0],
    lambda w, h, d: linear_backward(np.array([[d]]), LinearCache([[h]], [[w]]))[1][0, 0],
    weights,
    repeated_mean,
    bias,
    relu,
    cross_entropy,
    momentum,
    bound,
)
PAIRS = [
    pytest.param(item, oracle, form, id=f"{form}{number}")
    for number, (item, oracle) in enumerate(zip(ITEMS, ORACLES, strict=True), start=1)
    for form in FORMS
]


@pytest.mark.parametrize(("item", "oracle", "form"), PAIRS)
def test_the_right_option_is_what_the_package_says(item, oracle, form):
    given = item.numbers[FORMS.index(form)]
    np.testing.assert_allclose(item.right(**given), oracle(**given), rtol=1e-6)
    right = list(item.options(form))[LETTERS.index(item.key(form))]
    assert right == printed(item.right(**given))


@pytest.mark.parametrize("form", FORMS)
def test_every_question_has_four_options_of_which_no_two_are_printed_alike(form):
    assert len(ITEMS) == 12
    assert all(len(item.options(form)) == 4 for item in ITEMS)
    assert all(not {"{", "}"} & set(item.text(form)) for item in ITEMS)


def test_the_forms_ask_the_same_with_other_numbers():
    for item in ITEMS:
        first, second = item.numbers
        assert first.keys() == second.keys()
        assert first != second
        assert item.text("A") != item.text("B")


def test_the_letter_alone_does_not_help():
    keys = [item.key(form) for form in FORMS for item in ITEMS]
    assert set(keys) == set(LETTERS)
    assert max(map(keys.count, LETTERS)) <= len(keys) / 2


def test_a_known_mistake_is_what_its_words_say():
    assert ITEMS[2].wrong["squashed once more"](0.8) == pytest.approx(
        logistic_derivative(np.array(0.8))
    )
    assert logistic(np.log(4.0)) == pytest.approx(0.8)


def test_the_page_has_the_text_of_the_questions():
    kept = TEXT.read_text(encoding="utf-8")
    assert page_text() == kept, "python -m book.teaching.concept_tests writes it again"
