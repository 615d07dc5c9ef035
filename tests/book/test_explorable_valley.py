"""Valley and race by keyboard, by link and by ear; what is typed into them; what they cost."""

import re

import numpy as np
import pytest
from selenium.webdriver import ActionChains, Keys
from tests.book.conftest import ROOT
from tests.book.explorables import (
    MOUNTED,
    answer,
    comes_lightly,
    focus,
    needs_browser,
    opened,
    press,
    write_site,
)
from tests.site.browsing import command, loaded, shown_at
from tests.site.measure import AXE, BARRIERS, CUT

pytestmark = [needs_browser, pytest.mark.xdist_group("explorables")]
NAMES = ["valley", "race"]
STATES = {
    "valley": ["", "method=momentum&eta=0.1336&alpha=0.4026&all=1", "method=nesterov&eta=0.05",
               "eta=0.2&steps=150", "ask=1&method=momentum&eta=0.05", "kappa=1000&eta=0.0015",
               "kappa=1&eta=1", "eta=0&steps=0", "from=0,0&all=1"],
    "race": ["", "mode=best&steps=60", "land=bowl&see=Adam.algorithm1", "land=saddle&steps=100",
             "land=xor&mode=best&steps=60", "land=turned&field=Nadam&ask=1", "eta=100&steps=100",
             "land=xor&ask=1&eta=1", "land=saddle&from=-2.6,0&eta=0.3", "eta=0&steps=1"],
}  # fmt: skip
BROKEN = {
    "valley": ["kappa=0", "kappa=1e9", "kappa=x", "eta=-1", "eta=11", "alpha=1", "alpha=-0.1",
               "method=adam", "from=9,9", "from=1", "from=a,b", "steps=151", "steps=1.5", "all=2",
               "ask=yes", "nonsense=1", "v=0", "eta=NaN", "eta=", "from=" + "1," * 5000],
    "race": ["land=moon", "field=All", "mode=worst", "eta=101", "eta=-1", "see=Adam", "from=9,9",
             "see=Nadam.keras", "land=xor&from=1,1", "steps=101", "land=xor&steps=201", "ask=2",
             "nonsense=1", "v=2", "eta=1e999", "land=constructor"],
}  # fmt: skip
each_state = pytest.mark.parametrize(
    ("page", "where"),
    [(name, where) for name in NAMES for where in STATES[name]],
    indirect=["page"],
)


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """A browser for each explorable, opened when it is first asked for."""
    opened_pages, contexts = {}, []

    def page(name):
        if name not in opened_pages:
            site = tmp_path_factory.mktemp(name)
            contexts.append(opened(site, name))
            opened_pages[name] = contexts[-1].__enter__()
            bare = (site / f"explorables/{name}.html").read_text(encoding="utf-8")
            far = bare.replace("<main>", '<main><div style="height: 9000px"></div>')
            (site / "explorables/far.html").write_text(far, encoding="utf-8")
            frame = (
                f'<iframe src="{name}.html#{name}?v=1&amp;steps=7" width=700 height=700></iframe>'
            )
            (site / "explorables/framed.html").write_text(frame, encoding="utf-8")
        shown_at(opened_pages[name].driver, 1000)
        return opened_pages[name]

    yield page
    for context in contexts:
        context.__exit__(None, None, None)


@pytest.fixture(params=NAMES)
def page(pages, request):
    return pages(request.param)


@pytest.fixture
def valley(pages):
    return pages("valley")


@pytest.fixture
def race(pages):
    return pages("race")


def state(page):
    return page.run("return frame.state")


def click(page, words):
    button = page.driver.find_element("xpath", f"//button[.='{words}']")
    page.driver.execute_script(
        "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", button
    )
    button.click()
    page.settle()


def said(page, beginning):
    page.wait(
        "return document.querySelector('.explorable-live > [aria-live]').textContent"
        f".includes({beginning!r})"
    )


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
    said(valley, "The rate is")


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
    said(page, f"Step {before + 2}")


