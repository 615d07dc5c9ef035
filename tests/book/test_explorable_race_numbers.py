"""What the race computes and shows is what the package computes."""

import math
from functools import cache

import numpy as np
import pytest
from tests.book.explorables import needs_browser, opened
from tests.book.test_explorable_numbers import CLOSE, is_rounded
from tests.some_of_many import some_of

from backprop import objectives, optimizers
from backprop.datasets import xor
from backprop.descent import descend
from backprop.units import UnitLayer, batch_gradients, forward_pass, network_cost

pytestmark = [needs_browser, pytest.mark.xdist_group("explorables, race_numbers")]
KINDS = ["GradientDescent", "Momentum", "Nesterov", "Adagrad", "RMSprop", "Adam", "Nadam"]
FORMS = [(kind, form) for kind in KINDS for form in getattr(optimizers, kind).variants or [""]]
RATES = [10 ** ((k - 18) / 6) for k in range(31)]
"""Of the search: from 0.001 to 100."""


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with opened(tmp_path_factory.mktemp("site"), "race") as page:
        yield page.visit()


# The package's side


def optimizer(kind, form, rate, **more):
    return getattr(optimizers, kind)(rate, **({"variant": form} if form else {}), **more)


def network(point):
    """The 2–2–1 network of nine numbers in a row."""
    return [UnitLayer(point[:4].reshape(2, 2), point[4:6]),
            UnitLayer(point[6:8].reshape(1, 2), point[8:])]  # fmt: skip


def xor_cost(point):
    return network_cost(network(np.asarray(point)), *xor())


def xor_gradient(point):
    first, second = batch_gradients(network(point), *xor())
    return np.concatenate([part.ravel() for part in (first.W, first.b, second.W, second.b)])


def turned(degrees):
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return objectives.Quadratic([1, 20], np.array([[c, -s], [s, c]]))


ROUND, TURNED = objectives.Quadratic([1, 1]), turned(30)
LANDS = {  # value, gradient, lowest height
    "bowl": (ROUND, ROUND.gradient, 0.0),
    "ravine": (objectives.ravine, objectives.ravine_gradient, 0.0),
    "turned": (TURNED, TURNED.gradient, 0.0),
    "saddle": (objectives.saddle, objectives.saddle_gradient, -0.25),
    "xor": (xor_cost, xor_gradient, 0.0),
}


@cache
def walked(land, start, kind, form, rate, steps):
    """Path and heights; not followed further than the page follows them."""
    value, gradient, lowest = LANDS[land]
    with np.errstate(over="ignore", invalid="ignore"):
        path = descend(np.array(start), gradient, optimizer(kind, form, rate), steps)
    far = ~(np.abs(path) < 1e100).all(axis=1)
    path = path[: int(np.argmax(far))] if far.any() else path
    with np.errstate(over="ignore", invalid="ignore"):
        return path, np.array([value(point) - lowest for point in path])


def steady(land, start, kind, form, rate, steps):
    """Whether the package's own walk does not hang on the last digits of its start.

    Where an average of squares is nearly 0, a rounding decides how far the next step leads.
    """
    nudged = tuple(np.array(start) * (1 + 1e-14))
    runs = [walked(land, begin, kind, form, rate, steps)[1] for begin in (start, nudged)]
    return len(runs[0]) == len(runs[1]) and np.allclose(*runs, rtol=1e-9, atol=1e-10)


def finish(heights, goal, steps):
    if len(heights) <= steps:
        return None
    outside = ~(heights <= goal)
    if outside[-1]:
        return None
    return int(len(heights) - np.argmax(outside[::-1])) if outside.any() else 0


# Formulas


@pytest.mark.parametrize(("kind", "form"), FORMS, ids=lambda part: part or "plain")
def test_a_rule_makes_the_package_s_changes(page, kind, form):
    """Over whole runs, with gradients of all sizes, and hyperparameters that are not the usual."""
    rng = np.random.default_rng(len(form))
    drawn = {"momentum": (0, 0.99), "decay": (0, 0.99), "beta1": (0, 0.99), "beta2": (0, 0.999),
             "eps": (1e-10, 0.1), "initial_accumulator": (0, 1)}  # fmt: skip
    known = vars(getattr(optimizers, kind)())
    asked, expected = [], []
    for trial in range(60):
        how = {name: float(rng.uniform(*ends)) for name, ends in drawn.items() if name in known}
        how = how if trial else {}
        gradients = rng.standard_normal((8, 3)) * 10.0 ** rng.uniform(-5, 3, (8, 3))
        rate = float(rng.uniform(0, 2))
        rule = optimizer(kind, form, rate, **how)
        state, changes = rule.init(np.zeros(3)), []
        for gradient in gradients:
            update, state = rule.update(gradient, state)
            changes.append(update)
        named = {"kind": kind, "learning_rate": rate, **({"variant": form} if form else {})}
        asked.append([gradients.tolist(), named | how])
        expected.append(changes)
    ours = page.run("return arguments[0].map((one) => kit.optimizers.changesOf(...one))", asked)
    for found, changes, (_, how) in zip(ours, expected, asked, strict=True):
        assert np.allclose(found, changes, rtol=1e-9, atol=1e-12), how


