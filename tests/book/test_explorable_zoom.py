"""The Jacobian zoom by keyboard, by ear and by what is typed; what is asked before it is shown."""

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
    unfold,
)
from tests.book.test_explorable_zoom_numbers import JACOBIANS
from tests.site.browsing import shown_at

pytestmark = [needs_browser, pytest.mark.xdist_group("explorables, zoom")]


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with opened(tmp_path_factory.mktemp("site"), "zoom") as page:
        shown_at(page.driver, 1000)
        yield page


# By keyboard, and by ear


def test_point_and_square_are_moved_by_keyboard_and_what_changes_is_said(page):
    page.visit()
    focus(page, "[aria-label^='x, the middle']")
    press(page, Keys.ARROW_RIGHT, Keys.ARROW_DOWN)
    assert state(page)["x"] == pytest.approx([2.05, 0.95])
    hears(page, "x is (2.05, 0.95)")
    focus(page, "[aria-label^='Half-width of']")
    press(page, Keys.ARROW_LEFT)
    assert state(page)["half"] == pytest.approx(0.5 - 1 / 64)
    hears(page, "is left over")
    press(page, *[Keys.ARROW_LEFT] * 40)
    assert state(page)["half"] == 1 / 64


def test_keys_that_come_faster_than_frames_are_all_taken(page):
    page.visit()
    for selector, part in (("[aria-label^='x, the']", "x"), ("[aria-label^='v, a']", "v")):
        page.run("frame.change({view: arguments[0]})", "zoom" if part == "x" else "products")
        page.settle()
        before = state(page)[part]
        page.run(
            "const node = frame.root.querySelector(arguments[0]);"
            "for (let k = 0; k < 5; k += 1)"
            "  node.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowLeft'}));",
            selector,
        )
        step = 0.05 if part == "x" else 0.1
        assert state(page)[part] == pytest.approx([before[0] - 5 * step, before[1]])


def test_directions_are_turned_by_keyboard(page):
    page.visit("view=products")
    focus(page, "[aria-label^='v, a direction']")
    press(page, Keys.ARROW_LEFT, Keys.ARROW_UP)
    assert state(page)["v"] == pytest.approx([1.9, 1.1])
    hears(page, "v is (1.9, 1.1)")
    focus(page, "[aria-label^='u, the rates']")
    press(page, Keys.ARROW_UP)
    assert state(page)["u"] == pytest.approx([1, -0.9])
    assert focus(page, "[aria-label^='u, the']").get_attribute("aria-valuetext") == "(1, −0.9)"


def test_the_square_is_halved_until_it_is_smallest(page):
    page.visit()
    focus(page, ".sizes button")
    halves = []
    for _ in range(7):
        press(page, Keys.ENTER)
        halves.append(state(page)["half"])
    assert halves == [2.0**-k for k in (2, 3, 4, 5, 6, 6, 6)]
    assert page.driver.switch_to.active_element.get_attribute("aria-disabled") == "true"


# Numbers that somebody types

HOSTILE = {"0": 0, "-1e3": None, "1e308": None, "": None, "abc": None, "−0,5": -0.5, "1/4": 0.25,
           " 2 ": 2, "NaN": None, "0x10": None, "3 4": None, "<b>1</b>": None, "1/0": None,
           "3.01": None}  # fmt: skip


def test_what_is_typed_moves_the_point_or_gets_a_hint(page):
    for typed, meant in HOSTILE.items():
        page.visit()
        unfold(page)
        field = focus(page, "details .number-field input")
        typed_in(page, field, typed)
        hint = page.driver.find_element("css selector", "details .hint").text
        assert state(page)["x"][0] == (2 if meant is None else meant), typed
        assert bool(hint) == (meant is None), typed
    assert not page.faults()


def test_a_number_of_one_s_own_is_drawn_at_once(page):
    page.visit()
    unfold(page)
    focus(page, "details fieldset:last-child input").send_keys(Keys.CONTROL, "a", Keys.NULL, "4")
    page.settle()
    assert state(page)["matrix"] == "own"
    assert state(page)["own"] == [[4, 0], [0, 1]]
    assert "my own numbers" in page.text(".workings")


