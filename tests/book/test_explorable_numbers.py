"""What the microscope computes and shows is what the package computes."""

import itertools
import re

import numpy as np
import pytest
from tests.book.explorables import needs_browser, opened

from backprop import activations
from backprop.derivatives import partial_derivative
from backprop.layers import activation_named, linear_input_gradient
from backprop.networks import LOSSES, Layer, mlp_backward, mlp_forward
from backprop.running_example import running_example
from backprop.units import UnitLayer, train_step

pytestmark = [needs_browser, pytest.mark.xdist_group("explorables, numbers")]
ACTIVATIONS = ["identity", "logistic", "tanh", "relu"]
INSIDE = {"binary_cross_entropy": "logistic", "softmax_cross_entropy": "softmax"}
"""What a cross-entropy makes of the logits."""
CLOSE = {"rtol": 1e-9, "atol": 1e-9}


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with opened(tmp_path_factory.mktemp("site"), "microscope") as page:
        yield page.visit()


def random_setting(rng, hidden, output, loss, sizes=None):
    sizes = sizes or rng.integers(1, 6, rng.integers(2, 5)).tolist()
    pairs = list(itertools.pairwise(sizes))
    scale = rng.choice([0.3, 1.0, 4.0])
    y = rng.uniform(0, 1, sizes[-1])
    net = {
        "W": [(scale * rng.standard_normal((n_out, n_in))).tolist() for n_in, n_out in pairs],
        "b": [rng.standard_normal(n_out).tolist() for _, n_out in pairs],
        "hidden": hidden, "output": output, "loss": loss,
    }  # fmt: skip
    y = y / y.sum() if loss == "softmax_cross_entropy" else y
    x = rng.uniform(-2, 2, sizes[0])
    return {"net": net, "x": x.tolist(), "y": y.tolist(), "rate": float(rng.uniform(0, 2))}


def settings(count, seed):
    """A grid over all functions and costs, then random ones."""
    rng = np.random.default_rng(seed)
    grid = [(h, o, loss) for h in ACTIVATIONS for o in ACTIVATIONS for loss in LOSSES]
    chosen = grid + [grid[k] for k in rng.integers(0, len(grid), count)]
    return [random_setting(rng, *functions) for functions in chosen]


def cost_of(setting, params):
    """The package's cost of one example in matrix form."""
    net = setting["net"]
    output = net["output"] if net["loss"] == "half_squared_error" else "identity"
    X, Y = np.array([setting["x"]]), np.array([setting["y"]])
    Y_hat, caches = mlp_forward(params, X, activation=net["hidden"], output_activation=output)
    loss, cache = LOSSES[net["loss"]].forward(Y_hat, Y)
    return float(loss), LOSSES[net["loss"]].backward(1.0, cache), cache, caches


def params_of(net):
    return [Layer(np.array(W).T, np.array(b)) for W, b in zip(net["W"], net["b"], strict=True)]


def package_numbers(setting):
    """Every number by the name that the page gives it, as the package computes it."""
    net, params = setting["net"], params_of(setting["net"])
    cost, upstream, loss_cache, caches = cost_of(setting, params)
    numbers = {"cost": cost, "one": 1.0}
    gradients = mlp_backward(upstream, caches)
    dA, last = upstream, len(params) - 1
    for layer in range(last, -1, -1):
        cache = caches[layer]
        activation = activation_named(cache.name)
        dZ = activation.backward(dA, cache.activation)
        inside = layer == last and net["loss"] in INSIDE
        name = INSIDE[net["loss"]] if inside else cache.name
        a = loss_cache.Y_hat[0] if inside else cache.activation.A[0]
        ones = np.ones_like(cache.activation.Z)
        of_units = activation_named(name) if name != "softmax" else None
        slopes = (
            of_units.backward(ones, of_units.forward(cache.activation.Z)[1])[0] if of_units else []
        )
        put(numbers, f"z.{layer}", cache.activation.Z[0])
        put(numbers, f"a.{layer + 1}", a)
        put(numbers, f"slope.{layer}", slopes)
        put(numbers, f"delta.{layer}", dZ[0])
        put(numbers, f"influence.{layer}", dA[0] if not inside else [])
        dA = linear_input_gradient(dZ, cache.linear)
    put(numbers, "a.0", setting["x"])
    put(numbers, "y", setting["y"])
    for layer, (W, b) in enumerate(zip(net["W"], net["b"], strict=True)):
        put(numbers, f"b.{layer}", b)
        for i, row in enumerate(W):
            put(numbers, f"w.{layer}.{i}", row)
            for j in [*range(len(row)), -1]:
                gradient = gradients[layer].W[j, i] if j >= 0 else gradients[layer].b[i]
                old = row[j] if j >= 0 else b[i]
                place = f"{layer}.{i}.{j}"
                changed = old - setting["rate"] * gradient
                numbers |= {f"gradient.{place}": gradient, f"old.{place}": old,
                            f"change.{place}": changed - old, f"new.{place}": changed}  # fmt: skip
    return numbers


def put(numbers, name, values):
    numbers |= {f"{name}.{k}": float(value) for k, value in enumerate(values)}


SHOWN = """
    // For each setting: some steps, in all views, then one parameter, with all changes.
    const drawers = document.querySelectorAll(".explorable-live details");
    const fold = (open) => drawers.forEach((drawer) => { drawer.open = open; });
    return arguments[0].map((setting, n) => {
        const all = kit.steps.all(setting.net);
        const which = kit.network.parameters(setting.net);
        const seen = [];
        const look = (part) => {
            frame.show({...kit.microscope.start(frame.data), ...setting, ...part});
            for (const e of frame.root.querySelectorAll("[data-value]")) {
                if (!e.checkVisibility({visibilityProperty: true})) continue;
                seen.push([e.dataset.of || e.dataset.live || (e.closest(".matrices") ? "cell" : ""),
                           Number(e.dataset.value), e.textContent]);
            }
        };
        fold(false);
        kit.microscope.VIEWS.forEach((view, k) => look({step: (5 * n + 7 * k) % all.length, view}));
        const chosen = which[n % which.length];
        fold(true);
        look({step: all.length - 1, chosen: ["w", ...chosen]});
        const difference = kit.network.finiteDifference(setting.net, setting.x, setting.y, chosen);
        return {seen, chosen, difference: difference.value};
    });
"""


