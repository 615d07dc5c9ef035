"""The microscope by keyboard, by link and by ear; what is typed into it; what it costs."""

import contextlib
import re

import numpy as np
import pytest
from selenium.common.exceptions import TimeoutException
from selenium.webdriver import ActionChains, Keys
from selenium.webdriver.support.wait import WebDriverWait
from tests.book.conftest import ROOT
from tests.book.explorables import (
    MOUNTED,
    answer,
    focus,
    links_to,
    needs_browser,
    opened,
    press,
    write_site,
)
from tests.book.test_explorable_numbers import ACTIVATIONS, random_setting
from tests.site.browsing import loaded, shown_at
from tests.site.measure import AXE, BARRIERS, CUT

from backprop.networks import LOSSES

pytestmark = [needs_browser, pytest.mark.xdist_group("explorables")]
STATES = ["", "step=4", "step=9&view=reversed", "step=12&view=matrices", "step=13&see=w.0.0.1",
          "step=8&see=u.1.0", "step=11&ask=1", "example=saturated&step=8", "example=deep&step=21",
          "f=logistic.logistic.binary_cross_entropy&step=8"]  # fmt: skip

FRAMED = '<iframe src="microscope.html#microscope?v=1&amp;step=7" width=700 height=700></iframe>'


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    site = tmp_path_factory.mktemp("site")
    with opened(site, "microscope") as page:
        bare = (site / "explorables/microscope.html").read_text(encoding="utf-8")
        far = bare.replace("<main>", '<main><div style="height: 9000px"></div>')
        (site / "explorables/far.html").write_text(far, encoding="utf-8")
        (site / "explorables/framed.html").write_text(FRAMED, encoding="utf-8")
        shown_at(page.driver, 1000)
        yield page


def press_until(page, key, step):
    """Press a key that turns a step; again if the change to full screen swallowed it."""
    before = state(page)["step"]
    for _ in range(5):
        press(page, key)
        with contextlib.suppress(TimeoutException):
            WebDriverWait(page.driver, 5).until(lambda _: state(page)["step"] != before)
            break
    assert state(page)["step"] == step


def state(page):
    return page.run("return frame.state")


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


def test_nothing_can_be_reached_that_is_not_seen_and_all_that_can_shows_the_focus(page):
    page.visit("step=13&see=w.0.0.1")
    for drawer in page.driver.find_elements("css selector", ".explorable-live details"):
        page.driver.execute_script("arguments[0].open = true", drawer)
    page.settle()
    reached = []
    page.driver.execute_script("document.querySelector('.explorable-live').tabIndex = -1;"
                               "document.querySelector('.explorable-live').focus()")  # fmt: skip
    for _ in range(120):
        ActionChains(page.driver).send_keys(Keys.TAB).perform()
        inside, shown, name = page.driver.execute_script(
            "const e = document.activeElement, s = getComputedStyle(e);"
            "const ring = [s, getComputedStyle(e.nextElementSibling || e),"
            "              getComputedStyle(e.querySelector('.unit') || e)];"
            "return [Boolean(e.closest('.explorable-live')),"
            "        ring.some(r => r.outlineStyle !== 'none' || r.strokeOpacity > 0.3"
            "                       || r.strokeWidth === '3px'),"
            "        e.outerHTML.slice(0, 90)]"
        )
        if not inside:
            break
        reached.append(name)
        assert shown, name
    assert len(reached) > 30


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


def test_lecture_mode_turns_steps_wherever_the_focus_is(page):
    page.visit()
    page.driver.find_element("xpath", "//button[.='Lecture mode']").click()
    page.wait("return document.querySelector('.lecture') && document.fullscreenElement")
    page.driver.execute_script("document.activeElement.blur()")
    for key, step in ((Keys.ARROW_RIGHT, 1), (Keys.ARROW_RIGHT, 2),
                      (Keys.PAGE_DOWN, 3), (Keys.ARROW_LEFT, 2)):  # fmt: skip
        press_until(page, key, step)
    size = "return parseFloat(getComputedStyle(document.querySelector('.stage')).fontSize)"
    large = page.driver.execute_script(size)
    press(page, Keys.ESCAPE)
    page.wait("return !document.querySelector('.lecture')")
    assert large > 1.2 * page.driver.execute_script(size)


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


