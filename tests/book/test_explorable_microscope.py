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
    unfold,
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


def test_who_computes_rightly_with_the_numbers_of_the_picture_is_not_told_not_yet(page):
    """With each number as the picture rounds it, and the results of the steps rounded, too."""
    judged = page.visit().run(
        "const out = [];"
        "for (const example of ['plant1', 'plant2', 'plant3', 'plant4', 'plant5']) {"
        "  const state = {...kit.microscope.start(frame.data),"
        "                 ...kit.examples.get(example, frame.data)};"
        "  const {net, x, y} = state, traced = kit.network.trace(net, x, y);"
        "  const a = traced.activations.map((all) => all.map((v) => Number(v.toFixed(2))));"
        "  const d = traced.deltas.map((all) => all.map((v) =>"
        "    Number(v.toFixed(kit.deltaDecimals(v)))));"
        "  const dot = (u, v) => u.reduce((sum, one, k) => sum + one * v[k], 0);"
        "  const slope = (v) => v * (1 - v);"
        "  kit.steps.all(net).forEach((step) => {"
        "    const question = kit.steps.result(state, traced, step);"
        "    if (!question || step.kind === 'update') return;"
        "    const [l, k] = [step.column - 1, step.k];"
        "    const early = {"
        "      forward: () => dot(net.W[l][k], l ? a[l] : x) + net.b[l][k],"
        "      cost: () => a[2].reduce((sum, v, i) => sum + (v - y[i]) ** 2 / 2, 0),"
        "      backward: () => l ? (a[2][k] - y[k]) * slope(a[2][k])"
        "        : dot(net.W[1].map((row) => row[k]), d[1]) * slope(a[1][k]),"
        "    }[step.kind]();"
        "    question.early = kit.early(state, traced, step);"
        "    const mistakes = kit.mistakes(state, traced, step), typed = early.toPrecision(3);"
        "    const far = ({value}) => Math.abs(value - typed);"
        "    out.push([kit.judge(typed, question, mistakes).words, far({value: question.right}),"
        "              Math.min(...mistakes.map(far))]);"
        "  });"
        "} return out"
    )
    assert len(judged) == 55
    wrong = [one for one in judged if not one[0].startswith("Right")]
    assert len(wrong) < 10
    for said, off, from_mistake in wrong:
        assert "Not yet" not in said
        assert from_mistake <= off


def test_a_number_that_is_shown_in_full_leaves_no_room_for_rounding(page):
    early = page.visit().run(
        "return [...Array(50)].map(() => {"
        "  const {step, ...s} = kit.deltaQuestion(), t = kit.network.trace(s.net, s.x, s.y);"
        "  return kit.early({...s, rate: 0.5}, t, kit.steps.all(s.net)[step]); })"
    )
    assert set(early) == {0}


def press_button(page, words):
    page.driver.find_element("xpath", f"//button[.='{words}']").send_keys(Keys.ENTER)
    page.settle()


def test_after_a_right_answer_the_keyboard_goes_on_with_the_next_step(page):
    page.visit("step=8&ask=1")
    assert answer(page, "-0.0399").startswith("Right")
    assert page.driver.switch_to.active_element.text == "Next step"
    press(page, Keys.ENTER)
    assert page.text(".step-title").startswith("Backward: δ of output unit 2")
    assert page.text(".cost") == "C = 0.1722"


def test_practising_leads_back_to_one_s_own_network(page):
    page.visit("step=5&see=w.1.0.0&w=" + ",".join(["0.5"] * 19))
    before = state(page)
    press_button(page, "Practise δ")
    page.wait("return document.querySelector('.predict:not([hidden])')")
    page.settle()
    press_button(page, "Show me")
    press_button(page, "Another one")
    press_button(page, "Back to my network")
    assert state(page) == before


# What is pointed at