def test_extreme_but_allowed_places_break_nothing(page):
    page.visit()
    page.run(
        "const start = kit.zoom.start(frame.data);"
        "for (const map of kit.zoom.MAPS) for (const x of [[0, 0], [-3, -3], [3, 3], [-3, 3]])"
        "  for (const view of kit.zoom.VIEWS) for (const own of [0, 100]) {"
        "    const none = {v: [0, 0], u: [0, 0], matrix: own ? 'own' : 'right'};"
        "    frame.show({...start, map, x, view, ...none, own: [[own, own], [own, own]]});"
        "    if (/NaN|undefined|Infinity/.test(frame.root.innerHTML)) throw new Error(map); }"
    )
    assert not page.faults()


# Predict before reveal


@pytest.mark.parametrize(
    ("where", "before", "typed", "said"),
    [
        ("", [], "2", "factor 2 of 2x₁ is forgotten"),
        ("", [], "-4", "sign is turned round"),
        ("", ["4"], "-1", "Rows and columns are exchanged"),
        ("", ["4"], "0.5", "edge of the parallelogram"),
        ("", [], "3", "the output itself"),
        ("", ["4", "1", "-1", "2"], "2", "what a wrong matrix leaves over"),
        ("map=layer", [], "0.4", "slope σ′(z) is forgotten"),
        ("map=softmax&x=0.3,1", [], "0.1489", "only what stands above the line".capitalize()),
        ("map=polar&x=2,0.5", ["0.8776", "0.4794"], "-0.4794", "radius x₁"),
        ("view=products", [], "8", "Input 2 moves, too"),
        ("view=products", [], "9", "This is Jᵀv"),
        ("view=products", ["7", "4"], "5", "This is Ju"),
        ("view=products", ["7", "4"], "4", "hears of output 2, too"),
    ],
)
def test_a_mistake_is_named(page, where, before, typed, said):
    assert said in said_to(page, where, before, typed)


def test_the_picture_comes_with_the_numbers_that_are_found(page):
    page.visit("ask=1")
    seen = (
        "return [...frame.root.querySelectorAll('.after .linear, .after .arrow')]"
        ".filter((e) => e.checkVisibility({visibilityProperty: true})).length"
    )
    arrows = [page.run(seen)]
    for right in ("4", "1", "-1", "2"):
        assert answer(page, right).startswith("Right")
        arrows.append(page.run(seen))
    assert arrows[0] == arrows[1] < arrows[2] == arrows[3] < arrows[4]
    assert "?" in page.text(".halvings")
    assert answer(page, "4").startswith("Right")
    assert "?" not in page.text(".workings")
    assert "All is known" in page.text(".predict label")
    click(page, "Another place")
    assert page.text(".predict label") == "J₁₁ ="


def test_what_is_asked_for_cannot_be_read_off(page):
    for where in ("", "map=softmax", "map=relu", "view=products"):
        page.visit(f"{where}&ask=1".removeprefix("&"))
        asked = page.run(
            "return frame.root.querySelectorAll('.workings [data-live^=J], .halvings [data-of^=l]')"
        )
        assert all(node.text in ("?", "") for node in asked)


def test_no_mistake_is_named_for_the_right_number(page):
    judged = page.visit().run(
        "const maps = kit.planeMaps.maps(frame.data.example), out = [];"
        "const start = {...kit.zoom.start(frame.data), asking: true};"
        "for (const map of arguments[0]) for (const x of [[1.5, -0.5], [-2, 0.7]])"
        "  for (const view of kit.zoom.VIEWS) for (let answered = 0; answered < 5; answered += 1) {"
        "    const picture = kit.zoomPicture.of({...start, map, x, view, answered}, maps, 700);"
        "    const question = kit.zoomQuestions.question(picture);"
        "    if (!question) continue;"
        "    const mistakes = kit.zoomQuestions.mistakes(picture);"
        "    const judge = (value) => kit.judge(String(value), question, mistakes);"
        "    const near = (a, b) => Math.abs(a - b) <= 0.01 * Math.abs(b) + 1e-12;"
        "    out.push([judge(question.right).right, mistakes.every(({value, words}) =>"
        "      near(value, question.right) || judge(value).right"
        "      || judge(value).words.includes(words)"
        "      || mistakes.filter((m) => near(m.value, value)).length > 2)]); }"
        "return out", list(JACOBIANS))  # fmt: skip
    assert len(judged) > 100
    assert all(right and named for right, named in judged)