def test_the_first_situation_needs_no_words_in_a_link(page):
    page.visit()
    assert page.run("return frame.link()").endswith("#microscope?v=1")


BROKEN = ["step=99", "step=0", "step=1.5", "step=x", "n=9-9", "n=4", "n=1-1-1-1-1", "w=1,2",
          "w=1e9", "x=NaN,0,0,0", "view=nothing", "see=w.9.9.9", "see=u.0", "see=q", "f=a.b.c",
          "f=", "example=none", "nonsense=1", "eta=-1", "y=2,2,2&f=tanh.tanh.softmax_cross_entropy",
          "v=0", "w=" + "1," * 5000, "step=<script>"]  # fmt: skip


@pytest.mark.parametrize("query", BROKEN, ids=lambda query: query[:20])
def test_a_broken_link_opens_the_beginning_and_says_so(page, query):
    page.visit(query, whole=False)
    assert "broken" in page.text(".notice")
    assert page.run(
        "return JSON.stringify(frame.state) === JSON.stringify(kit.microscope.start(frame.data))"
    )
    assert not page.faults()


def test_a_change_stands_in_the_address_when_it_is_quiet_again(page):
    page.visit()
    page.driver.find_element("css selector", ".step.next").click()
    page.wait("return location.hash.endsWith('step=2')")


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
    page.driver.find_element("xpath", "//button[.='Practise δ']").click()
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
    page.driver.find_element("xpath", "//button[.='Ten steps']").click()
    page.settle()
    costs = state(page)["costs"]
    assert len(costs) == 10
    assert costs == sorted(costs, reverse=True)
    page.run(
        "const linear = {...frame.state.net, hidden: 'identity', output: 'identity'};"
        "frame.change({rate: 100, net: linear})"
    )
    page.settle()
    page.driver.find_element("xpath", "//button[.='Ten steps']").click()
    page.settle()
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


# Barriers, phones, light and dark


@pytest.mark.parametrize("where", STATES, ids=lambda where: where or "start")
def test_no_state_has_a_barrier_or_is_cut_off(page, where):
    page.visit(where)
    page.driver.execute_script(
        "document.querySelectorAll('.explorable-live details').forEach(d => { d.open = true; })"
    )
    page.settle()
    page.driver.execute_script((AXE / "axe.min.js").read_text(encoding="utf-8"))
    for theme in ("light", "dark"):
        assert page.driver.execute_async_script(BARRIERS, theme) == []
    try:
        shown_at(page.driver, 360)
        page.settle()
        assert page.driver.execute_script(CUT, 360) == []
    finally:
        shown_at(page.driver, 1000)


def test_nothing_drawn_runs_out_of_a_narrow_drawing(page):
    try:
        shown_at(page.driver, 360)
        for where in STATES:
            page.visit(where)
            wide = page.run(
                "return [...frame.root.querySelectorAll('svg.network text, svg.matrices text')]"
                ".filter((e) => e.checkVisibility({visibilityProperty: true})"
                "  && e.getBoundingClientRect().right > innerWidth).map((e) => e.textContent)"
            )
            assert not wide, where
    finally:
        shown_at(page.driver, 1000)


THREE_LAYERS = ["example=deep&step=8", "example=deep&step=18", "example=deep&step=21",
                "n=4-4-4-4&step=27", "n=5-4-3-2&step=12"]  # fmt: skip


def test_no_words_of_a_network_touch_on_a_phone(page):
    try:
        shown_at(page.driver, 360)
        for where in [*STATES, *THREE_LAYERS]:
            page.visit(where)
            assert page.touching("svg.network") == [], where
    finally:
        shown_at(page.driver, 1000)


# What it costs


