"""What the shape lab computes and shows is what the package computes, and what NumPy does."""

import random
import re
from itertools import pairwise

import numpy as np
import pytest
from tests.book.explorables import needs_browser, opened
from tests.book.test_explorable_numbers import CLOSE, is_rounded

from backprop.activations import relu, relu_derivative
from backprop.layers import linear_input_gradient
from backprop.losses import half_squared_error_backward, half_squared_error_forward
from backprop.networks import Layer, mlp_forward, mlp_loss_and_gradients
from backprop.running_example import three_layer_example

pytestmark = [needs_browser, pytest.mark.xdist_group("explorables, shapes_numbers")]
LAYERS = (1, 2, 3)
SIZES = ("M", "n0", "n1", "n2", "n3")
STEPS = 13


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with opened(tmp_path_factory.mktemp("site"), "shapes") as page:
        yield page.visit()


@pytest.fixture(scope="module")
def lines(page):
    """The lines that are offered at each step, the right one first."""
    return page.run(
        "return kit.minibatch.STEPS.map((step) => kit.shapeLines(step).map(({code}) => code))"
    )


def as_array(value):
    return np.array(value["data"], float).reshape(value["shape"])


def package_arrays(given):
    """Every array of a pass as the package computes it, from what is given to it."""
    X, Y = given["X"], given["Y"]
    params = [Layer(given[f"W{k}"], given[f"b{k}"]) for k in LAYERS]
    options = {"activation": "relu", "output_activation": "relu"}
    Y_hat, caches = mlp_forward(params, X, **options)
    gradients = mlp_loss_and_gradients(params, X, Y, loss="half_squared_error", **options)[1]
    upstream = half_squared_error_backward(1.0, half_squared_error_forward(Y_hat, Y)[1])
    found = {"X": X, "Y": Y, "Y_hat": Y_hat, "dY": upstream}
    found |= {name: np.float64(size) for name, size in zip(SIZES, sizes_of(given), strict=True)}
    dA = upstream
    for k in reversed(LAYERS):
        Z = caches[k - 1].activation.Z
        found |= {
            f"Z{k}": Z,
            f"slopes{k}": relu_derivative(Z),
            f"delta{k}": dA * relu_derivative(Z),
        }
        found |= {f"W{k}": params[k - 1].W, f"b{k}": params[k - 1].b}
        found |= {f"dW{k}": gradients[k - 1].W, f"db{k}": gradients[k - 1].b}
        if k < 3:
            found[f"A{k}"] = relu(Z)
        dA = linear_input_gradient(found[f"delta{k}"], caches[k - 1].linear)
    return found


def sizes_of(given):
    return [*given["X"].shape, *(given[f"W{k}"].shape[1] for k in LAYERS)]


def ran(code, arrays):
    """What NumPy makes of a line; nothing where it stops."""
    with np.errstate(all="ignore"):
        try:
            return np.asarray(eval(code, {}, arrays))
        except (ValueError, TypeError):  # of two numbers no @ is known
            return None


# Numbers and shapes of a pass


def test_the_sizes_at_the_beginning_are_those_of_the_example(page):
    example = three_layer_example()
    sizes = [*example.X.shape, *(W.shape[1] for W in (example.W1, example.W2, example.W3))]
    assert page.run("return kit.shapes.EXAMPLE") == sizes
    assert len(set(sizes)) == 5


PASSES = """return arguments[0].map(([sizes, numbers]) =>
    Object.fromEntries(kit.minibatch.pass(sizes, numbers)));"""


def test_every_array_of_a_pass_is_the_package_s(page):
    rng = np.random.default_rng(0)
    grid = [[[n] * 5, n] for n in range(1, 7)] + [[[5, 4, 2, 3, 6], 23]]
    asked = grid + [[rng.integers(1, 7, 5).tolist(), int(rng.integers(1000))] for _ in range(200)]
    for found in page.run(PASSES, asked):
        ours = {name: as_array(value) for name, value in found.items()}
        theirs = package_arrays(ours)
        assert set(ours) == set(theirs)
        for name, value in theirs.items():
            assert ours[name].shape == value.shape, name
            np.testing.assert_allclose(ours[name], value, err_msg=name, **CLOSE)
            assert np.array_equal(ours[name], np.round(ours[name])), f"{name} has fractions"


