"""Valley and race by keyboard and by ear; what is typed into them; what they ask and search."""

import numpy as np
import pytest
from selenium.webdriver import Keys
from tests.book.explorable_situations import EXPLORABLES
from tests.book.explorables import (
    Page,
    answer,
    click,
    focus,
    hears,
    needs_browser,
    opened,
    press,
    state,
)
from tests.site.browsing import shown_at

pytestmark = [needs_browser, pytest.mark.xdist_group("explorables, valley")]
NAMES = ["valley", "race"]
each_state = pytest.mark.parametrize(
    ("page", "where"),
    [(name, where) for name in NAMES for where in EXPLORABLES[name].situations],
    indirect=["page"],
)


@pytest.fixture(scope="module")
def opened_page(tmp_path_factory):
    with opened(tmp_path_factory.mktemp("site"), "valley") as page:
        shown_at(page.driver, 1000)
        yield page


def named(page, name):
    return Page(page.driver, page.address, name)


@pytest.fixture(params=NAMES)
def page(opened_page, request):
    return named(opened_page, request.param)


@pytest.fixture
def valley(opened_page):
    return named(opened_page, "valley")


@pytest.fixture
def race(opened_page):
    return named(opened_page, "race")


# By keyboard, and by ear


def test_the_start_is_moved_by_arrow_keys(page):
    page.visit()
    before = state(page)["from"]
    grip = focus(page, ".grip.ring")
    press(page, Keys.ARROW_RIGHT, Keys.ARROW_UP)
    assert state(page)["from"] == pytest.approx(np.add(before, 0.05))
    assert f"θ₁ {page.run('return kit.short(frame.state.from[0])')}" in grip.get_attribute(
        "aria-valuetext"
    )


def test_the_steep_dot_is_moved_by_arrow_keys_and_carries_both_numbers(valley):
    valley.visit("method=momentum&eta=0.05&alpha=0.5")
    focus(valley, ".grip.steep")
    press(valley, Keys.ARROW_RIGHT, Keys.ARROW_UP)
    assert state(valley)["eta"] == pytest.approx(1.02 / 20)
    assert state(valley)["alpha"] == pytest.approx(0.52)
    hears(valley, "The rate is")


def test_gradient_descent_keeps_its_dot_on_the_ground(valley):
    valley.visit()
    focus(valley, ".grip.steep")
    press(valley, Keys.ARROW_UP, Keys.ARROW_LEFT)
    assert state(valley)["alpha"] == 0.8
    assert state(valley)["eta"] == pytest.approx(1.78 / 20)


def test_steps_are_walked_by_keyboard_and_said(page):
    page.visit()
    before = state(page)["steps"]
    focus(page, ".step.next")
    press(page, Keys.ENTER, Keys.ENTER)
    assert state(page)["steps"] == before + 2
    hears(page, f"Step {before + 2}")


# Numbers that somebody types

HOSTILE = {"0": 0, "-1e3": None, "1e308": None, "": None, "abc": None, "0,5": 0.5, "1/4": 0.25,
           "NaN": None, "1e999": None, "0x10": None, "∞": None, "<b>1</b>": None, "1/0": None,
           " 0.3 ": 0.3}  # fmt: skip


@pytest.mark.parametrize("typed", HOSTILE)
def test_what_is_typed_changes_the_learning_rate_or_gets_a_hint(page, typed):
    page.visit("eta=0.07")
    (field,) = page.driver.find_elements(
        "xpath", "//label[.='η' or .='Learning rate η']/following-sibling::input"
    )
    page.driver.execute_script(
        "arguments[0].focus(); arguments[0].value = arguments[1];"
        "arguments[0].dispatchEvent(new Event('input', {bubbles: true}))",
        field, typed)  # fmt: skip
    page.settle()
    value = state(page)["eta"]
    assert value == (0.07 if HOSTILE[typed] is None else HOSTILE[typed])
    assert (field.get_attribute("aria-invalid") == "true") == (HOSTILE[typed] is None)
    page.driver.execute_script("arguments[0].blur()", field)
    assert page.run("return kit.parse(arguments[0].value)", field) == value
    assert not page.faults()