def test_all_that_can_be_reached_shows_the_focus(page):
    page.visit()
    page.driver.execute_script(
        "const e = document.querySelector('.explorable-live'); e.tabIndex = -1; e.focus()"
    )
    reached = []
    for _ in range(40):
        ActionChains(page.driver).send_keys(Keys.TAB).perform()
        inside, shown, name = page.driver.execute_script(
            "const e = document.activeElement, s = getComputedStyle(e);"
            "const next = getComputedStyle(e.nextElementSibling || e);"
            "return [Boolean(e.closest('.explorable-live')),"
            "  [s, next].some(r => r.outlineStyle !== 'none') || s.strokeWidth === '6px',"
            "  e.outerHTML.slice(0, 90)]"
        )
        if not inside:
            break
        reached.append(name)
        assert shown, name
    assert len(reached) > 12


def test_a_drag_by_the_mouse_moves_the_start(page):
    page.visit()
    before = state(page)["from"]
    grip = page.driver.find_element("css selector", ".grip.ring")
    ActionChains(page.driver).drag_and_drop_by_offset(grip, 60, 20).perform()
    page.settle()
    after = state(page)["from"]
    assert after[0] > before[0] + 0.3
    assert after[1] < before[1] - 0.1


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


# Links


@each_state
def test_a_link_opens_the_situation_that_it_was_made_for(page, where):
    page.visit(where)
    assert page.text(".notice") == ""
    link = page.run("return frame.link()").partition("?v=1")[2].removeprefix("&")
    first = state(page)
    page.visit(link)
    assert state(page) == first


def test_the_first_situation_needs_no_words_in_a_link(page):
    page.visit()
    assert page.run("return frame.link()").endswith(f"#{page.name}?v=1")


@pytest.mark.parametrize(
    ("page", "query"),
    [(name, query) for name in NAMES for query in BROKEN[name]],
    indirect=["page"],
    ids=lambda part: part[:25],
)
def test_a_broken_link_opens_the_beginning_and_says_so(page, query):
    page.visit(query, whole=False)
    assert "broken" in page.text(".notice")
    kind = f"kit.{page.name}"
    assert page.run(f"return JSON.stringify(frame.state) === JSON.stringify({kind}.start())")
    assert not page.faults()


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
        STATES[page.name])  # fmt: skip
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
    said(valley, "The best learning rate")


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
    said(race, "is first, after")


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
    said(race, "others are faint")
    press(race, Keys.ENTER)
    assert not race.driver.find_elements("css selector", ".ground .walk.faint")


def test_lecture_mode_turns_steps(page):
    page.visit("steps=10")
    click(page, "Lecture mode")
    page.wait("return document.querySelector('.lecture')")
    page.driver.execute_script("document.activeElement.blur()")
    page.wait("return document.fullscreenElement")
    for _ in range(5):  # a key that comes during the change to full screen is lost
        press(page, Keys.ARROW_RIGHT)
        if state(page)["steps"] > 10:
            break
    assert state(page)["steps"] > 10
    press(page, Keys.ESCAPE)
    page.wait("return !document.querySelector('.lecture')")


# Barriers, phones, light and dark


@each_state
def test_no_state_has_a_barrier_or_is_cut_off(page, where):
    page.visit(where)
    page.driver.execute_script((AXE / "axe.min.js").read_text(encoding="utf-8"))
    for theme in ("light", "dark"):
        assert page.driver.execute_async_script(BARRIERS, theme) == []
    try:
        shown_at(page.driver, 360)
        page.settle()
        assert page.driver.execute_script(CUT, 360) == []
        wide = page.run(
            "return [...frame.root.querySelectorAll('.stage > svg text')]"
            ".filter((e) => e.checkVisibility({visibilityProperty: true})"
            "  && (e.getBoundingClientRect().right > innerWidth"
            "      || e.getBoundingClientRect().left < 0)).map((e) => e.textContent)"
        )
        assert not wide
    finally:
        shown_at(page.driver, 1000)


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


def test_nothing_moves_by_itself(page):
    """So there is nothing that reduced motion would have to stop."""
    page.visit()
    assert page.driver.execute_script("return document.getAnimations().length") == 0


# What it costs


def test_a_page_with_it_is_at_most_25_kB_heavier_until_it_is_touched(page):
    comes_lightly(page)


def test_no_work_is_done_before_it_is_seen(page):
    page.driver.get("about:blank")
    loaded(page.driver)
    page.driver.get(f"{page.address}/explorables/far.html")
    page.settle()
    assert not [url for url in loaded(page.driver) if "kit" in url or page.name in url]
    page.driver.execute_script("scrollTo(0, document.body.scrollHeight)")
    page.wait(MOUNTED)


