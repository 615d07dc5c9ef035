"""The microscope by keyboard, by link and by ear; what is typed; what it asks, and trains."""

import numpy as np
import pytest
from selenium.webdriver import Keys
from tests.book.explorables import (
    answer,
    click,
    focus,
    needs_browser,
    opened,
    press,
    state,
)
from tests.book.test_explorable_numbers import ACTIVATIONS, random_setting
from tests.site.browsing import shown_at

from backprop.networks import LOSSES

pytestmark = [needs_browser, pytest.mark.xdist_group("explorables, microscope")]


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with opened(tmp_path_factory.mktemp("site"), "microscope") as page:
        shown_at(page.driver, 1000)
        yield page


# By keyboard, and by ear


def test_the_whole_pass_is_walked_by_keyboard(page):
    page.visit()
    focus(page, ".step.next")
    titles = [page.text(".step-title")]
    for _ in range(12):
        press(page, Keys.ENTER)
        titles.append(page.text(".step-title"))
    assert len(set(titles)) == 13
    assert titles[-1].startswith("Every δ is known")
    assert page.driver.switch_to.active_element.get_attribute("aria-disabled") == "true"
    page.wait(
        "return document.querySelector('[aria-live]').textContent.startsWith('Step 13 of 13')"
    )


def test_every_weight_is_reached_and_looked_at_by_keyboard(page):
    page.visit()
    focus(page, ".hit[tabindex='0']")
    names = set()
    for _ in range(19):
        names.add(page.driver.switch_to.active_element.get_attribute("aria-label"))
        press(page, Keys.ARROW_DOWN)
    assert len(names) == 19
    assert "Weight w₁₂ from input 2 to hidden unit 1: 0.9" in names
    press(page, Keys.ARROW_DOWN, Keys.ENTER)
    assert "Weight w₁₂" in page.text(".looked-at")
    assert "Both agree" in page.text(".agreement")
    press(page, Keys.ENTER)
    assert state(page)["chosen"] is None


def test_a_change_is_said_in_words_and_not_as_all_numbers(page):
    page.visit("see=w.1.0.0")
    slider = focus(page, ".inspector input[type=range]")
    before = state(page)["net"]["W"][1][0][0]
    slider.send_keys(Keys.ARROW_RIGHT)
    page.settle()
    assert state(page)["net"]["W"][1][0][0] == pytest.approx(before + 0.01)
    page.wait("return document.querySelector('[aria-live]').textContent.startsWith('The cost is')")
    assert (
        len(page.driver.execute_script("return document.querySelector('[aria-live]').textContent"))
        < 40
    )


# Numbers that somebody types


HOSTILE = {"0": 0, "-1e3": None, "1e308": None, "": None, "abc": None, "−0,5": -0.5, "1/4": 0.25,
           " 2 ": 2, "NaN": None, "1e999": None, "--3": None, "0x10": None, "1,000.5": None,
           "∞": None, "3 4": None, "− 2": -2, "<b>1</b>": None, "1/0": None}  # fmt: skip


@pytest.mark.parametrize("typed", HOSTILE)
def test_what_is_typed_changes_the_weight_or_gets_a_hint(page, typed):
    page.visit("see=w.1.0.0&step=13")
    field = focus(page, ".inspector .number-field input")
    page.driver.execute_script(
        "arguments[0].value = arguments[1];"
        "arguments[0].dispatchEvent(new Event('input', {bubbles: true}))",
        field, typed)  # fmt: skip
    page.settle()
    hint = page.driver.find_element("css selector", ".inspector .hint").text
    value = state(page)["net"]["W"][1][0][0]
    assert value == (0.7 if HOSTILE[typed] is None else HOSTILE[typed])
    assert bool(hint) == (HOSTILE[typed] is None)
    assert (field.get_attribute("aria-invalid") == "true") == bool(hint)
    page.driver.execute_script("arguments[0].blur()", field)
    assert page.run("return kit.parse(arguments[0].value)", field) == value
    assert not page.faults()


def test_extreme_but_allowed_numbers_break_nothing(page):
    page.visit()
    for loss in LOSSES:
        for hidden in ACTIVATIONS:
            page.run(
                "const s = kit.microscope.start(frame.data);"
                "s.net = {...kit.microscope.filled(s.net, Array(19).fill(100)),"
                "         hidden: arguments[0],"
                "         output: 'identity', loss: arguments[1]};"
                "s.y = kit.microscope.fittingTargets(s.net, s.y);"
                "for (let step = 0; step < 13; step += 1)"
                "  for (const view of kit.microscope.VIEWS)"
                "    frame.show({...s, step, view, chosen: ['w', 0, 0, 0]});",
                hidden,
                loss,
            )
            assert "undefined" not in page.text(".workings")
    assert not page.faults()


# Links


def random_states(count):
    rng = np.random.default_rng(5)
    for k in range(count):
        loss = list(LOSSES)[k % 3]
        setting = random_setting(rng, *rng.choice(ACTIVATIONS, 2).tolist(), loss)
        yield setting | {
            "step": int(rng.integers(0, 4)),
            "view": str(rng.choice(["network", "matrices"])),
        }


def test_a_link_opens_the_situation_that_it_was_made_for(page):
    page.visit()
    for wanted in random_states(40):
        made = page.run(
            "const {encode, decode, start} = kit.microscope;"
            "const state = {...start(frame.data), ...arguments[0]};"
            "const link = kit.url.address('microscope', encode(state, frame.data));"
            "const query = new URL(link).hash.split('?')[1];"
            "const texts = Object.fromEntries(new URLSearchParams(query));"
            "return [query, decode(texts, frame.data)]",
            wanted,
        )
        assert {key: made[1][key] for key in wanted} == wanted, made[0]
    page.visit(made[0])
    assert state(page)["net"] == wanted["net"]
    assert page.text(".notice") == ""


