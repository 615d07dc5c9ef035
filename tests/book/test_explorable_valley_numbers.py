"""What the valley computes and shows is what the package computes."""

import itertools

import numpy as np
import pytest
from tests.book.explorables import needs_browser, opened
from tests.book.test_explorable_numbers import CLOSE, is_rounded

from backprop.descent import descend
from backprop.objectives import ravine, ravine_gradient
from backprop.optimizers import GradientDescent, Momentum, Nesterov

pytestmark = [needs_browser, pytest.mark.xdist_group("explorables, valley_numbers")]
METHODS = ["descent", "momentum", "nesterov"]
STEPS = 4000
"""After which a walk counts as one that does not arrive."""


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with opened(tmp_path_factory.mktemp("site"), "valley") as page:
        yield page.visit()


def settings():
    """A grid of methods and momenta, then 200 random settings; few momenta, as one walk of the
    package makes many walks of one momentum."""
    rng = np.random.default_rng(19)
    momenta = [0.0, 0.2, 0.5, 0.8, 0.9, 0.99]
    grid = [
        {"kappa": kappa, "eta": product / kappa, "alpha": alpha, "method": method}
        for method, alpha, kappa, product in itertools.product(
            METHODS, momenta, [1, 20, 300], [0.0, 0.5, 1.3, 1.999, 2.8, 4.5]
        )
    ]
    drawn = []
    for _ in range(200):
        kappa = float(10 ** rng.uniform(0, 3))
        drawn.append({
            "kappa": kappa,
            "eta": float(min(10, rng.uniform(0, 4) / kappa)),
            "alpha": float(rng.choice(momenta)),
            "method": str(rng.choice(METHODS)),
        })  # fmt: skip
    for one in grid + drawn:
        one["from"] = [float(rng.uniform(-4.6, 2.2)), float(rng.uniform(-1.7, 1.7))]
        one["steps"] = int(rng.integers(0, 60))
    return grid + drawn


def optimizer(method, eta, alpha):
    if method == "descent":
        return GradientDescent(eta)
    return {"momentum": Momentum, "nesterov": Nesterov}[method](eta, alpha)


def matrix_of(method, product, alpha):
    """What one step of the package's optimizer does to a weight and its velocity, as a matrix."""
    rule = optimizer(method, 1.0, alpha)
    columns = []
    for weight, velocity in np.eye(2):
        state = rule.init(np.array(weight))
        if method != "descent":
            state = state._replace(velocity=np.array(velocity))
        gradient = product * rule.lookahead(np.array(weight), state)
        update, after = rule.update(gradient, state)
        columns.append([weight + update, 0.0 if method == "descent" else after.velocity])
    return np.transpose(columns)


def package_walks(asked):
    """The walk of each setting, made by the package: those of one optimizer all at once."""
    walks = [None] * len(asked)

    def key(k):
        return asked[k]["method"], asked[k]["alpha"]

    for (method, alpha), group in itertools.groupby(sorted(range(len(asked)), key=key), key=key):
        group = list(group)
        eta = np.array([[asked[k]["eta"]] for k in group])
        curvatures = np.array([[1.0, asked[k]["kappa"]] for k in group])
        with np.errstate(over="ignore", invalid="ignore"):
            paths = descend([asked[k]["from"] for k in group],
                            lambda p, e=eta, c=curvatures: e * c * p,
                            optimizer(method, 1.0, alpha), STEPS)  # fmt: skip
        for place, k in enumerate(group):
            walks[k] = paths[:, place]
    return walks


SHOWN = """
    return arguments[0].map((setting) => {
        frame.show({...kit.valley.start(), ...setting});
        const seen = [...frame.root.querySelectorAll("[data-value]")].map((e) =>
            [e.dataset.of || e.dataset.live || "", Number(e.dataset.value), e.textContent]);
        const {walk, arrival} = kit.quadratic;
        return {seen, path: walk(setting, setting.steps), arrival: arrival(setting)};
    });
"""


def expected_numbers(setting, walk):
    method, alpha, kappa = setting["method"], setting["alpha"], setting["kappa"]
    matrices = [matrix_of(method, setting["eta"] * c, alpha) for c in (1, kappa)]
    rates = [np.abs(np.linalg.eigvals(matrix)).max() for matrix in matrices]
    start = np.linalg.norm(setting["from"])
    with np.errstate(over="ignore", invalid="ignore"):
        outside = ~(np.linalg.norm(walk, axis=1) < 1e-3 * start)
    arrival = None if outside[-1] else int(len(walk) - np.argmax(outside[::-1]))
    end = walk[setting["steps"]]
    with np.errstate(over="ignore", invalid="ignore"):
        cost = float(ravine(end, steepness=kappa))
    return {
        "lambda.flat": 1.0,
        "lambda.steep": kappa,
        "swing.flat": swing_of(matrices[0]),
        "swing.steep": swing_of(matrices[1]),
        "product.flat": setting["eta"],
        "product.steep": setting["eta"] * kappa,
        "rate.flat": rates[0],
        "rate.steep": rates[1],
        "rate": max(rates),
        f"rate.{method}": max(rates),
        "alpha": alpha,
        f"cost.{method}": cost,
        "arrival": arrival,
    }


def swing_of(matrix):
    """Steps of a whole turn; none where the roots are real."""
    turn = np.abs(np.angle(np.linalg.eigvals(matrix)[0]))
    return float(2 * np.pi / turn) if turn else np.inf


def near_a_double_root(setting):
    """Where rounding under the root is seen in the ninth decimal."""
    for curvature in (1, setting["kappa"]):
        matrix = matrix_of(setting["method"], setting["eta"] * curvature, setting["alpha"])
        if abs(np.trace(matrix) ** 2 - 4 * np.linalg.det(matrix)) < 1e-5:
            return True
    return False


