"""The nudge by keyboard, by ear and by what is typed; what is asked before it is shown."""

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
    said_to,
    state,
    typed_in,
)
from tests.book.test_explorable_nudge_numbers import EXAMPLES
from tests.site.browsing import shown_at

pytestmark = [needs_browser, pytest.mark.xdist_group("explorables, nudge")]


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    site = tmp_path_factory.mktemp("site")
    with opened(site, "nudge") as page:
        bare = (site / "explorables/nudge.html").read_text(encoding="utf-8")
        begun = bare.replace('data-start=""', 'data-start="example=hand&amp;d=0.5"')
        (site / "explorables/begun.html").write_text(begun, encoding="utf-8")
        shown_at(page.driver, 1000)
        yield page


def test_each_number_is_moved_by_keyboard_and_what_follows_is_said(page):
    page.visit("d=0")
    focus(page, "[aria-label='Move x']")
    press(page, Keys.ARROW_RIGHT)
    assert state(page)["step"] == pytest.approx(0.05)
    hears(page, "x moves by 0.05, F by")
    focus(page, "[aria-label='Move u alone']")
    press(page, *[Keys.ARROW_RIGHT] * 10)
    assert (state(page)["moved"], state(page)["step"]) == ("0", pytest.approx(0.5))
    hears(page, "u alone moves by 0.5, F by 1.5")
    assert page.text(".moves-of tbody").split() == ["u", "alone", "0.5000", "1.5000", "3.0000",
                                                    "3.0000"]  # fmt: skip


def test_the_mistake_of_cancelling_is_refuted_by_hand(page):
    """Per unit of u, F does another thing as u moves alone than as x moves both."""
    page.visit("move=0&d=0.01")
    alone = page.run("return Number(frame.root.querySelector('[data-of=ratio]').dataset.value)")
    page.visit("d=0.01")
    both = page.run(
        "const value = (of) => Number(frame.root.querySelector(`[data-of='${of}']`).dataset.value);"
        "return value('change') / value('move.0')"
    )
    assert alone == pytest.approx(3)
    assert both == pytest.approx(1.75, rel=0.01)
    assert "that would make 2 · 7.0000 = 14.0000 of 7.0000" in page.text(".cancel")


def test_with_one_path_it_does_cancel(page):
    page.visit("example=square")
    assert "Δy cancels" in page.text(".cancel")


def test_the_nudge_is_halved_until_it_is_smallest(page):
    page.visit("d=-1")
    focus(page, ".sizes button")
    for _ in range(12):
        press(page, Keys.ENTER)
    assert state(page)["step"] == -(2.0**-9)
    assert page.driver.switch_to.active_element.get_attribute("aria-disabled") == "true"


HOSTILE = {"0": 0, "-1e3": None, "1e308": None, "": None, "abc": None, "−0,5": -0.5, "1/4": 0.25,
           " 2 ": 2, "NaN": None, "0x10": None, "3 4": None, "<b>1</b>": None,
           "1/0": None}  # fmt: skip


def test_what_is_typed_moves_the_place_or_gets_a_hint(page):
    for typed, meant in HOSTILE.items():
        page.visit("example=square")
        typed_in(page, focus(page, ".sizes .number-field input"), typed)
        hint = page.driver.find_element("css selector", ".sizes .hint").text
        assert state(page)["x"] == (1 if meant is None else meant), typed
        assert bool(hint) == (meant is None), typed
    assert not page.faults()


def test_a_page_names_where_it_begins(page):
    page.driver.get("about:blank")
    page.driver.get(f"{page.address}/explorables/begun.html")
    page.wait("return document.querySelector('.explorable-on')")
    page.settle()
    begun = state(page)
    assert (begun["example"], begun["step"]) == ("hand", 0.5)
    page.run("frame.change({x: 1})")
    click(page, "Start over")
    assert state(page) == begun
    assert page.run("return frame.link()").endswith("#nudge?v=1&example=hand&d=0.5")


@pytest.mark.parametrize(
    ("where", "before", "typed", "said"),
    [
        ("", ["4"], "5", "rate with v"),
        ("", ["4"], "1.75", "∂ holds it still"),
        ("", ["4", "3"], "7", "both paths together"),
        ("", ["4", "3"], "4", "another factor follows"),
        ("", ["4", "3", "12", "-1", "5"], "5", "one comes before"),
        ("", ["4", "3", "12", "-1", "5", "-5"], "14", "twice the answer"),
        ("", ["4", "3", "12", "-1", "5", "-5"], "12", "through u alone"),
        ("", ["4", "3", "12", "-1", "5", "-5"], "17", "each with its own sign"),
        ("", ["4", "3", "12", "-1", "5", "-5"], "-60", "Over paths rates add"),
        ("example=square", ["3", "8"], "6", "outer slope is taken at x"),
        ("example=square", ["3", "8"], "11", "factors are added"),
        ("example=square", ["3"], "2", "slope is taken at x"),
        ("example=hand", ["0.8", "50"], "50.8", "factors are added"),
    ],
)
def test_a_mistake_is_named(page, where, before, typed, said):
    assert said in said_to(page, where, before, typed)


def test_a_nudge_keeps_what_was_answered_and_another_place_does_not(page):
    page.visit("ask=1")
    assert answer(page, "4").startswith("Right")
    page.run("frame.root.querySelector('.sizes button').click()")
    page.settle()
    assert page.text(".predict label") == "∂F/∂u ="
    page.run("frame.root.querySelectorAll('.sizes input')[0].focus()")
    press(page, Keys.ARROW_UP)
    assert page.text(".predict label") == "du/dx ="


def test_no_mistake_is_named_for_the_right_number(page):
    judged = page.visit().run(
        "const out = [];"
        "for (const example of arguments[0]) for (const x of [-1.3, 2, 3.5])"
        "  for (let answered = 0; answered < 7; answered += 1) {"
        "    const picture = kit.nudgePicture("
        "      {...kit.nudge.start(), example, x, asking: true, answered}, 700);"
        "    const question = kit.nudgeQuestions.question(picture);"
        "    if (!question) continue;"
        "    const mistakes = kit.nudgeQuestions.mistakes(picture);"
        "    const judge = (value) => kit.judge(String(value), question, mistakes);"
        "    const near = (a, b) => Math.abs(a - b) <= 0.01 * Math.abs(b) + 1e-12;"
        "    out.push([judge(question.right).right, mistakes.every(({value, words}) =>"
        "      near(value, question.right) || judge(value).right"
        "      || judge(value).words.includes(words)"
        "      || mistakes.filter((m) => near(m.value, value)).length > 2)]); }"
        "return out", list(EXAMPLES))  # fmt: skip
    assert len(judged) > 80
    assert all(right and named for right, named in judged)
