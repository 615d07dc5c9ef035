"""What the Jacobian zoom computes and shows is what the package computes."""

import itertools
from dataclasses import dataclass

import numpy as np
import pytest
from tests.book.explorables import needs_browser, opened
from tests.book.test_explorable_numbers import CLOSE, is_rounded

from backprop.activations import (
    logistic,
    logistic_derivative,
    relu,
    relu_derivative,
    softmax,
)
from backprop.derivatives import directional_derivative, numerical_gradient
from backprop.dual import forward_jacobian
from backprop.jacobians import elementwise_jacobian, linear_jacobian, softmax_jacobian
from backprop.running_example import running_example
from backprop.total_derivative import chain_jacobian

pytestmark = [needs_browser, pytest.mark.xdist_group("explorables, zoom_numbers")]
EXAMPLE = running_example()
W, REST = EXAMPLE.W1.T[:, :2], EXAMPLE.W1.T[:, 2:] @ EXAMPLE.X[0, 2:] + EXAMPLE.b1
CURVED = [lambda x: x[0] ** 2 - x[1], lambda x: x[0] * x[1]]
POLAR = [lambda x: x[0] * np.cos(x[1]), lambda x: x[0] * np.sin(x[1])]
MATRICES = ["right", "transposed", "diagonal", "slip", "own"]
CORNERS = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]])


def both(outputs, x):
    return np.array([output(x) for output in outputs])


def by_dual_numbers(outputs, x):
    return np.vstack([forward_jacobian(output, x) for output in outputs])


def softmax_of(x):
    return softmax(np.append(x, np.log(5)))


def of_layer(x, at):
    return chain_jacobian(elementwise_jacobian(logistic_derivative(at)), linear_jacobian(W))


def affine(x):
    return W @ x + REST


VALUES = {
    "curved": lambda x: both(CURVED, x),
    "polar": lambda x: both(POLAR, x),
    "affine": affine,
    "logistic": logistic,
    "layer": lambda x: logistic(affine(x)),
    "softmax": lambda x: softmax_of(x)[:2],
    "relu": relu,
}
JACOBIANS = {
    "curved": lambda x: by_dual_numbers(CURVED, x),
    "polar": lambda x: by_dual_numbers(POLAR, x),
    "affine": lambda x: linear_jacobian(W),
    "logistic": lambda x: elementwise_jacobian(logistic_derivative(x)),
    "layer": lambda x: of_layer(x, affine(x)),
    "softmax": lambda x: softmax_jacobian(softmax_of(x))[:2, :2],
    "relu": lambda x: elementwise_jacobian(relu_derivative(x)),
}
SLIPS = {
    "curved": lambda x: JACOBIANS["curved"](x) * [[0.5, 1], [1, 1]],
    "polar": lambda x: JACOBIANS["polar"](x) / [1, x[0]],
    "affine": lambda x: of_layer(x, affine(x)),
    "logistic": lambda x: elementwise_jacobian(logistic_derivative(logistic(x))),
    "layer": lambda x: of_layer(x, logistic(affine(x))),
    "softmax": lambda x: np.diag(np.diag(JACOBIANS["softmax"](x))),
    "relu": lambda x: np.eye(2),
}


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with opened(tmp_path_factory.mktemp("site"), "zoom") as page:
        yield page.visit()


@dataclass
class Setting:
    """A state of the zoom, and all numbers that the package has for it."""

    state: dict

    @property
    def x(self):
        return np.array(self.state["x"])

    def f(self, x):
        return VALUES[self.state["map"]](x)

    @property
    def J(self):
        return JACOBIANS[self.state["map"]](self.x)

    @property
    def drawn(self):
        return {
            "right": lambda: self.J,
            "transposed": lambda: self.J.T,
            "diagonal": lambda: np.diag(np.diag(self.J)),
            "slip": lambda: SLIPS[self.state["map"]](self.x),
            "own": lambda: np.array(self.state["own"]),
        }[self.state["matrix"]]()

    def left_over(self, half):
        steps = half * CORNERS
        gaps = [self.f(self.x + step) - self.f(self.x) - self.drawn @ step for step in steps]
        return max(np.linalg.norm(gap) for gap in gaps)

    def numbers(self):
        v, u, half = np.array(self.state["v"]), np.array(self.state["u"]), self.state["half"]
        numbers = {}
        halves = [half, half / 2, half / 4]
        left = [self.left_over(each) for each in halves]
        for name, values in {
            "x": self.x, "y": self.f(self.x), "v": v, "u": u, "half": halves, "left": left,
            "J.0": self.J[0], "J.1": self.J[1], "M.0": self.drawn[0], "M.1": self.drawn[1],
            "Jv": self.drawn @ v, "uJ": u @ self.drawn,
            "measured.Jv": directional_derivative(self.f, self.x, v),
            "measured.uJ": numerical_gradient(lambda x: u @ self.f(x), self.x),
        }.items():  # fmt: skip
            numbers |= {f"{name}.{k}": float(value) for k, value in enumerate(values)}
        numbers["uJv"] = float(u @ self.drawn @ v)
        ratios = {k: left[k - 1] / left[k] for k in (1, 2) if left[k] > 1e-7}
        return numbers | {f"ratio.{k}": float(ratio) for k, ratio in ratios.items()}