AIMED = """
    const svg = frame.root.querySelector(".network"), matrix = svg.getScreenCTM();
    return [...frame.root.querySelectorAll(".hit")].flatMap((line) => {
        const end = (k) => new DOMPoint(line[`x${k}`].baseVal.value, line[`y${k}`].baseVal.value)
            .matrixTransform(matrix);
        const [from, to] = [end(1), end(2)];
        return [0.1, 0.31, 0.43, 0.71, 0.9].flatMap((share) => {
            const [x, y] = [from.x + share * (to.x - from.x), from.y + share * (to.y - from.y)];
            const hit = document.elementFromPoint(x, y);
            if (!hit.matches(".hit")) return [];
            const click = {clientX: x, clientY: y, bubbles: true, detail: 1};
            frame.show({...frame.state, chosen: null});
            hit.dispatchEvent(new MouseEvent("click", click));
            hit.dispatchEvent(new PointerEvent("pointermove", click));
            const [, layer, i, j] = frame.state.chosen;
            const of = j < 0 ? `b.${layer}.${i}` : `w.${layer}.${i}.${j}`;
            return [[line.dataset.hit, of, frame.root.querySelector(".hit.near").dataset.hit]];
        });
    });
"""


@pytest.mark.parametrize("width", [1000, 360])
def test_a_click_on_the_middle_of_a_connection_means_this_connection(page, width):
    shown_at(page.driver, width)
    aimed = page.visit().run(AIMED)
    shown_at(page.driver, 1000)
    assert len(aimed) > 80
    assert not [one for one in aimed if len(set(one)) > 1]


THICK = """return Object.fromEntries([...frame.root.querySelectorAll(".edge")].map((edge) =>
    [edge.dataset.edge, Number(edge.getAttribute("stroke-width"))]));"""


def test_connections_are_as_thick_as_their_gradients_once_these_are_known(page):
    page.visit("step=13&thick=gradient")
    gradients = page.run(
        "const {net, x, y} = frame.state, traced = kit.network.trace(net, x, y);"
        "return Object.fromEntries(kit.network.parameters(net).map((at) =>"
        "  [(at[2] < 0 ? `b.${at[0]}.${at[1]}` : `w.${at.join('.')}`),"
        "   kit.network.gradient(traced, at)]))"
    )
    thick = page.run(THICK)
    order = sorted(thick, key=lambda name: abs(gradients[name]))
    assert [thick[name] for name in order] == sorted(thick.values())
    assert order[-1] == "b.1.1"
    page.visit("step=8&thick=gradient&ask=1")
    assert set(page.run(THICK).values()) == {0.7}


def test_the_changes_of_a_step_can_be_ranked(page):
    page.visit("step=13")
    unfold(page)
    press_button(page, "Largest gradient first")
    shown = page.run(
        "return [...frame.root.querySelectorAll('.sized')].map(e => Math.abs(e.dataset.value))"
    )
    assert len(shown) == 19
    assert shown == sorted(shown, reverse=True)
    assert page.text(".training tbody th") == "output b₂"
    assert state(page)["costs"] == []


def test_a_difference_bears_a_calculator(page):
    """The digits that are shown give the four decimals that are shown."""
    for which in page.visit().run("return kit.network.parameters(frame.state.net)"):
        page.run("frame.change({step: 12, chosen: ['w', ...arguments[0]]})", which)
        page.settle()
        rise, h, value, above, below = page.run(
            "const read = (text) => { const [first, power = '⁰'] = text.split('·10');"
            "  const raised = [...power].map((d) => d === '⁻' ? '-' : '⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(d));"
            "  return kit.parse(first) * 10 ** Number(raised.join('')); };"
            "const live = (name) => read(frame.root.querySelector("
            "  `.katex-html [data-live='${name}']`).textContent);"
            "const cost = (name) => read("
            "  frame.root.querySelector(`[data-of='${name}']`).textContent);"
            "return [live('rise'), live('h'), live('value'), cost('above'), cost('below')]"
        )
        assert rise / (2 * h) == pytest.approx(value, abs=0.6e-4)
        assert (above - below) / (2 * h) == pytest.approx(value, abs=0.6e-4)


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