def is_rounded(text, value):
    """Whether a text shows a number as it rounds."""
    plain = text.replace("−", "-").strip("()×").rpartition("= ")[2]
    if not re.fullmatch(r"-?\d+(\.\d+)?", plain):
        return "·10" in plain or "∞" in plain or plain == "undefined"
    decimals = len(plain.partition(".")[2])
    # What was given is shown without zeros at its end.
    return abs(float(plain) - value) <= 0.5 * 10.0**-decimals + 1e-9


def differences(setting, found):
    """What of a setting differs from the package."""
    numbers = package_numbers(setting)
    layer, i, j = found["chosen"]
    known = [*list(numbers.values()), 0.0, *np.subtract(last_a(numbers, setting), setting["y"])]
    for of, value, text in found["seen"]:
        if not is_rounded(text, value):
            yield f"{of}: {value} is shown as {text}"
        if of in numbers and not np.isclose(value, numbers[of], **CLOSE):
            yield f"{of}: {value}, the package has {numbers[of]}"
        if of == "cell" and not np.isclose(value, known, **CLOSE).any():
            yield f"a matrix shows {value}, which is none of the package's numbers"
        if of == "paths" and not np.isclose(value, numbers[f"gradient.{layer}.{i}.{j}"], **CLOSE):
            yield f"the paths add up to {value}"
    numerical = by_difference(setting, layer, i, j)
    if not np.isclose(
        found["difference"], numerical, rtol=1e-9, atol=1e-9 * max(1, numbers["cost"])
    ):
        yield f"the difference is {found['difference']}, the package has {numerical}"


def last_a(numbers, setting):
    last = len(setting["net"]["W"])
    return [numbers[f"a.{last}.{k}"] for k in range(len(setting["y"]))]


def by_difference(setting, layer, i, j):
    params = params_of(setting["net"])

    def cost(part):
        W, b = params[layer]
        changed = Layer(part, b) if j >= 0 else Layer(W, part)
        return cost_of(setting, [*params[:layer], changed, *params[layer + 1 :]])[0]

    return partial_derivative(
        cost, params[layer].W if j >= 0 else params[layer].b, (j, i) if j >= 0 else i
    )


def test_every_number_shown_is_the_package_s(page):
    asked = settings(200, seed=19)
    shown = [
        found for k in range(0, len(asked), 20) for found in page.run(SHOWN, asked[k : k + 20])
    ]
    faults = [
        f"{setting['net']['loss']} {fault}"
        for setting, found in zip(asked, shown, strict=True)
        for fault in differences(setting, found)
    ]
    assert not faults, "\n".join(faults[:20])
    names = {of.split(".")[0] for found in shown for of, _, _ in found["seen"]}
    assert names >= {"z", "a", "w", "b", "y", "slope", "influence", "delta", "cost", "gradient",
                     "path", "paths", "old", "change", "new", "cell", "value"}  # fmt: skip


def test_a_cross_entropy_s_influence_is_that_of_its_formula(page):
    setting = random_setting(np.random.default_rng(3), "tanh", "tanh", "binary_cross_entropy")
    traced = page.run("const s = arguments[0]; return kit.network.trace(s.net, s.x, s.y)", setting)
    a, y = np.array(traced["activations"][-1]), np.array(setting["y"])
    numerical = (y - 1) / (a - 1) - y / a  # of −y ln a − (1 − y) ln(1 − a)
    assert np.allclose(traced["influences"][-1], numerical, rtol=1e-9)


def test_the_example_is_the_package_s_and_so_is_a_step(page):
    example = running_example()
    state = page.run("return kit.microscope.start(frame.data)")
    assert np.array_equal(state["net"]["W"][0], example.W1.T)
    assert state["y"] == example.Y[0].tolist()
    after = page.run(
        "const {net, x, y} = arguments[0];"
        "return kit.network.trained(net, kit.network.trace(net, x, y).gradients, 0.5)",
        state,
    )
    expected = train_step(example.unit_network, example.X[0], example.Y[0], 0.5)
    for W, b, layer in zip(after["W"], after["b"], expected, strict=True):
        assert isinstance(layer, UnitLayer)
        assert np.allclose(W, layer.W, rtol=1e-12)
        assert np.allclose(b, layer.b, rtol=1e-12)


@pytest.mark.parametrize("z", [-1e308, -800.0, -1e-300, 0.0, 40.0, 800.0, 1e308])
def test_activations_are_right_far_out(page, z):
    for name in ACTIVATIONS:
        value = getattr(activations, name)(z)
        slope = getattr(activations, f"{name}_derivative")(z)
        ours = page.run(
            "const f = kit.network.ACTIVATIONS[arguments[0]], z = arguments[1];"
            "return [f.value(z), f.slope(z)]", name, z)  # fmt: skip
        assert np.allclose(ours, [float(value), float(slope)], rtol=1e-12, atol=0)


def test_paths_are_counted_as_the_book_counts_them(page):
    setting = random_setting(
        np.random.default_rng(0), "tanh", "tanh", "half_squared_error", [4, 2, 3]
    )
    counts = page.run("return kit.network.counts(arguments[0].net)", setting)
    assert counts == {"paths": 24, "edges": 14}