def settings(count, seed):
    """A grid over all functions, matrices and places, then random ones."""
    rng = np.random.default_rng(seed)
    places = [[-1.5, 0.75], [2.0, -0.5], [0.25, 3.0]]
    grid = list(itertools.product(VALUES, MATRICES, places))
    for name, matrix, x in grid:
        yield state(rng, name, matrix, x)
    for name, matrix, _ in rng.choice(np.array(grid, dtype=object), count):
        yield state(rng, name, matrix, rng.uniform(-3, 3, 2).tolist())


def state(rng, name, matrix, x):
    return Setting({
        "map": name, "matrix": matrix, "x": x, "half": float(2.0 ** rng.uniform(-6, 0)),
        "own": rng.normal(size=(2, 2)).tolist(), "v": rng.uniform(-2, 2, 2).tolist(),
        "u": rng.uniform(-2, 2, 2).tolist(), "asking": False, "answered": 0,
    })  # fmt: skip


SHOWN = """
    return arguments[0].map((setting) => ["zoom", "products"].flatMap((view) => {
        frame.show({...frame.state, ...setting, view});
        return [...frame.root.querySelectorAll("[data-value]")]
            .filter((e) => e.checkVisibility({visibilityProperty: true}))
            .map((e) => [e.dataset.of || e.dataset.live, Number(e.dataset.value), e.textContent]);
    }));
"""


def differences(setting, seen):
    """What of a setting differs from the package."""
    numbers = setting.numbers()
    for of, value, text in seen:
        if not is_rounded(text, value):
            yield f"{of}: {value} is shown as {text}"
        if of not in numbers or not np.isclose(value, numbers[of], **CLOSE):
            yield f"{of}: {value}, the package has {numbers.get(of)}"


def test_every_number_shown_is_the_package_s(page):
    asked = list(settings(200, seed=19))
    shown = page.run(SHOWN, [setting.state for setting in asked])
    faults = [
        f"{setting.state['map']} {setting.state['matrix']} {fault}"
        for setting, seen in zip(asked, shown, strict=True)
        for fault in differences(setting, seen)
    ]
    assert not faults, "\n".join(faults[:20])
    names = {of.partition(".")[0] for seen in shown for of, _, _ in seen}
    assert names == {"x", "y", "v", "u", "J", "M", "half", "left", "ratio", "Jv", "uJ", "measured",
                     "uJv"}  # fmt: skip


def test_the_first_situation_is_that_of_the_page(page):
    """The numbers that the page has in its text: J, and what is left over along one corner."""
    assert page.run("return kit.zoom.start(frame.data).x") == [2, 1]
    (seen,) = page.run(SHOWN, [page.run("return kit.zoom.start(frame.data)")])
    numbers = {of: value for of, value, _ in seen}
    assert [numbers[f"J.{i}.{j}"] for i in (0, 1) for j in (0, 1)] == [4, -1, 1, 2]
    assert [numbers[f"Jv.{i}"] for i in (0, 1)] == [7, 4]
    assert [numbers[f"uJ.{j}"] for j in (0, 1)] == [3, -3]


@pytest.mark.parametrize("name", [name for name in VALUES if name != "relu"])
def test_a_right_matrix_leaves_a_quarter_and_a_wrong_one_half(page, name):
    ratios = page.run(
        "const {planeMaps, zoom, zoomPicture} = kit, maps = planeMaps.maps(frame.data.example);"
        "return ['right', 'own'].map((matrix) => zoomPicture.of({...zoom.start(frame.data),"
        "  map: arguments[0], matrix, own: [[7, 5], [-4, 2]], x: [0.7, -0.4], half: 1 / 16},"
        "  maps, 700).halvings[2].ratio)", name)  # fmt: skip
    right, wrong = ratios
    assert right is None if name == "affine" else right == pytest.approx(4, rel=0.1)
    assert wrong == pytest.approx(2, rel=0.05)


def test_a_kink_leaves_half_whatever_the_matrix(page):
    ratio = page.run(
        "const {planeMaps, zoom, zoomPicture} = kit, maps = planeMaps.maps(frame.data.example);"
        "const state = {...zoom.start(frame.data), map: 'relu', x: [0, 1], half: 1 / 32};"
        "const picture = zoomPicture.of(state, maps, 700);"
        "return [picture.halvings[2].ratio, zoomPicture.verdict(picture)]"
    )
    assert ratio == [2, "J is right, but the square holds a kink."]


@pytest.mark.parametrize("name", VALUES)
def test_in_the_smallest_square_grid_and_parallelogram_coincide(page, name):
    """Line by line, their ends lie less than two pixels apart; in a large square they do not."""
    apart = page.run(
        "const start = kit.zoom.start(frame.data);"
        "const ends = (d) => d.split('M').slice(1).map((line) => line.split('L'))"
        "  .map((points) => [points[0], points.at(-1)].map((p) => p.split(' ').map(Number)));"
        "return [1 / 64, 1].map((half) => {"
        "  frame.show({...start, map: arguments[0], x: [1.5, -0.5], half});"
        "  const [solid, dashed] = ['.after .image', '.after .linear']"
        "    .map((path) => ends(frame.root.querySelector(path).getAttribute('d')).flat());"
        "  return Math.max(...solid.map((at, k) =>"
        "    Math.hypot(at[0] - dashed[k][0], at[1] - dashed[k][1]))); })", name)  # fmt: skip
    assert apart[0] < 2
    assert apart[1] > 5 or name == "affine"
