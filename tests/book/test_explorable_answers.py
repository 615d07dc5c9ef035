"""What valley and race say to an answer, keep of it, and show beside the reason."""

import numpy as np
import pytest
from selenium.webdriver import Keys
from tests.book.explorables import Page, answer, focus, needs_browser, press, write_site
from tests.site.browsing import chromium, shown_at
from tests.site.serving import served

pytestmark = [needs_browser, pytest.mark.xdist_group("explorables, answers")]
BOUND = "tr.main td:nth-child(2)"


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with (
        served(write_site(tmp_path_factory.mktemp("site"))) as address,
        chromium() as driver,
    ):
        shown_at(driver, 1000)
        yield driver, address


@pytest.fixture
def valley(browser):
    return Page(*browser, "valley")


@pytest.fixture
def race(browser):
    return Page(*browser, "race")


def told(page, part):
    return page.run("return frame.root.querySelector(arguments[0]).textContent", part)


def test_an_answer_holds_as_long_as_what_it_depends_on(valley):
    valley.visit("ask=1&kappa=50&eta=0.09")
    assert answer(valley, "0.04").startswith("Right")
    for part in ({"eta": 0.0399}, {"eta": 0.041}, {"steps": 40}, {"from": [-3, 1]}):
        valley.run("frame.change(arguments[0])", part)
    slider = focus(valley, ".sliders .slider:nth-child(2) input[type=range]")
    slider.send_keys(Keys.ARROW_LEFT)
    valley.settle()
    assert valley.text(BOUND) == "0.0400"
    focus(valley, ".sliders .slider:nth-child(1) input[type=range]").send_keys(Keys.ARROW_RIGHT)
    valley.settle()
    assert valley.text(BOUND) == "?"


@pytest.mark.parametrize(
    ("where", "right", "reason"),
    [("kappa=50", "0.04", "2/50"), ("kappa=20&method=momentum&alpha=0.5", "0.15", "2(1 + α)"),
     ("kappa=20&method=nesterov&alpha=0.5", "0.075", "(1 + 2α)")],
)  # fmt: skip
def test_a_right_bound_is_told_why(valley, where, right, reason):
    valley.visit(f"{where}&ask=1")
    said = answer(valley, right)
    assert said.startswith("Right: ")
    assert reason in said


def test_twice_the_bound_is_named(valley):
    valley.visit("kappa=50&ask=1")
    assert "twice the bound" in answer(valley, "0.08")


def test_who_gives_up_is_told_why_and_goes_on_from_there(race):
    race.visit("land=bowl&ask=1")
    show = [b for b in race.driver.find_elements("css selector", ".predict button")
            if b.text == "Show me"]  # fmt: skip
    show[0].send_keys(Keys.ENTER)
    race.settle()
    assert "divided by its own size" in race.text(".verdict")
    inside = "return frame.root.querySelector('.predict').contains(document.activeElement)"
    assert race.run(inside)


def test_no_first_step_is_told_while_one_is_asked_for(race):
    race.visit("land=bowl&ask=1")
    cells = "return [...frame.root.querySelectorAll('.standings td:nth-child(3)')].map(e =>"
    cells += " e.textContent)"
    assert set(race.run(cells)) == {"?"}
    assert answer(race, "1").startswith("Right: 1.0000. Both averages are corrected")
    assert "(1.000, −1.000)" in race.run(cells)


def test_beside_the_picture_stands_why_the_bold_one_begins_as_it_does(race):
    race.visit("land=bowl&see=Adam.algorithm1")
    words = told(race, ".first-step")
    assert "the gradient at the start is (−3.600, 1.200), the first step (1.000, −1.000)" in words
    assert "divided by its own size" in words
    numbers = race.run(
        "return [...frame.root.querySelectorAll('.first-step [data-value]')].map(e =>"
        " Number(e.dataset.value))"
    )
    assert np.allclose(numbers, [-3.6, 1.2, 1, -1], atol=1e-6)


def test_the_bold_one_is_chosen_in_a_list_beside_the_picture(race):
    race.visit("land=bowl")
    chosen = "return frame.state.chosen"
    bold = focus(race, ".bar .select:nth-child(3) select")
    press(race, Keys.ARROW_DOWN)
    assert race.run(chosen) == "GradientDescent"
    assert "as it is" in told(race, ".first-step")
    race.run("frame.change({field: 'Adam', chosen: ''})")
    race.settle()
    assert [option.text for option in bold.find_elements("tag name", "option")][:2] == [
        "All alike", "Algorithm 1"]  # fmt: skip
    press(race, Keys.ARROW_DOWN, Keys.ARROW_UP)
    assert race.run(chosen) == ""


@pytest.mark.parametrize("name", ["valley", "race"])
def test_a_question_stands_at_its_button(browser, name):
    page = Page(*browser, name).visit()
    press_ask = "return [...frame.root.querySelectorAll('button')].find(b => b.textContent === "
    button = page.run(press_ask + "'Predict first')")
    button.click()
    page.settle()
    far = page.run(
        "const at = (e) => e.getBoundingClientRect();"
        "return at(frame.root.querySelector('.predict input')).top - at(arguments[0]).bottom",
        button,
    )
    assert 0 <= far < 60


def test_a_dot_that_waits_at_the_edge_is_taken_hold_of_there(valley):
    valley.visit("kappa=50&eta=0.09")
    product = valley.run(
        "const dot = frame.root.querySelector('.grip.steep'); dot.setPointerCapture = () => {};"
        "const {left, top, width, height} = dot.getBoundingClientRect();"
        "const [x, y] = [left + width / 2, top + height / 2];"
        "const panel = frame.root.querySelector('.map .panel-edge').getBoundingClientRect();"
        "const send = (type, dx) => dot.dispatchEvent(new PointerEvent(type,"
        "  {clientX: x + dx, clientY: y, bubbles: true, pointerId: 1}));"
        "send('pointerdown', 0); send('pointermove', -panel.width / 2);"
        "send('pointerup', -panel.width / 2);"
        "return frame.state.eta * frame.state.kappa"
    )
    assert product == pytest.approx(2, abs=0.03)


def test_contours_have_no_corners(race):
    """The lowest one of the ravine is an ellipse to a hundredth of its height."""
    loops = race.visit().run(
        "const land = kit.lands.LANDS.ravine;"
        "return kit.contours(land.objective.value, land.window, kit.lands.levels(land))"
    )
    (lowest,) = loops[0]
    x, y = np.array(lowest).T
    turns = np.abs(np.diff(np.unwrap(np.arctan2(np.diff(20 * y), np.diff(x)))))
    assert len(lowest) > 30
    assert turns.max() < 0.9