def test_the_first_numbers_hide_nothing(page):
    (found,) = page.run(PASSES, [[[5, 4, 2, 3, 6], 23]])
    arrays = {name: as_array(value) for name, value in found.items()}
    assert max(np.abs(value).max() for value in arrays.values()) < 100
    assert all(arrays[f"dW{k}"].all() for k in LAYERS)
    assert all(0 < arrays[f"slopes{k}"].mean() < 1 for k in LAYERS)


# Lines


RUN = """return arguments[0].map(([code, sizes, numbers]) => {
    const named = kit.minibatch.pass(sizes, numbers);
    const tree = kit.arrays.parse(code, kit.minibatch.NAMES);
    const turned = new Map([...named].map(([n, v]) => [n, kit.arrays.transposed(v)]));
    const ran = kit.arrays.run(tree, named);
    const columns = kit.arrays.columnForm(tree, ran);
    return [kit.arrays.code(tree), ran.value, ran.stop && ran.stop.words,
            kit.arrays.code(columns), kit.arrays.run(columns, turned).value,
            Object.fromEntries(named)];
});"""
NAMES = [*(f"{of}{k}" for of in ("W", "b", "delta", "dW", "slopes", "db", "Z") for k in LAYERS),
         "X", "Y", "Y_hat", "A1", "A2", "dY", "M", "n2"]  # fmt: skip


def random_line(chosen, depth=3):
    """A line with products of arrays that may or may not fit."""
    kind = chosen.random()
    if depth == 0 or kind < 0.3:
        return (
            chosen.choice(NAMES) if chosen.random() < 0.93 else chosen.choice(["2", "0.5", ".25"])
        )
    if kind < 0.45:
        return f"{random_atom(chosen, depth)}.T"
    if kind < 0.55:
        end = chosen.choice(["sum(axis=0)", "sum(axis=1)", "mean(axis=0)", "sum()", "mean()"])
        return f"{random_atom(chosen, depth)}.{end}"
    if kind < 0.6:
        return f"b{chosen.randint(1, 3)}[{chosen.choice([':, None', 'None, :'])}]"
    if kind < 0.65:
        return f"-{random_atom(chosen, depth)}"
    sign = chosen.choice(["@", "@", "@", "*", "+", "-", "/"])
    return f"{random_line(chosen, depth - 1)} {sign} {random_line(chosen, depth - 1)}"


def random_atom(chosen, depth):
    inner = random_line(chosen, depth - 1)
    if not re.search("[A-Za-z]", inner):  # a plain number of Python has no .T
        return chosen.choice(NAMES)
    return inner if inner in NAMES else f"({inner})"


def test_a_line_does_what_numpy_does_and_so_does_its_column_form(page, lines):
    chosen = random.Random(1)
    known = [code for step in lines for code in step]
    made = [random_line(chosen) for _ in range(1500)] + 4 * known
    asked = [
        [code, [chosen.randint(1, 3 if k % 2 else 6) for _ in SIZES], chosen.randrange(1000)]
        for k, code in enumerate(made)
    ]
    outcomes = {"ran": 0, "stopped": 0}
    for (code, *_), (again, ours, stop, columns, turned, named) in zip(
        asked, page.run(RUN, asked), strict=True
    ):
        arrays = {name: as_array(value) for name, value in named.items()}
        theirs = ran(code, arrays)
        assert (theirs is None) == (stop is not None), f"{code}: NumPy {theirs}, here {stop}"
        outcomes["stopped" if theirs is None else "ran"] += 1
        if theirs is None:
            continue
        assert list(theirs.shape) == ours["shape"], code
        for value in (as_numbers(ours), as_numbers(turned).T, ran(again, arrays)):
            np.testing.assert_allclose(finite(value), finite(theirs), **CLOSE, err_msg=code)
        in_columns = ran(columns, {name: value.T for name, value in arrays.items()})
        np.testing.assert_allclose(in_columns.T, theirs, **CLOSE, err_msg=columns)
    assert min(outcomes.values()) > 300, outcomes


def finite(value):
    """Without infinities, which do not travel from a page."""
    return np.where(np.isfinite(value), value, np.nan)


def as_numbers(value):
    """An array of the page; what is not finite has come as nothing."""
    data = [np.nan if number is None else number for number in value["data"]]
    return np.array(data, float).reshape(value["shape"])