def test_extreme_but_allowed_numbers_break_nothing(valley):
    valley.visit()
    for method in ("descent", "momentum", "nesterov"):
        for kappa, eta, alpha in [(1000, 10, 0.99), (1, 0, 0), (1000, 0.002, 0.99), (1, 1, 0)]:
            valley.run(
                "frame.show({...kit.valley.start(), all: true, steps: 150, method: arguments[0],"
                "            kappa: arguments[1], eta: arguments[2], alpha: arguments[3]})",
                method, kappa, eta, alpha)  # fmt: skip
            assert "undefined" not in valley.text(".stage")
            assert "NaN" not in valley.run(
                "return frame.root.querySelector('svg.valley').outerHTML"
            )
    assert not valley.faults()


def test_a_race_at_any_rate_breaks_nothing(race):
    race.visit()
    for land in ("bowl", "ravine", "turned", "saddle", "xor"):
        for eta in (0, 1e-300, 1, 100):
            race.run(
                "const placed = kit.race.placed(arguments[0]);"
                "frame.show({...kit.race.start(), ...placed, eta: arguments[1], steps: 100})",
                land, eta)  # fmt: skip
            assert "undefined" not in race.text(".stage")
            assert "NaN" not in race.run("return frame.root.querySelector('svg.race').outerHTML")
    assert not race.faults()


# Predict before reveal


@pytest.mark.parametrize(
    ("where", "typed", "heard"),
    [
        ("", "0.05", "overshoot"),
        ("", "2", "flat direction; the steep one breaks first"),
        ("", "0.0952", "the best learning rate"),
        ("method=momentum&alpha=0.5", "0.1", "without momentum"),
        ("method=momentum&alpha=0.5", "0.05", "Momentum makes the bound larger"),
        ("method=nesterov&alpha=0.5", "0.15", "bound of momentum"),
        ("", "7", "Not yet"),
    ],
)
def test_a_mistake_in_the_bound_is_named(valley, where, typed, heard):
    valley.visit(f"{where}&ask=1".removeprefix("&"))
    assert valley.text("tr.main td:nth-child(2)") == "?"
    assert heard in answer(valley, typed)


@pytest.mark.parametrize(
    ("where", "typed", "heard"),
    [
        ("eta=0.09", "0.8", "the steep direction, the faster one"),
        ("eta=0.09", "0.09", "the factor of a step is asked for"),
        ("eta=0.09", "0.728", "not multiplied"),
        ("method=momentum&eta=0.05&alpha=0.64", "0.64", "each is its root"),
        ("method=momentum&eta=0.05&alpha=0.64", "0.36", "friction"),
        ("method=nesterov&eta=0.02&alpha=0.81", "0.9", "the factor of momentum"),
    ],
)
def test_a_mistake_in_the_rate_is_named(valley, where, typed, heard):
    valley.visit(f"{where}&ask=1")
    right = valley.run("return kit.quadratic.limit(frame.state)")
    assert answer(valley, str(right)).startswith("Right")
    assert heard in answer(valley, typed)
    right = valley.run("return kit.valleyQuestion(frame.picture()).right")
    assert answer(valley, f"{right:.4f}").startswith("Right")
    assert "?" not in valley.text(".workings")
    assert "Both are found" in valley.text(".predict label")


@pytest.mark.parametrize(
    ("where", "typed", "heard"),
    [
        ("land=bowl", "-3.6", "the gradient itself"),
        ("land=bowl", "3.6", "the gradient as it is"),
        ("land=bowl", "-1", "against the gradient"),
        ("land=bowl", "3.162", "not corrected"),
        ("land=bowl", "0.05", "in units of η"),
        ("field=Nadam", "1", "the sign"),
        ("see=Momentum.classical", "0.4", "α of the gradient"),
    ],
)
def test_the_step_of_another_rule_is_named(race, where, typed, heard):
    race.visit(f"{where}&ask=1")
    assert "?" in race.text(".compared tbody")
    assert heard in answer(race, typed)
    right = race.run("return kit.raceQuestion(frame.picture()).right")
    assert answer(race, f"{right:.4f}").startswith("Right")
    assert "?" not in race.text(".compared tbody")


