"""The shape lab by keyboard, by link and by ear; what is typed into it; what it asks."""

import re

import numpy as np
import pytest
from selenium.webdriver import Keys
from tests.book.explorables import (
    answer,
    click,
    focus,
    hears,
    needs_browser,
    opened,
    press,
    state,
    unfold,
)
from tests.site.browsing import shown_at

pytestmark = [needs_browser, pytest.mark.xdist_group("explorables, shapes")]


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with opened(tmp_path_factory.mktemp("site"), "shapes") as page:
        shown_at(page.driver, 1000)
        yield page


def line(page, code):
    """The button of a line that is offered."""
    return page.driver.find_element("xpath", f"//ul[@class='lines']//button[code='{code}']")


def own(page, text):
    """Type a line of one's own and run it."""
    unfold(page)
    field = focus(page, ".own input")
    page.driver.execute_script("arguments[0].value = arguments[1]", field, text)
    field.send_keys(Keys.ENTER)
    page.settle()


# The task: make a shape error that runs


def test_a_shape_error_that_runs_is_made_by_keyboard_alone(page):
    """From the beginning: take a line that stops, and make the sizes equal that it names."""
    page.visit()
    focus(page, "summary")
    press(page, Keys.ENTER)
    page.driver.execute_script("document.querySelectorAll('.lines button')[1].focus()")
    press(page, Keys.ENTER)
    assert page.text(".told").startswith(
        "NumPy stops: the inner sizes of @ differ: n₂ = 3 and M = 5"
    )
    assert page.text(".lead").startswith("Nothing comes out. Which sizes must be equal")
    hears(page, "NumPy stops")
    sliders = page.driver.find_elements("css selector", ".size-row input[type=range]")
    page.driver.execute_script("arguments[0].focus()", sliders[0])
    press(page, Keys.ARROW_LEFT, Keys.ARROW_LEFT)
    assert state(page)["sizes"][0] == 3
    assert "gives 3 × 6" not in page.text(".told")
    assert page.text(".told").startswith("It runs, has the right shape, and is wrong: off by")
    assert "transpose is missing" in page.text(".told")
    assert page.text(".outcome.wrong").startswith("runs, off by")
    assert page.driver.find_elements("css selector", ".cell.wrong")


def test_all_sizes_equal_and_no_line_stops(page):
    page.visit("step=8")
    unfold(page)
    assert page.driver.find_elements("css selector", ".outcome.stops")
    click(page, "All equal")
    assert not page.driver.find_elements("css selector", ".outcome.stops")
    assert len(page.driver.find_elements("css selector", ".outcome.right")) == 1
    click(page, "All different")
    assert state(page)["sizes"] == [5, 4, 2, 3, 6]


def test_one_example_hides_that_the_mean_is_taken_twice(page):
    page.visit("n=1-4-2-3-6&line=A2.T@delta3/M")
    assert page.text(".told").startswith("It gives the right numbers with these sizes")
    assert "divided by M already" in page.text(".told")


def test_the_mean_enters_at_the_loss_and_is_inside_from_there_on(page):
    page.visit("step=3")
    assert not page.driver.find_elements("css selector", ".mean")
    page.visit("step=4")
    assert page.text(".told") == "Here 1/M enters, and nowhere else."
    page.visit("step=12")
    assert page.text(".told") == "The factor 1/5 is inside already: it came with ∂C/∂Ŷ."
    assert len(page.driver.find_elements("css selector", ".mean")) == 2


# By keyboard, and by ear


def test_every_entry_of_a_result_is_reached_by_arrow_keys(page):
    page.visit("step=12")
    focus(page, ".place[tabindex='0']")
    names = set()
    for _ in range(4):
        names.add(page.driver.switch_to.active_element.get_attribute("aria-label"))
        press(page, Keys.ARROW_RIGHT)
        names.add(page.driver.switch_to.active_element.get_attribute("aria-label"))
        press(page, Keys.ARROW_RIGHT, Keys.ARROW_DOWN)
    assert len(names) == 8
    assert all(re.fullmatch(r"dW₁, row \d, column \d: −?\d+", name) for name in names)
    press(page, Keys.ARROW_DOWN)
    assert state(page)["at"] == [1, 0]
    assert page.text(".lead") == "dW₁, row 2, column 1"
    hears(page, "row 2, column 1")


def test_the_entry_that_is_pointed_at_stays_when_the_numbers_change(page):
    page.visit("step=12&at=2-2")
    focus(page, ".place[tabindex='0']")
    page.run("frame.change({numbers: 5})")
    page.settle()
    assert page.driver.switch_to.active_element.get_attribute("data-at") == "1.1"