def test_a_page_with_it_is_at_most_25_kB_heavier_until_it_is_touched(page):
    loaded(page.driver)
    page.visit(whole=False)
    came = {
        url.partition("?")[0].rpartition("/")[2]: size for url, size in loaded(page.driver).items()
    }
    scripts = sum(
        size for name, size in came.items() if "book.css" not in name and "woff" not in name
    )
    assert {"kit.js", "microscope.js", "kit.css", "microscope.css", "start.js"} <= set(came)
    assert "microscope-later.js" not in came
    assert 10_000 < scripts < 25_000, came


def test_no_work_is_done_before_it_is_seen(page):
    page.driver.get("about:blank")
    loaded(page.driver)
    page.driver.get(f"{page.address}/explorables/far.html")
    page.settle()
    assert not [url for url in loaded(page.driver) if "kit" in url or "microscope" in url]
    page.driver.execute_script("scrollTo(0, document.body.scrollHeight)")
    page.wait(MOUNTED)


def test_a_drag_is_drawn_once_a_frame(page):
    page.visit("see=w.1.0.0&step=13")
    drawn, frames = page.driver.execute_async_script(
        "const done = arguments[0], frame = document.getElementById('microscope').explorable;"
        "const range = document.querySelector('.inspector input[type=range]');"
        "const before = frame.painter.count; let frames = 0;"
        "const go = () => { for (let k = 0; k < 20; k += 1) { range.value = Math.sin(frames + k);"
        "  range.dispatchEvent(new Event('input', {bubbles: true})); }"
        "  frames += 1;"
        "  if (frames < 20) requestAnimationFrame(go);"
        "  else requestAnimationFrame(() => done([frame.painter.count - before, frames])); };"
        "requestAnimationFrame(go);"
    )
    assert frames == 20
    assert drawn <= 21


def test_a_drag_keeps_the_elements_and_the_focus(page):
    page.visit("see=w.1.0.0&step=13")
    slider = focus(page, ".inspector input[type=range]")
    page.run("window.kept = [...frame.root.querySelectorAll('svg.network *')]")
    slider.send_keys(*[Keys.ARROW_RIGHT] * 5)
    page.settle()
    assert page.run("return kept.every((e) => e.isConnected)")
    assert page.driver.switch_to.active_element == slider


# From a disk, in a frame, as a file


def test_it_works_from_a_disk_without_a_server(page, tmp_path):
    site = write_site(tmp_path)
    page.driver.get((site / "explorables/microscope.html").as_uri() + "#microscope?v=1&step=12")
    page.wait(MOUNTED)
    assert page.text(".step-title") == "Backward: δ of hidden unit 2"
    assert not page.faults()


def test_it_stands_in_another_page(page):
    page.driver.get(f"{page.address}/explorables/framed.html")
    page.driver.switch_to.frame(0)
    try:
        page.wait(MOUNTED)
        assert page.text(".step-title") == "The cost"
    finally:
        page.driver.switch_to.default_content()


def test_a_drawing_is_saved_with_its_colours(page):
    page.visit("step=8")
    drawing = page.run("return kit.svgText(frame.root.querySelector('svg.network'))")
    assert drawing.startswith("<svg")
    assert 'xmlns="http://www.w3.org/2000/svg"' in drawing
    assert "rgb(207, 74, 5)" in drawing
    assert "var(" not in drawing
    assert not re.search(r' (class|tabindex|data-\w+|aria-\w+)="', drawing)


def test_the_static_figure_stands_there_without_scripts():
    text = (ROOT / "book/chain_rule/whole_pass.md").read_text(encoding="utf-8")
    inside = text.split(":::::{explorable} microscope")[1].split("\n:::::\n")[0]
    assert inside.count("glue:figure") == 13


# Links in the text

LINKS = links_to("microscope")


def test_there_are_links_to_twenty_situations():
    assert len({link.values for link in LINKS}) >= 20


@pytest.mark.parametrize("link", LINKS)
def test_a_link_of_the_text_opens_a_situation(page, link):
    page.visit(link, whole=False)
    assert page.text(".notice") == ""
    assert page.run("return Object.keys(frame.state).length") > 5
