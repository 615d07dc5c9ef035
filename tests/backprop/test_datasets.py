from importlib import resources

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles import unchanged
from sklearn import datasets as scikit_learn
from strategies import generators

from backprop.datasets import load_digits, train_test_split, two_spirals, xor


def test_the_digits_are_those_of_scikit_learn():
    ours, theirs = load_digits(), scikit_learn.load_digits()
    np.testing.assert_array_equal(ours.X * 16, theirs.data)
    np.testing.assert_array_equal(ours.Y, theirs.target)


def test_the_digits_have_the_shapes_types_and_ranges_that_are_documented():
    X, labels = load_digits()
    assert X.shape == (1797, 64)
    assert X.dtype == np.float64
    assert (X.min(), X.max()) == (0.0, 1.0)
    assert labels.shape == (1797,)
    assert labels.dtype == np.int64
    assert np.bincount(labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


def test_each_call_hands_out_digits_of_its_own():
    X, _ = load_digits()
    X += 1
    assert load_digits().X.max() == 1.0


def test_the_licence_of_the_digits_lies_beside_them():
    text = (resources.files("backprop") / "data" / "digits_LICENCE.txt").read_text("utf-8")
    for part in ("CC BY 4.0", "Alpaydin", "10.24432/C50P49", "Changes"):
        assert part in text


def test_xor_is_true_where_the_bits_differ():
    X, Y = xor()
    assert X.shape == (4, 2)
    assert Y.shape == (4, 1)
    for bits, target in zip(X.tolist(), Y[:, 0].tolist(), strict=True):
        assert target == (bits[0] != bits[1])


def test_xor_is_not_linear():
    X, Y = xor()
    _, residual, *_ = np.linalg.lstsq(np.column_stack([X, np.ones(4)]), Y[:, 0])
    assert residual[0] == pytest.approx(1.0)


@given(rng=generators, points=st.integers(1, 50), turns=st.floats(0.5, 3))
def test_the_spirals_are_mirror_images_through_the_origin_without_noise(rng, points, turns):
    X, labels = two_spirals(points, rng, noise=0, turns=turns)
    assert X.shape == (2 * points, 2)
    assert labels.tolist() == [0] * points + [1] * points
    np.testing.assert_array_equal(X[labels == 0], -X[labels == 1])
    radii = np.hypot(*X[:points].T)
    np.testing.assert_allclose(radii, np.linspace(0.1, 1, points), rtol=1e-12)


@pytest.mark.parametrize("turns", [0.5, 1.5, 3.0])
def test_a_spiral_turns_in_proportion_to_its_radius(turns):
    X, _ = two_spirals(200, np.random.default_rng(0), noise=0, turns=turns)
    angle = np.unwrap(np.arctan2(X[:200, 1], X[:200, 0]))
    np.testing.assert_allclose(np.diff(angle), 2 * np.pi * turns * 0.9 / 199, rtol=1e-9)
    assert np.cos(angle[-1]) == pytest.approx(np.cos(2 * np.pi * turns), abs=1e-9)


def test_the_noise_of_the_spirals_has_the_standard_deviation_asked_for():
    noisy = two_spirals(5000, np.random.default_rng(0), noise=0.05)
    clean = two_spirals(5000, np.random.default_rng(0), noise=0)
    assert (noisy.X - clean.X).std() == pytest.approx(0.05, rel=0.05)


def test_no_line_parts_the_spirals():
    X, labels = two_spirals(200, np.random.default_rng(1))
    features = np.column_stack([X, np.ones(len(X))])
    w, *_ = np.linalg.lstsq(features, 2 * labels - 1)
    assert np.mean((features @ w > 0) == labels) < 0.75


@given(rng=generators, N=st.integers(2, 60), share=st.floats(0.1, 0.9))
def test_a_split_has_every_example_once_and_with_its_own_target(rng, N, share):
    X, Y = np.arange(2.0 * N).reshape(N, 2), np.arange(N)
    held_out = round(share * N)
    if not 0 < held_out < N:
        return
    with unchanged(X, Y):
        train, test = train_test_split(X, Y, rng, test_share=share)
    assert len(test.X) == len(test.Y) == held_out
    assert sorted([*train.Y.tolist(), *test.Y.tolist()]) == list(range(N))
    for part in (train, test):
        np.testing.assert_array_equal(part.X[:, 0], 2 * part.Y)


def test_a_split_depends_on_the_generator_alone():
    X, Y = np.arange(40.0).reshape(20, 2), np.arange(20)
    one, again, other = (train_test_split(X, Y, np.random.default_rng(s)).test.Y for s in (0, 0, 1))
    assert one.tolist() == again.tolist() != other.tolist()


@pytest.mark.parametrize(
    ("X", "Y", "share", "message"),
    [
        (np.ones((4, 2)), np.ones(3), 0.5, "X has 4 examples but Y has 3"),
        (np.ones((4, 2)), np.ones(4), 0.0, "holds out 0 of 4"),
        (np.ones((4, 2)), np.ones(4), 1.0, "holds out 4 of 4"),
        (np.ones((4, 2)), np.ones(4), -0.5, "holds out -2 of 4"),
        (np.ones((1, 2)), np.ones(1), 0.5, "holds out 0 of 1"),
        (np.ones((0, 2)), np.ones(0), 0.5, "X is empty"),
        (np.ones(4), np.ones(4), 0.5, r"X has shape \(4,\)"),
    ],
)
def test_a_split_that_cannot_be_is_refused(X, Y, share, message):
    with pytest.raises(ValueError, match=message):
        train_test_split(X, Y, np.random.default_rng(0), test_share=share)


@pytest.mark.parametrize("options", [{"points": 0}, {"noise": -0.1}, {"turns": 0.0}])
def test_spirals_that_cannot_be_are_refused(options):
    with pytest.raises(ValueError, match="expected"):
        two_spirals(**{"points": 5, **options}, rng=np.random.default_rng(0))