def test_pointing_with_a_mouse_moves_the_light_and_says_nothing(page):
    page.visit()
    page.run(
        "frame.root.querySelector('[data-at=\"1.3\"]').dispatchEvent("
        "  new PointerEvent('pointerenter'))"
    )
    page.settle()
    assert state(page)["at"] == [1, 3]
    assert page.text(".lead") == "dW₃, row 2, column 4"


def test_pointing_in_columns_means_the_same_entry_turned_over(page):
    page.visit("view=both")
    rows, columns = (
        page.run("return [...frame.root.querySelectorAll(arguments[0])].map(e => e.dataset.of)", at)
        for at in ("[data-of^='result.0.']", "[data-of$='.0'][data-of^='result']")
    )
    assert len(rows) == 13  # six in each form, and the one that is worked out below
    page.driver.execute_script(
        "document.querySelectorAll('[data-at=\"5.2\"]')[0].dispatchEvent(new Event('click'))"
    )
    page.settle()
    assert state(page)["at"] == [2, 5]
    assert len(page.driver.find_elements("css selector", ".place[aria-pressed='true']")) == 2
    assert columns


def test_a_size_is_said_with_what_it_changes(page):
    page.visit()
    slider = focus(page, ".size-row input[type=range]", 4)
    slider.send_keys(Keys.ARROW_LEFT)
    hears(page, "n₃ = 5. dW₃ is 3 × 5")


# What somebody types

LINES = {"": "Write a line", "0": "another shape", "abc": "not known", "1e308": "another shape",
         "-1e3": "another shape", "A2.T @": "ends too early", "A2.T @ delta3)": "one too many",
         "(A2": "not closed", "A2..T": "cannot be read", "A2 @@ delta3": "array is expected",
         "import os": "not known", "__import__('os')": "cannot be read", "x" * 200: "at most 120",
         "A2.T[0]": "cannot be read", "<b>1</b>": "cannot be read", "alert(1)": "not known",
         "a\nb": "not known", "X.shape": "cannot be read", "3 4": "one too many",
         "-": "ends too early", "𝛿": "cannot be read"}  # fmt: skip


@pytest.mark.parametrize("typed", LINES, ids=lambda typed: typed[:12])
def test_what_is_typed_is_a_line_or_gets_a_hint(page, typed):
    page.visit()
    own(page, typed)
    expected = LINES[typed]
    if expected == "another shape":
        assert page.text(".told").startswith("It runs, and gives a number")
    else:
        assert expected in page.driver.find_element("css selector", ".own .hint").text
        assert state(page)["line"] is None
    assert not page.faults()


@pytest.mark.parametrize("typed", ["A2.T @ delta3", "A₂", "A2ᵀ @ δ3", "A2.T@(dY*slopes3)"])
def test_a_right_line_is_right_however_it_is_written(page, typed):
    page.visit("line=A2@delta3")
    own(page, typed)
    if typed == "A₂":
        assert "cannot be read" in page.driver.find_element("css selector", ".own .hint").text
    else:
        assert page.text(".told").startswith("The factor 1/5 is inside")


def test_numbers_beyond_all_bounds_break_nothing(page):
    page.visit()
    for typed in ("1e308 * A2.T @ delta3 * 1e308", "A2.T @ delta3 / 0", "A2.T @ delta3 * 1e-300"):
        own(page, typed)
        assert page.text(".told").startswith("It runs, has the right shape, and is wrong"), typed
    assert "undefined" not in page.text(".told")
    assert not page.faults()


def test_focus_stays_in_the_field_after_a_run(page):
    page.visit()
    own(page, "A2 @ delta3")
    assert page.driver.switch_to.active_element.get_attribute("id").startswith("explorable-line")


# Predict before reveal


@pytest.mark.parametrize(
    ("where", "typed", "said"),
    [
        ("ask=1", "6 × 3", "This is the transpose"),
        ("ask=1", "5x5", "These are the two sizes that meet"),
        ("ask=1", "(5, 6)", "This is the shape of δ₃"),
        ("ask=1", "7 2", "Not yet"),
        ("ask=1", "-1", "Write a shape as"),
        ("ask=1", "abc", "Write a shape as"),
        ("ask=1", "", "Write a shape as"),
        ("step=7&ask=1", "5", "one number for each example"),
        ("step=7&ask=1", "1, 6", "has one axis"),
        ("step=8&ask=1", "3 × 5", "This is turned over"),
    ],
)
def test_a_mistake_in_a_shape_is_named(page, where, typed, said):
    page.visit(where)
    assert said in answer(page, typed)
    assert page.driver.find_elements("css selector", ".unknown")