def test_of_the_lines_that_are_offered_the_first_is_right_and_no_other(page, lines):
    targets = page.run("return kit.minibatch.STEPS.map(({target}) => target)")
    sizes = ([5, 4, 2, 3, 6], [4, 3, 5, 2, 6], [3, 3, 3, 3, 4])
    found = page.run(PASSES, [[chosen, numbers] for chosen in sizes for numbers in range(6)])
    passes = [{name: as_array(value) for name, value in one.items()} for one in found]

    def is_right(code, target):
        pairs = [(ran(code, arrays), arrays[target]) for arrays in passes]
        return all(value is not None and np.array_equal(value, right) for value, right in pairs)

    for (right, *others), target in zip(lines, targets, strict=True):
        assert is_right(right, target)
        assert not [other for other in others if is_right(other, target)]
    assert all(len(step) == len(set(step)) for step in lines)


def test_most_of_the_wrong_lines_stop_where_sizes_differ_and_all_run_where_they_are_equal(
    page, lines
):
    kinds = page.run(
        "return [[5, 4, 2, 3, 6], [3, 3, 3, 3, 3]].map((sizes) => arguments[0].flatMap("
        "  (codes, step) => codes.slice(1).map((code) => kit.shapeVerdict("
        "    kit.shapes.read(code), code, kit.minibatch.STEPS[step].target,"
        "    kit.minibatch.pass(sizes, 23)).kind)))", lines)  # fmt: skip
    different, equal = ({kind: found.count(kind) for kind in found} for found in kinds)
    assert different["stops"] > 30
    assert different["wrong"] > 10
    assert "stops" not in equal
    assert equal["wrong"] > 50


@pytest.mark.parametrize(
    ("code", "sizes", "kind"),
    [("A2.T @ delta3", [5, 4, 2, 3, 6], "right"), ("A2.T@(dY * slopes3)", [5, 4, 2, 3, 6], "right"),
     ("A2.T @ delta3 / M", [1, 4, 2, 3, 6], "lucky"), ("A2 @ delta3", [5, 4, 2, 3, 6], "stops"),
     ("A2 @ delta3", [4, 4, 2, 4, 4], "wrong"), ("delta3.T @ A2", [5, 4, 2, 3, 6], "shape")],
)  # fmt: skip
def test_a_line_is_judged_by_what_it_gives_with_other_sizes_too(page, code, sizes, kind):
    found = page.run(
        "return kit.shapeVerdict(kit.shapes.read(arguments[0]), arguments[0], 'dW3',"
        "               kit.minibatch.pass(arguments[1], 1)).kind", code, sizes)  # fmt: skip
    assert found == kind


# What is shown


SHOWN = """frame.root.querySelector(".line-list").open = true;
return arguments[0].map((setting) => {
    frame.show({...kit.shapes.start(), ...setting});
    const seen = [...frame.root.querySelectorAll("[data-value]")]
        .map((e) => [e.dataset.of, Number(e.dataset.value), e.textContent]);
    const lit = [...frame.root.querySelectorAll(".light")]
        .map((e) => e.getAttribute("visibility") === "visible");
    return [seen, Object.fromEntries(kit.minibatch.pass(setting.sizes, setting.numbers)), lit];
});"""


def settings(lines, count, seed):
    """All lines of all steps with the first sizes and with equal ones, then random settings."""
    rng = np.random.default_rng(seed)
    every = [(step, code) for step, codes in enumerate(lines) for code in codes]
    for sizes in ([5, 4, 2, 3, 6], [2, 2, 2, 2, 2]):
        for step, code in every:
            yield setting(step, code, sizes, 23, (1, 1))
    for k in rng.integers(0, len(every), count):
        sizes = rng.integers(1, 7, 5).tolist()
        yield setting(*every[k], sizes, int(rng.integers(1000)), rng.integers(0, 6, 2).tolist())


def setting(step, code, sizes, numbers, at):
    return {"step": step, "line": code, "sizes": sizes, "numbers": numbers, "at": list(at),
            "view": "both"}  # fmt: skip