# Predict before reveal


@pytest.mark.parametrize(
    ("where", "typed", "said"),
    [
        ("step=8", "0.0399", "sign is turned round"),
        ("step=8", "-0.1596", "slope f′(z) is forgotten"),
        ("step=8", "-0.0375", "taken at a"),
        ("step=11", "-0.0438", "already updated"),
        ("step=11", "-0.2063", "slope f′(z) is forgotten"),
        ("step=11", "-0.0139", "unit 2 of the next layer is forgotten"),
        ("step=11", "17", "Not yet"),
        ("step=7", "0.3445", "½ is forgotten"),
        ("step=2", "-0.96", "without the bias"),
        ("f=logistic.logistic.binary_cross_entropy&step=8", "-0.0399", "has cancelled"),
    ],
)
def test_a_mistake_is_named(page, where, typed, said):
    page.visit(f"{where}&ask=1")
    assert page.run("return frame.root.querySelector('.workings').textContent.includes('= ?')")
    assert said in answer(page, typed)
    assert "?" in page.text(".workings")


@pytest.mark.parametrize("typed", ["-0.0399", "−0,040", "-.0399", "-0.03989"])
def test_the_right_number_reveals(page, typed):
    page.visit("step=8&ask=1")
    assert answer(page, typed).startswith("Right: δ₁ = −0.0399")
    assert "?" not in page.text(".workings")


def test_no_mistake_is_named_for_the_right_number_or_for_another_one(page):
    """Its number is what was typed, and it differs from the right one."""
    judged = page.visit().run(
        "const out = [];"
        "for (const setting of arguments[0]) {"
        "  const state = {...kit.microscope.start(frame.data), ...setting};"
        "  const traced = kit.network.trace(state.net, state.x, state.y);"
        "  for (const step of kit.steps.all(state.net)) {"
        "    const question = kit.steps.result(state, traced, step);"
        "    if (!question || !question.right) continue;"
        "    const mistakes = kit.mistakes(state, traced, step);"
        "    const judge = (value) => kit.judge(String(value), question, mistakes);"
        "    const near = (a, b) => Math.abs(a - b) <= 0.01 * Math.abs(b) + 1e-12;"
        "    out.push([judge(question.right).right, mistakes.every(({value, words}) =>"
        "      near(value, question.right) || judge(value).right"
        "      || judge(value).words.includes(words)"
        "      || mistakes.filter((m) => near(m.value, value)).length > 2),"
        "      judge(question.right * 3.1 + 7.77).words]);"
        "  }"
        "} return out", list(random_states(30)))  # fmt: skip
    assert len(judged) > 200
    assert all(right and named for right, named, _ in judged)


def test_the_trainer_asks_for_whole_numbers_and_scores(page):
    page.visit()
    asked = page.run(
        "return [...Array(200)].map(() => { const q = kit.deltaQuestion();"
        "const t = kit.network.trace(q.net, q.x, q.y), s = kit.steps.all(q.net)[q.step];"
        "return [t.deltas.flat(), s.kind, t.deltas[s.column - 1][s.k]]; })"
    )
    assert all(kind == "backward" and right for _, kind, right in asked)
    assert all(delta == int(delta) for deltas, _, _ in asked for delta in deltas)
    click(page, "Practise δ")
    page.wait("return document.querySelector('.predict:not([hidden])')")
    page.settle()
    right = page.run(
        "const {net, x, y, step} = frame.state, traced = kit.network.trace(net, x, y);"
        "return kit.steps.result(frame.state, traced, kit.steps.all(net)[step]).right"
    )
    assert answer(page, str(right)).startswith("Right")
    assert page.text(".score") == "1 of 1 at once"


# Training


def test_training_lowers_the_cost_and_stops_before_it_is_lost(page):
    page.visit()
    page.driver.execute_script(
        "document.querySelectorAll('.explorable-live details')[1].open = true"
    )
    page.settle()
    click(page, "Ten steps")
    costs = state(page)["costs"]
    assert len(costs) == 10
    assert costs == sorted(costs, reverse=True)
    page.run(
        "const linear = {...frame.state.net, hidden: 'identity', output: 'identity'};"
        "frame.change({rate: 100, net: linear})"
    )
    page.settle()
    click(page, "Ten steps")
    assert all(abs(w) <= 100 for W in state(page)["net"]["W"] for row in W for w in row)


def test_a_cost_that_asks_for_probabilities_gets_them(page):
    page.visit()
    fitted = (
        "const net = {...frame.state.net, loss: arguments[0]};"
        "return kit.microscope.fittingTargets(net, arguments[1])"
    )
    assert page.run(fitted, "half_squared_error", [3, -1, 2]) == [3, -1, 2]
    assert page.run(fitted, "binary_cross_entropy", [3, -1, 0.5]) == [1, 0, 0.5]
    assert page.run(fitted, "softmax_cross_entropy", [0.65, 0.05, 0.9]) == [0, 0, 1]
    moved = page.run(
        "return kit.microscope.withTarget({loss: 'softmax_cross_entropy'}, [0, 0, 1], 0, 0.4)"
    )
    assert moved == pytest.approx([0.4, 0, 0.6])


# On a telephone


THREE_LAYERS = ["example=deep&step=8", "example=deep&step=18", "example=deep&step=21",
                "n=4-4-4-4&step=27", "n=5-4-3-2&step=12"]  # fmt: skip


def test_no_words_of_a_network_touch_on_a_phone(page):
    try:
        shown_at(page.driver, 360)
        for where in THREE_LAYERS:
            page.visit(where)
            assert page.touching("svg.network") == [], where
    finally:
        shown_at(page.driver, 1000)
