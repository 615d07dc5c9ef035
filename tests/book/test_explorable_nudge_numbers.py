"""What the nudge computes and shows is what the package computes."""

import itertools
from dataclasses import dataclass

import numpy as np
import pytest
from tests.book.explorables import needs_browser, opened
from tests.book.test_explorable_numbers import CLOSE, is_rounded

from backprop.derivatives import central_difference, partial_derivative
from backprop.dual import derivative, forward_jacobian
from backprop.total_derivative import total_derivative

pytestmark = [needs_browser, pytest.mark.xdist_group("explorables")]


@dataclass(frozen=True)
class Example:
    """Numbers on the way, and the result that is made from them, as the page defines them."""

    inner: list
    outer: object

    def values(self, x):
        return np.array([float(number(x)) for number in self.inner])

    def result(self, x):
        return float(self.outer(self.values(x)))


RAISED, LOWERED = (lambda x: x**2 + 1), (lambda x: 5 - x)
EXAMPLES = {
    "hand": Example([lambda x: 0.8 * x], lambda w: 50 * w[0]),
    "square": Example([lambda x: 3 * x + 1], lambda w: w[0] ** 2),
    "paths": Example([RAISED, LOWERED], lambda w: w[0] * w[1]),
    "wave": Example([RAISED, LOWERED], lambda w: np.sin(w[0]) * np.exp(w[1] / 5)),
    "twice": Example([lambda x: 1 * x, lambda x: 1 * x], lambda w: w[0] * w[1]),
    "direct": Example([lambda x: 1 * x, lambda x: x**2], lambda w: w[0] * w[1]),
}


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with opened(tmp_path_factory.mktemp("site"), "nudge") as page:
        yield page.visit()


def package_numbers(state):
    """Every number by the name that the page gives it; slopes by dual numbers."""
    example, x, step = EXAMPLES[state["example"]], state["x"], state["step"]
    before = example.values(x)
    slopes = np.array([derivative(number, x) for number in example.inner])
    partials = forward_jacobian(example.outer, before)[0]
    total = float(total_derivative(partials, slopes))
    if state["moved"] == "x":
        after = example.values(x + step)
    else:
        after = before.copy()
        after[int(state["moved"])] += step
    stages = [np.append(after[:k], before[k:]) for k in range(len(before) + 1)]
    results = np.array([float(example.outer(stage)) for stage in stages])
    moves, parts, change = after - before, np.diff(results), results[-1] - results[0]
    numbers = {"change": change, "total": total, "twice": 2 * total, "measured": measured(state)}
    for name, values in {
        "slope": slopes, "partial": partials, "path": slopes * partials, "move": moves,
        "part": parts,
    }.items():  # fmt: skip
        numbers |= {f"{name}.{k}": float(value) for k, value in enumerate(values)}
    with np.errstate(divide="ignore", invalid="ignore"):
        numbers |= {"ratio": change / step, "slope-of-nudge": moves[0] / step,
                    "partial-of-nudge": change / moves[0]}  # fmt: skip
        for k, (slope, move, part) in enumerate(zip(slopes, moves, parts, strict=True)):
            numbers |= {f"meanwhile.{k}": total / slope, f"share.{k}": part / step,
                        f"rate.slope.{k}": move / step,
                        f"rate.partial.{k}": part / move}  # fmt: skip
    return numbers


def measured(state):
    """The central difference of the package, of what is moved."""
    example, x, moved = EXAMPLES[state["example"]], state["x"], state["moved"]
    if moved == "x":
        return central_difference(example.result, x, 2.0**-17 * max(1, abs(x)))
    return partial_derivative(example.outer, example.values(x), int(moved))


def settings(count, seed):
    rng = np.random.default_rng(seed)
    grid = [
        (name, moved, x, step)
        for name, example in EXAMPLES.items()
        for moved in ["x", *map(str, range(len(example.inner)))]
        for x, step in itertools.product([-2.0, 0.0, 1.5], [0.25, -0.5, 0.0])
    ]
    random = [
        (name, moved, rng.uniform(-4, 4), rng.choice([-1, 1]) * 2.0 ** -rng.uniform(0, 6))
        for name, moved, _, _ in (grid[k] for k in rng.integers(0, len(grid), count))
    ]
    for name, moved, x, step in grid + random:
        yield {"example": name, "moved": moved, "x": float(x), "step": float(step), "asking": False,
               "answered": 0}  # fmt: skip


SHOWN = """
    return arguments[0].map((setting) => {
        frame.show({...frame.state, ...setting});
        return [...frame.root.querySelectorAll("[data-value]")]
            .filter((e) => e.checkVisibility({visibilityProperty: true}))
            .map((e) => [e.dataset.of || e.dataset.live, Number(e.dataset.value),
                         e.textContent.replace("× ", "")]);
    });
"""


def test_every_number_shown_is_the_package_s(page):
    asked = list(settings(200, seed=19))
    shown = page.run(SHOWN, asked)
    faults, names = [], set()
    for setting, seen in zip(asked, shown, strict=True):
        numbers = package_numbers(setting)
        for of, value, text in seen:
            names.add(of.partition(".")[0])
            wanted = numbers.get(of, np.nan)
            if not np.isclose(value, wanted, **CLOSE) or not is_rounded(text, value):
                faults.append(f"{setting}: {of} is {value} ({text}), the package has {wanted}")
    assert not faults, "\n".join(faults[:20])
    assert names == {"slope", "partial", "path", "total", "move", "part", "share", "change",
                     "ratio", "rate", "meanwhile", "twice", "measured", "slope-of-nudge",
                     "partial-of-nudge"}  # fmt: skip


def test_a_smaller_nudge_comes_closer_to_the_rule(page):
    """Halved, it is half as far from the rate, as the bend is all that is left."""
    for name in ("square", "paths", "wave", "direct"):
        ratios = page.run(
            "const nudge = kit.nudges.NUDGES[arguments[0]], {start} = nudge;"
            "const total = kit.nudges.rates(nudge, start).total;"
            "return [1 / 64, 1 / 128].map((step) =>"
            "  kit.nudges.nudged(nudge, start, 'x', step).change / step - total)",
            name,
        )
        assert ratios[0] / ratios[1] == pytest.approx(2, rel=0.05), name


def test_the_numbers_of_the_pages(page):
    rates = page.run("return ['square', 'paths'].map((name) => kit.nudges.rates("
                     "kit.nudges.NUDGES[name], kit.nudges.NUDGES[name].start))")  # fmt: skip
    assert rates[0]["total"] == 24
    assert (rates[1]["paths"], rates[1]["total"]) == ([12, -5], 7)