def test_every_number_shown_is_the_package_s(page):
    asked = settings()
    walks = package_walks(asked)
    shown = [
        found for k in range(0, len(asked), 40) for found in page.run(SHOWN, asked[k : k + 40])
    ]
    faults, names = [], set()
    for setting, walk, found in zip(asked, walks, shown, strict=True):
        expected = expected_numbers(setting, walk)
        close = {"rtol": 1e-4, "atol": 1e-4} if near_a_double_root(setting) else CLOSE
        if found["arrival"] != expected["arrival"]:
            faults.append(f"{setting}: {found['arrival']}, and {expected['arrival']}")
        path = np.array(found["path"])
        if not np.allclose(path, walk[: len(path)], **CLOSE):
            faults.append(f"{setting}: the path")
        for of, value, text in found["seen"]:
            names.add(of)
            if not is_rounded(text, value):
                faults.append(f"{of}: {value} is shown as {text}")
            if of in expected and not np.isclose(value, expected[of], **close):
                faults.append(f"{setting}, {of}: {value}, the package has {expected[of]}")
    assert not faults, "\n".join(faults[:20])
    assert names >= {"product.flat", "swing.steep", "rate.flat", "rate.steep", "rate", "alpha",
                     "root.flat.0", "limit.nesterov", "arrival.momentum",
                     "cost.descent"}  # fmt: skip


def test_the_walk_is_that_of_the_package_s_ravine(page):
    for method in METHODS:
        setting = {"method": method, "kappa": 20, "eta": 0.05, "alpha": 0.8, "from": [-4, 1]}
        expected = descend(
            [-4.0, 1.0], lambda p: ravine_gradient(p), optimizer(method, 0.05, 0.8), 25
        )
        ours = page.run("return kit.quadratic.walk(arguments[0], 25)", setting)
        assert np.allclose(ours, expected, **CLOSE)


def test_the_roots_and_the_swing_are_those_of_the_step_s_matrix(page):
    rng = np.random.default_rng(1)
    for _ in range(200):
        method = str(rng.choice(METHODS[1:]))
        product, alpha = float(rng.uniform(0.01, 4)), float(rng.uniform(0.01, 0.99))
        motion = page.run("return kit.quadratic.motion(...arguments)", method, product, alpha)
        roots = np.linalg.eigvals(matrix_of(method, product, alpha))
        if motion["kind"] == "swings":
            turn = 2 * np.pi / np.abs(np.angle(roots[0]))
            assert motion["swing"] == pytest.approx(turn, rel=1e-8)
            assert motion["roots"] is None
        else:
            assert np.sort(motion["roots"]) == pytest.approx(np.sort(roots.real), abs=1e-7)
            assert motion["kind"] == ("creeps" if roots[np.argmax(np.abs(roots))] > 0 else "jumps")


@pytest.mark.parametrize("method", METHODS)
def test_below_the_bound_every_walk_shrinks_and_above_it_one_grows(page, method):
    for alpha in (0.1, 0.5, 0.9):
        setting = {"method": method, "alpha": alpha, "kappa": 20}
        bound = page.run("return kit.quadratic.limit(arguments[0])", setting)
        below, above = (
            max(np.abs(np.linalg.eigvals(matrix_of(method, bound * share * c, alpha))).max()
                for c in (1, 20))
            for share in (0.999, 1.001)
        )  # fmt: skip
        assert below < 1 < above


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("kappa", [2, 20, 500])
def test_no_setting_is_faster_than_the_best_one(page, method, kappa):
    found = page.run("return kit.quadratic.best(arguments[0])", {"method": method, "kappa": kappa})

    def rate(eta, alpha):
        return max(np.abs(np.linalg.eigvals(matrix_of(method, eta * c, alpha))).max()
                   for c in (1, kappa))  # fmt: skip

    alpha = found.get("alpha", 0.5)
    best = rate(found["eta"], alpha)
    rng = np.random.default_rng(kappa)
    others = [
        rate(found["eta"] * rng.uniform(0.7, 1.3), min(0.999, alpha * rng.uniform(0.7, 1.3)))
        for _ in range(200)
    ]
    assert best <= min(others) + 1e-6


@pytest.mark.parametrize("method", METHODS[1:])
@pytest.mark.parametrize("rate", [0.5, 0.8, 0.95, 1.0])
def test_a_line_of_the_map_has_one_rate(page, method, rate):
    for alpha in np.linspace(0.01, 0.99, 25):
        ends = page.run("return kit.quadratic.within(...arguments)", method, rate, float(alpha))
        if ends is None:
            assert alpha > rate**2  # the roots' product alone is more
            continue
        for end in ends:
            reached = np.abs(np.linalg.eigvals(matrix_of(method, end, alpha))).max()
            assert reached == pytest.approx(rate, abs=1e-6)
        middle = np.abs(np.linalg.eigvals(matrix_of(method, np.mean(ends), alpha))).max()
        assert middle < rate + 1e-9


@pytest.mark.parametrize("method", METHODS[1:])
def test_the_wedge_is_where_the_roots_are_complex(page, method):
    for alpha in np.linspace(0.02, 0.98, 13):
        low, high = page.run("return kit.quadratic.swinging(...arguments)", method, float(alpha))
        for product, swings in [(low - 1e-3, False), (low + 1e-3, True), (high - 1e-3, True),
                                (high + 1e-3, False)]:  # fmt: skip
            roots = np.linalg.eigvals(matrix_of(method, product, alpha))
            assert np.iscomplex(roots).any() == swings