def test_every_optimizer_of_the_package_runs_in_every_form(page):
    ours = page.run("return kit.fields.EVERYBODY.map(({kind, variant}) => [kind, variant])")
    assert sorted(map(tuple, ours)) == sorted(FORMS)
    kinds = [
        name for name in optimizers.__all__
        if isinstance(getattr(optimizers, name), type)
        and issubclass(getattr(optimizers, name), optimizers.Optimizer)
    ]  # fmt: skip
    assert sorted(KINDS) == sorted(set(kinds) - {"Optimizer"})


def test_the_usual_hyperparameters_are_those_of_the_package(page):
    for kind in KINDS:
        how = page.run("return kit.optimizers.settled({kind: arguments[0]})", kind)
        usual = vars(getattr(optimizers, kind)())
        assert {name: usual.get(name, "") for name in how if name != "kind"} == {
            name: value for name, value in how.items() if name != "kind"
        }


@pytest.mark.parametrize("land", LANDS)
def test_a_landscape_is_the_package_s(page, land):
    value, gradient, lowest = LANDS[land]
    rng = np.random.default_rng(2)
    points = rng.uniform(-4, 4, (200, 9 if land == "xor" else 2))
    ours = page.run(
        "const {objective} = kit.lands.LANDS[arguments[0]];"
        "return {lowest: objective.lowest, values: arguments[1].map(objective.value),"
        "        gradients: arguments[1].map(objective.gradient)}",
        land, points.tolist())  # fmt: skip
    assert ours["lowest"] == lowest
    assert np.allclose(ours["values"], [value(point) for point in points], **CLOSE)
    assert np.allclose(ours["gradients"], [gradient(point) for point in points], **CLOSE)


def test_what_a_contour_goes_round_is_lower_than_it(page):
    window = {"x": [-3.4, 3.4], "y": [-1.9, 1.9]}
    levels = [-0.2, 0.0, 0.7, 2.5]
    rng = np.random.default_rng(4)
    points = np.column_stack([rng.uniform(-3.4, 3.4, 400), rng.uniform(-1.9, 1.9, 400)])
    heights = objectives.saddle(points)
    loops = page.run(
        "return kit.contours(kit.objectives.saddle.value, arguments[0], arguments[1], 160)",
        window, levels)  # fmt: skip
    for level, around in zip(levels, loops, strict=True):
        clear = np.abs(heights - level) > 0.02
        assert clear.sum() > 300
        inside = np.array([sum(winds(loop, point) for loop in around) % 2 for point in points])
        assert np.array_equal(inside[clear] == 1, heights[clear] < level)


def winds(loop, point):
    """Whether a ray from a point to the right crosses a closed line an odd number of times."""
    (x, y), corners = point, np.array(loop)
    after = np.roll(corners, -1, axis=0)
    crosses = (corners[:, 1] > y) != (after[:, 1] > y)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (y - corners[:, 1]) / (after[:, 1] - corners[:, 1])
        at = corners[:, 0] + share * (after[:, 0] - corners[:, 0])
    return int((crosses & (at > x)).sum() % 2)


# Best learning rates

BEST = """
    const [land, kind, form] = arguments;
    const {from} = kit.race.placed(land);
    const search = kit.search.searching(kit.lands.raceOf({land, from}), {kind, variant: form});
    let step = search.next();
    while (!step.done) step = search.next();
    return step.value;
"""
SEARCHED = [(land, kind, getattr(optimizers, kind).variants[0] if kind != KINDS[0] else "")
            for land in LANDS for kind in KINDS]  # fmt: skip
SEARCHED += [
    ("turned", kind, form) for kind, form in FORMS if ("turned", kind, form) not in SEARCHED
]


@pytest.mark.parametrize(("land", "kind", "form"), some_of(SEARCHED, 4))
def test_the_best_rate_is_the_one_that_the_package_finds(page, land, kind, form):
    race = page.run(
        "const {from} = kit.race.placed(arguments[0]);"
        "const {steps, goal} = kit.lands.raceOf({land: arguments[0], from});"
        "return {from, steps, goal}", land)  # fmt: skip
    found = []
    for rate in RATES:
        _, heights = walked(land, tuple(race["from"]), kind, form, rate, race["steps"])
        kept = len(heights) > race["steps"] and (heights <= 2 * heights[0]).all()
        arrived = finish(heights, race["goal"], race["steps"]) if kept else None
        end = heights[-1] if kept else np.inf
        found.append((np.inf if arrived is None else arrived, end, rate))
    ours = page.run(BEST, land, kind, form)
    if ours != pytest.approx(min(found)[2], rel=1e-12):
        where = (land, tuple(race["from"]), kind, form)
        close = [rate for rate in (ours, min(found)[2]) if not steady(*where, rate, race["steps"])]
        assert close, f"{ours}, the package finds {min(found)[2]}"