def test_a_shape_then_an_entry_is_asked_for_and_shown(page):
    page.visit("ask=1&at=2-6")
    shown = "[data-of^='result'][data-value]"
    assert not page.driver.find_elements("css selector", shown)
    assert answer(page, "(3, 6)") == "Right: dW₃ is 3 × 6."
    assert page.text(".predict label") == "dW₃, row 2, column 6, is"
    assert page.text(".workings .calculation").endswith("= ?")
    assert not page.driver.find_elements("css selector", shown)
    right = page.run("return kit.minibatch.pass([5, 4, 2, 3, 6], 23).get('dW3').data[11]")
    assert "sign is turned round" in answer(page, str(-right))
    assert "divided by M already" in answer(page, str(right / 5))
    assert answer(page, str(right)) == f"Right: {right}."
    assert page.text(".workings .calculation").endswith(f"= {right}")


def test_what_numpy_does_with_a_line_is_asked_for_and_shown(page):
    page.visit("ask=1&line=delta3.T@A2")
    assert page.text(".predict label") == "What does NumPy do with delta3.T @ A2?"
    assert not page.driver.find_elements("css selector", ".outcome.shape, .clash")
    click(page, "It stops")
    assert page.text(".verdict").startswith("No. It runs, and gives 6 × 3")
    assert page.text(".outcome.shape")


JUDGED = """
    const {read} = kit.shapes, verdict = kit.shapeVerdict, out = [];
    for (const [sizes, numbers] of arguments[0]) for (const step of kit.minibatch.STEPS) {
        const named = kit.minibatch.pass(sizes, numbers), wanted = named.get(step.target);
        const lines = kit.shapeLines(step).map(({code, words}) =>
            ({words, verdict: verdict(read(code), code, step.target, named)}));
        const tree = read(step.code), ran = kit.arrays.run(tree, named);
        const question = kit.shapeQuestion(
            {asked: "entry", at: [0, 0], lines: () => lines,
             blocks: [{target: step.target, wanted, tree, ran}]});
        const check = (text) => kit.judge(text, question, question.mistakes());
        const right = wanted.data[0];
        const wrong = lines.filter(({verdict}) => verdict.kind === "wrong")
            .map(({verdict}) => verdict.ran.value.data[0]);
        out.push([check(String(right)).right, wrong.every((value) => value === right
            ? check(String(value)).right : !/Right|Not yet/.test(check(String(value)).words))]);
    }
    return out;
"""


def test_a_mistake_is_named_only_where_its_number_is_not_the_right_one(page):
    """All the mistakes of an entry, typed: each is named, or it is the right number."""
    page.visit()
    judged = page.run(JUDGED, [[[5, 4, 2, 3, 6], 23], [[3] * 5, 4], [[1, 2, 3, 4, 5], 8]])
    assert len(judged) == 39
    assert all(right and named for right, named in judged)


# Links


def random_states(count):
    rng = np.random.default_rng(5)
    lines = [None, "A2 @ delta3", "(Y_hat - Y) / M", "X.T @ delta1 + 0.5", "b1[:, None] * W2"]
    for k in range(count):
        yield {"sizes": rng.integers(1, 7, 5).tolist(), "numbers": int(rng.integers(1000)),
               "step": int(rng.integers(13)), "view": ["rows", "both"][k % 2],
               "line": lines[k % 5], "at": rng.integers(0, 6, 2).tolist(),
               "asking": bool(k % 3)}  # fmt: skip


def test_a_link_opens_the_situation_that_it_was_made_for(page):
    page.visit()
    for wanted in random_states(40):
        made = page.run(
            "const {encode, decode, start} = kit.shapes;"
            "const link = kit.url.address('shapes', encode({...start(), ...arguments[0]}));"
            "const query = new URL(link).hash.split('?')[1];"
            "return [query, decode(Object.fromEntries(new URLSearchParams(query)))]",
            wanted,
        )
        assert {key: made[1][key] for key in wanted} == wanted, made[0]
    page.visit(made[0])
    assert state(page)["sizes"] == wanted["sizes"]
    assert page.text(".notice") == ""


# What it costs


def test_pointing_keeps_the_drawing_and_moves_the_light_alone(page):
    page.visit()
    page.run("window.kept = [...frame.root.querySelectorAll('svg.equation *')]")
    focus(page, ".place[tabindex='0']")
    press(page, Keys.ARROW_DOWN, Keys.ARROW_RIGHT)
    assert page.run("return kept.every((e) => e.isConnected)")
    assert state(page)["at"] == [1, 1]