def test_every_number_shown_is_the_package_s(page, lines):
    targets = page.run("return kit.minibatch.STEPS.map(({target}) => target)")
    asked = list(settings(lines, 200, seed=4))
    shown = [
        found for k in range(0, len(asked), 40) for found in page.run(SHOWN, asked[k : k + 40])
    ]
    names = set()
    for wanted, (seen, given, _) in zip(asked, shown, strict=True):
        arrays = package_arrays({name: as_array(value) for name, value in given.items()})
        arrays |= {"result": ran(wanted["line"], arrays), "wanted": arrays[targets[wanted["step"]]]}
        for of, value, text in seen:
            name, *place = of.split(".") if not of.startswith("error.") else ["error"]
            names.add(name)
            if name == "error":
                expected = error_of(of.removeprefix("error."), arrays)
                assert_off(text, of.removeprefix("error."), arrays)
            elif name in SIZES:
                expected = arrays[name]
            else:
                expected = arrays[name][tuple(map(int, place))] if place else arrays[name]
            assert name == "error" or is_rounded(text, value), text
            assert np.isclose(value, expected, **CLOSE), f"{wanted}: {of} is {value}"
    assert names >= {"X", "W1", "b3", "Y_hat", "dY", "delta2", "dW3", "result", "wanted", "error"}


def assert_off(text, code, arrays):
    """That a line is said to be as far off as it is: by a factor if it is one, else relatively."""
    value, right = ran(code, arrays), arrays["wanted"]
    said = re.search(r"−?[\d.]+", text)
    number = float(said[0].replace("−", "-")) if said else -1.0  # the sign is turned round
    if "relative error" in text or "off by" in text:
        assert abs(number - error_of(code, arrays)) <= 0.005 + 1e-9, text
        return
    times = 1 / number if text.endswith("too small") else number
    assert np.allclose(value, times * right, rtol=0.01, atol=0.006 * np.abs(right).max()), text


def error_of(code, arrays):
    right = arrays["wanted"]
    off = np.linalg.norm(ran(code, arrays) - right)
    return off / (np.linalg.norm(right) or 1)


def test_an_entry_s_sum_in_numbers_gives_the_entry(page, lines):
    """What stands before the equals sign is worked out as it is read."""
    asked = list(settings(lines, 60, seed=9))
    sums = [
        page.run(
            "frame.show({...kit.shapes.start(), ...arguments[0]});"
            "const line = frame.root.querySelector('.workings .calculation');"
            "return line && line.textContent", wanted)
        for wanted in asked
    ]  # fmt: skip
    read = 0
    for text in filter(None, sums):
        plain = text.replace("−", "-").replace("·", "*")
        left, right = plain.rsplit(" = ", 1)
        if re.search(r"\d\.\d", plain):  # what is shown rounded adds up to less than what is exact
            continue
        assert eval(left) == pytest.approx(float(right), abs=0.006), text
        read += 1
    assert read > 100


LIT = """
    frame.show({...kit.shapes.start(), at: [1, 2]});
    const get = (node, name) => Number(node.getAttribute(name));
    return [...frame.root.querySelectorAll(".array")].map((box) => {
        const [light, edge] = [".light", ".frame"].map((part) => box.querySelector(part));
        const cell = get(edge, "width") / box.querySelector(".shape").textContent.split(" × ")[1];
        return [(get(light, "x") - get(edge, "x")) / cell, (get(light, "y") - get(edge, "y")) / 22,
                get(light, "width") / cell, get(light, "height") / 22];
    });
"""


def test_pointing_lights_the_row_and_the_column_that_are_multiplied(page):
    factor, delta, result = np.round(page.run(LIT)).tolist()
    assert factor == [0, 1, 5, 1]  # row 2 of A2 transposed: column 2 of A2
    assert delta == [2, 0, 1, 5]  # column 3 of δ3
    assert result == [2, 1, 1, 1]


def test_the_shapes_of_the_pass_follow_the_sizes(page):
    for sizes in ([5, 4, 2, 3, 6], [1, 6, 1, 5, 2]):
        (found,) = page.run(PASSES, [[sizes, 0]])
        M, *n = sizes
        for k, pair in enumerate(pairwise(n), start=1):
            assert found[f"dW{k}"]["shape"] == list(pair)
            assert found[f"delta{k}"]["shape"] == [M, pair[1]]
            assert found[f"db{k}"]["shape"] == [pair[1]]