# Everything that is shown


def settings():
    """A grid of landscapes and fields, then 200 random settings."""
    rng = np.random.default_rng(19)
    fields = ["rules", *[kind for kind in KINDS if kind != "GradientDescent"]]
    lands = list(LANDS)
    asked = [(land, field, 0.05, None, 30) for land in lands for field in fields]
    for _ in range(200):
        land = str(rng.choice(lands, p=[0.23, 0.24, 0.24, 0.24, 0.05]))
        start = None if land == "xor" else [float(rng.uniform(-3.4, 2.2)),
                                            float(rng.uniform(-1.7, 1.7))]  # fmt: skip
        rate = float(10 ** rng.uniform(-3, -0.5))
        asked.append((land, str(rng.choice(fields)), rate, start, int(rng.integers(0, 100))))
    return asked


SHOWN = """
    return arguments[0].map(([land, field, eta, from, steps]) => {
        const placed = kit.race.placed(land);
        const more = {field, eta, steps, from: from || placed.from};
        const state = {...kit.race.start(), ...placed, ...more};
        frame.show(state);
        const seen = [...frame.root.querySelectorAll("[data-value]")].map((e) =>
            [e.dataset.of || "", Number(e.dataset.value), e.textContent]);
        const {goal} = kit.lands.raceOf(state);
        return {seen, from: state.from, goal, lanes: kit.fields.FIELDS[field]};
    });
"""


def expected_numbers(setting, found):
    land, _, rate, _, steps = setting
    length = 200 if land == "xor" else 100
    numbers = {}
    for lane in found["lanes"]:
        path, heights = walked(
            land, tuple(found["from"]), lane["kind"], lane["variant"], rate, length
        )
        first = (path[1] - path[0]) / rate
        numbers |= {f"eta.{lane['id']}": rate,
                    f"arrived.{lane['id']}": finish(heights, found["goal"], length),
                    f"height.{lane['id']}": heights[steps],
                    f"first.0.{lane['id']}": first[0], f"first.1.{lane['id']}": first[1],
                    f"least.{lane['id']}": np.abs(first).min(),
                    f"most.{lane['id']}": np.abs(first).max()}  # fmt: skip
    return numbers


def is_steady(setting, found, of):
    land, _, rate, _, _ = setting
    (lane,) = [lane for lane in found["lanes"] if of.endswith(f".{lane['id']}")]
    steps = 200 if land == "xor" else 100
    return steady(land, tuple(found["from"]), lane["kind"], lane["variant"], rate, steps)


def test_every_number_shown_is_the_package_s(page):
    asked = settings()
    shown = [
        found for k in range(0, len(asked), 20) for found in page.run(SHOWN, asked[k : k + 20])
    ]
    faults, names, compared, left_out = [], set(), 0, 0
    for setting, found in zip(asked, shown, strict=True):
        expected = expected_numbers(setting, found)
        arrived = {of for of in expected if of.startswith("arrived") and expected[of] is not None}
        faults.extend(
            f"{setting}: {of} is not shown"
            for of in arrived - {of for of, _, _ in found["seen"]}
            if is_steady(setting, found, of)
        )
        for of, value, text in found["seen"]:
            names.add(of.split(".")[0])
            if not is_rounded(text.removesuffix(" steps").removesuffix(" step"), value):
                faults.append(f"{of}: {value} is shown as {text}")
            compared += 1
            if expected[of] is not None and np.isclose(value, expected[of], **CLOSE):
                continue
            if of.startswith(("height", "arrived")) and not is_steady(setting, found, of):
                left_out += 1
            else:
                faults.append(f"{setting}, {of}: {value}, the package has {expected[of]}")
    assert not faults, "\n".join(faults[:20])
    assert compared > 3000
    assert left_out < compared / 500
    assert names == {"eta", "arrived", "height", "first", "least", "most"}


def test_the_answers_are_those_of_the_network(page):
    rng = np.random.default_rng(8)
    for point in rng.uniform(-5, 5, (50, 9)):
        ours = page.run("return kit.objectives.xor.answers(arguments[0])", point.tolist())
        expected = [forward_pass(network(point), x)[-1][0] for x in xor().X]
        assert np.allclose(ours, expected, **CLOSE)