def test_no_mistake_is_named_for_the_right_number(page):
    """Its number is what was typed, and it differs from the right one."""
    page.visit()
    judged = page.run(
        "const {decode} = kit[frame.name], questionOf = kit[`${frame.name}Question`];"
        "return arguments[0].map((where) => {"
        "  const state = decode(Object.fromEntries(new URLSearchParams(where)));"
        "  const question = questionOf(frame.picture({...state, asking: true, answers: []}));"
        "  if (!question) return true;"
        "  return kit.judge(String(question.right), question, question.mistakes()).right;"
        "})",
        EXPLORABLES[page.name].situations)  # fmt: skip
    assert all(judged)


def test_another_setting_is_asked_anew(valley):
    valley.visit("ask=1&eta=0.09")
    assert answer(valley, "0.1").startswith("Right")
    assert valley.text("tr.main td:nth-child(2)") == "0.1000"
    focus(valley, ".grip.steep")
    press(valley, Keys.ARROW_LEFT)
    assert valley.text("tr.main td:nth-child(2)") == "?"


# The buttons


@pytest.mark.parametrize("method", ["descent", "momentum", "nesterov"])
def test_the_best_setting_is_one_press_away(valley, method):
    valley.visit(f"method={method}&kappa=50&eta=0.01")
    click(valley, "Best η and α")
    found = valley.run("return kit.quadratic.best(frame.state)")
    for name, value in found.items():
        assert state(valley)[name] == pytest.approx(value, rel=1e-3)
    hears(valley, "The best learning rate")


def test_the_best_rates_are_searched_between_drawings_and_said(race):
    race.visit()
    race.driver.find_element("xpath", "//span[.='Each at its best η']").click()
    race.wait("return !document.getElementById('race').explorable.busy()")
    race.settle()
    shown = race.run(
        "return [...frame.root.querySelectorAll('.compared tbody tr')]"
        ".map((row) => Number(row.children[1].dataset.value))"
    )
    rates = race.run("return kit.search.RATES")
    assert all(min(abs(rate - other) for other in rates) < 1e-12 for rate in shown)
    assert len(set(shown)) > 3
    hears(race, "is first, after")


def test_the_search_follows_the_start_and_drops_what_it_began(race):
    race.visit("mode=best&land=turned")
    for k in range(5):
        race.run("frame.change({from: [-2.9 + arguments[0] / 10, -0.9]})", k)
        race.settle()
    race.wait("return !document.getElementById('race').explorable.busy()")
    assert "…" not in race.text(".compared tbody")


def test_who_wins_depends_on_the_landscape(race):
    race.visit()
    first = {}
    for land in ("ravine", "turned", "xor"):
        race.visit(f"mode=best&land={land}")
        race.wait("return !document.getElementById('race').explorable.busy()")
        race.settle()
        steps = race.run(
            "return [...frame.root.querySelectorAll('.compared tbody tr')].map((row) =>"
            " [Number(row.children[3].dataset.value || Infinity), row.children[0].textContent])"
        )
        first[land] = min(map(tuple, steps))[1]
    assert len(set(first.values())) == 3


def test_a_chosen_lane_stands_out_and_is_let_go_again(race):
    race.visit("land=bowl")
    button = focus(race, "button.lane", 5)
    press(race, Keys.ENTER)
    assert button.get_attribute("aria-pressed") == "true"
    assert len(race.driver.find_elements("css selector", ".ground .walk.faint")) == 6
    hears(race, "others are faint")
    press(race, Keys.ENTER)
    assert not race.driver.find_elements("css selector", ".ground .walk.faint")


# The drawing


@each_state
def test_both_axes_have_one_scale(page, where):
    for width in (360, 1000):
        shown_at(page.driver, width)
        page.visit(where)
        across, up = page.run(
            "const edge = frame.root.querySelector('.landscape > rect, .ground > rect');"
            "const {window: seen} = kit.lands ? kit.lands.LANDS[frame.state.land]"
            "                                 : {window: kit.valley.WINDOW};"
            "if (!seen) return [1, 1];"
            "const size = (name) => Number(edge.getAttribute(name));"
            "return [size('width') / (seen.x[1] - seen.x[0]),"
            "        size('height') / (seen.y[1] - seen.y[0])]"
        )
        assert across == pytest.approx(up)