def test_a_drag_is_drawn_once_a_frame_and_keeps_the_elements(page):
    page.visit()
    drawn, frames, kept = page.driver.execute_async_script(
        "const [name, done] = arguments, frame = document.getElementById(name).explorable;"
        "const range = frame.root.querySelector('.sliders input[type=range]');"
        "const marks = [...frame.root.querySelectorAll('.stage > svg .dots, .grip')];"
        "const before = frame.painter.count; let frames = 0;"
        "const go = () => { for (let k = 0; k < 20; k += 1) {"
        "    range.value = Math.abs(Math.sin(frames + k));"
        "    range.dispatchEvent(new Event('input', {bubbles: true})); }"
        "  frames += 1;"
        "  if (frames < 20) requestAnimationFrame(go);"
        "  else requestAnimationFrame(() => done([frame.painter.count - before, frames,"
        "    marks.every((e) => e.isConnected)])); };"
        "requestAnimationFrame(go);",
        page.name,
    )
    assert frames == 20
    assert drawn <= 21
    assert kept


def test_nothing_below_it_moves_while_it_is_dragged(page):
    for width in (1000, 360):
        shown_at(page.driver, width)
        page.visit()
        page.driver.execute_script("window.shifts = []")
        grip = page.driver.find_element("css selector", ".grip.ring")
        ActionChains(page.driver).drag_and_drop_by_offset(grip, 30, 10).perform()
        page.settle()
        assert sum(page.driver.execute_script("return window.shifts")) < 0.02


# From a disk, in a frame, as a file


def test_it_works_from_a_disk_without_a_server(page, tmp_path):
    site = write_site(tmp_path)
    address = (site / f"explorables/{page.name}.html").as_uri()
    page.driver.get(f"{address}#{page.name}?v=1&steps=12")
    page.wait(MOUNTED)
    assert page.text(".step-count") == "12 steps"
    assert not page.faults()


def test_it_stands_in_another_page(page):
    page.driver.get(f"{page.address}/explorables/framed.html")
    page.driver.switch_to.frame(0)
    try:
        page.wait(MOUNTED)
        assert page.text(".step-count") == "7 steps"
    finally:
        page.driver.switch_to.default_content()


def test_a_drawing_is_saved_with_its_colours_and_its_edges(page):
    page.visit()
    drawing = page.run("return kit.svgText(frame.root.querySelector('.stage > svg'))")
    assert drawing.startswith("<svg")
    assert "rgb(207, 74, 5)" in drawing
    assert "var(" not in drawing
    cut = set(re.findall(r'clip-path="url\(#([\w-]+)\)"', drawing))
    assert cut
    assert cut == set(re.findall(r'<clipPath id="([\w-]+)"', drawing))
    assert not re.search(r' (class|tabindex|data-\w+|aria-\w+)="', drawing)


def test_it_is_touched_by_a_finger(page):
    page.visit()
    before = state(page)["from"]
    page.run("frame.root.scrollIntoView()")
    box = page.run("return frame.root.querySelector('.grip.ring').getBoundingClientRect().toJSON()")
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for kind, at in [("touchStart", 0), ("touchMove", 20), ("touchMove", 40)]:
        command(page.driver, "Input.dispatchTouchEvent", type=kind,
                touchPoints=[{"x": x + at, "y": y + at / 4}])  # fmt: skip
    command(page.driver, "Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])
    page.settle()
    assert state(page)["from"][0] > before[0] + 0.1


# In the book


@pytest.mark.parametrize(
    ("name", "place"), [("valley", "optimizers/momentum"), ("race", "optimizers/comparison")]
)
def test_a_static_figure_stands_there_without_scripts(name, place):
    text = (ROOT / f"book/{place}.md").read_text(encoding="utf-8")
    inside = text.split(f":::::{{explorable}} {name}")[1].split("\n:::::\n")[0]
    assert "glue:figure" in inside
    assert ":alt:" in inside


LINK = re.compile(r"\{explore\}`[^`<]+<(valley|race)\??([^>]*)>`")
LINKS = [
    pytest.param(*found, id=f"{page.stem} {found[1]}")
    for page in sorted((ROOT / "book").rglob("*.md"))
    if "_build" not in page.parts
    for found in LINK.findall(page.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize(("page", "where"), LINKS, indirect=["page"])
def test_a_link_of_the_text_opens_a_situation(page, where):
    page.visit(where, whole=False)
    assert page.text(".notice") == ""
