"""What explorables have in common: links, keys, barriers, telephones, cost, where they stand."""

import re

import pytest
from selenium.webdriver import ActionChains, Keys
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from tests.book.conftest import ROOT
from tests.book.explorable_situations import EXPLORABLES
from tests.book.explorables import (
    MOUNTED,
    Page,
    click,
    links,
    needs_browser,
    press,
    state,
    unfold,
    write_site,
)
from tests.site.browsing import chromium, command, loaded, shown_at
from tests.site.measure import AXE, BARRIERS, CUT
from tests.site.moves import DRAGS
from tests.site.serving import served
from tests.some_of_many import some_of

pytestmark = [needs_browser, pytest.mark.xdist_group("explorables, habits")]
SITUATIONS = [(name, where) for name, one in EXPLORABLES.items() for where in one.situations]
BROKEN = [(name, query) for name, one in EXPLORABLES.items() for query in one.broken]
ENDS = {(name, one.situations[end]) for name, one in EXPLORABLES.items() for end in (0, -1)}
GRIPS = [name for name, one in EXPLORABLES.items() if one.grip]
LINKS = links()
each = pytest.mark.parametrize("page", EXPLORABLES, indirect=True)
each_situation = pytest.mark.parametrize(
    ("page", "where"), some_of(SITUATIONS, 8, ENDS), indirect=["page"], ids=lambda it: it or "start"
)
each_grip = pytest.mark.parametrize("page", GRIPS, indirect=True)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = write_site(tmp_path_factory.mktemp("site"))
    for name, one in EXPLORABLES.items():
        bare = (folder / f"explorables/{name}.html").read_text(encoding="utf-8")
        far = bare.replace("<main>", '<main><div style="height: 9000px"></div>')
        (folder / f"explorables/{name}-far.html").write_text(far, encoding="utf-8")
        link = f"{name}.html#{name}?v=1&{one.situations[-1]}".replace("&", "&amp;")
        framed = f'<iframe src="{link}" width=700 height=700></iframe>'
        (folder / f"explorables/{name}-framed.html").write_text(framed, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def browser(site):
    with served(site) as address, chromium() as driver:
        shown_at(driver, 1000)
        yield driver, address


@pytest.fixture
def page(browser, request):
    return Page(*browser, request.param)


@pytest.fixture
def narrow(browser):
    shown_at(browser[0], 360)
    yield
    shown_at(browser[0], 1000)


@pytest.fixture(params=[1000, 360], ids=["desktop", "telephone"])
def width(browser, request):
    shown_at(browser[0], request.param)
    yield request.param
    shown_at(browser[0], 1000)


def shown(page):
    """What an explorable shows in words and numbers."""
    return page.text(".stage")


def last(page):
    """The last of its situations."""
    return EXPLORABLES[page.name].situations[-1]


# Barriers, phones


@each_situation
def test_no_situation_has_a_barrier_in_light_or_in_dark(page, where):
    page.visit(where)
    unfold(page)
    page.driver.execute_script((AXE / "axe.min.js").read_text(encoding="utf-8"))
    for theme in ("light", "dark"):
        assert page.driver.execute_async_script(BARRIERS, theme) == []
    assert not page.faults()


BEYOND = """
    return [...frame.root.querySelectorAll("svg text")]
        .filter((e) => e.textContent && e.checkVisibility({visibilityProperty: true}))
        .filter((e) => {
            const {left, right} = e.getBoundingClientRect();
            return left < 0 || right > innerWidth;
        }).map((e) => e.textContent);
"""
SCROLLING = """
    return [...frame.root.querySelectorAll("*")]
        .filter((e) => e.querySelector("table") && e.scrollWidth > e.clientWidth + 1)
        .map((e) => `${e.className} ${e.scrollWidth} > ${e.clientWidth}`);
"""


@each_situation
def test_nothing_is_cut_off_or_scrolled_sideways_on_a_telephone(page, where, narrow):
    page.visit(where)
    unfold(page)
    assert page.driver.execute_script(CUT, 360) == []
    assert page.run(BEYOND) == []
    assert page.run(SCROLLING) == []


@each_situation
def test_no_words_of_a_drawing_touch(page, where, narrow):
    page.visit(where)
    assert page.touching("svg") == []
    shown_at(page.driver, 1000)
    page.settle()
    assert page.touching("svg") == []


@each
def test_its_room_is_kept_free_for_it(page, width):
    page.visit(whole=False)
    kept, needed = page.run(
        "const kept = parseFloat(frame.place.style.getPropertyValue(arguments[0]));"
        "frame.place.style.minHeight = 0;"
        "return [kept, frame.place.getBoundingClientRect().height]",
        "--height" if width > 480 else "--height-narrow",
    )
    assert needed - 10 <= kept <= needed + 60


@each
def test_nothing_moves_by_itself(page):
    """So there is nothing that reduced motion would have to stop."""
    page.visit()
    assert page.driver.execute_script("return document.getAnimations().length") == 0


# By keyboard


ATTEND = """
    const root = frame.root;
    const looks = (e) => [e, e.nextElementSibling || e, ...e.querySelectorAll("*")].map((part) => {
        const {outlineStyle, stroke, strokeWidth, strokeOpacity} = getComputedStyle(part);
        return [outlineStyle, stroke, strokeWidth, strokeOpacity].join();
    }).join(";");
    const seen = (e) =>
        e.checkVisibility({visibilityProperty: true}) && e.getClientRects().length > 0;
    const words = (e) => e.outerHTML.slice(0, 90);
    const before = new Map([...root.querySelectorAll("*")].map((e) => [e, looks(e)]));
    const wanted = new Set([...root.querySelectorAll(
        "a[href], button, input, select, summary, [tabindex='0']")].filter((e) =>
        seen(e) && !e.disabled && (e.type !== "radio" || e.checked)));
    const faults = [];
    window.attended = () => [faults, [...wanted].map(words)];
    root.addEventListener("focusin", ({target}) => {
        if (!wanted.delete(target) && seen(target)) return;
        if (!seen(target) || looks(target) === before.get(target)) faults.push(words(target));
    });
    root.tabIndex = -1;
    root.focus();
    return wanted.size;
"""
"""Notes what the focus goes to from here on: whether it is seen and shows it, and what is left."""


@each_situation
def test_all_that_is_seen_is_reached_by_keyboard_and_shows_the_focus(page, where):
    page.visit(where)
    unfold(page)
    wanted = page.run(ATTEND)
    assert wanted > 10
    ActionChains(page.driver).send_keys(Keys.TAB * (wanted + 10)).perform()
    assert page.driver.execute_script("return attended()") == [[], []]


@each
def test_lecture_mode_turns_steps_wherever_the_focus_is(page):
    page.visit()
    click(page, "Lecture mode")
    page.wait("return document.querySelector('.lecture') && document.fullscreenElement")
    page.driver.execute_script("document.activeElement.blur()")
    size = "return parseFloat(getComputedStyle(document.querySelector('.stage')).fontSize)"
    large = page.driver.execute_script(size)
    begun = state(page)
    while state(page) == begun:  # a key that comes during the change to full screen is lost
        press(page, Keys.ARROW_RIGHT)
    turned = state(page)
    press(page, Keys.ARROW_LEFT)
    assert state(page) == begun
    press(page, Keys.PAGE_DOWN)
    assert state(page) == turned
    press(page, Keys.ESCAPE)
    page.wait("return !document.querySelector('.lecture')")
    assert large > 1.2 * page.driver.execute_script(size)


# Links


@pytest.mark.parametrize(("page", "query"), some_of(BROKEN, 3), indirect=["page"])
def test_a_broken_link_opens_the_beginning_and_says_so(page, query):
    page.visit(query, whole=False)
    assert "broken" in page.text(".notice")
    assert page.run(
        "const first = kit[frame.name].start(frame.data);"
        "return JSON.stringify(frame.state) === JSON.stringify(first)"
    )
    assert not page.faults()


@each_situation
def test_a_link_opens_the_situation_that_it_was_made_for(page, where):
    page.visit(where, whole=False)
    assert page.text(".notice") == ""
    made = page.run("return frame.link()").partition("?v=1")[2].removeprefix("&")
    opened = page.run("return JSON.stringify(frame.state)")
    page.visit(made, whole=False)
    assert page.text(".notice") == ""
    assert page.run("return JSON.stringify(frame.state)") == opened
    if not where.startswith(EXPLORABLES[page.name].short or "none"):
        assert sorted(made.split("&")) == sorted(where.split("&"))


@each
def test_a_change_stands_in_the_address_when_it_is_quiet_again(page):
    linked = state(page.visit(last(page)))
    link = page.run("return frame.link()")
    page.visit()
    page.run("frame.change(arguments[0])", linked)
    page.wait(f"return location.href === {link!r}")


@pytest.mark.parametrize(
    ("page", "where"),
    some_of([(name, where) for name, _, where in LINKS], 4),
    ids=[f"{place} {name} {where}" for name, place, where in LINKS],
    indirect=["page"],
)
def test_a_link_of_the_text_opens_a_situation(page, where):
    page.visit(where, whole=False)
    assert page.text(".notice") == ""


@pytest.mark.parametrize("name", EXPLORABLES)
def test_the_text_leads_to_situations(name):
    assert len({where for of, _, where in LINKS if of == name}) >= EXPLORABLES[name].linked


# What it costs


@each
def test_a_page_with_it_is_at_most_25_kB_heavier_until_it_is_touched(page):
    loaded(page.driver)
    page.visit(whole=False)
    came = {
        url.partition("?")[0].rpartition("/")[2]: size for url, size in loaded(page.driver).items()
    }
    scripts = sum(
        size for name, size in came.items() if "book.css" not in name and "woff" not in name
    )
    assert {"kit.js", f"{page.name}.js", "kit.css", f"{page.name}.css", "start.js"} <= set(came)
    assert f"{page.name}-later.js" not in came
    assert 10_000 < scripts < 25_000, came


@each
def test_no_work_is_done_before_it_is_seen(page):
    page.driver.get("about:blank")
    loaded(page.driver)
    page.driver.get(f"{page.address}/explorables/{page.name}-far.html")
    page.settle()
    own = {re.split(r"/explorables/|\?", url)[1] for url in loaded(page.driver)
           if "/explorables/" in url}  # fmt: skip
    assert own == {f"{page.name}-far.html", "start.js"}
    page.driver.execute_script("scrollTo(0, document.body.scrollHeight)")
    page.wait(MOUNTED)


DRAGGED = ".handle, .grip:not(.flat), input[type=range]:enabled"
DRAG = """
    const [grip, kept, name, done] = arguments;
    const frame = document.getElementById(name).explorable;
    grip.scrollIntoView({block: "center"});
    const {left, top, width, height} = grip.getBoundingClientRect();
    const pointer = (type, k) => grip.dispatchEvent(new PointerEvent(type, {
        bubbles: true, pointerId: 1,
        clientX: left + width / 2 + 30 * Math.sin(k), clientY: top + height / 2 + k}));
    const slide = (k) => {
        grip.value = Number(grip.min) + (grip.max - grip.min) * (1 + Math.sin(3 * k)) / 2;
        grip.dispatchEvent(new Event("input", {bubbles: true}));
    };
    const move = grip.matches("input") ? slide : (k) => pointer("pointermove", k);
    grip.setPointerCapture = () => {};
    const nodes = [...frame.root.querySelectorAll("svg *")].filter((node) =>
        !node.closest(kept) && !node.closest(".formula"));
    const before = {drawn: frame.painter.count, state: JSON.stringify(frame.state)};
    let frames = 0;
    let moved = false;
    if (grip.matches("input")) grip.focus();
    else pointer("pointerdown", 0);
    const go = () => {
        for (let k = 0; k < 20; k += 1) move(frames + k / 20);
        frames += 1;
        moved = moved || JSON.stringify(frame.state) !== before.state;
        if (frames < 20) requestAnimationFrame(go);
        else requestAnimationFrame(() => done({drawn: frame.painter.count - before.drawn, frames,
            moved, lost: nodes.filter((node) => !node.isConnected).length,
            focused: document.activeElement === grip, what: grip.outerHTML.slice(0, 90)}));
    };
    requestAnimationFrame(go);
"""


@each_situation
def test_a_drag_is_drawn_once_a_frame_and_keeps_elements_and_focus(page, where):
    page.visit(where)
    grips = [grip for grip in page.driver.find_elements("css selector", DRAGGED)
             if grip.is_displayed()]  # fmt: skip
    assert grips
    for grip in reversed(grips):  # the stepper is the first, and another step closes what is open
        made_anew = EXPLORABLES[page.name].made_anew
        dragged = page.driver.execute_async_script(DRAG, grip, made_anew, page.name)
        # A drawing of another height is measured once more.
        assert dragged["drawn"] <= dragged["frames"] + 2, dragged
        assert dragged["moved"], dragged
        assert not dragged["lost"], dragged
        assert dragged["focused"], dragged
    assert not page.faults()


def by_mouse(page, x, y, dx, dy):
    pointer = ActionBuilder(page.driver)
    pointer.pointer_action.move_to_location(int(x), int(y)).pointer_down()
    pointer.pointer_action.move_to_location(int(x) + dx, int(y) + dy).pointer_up()
    pointer.perform()


def by_finger(page, x, y, dx, dy):
    for kind, share in [("touchStart", 0), ("touchMove", 0.5), ("touchMove", 1)]:
        at = {"x": x + share * dx, "y": y + share * dy}
        command(page.driver, "Input.dispatchTouchEvent", type=kind, touchPoints=[at])
        page.settle()
    command(page.driver, "Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])


AT_THE_DRAWING = "frame.root.querySelector('svg').scrollIntoView({behavior: 'instant'})"
MIDDLE = """
    const grip = [...frame.root.querySelectorAll(arguments[0])].find((e) => e.checkVisibility());
    const {left, top, width, height} = grip.getBoundingClientRect();
    return [left + width / 2, top + height / 2];
"""


@each_grip
@pytest.mark.parametrize("pull", [by_mouse, by_finger])
def test_what_is_taken_hold_of_follows(page, pull):
    page.visit()
    page.run(AT_THE_DRAWING)
    x, y = page.run(MIDDLE, EXPLORABLES[page.name].grip)
    pull(page, x, y, 40, 20)
    page.settle()
    to_x, to_y = page.run(MIDDLE, EXPLORABLES[page.name].grip)
    # Some go in steps, of which one is 15 pixels long; some go along a line.
    assert to_x - x == pytest.approx(40, abs=8)
    assert to_y - y == pytest.approx(0 if page.name == "nudge" else 20, abs=8)


@each_grip
def test_nothing_below_it_moves_while_it_is_dragged(page, width):
    page.visit()
    page.run(
        "window.shifts = []; frame.root.querySelector('svg').scrollIntoView({behavior: 'instant'})"
    )
    x, y = page.run(MIDDLE, EXPLORABLES[page.name].grip)
    by_mouse(page, x, y, 30, 10)
    page.settle()
    assert sum(page.driver.execute_script("return window.shifts")) < 0.02


def test_what_a_move_costs_is_measured_for_each():
    assert {drag.name for drag in DRAGS} == set(EXPLORABLES)


@pytest.mark.parametrize(
    ("page", "drag"),
    [pytest.param(drag.name, drag, id=f"{drag.name} {drag.selector}") for drag in DRAGS],
    indirect=["page"],
)
def test_what_a_move_costs_is_measured_where_something_is_dragged(page, drag):
    page.visit(drag.situation)
    grip = page.driver.find_element("css selector", f".explorable-live {drag.selector}")
    assert grip.is_displayed()
    assert grip.is_enabled()


# From a disk, in a frame, as a file


@each
def test_it_works_from_a_disk_without_a_server(page, site):
    from_a_server = shown(page.visit(last(page)))
    from_a_disk = Page(page.driver, site.as_uri(), page.name).visit(last(page))
    assert shown(from_a_disk) == from_a_server
    assert from_a_disk.text(".notice") == ""
    assert page.run("return frame.root.querySelectorAll('[data-value]').length") > 5
    assert not page.faults()


@each
def test_it_stands_in_another_page(page):
    linked = state(page.visit(last(page)))
    page.driver.get(f"{page.address}/explorables/{page.name}-framed.html")
    page.driver.switch_to.frame(0)
    try:
        page.wait(MOUNTED)
        assert state(page) == linked
    finally:
        page.driver.switch_to.default_content()


SAVED = """
    const [name, done] = arguments;
    const {root} = document.getElementById(name).explorable;
    window.explorables.saveSvg = (svg) => done(window.explorables.svgText(svg));
    [...root.querySelectorAll("button")].find((e) => e.textContent === "Save as SVG").click();
"""
PALETTE = """
    const style = getComputedStyle(document.documentElement);
    const probe = kit.element("p");
    document.body.append(probe);
    return ["forward", "backward", "weight", "loss", "numeric", "update"].map((name) => {
        probe.style.color = style.getPropertyValue(`--figure-${name}`);
        return getComputedStyle(probe).color;
    });
"""


@each_situation
def test_a_drawing_is_saved_with_its_colours_and_its_edges(page, where):
    page.visit(where)
    drawing = page.driver.execute_async_script(SAVED, page.name)
    assert drawing.startswith("<svg")
    assert 'xmlns="http://www.w3.org/2000/svg"' in drawing
    assert any(f":{colour};" in drawing for colour in page.run(PALETTE))
    assert "var(" not in drawing
    assert not re.search(r' (class|tabindex|data-\w+|aria-\w+)="', drawing)
    cut = set(re.findall(r'clip-path="url\(#([\w-]+)\)"', drawing))
    assert cut == set(re.findall(r'<clipPath id="([\w-]+)"', drawing))


@pytest.mark.parametrize("name", EXPLORABLES)
def test_the_static_figure_stands_there_without_scripts(name):
    directive = re.compile(rf"^(:{{3,}})\{{explorable\}} {name}\n(.*?)\n\1$", re.M | re.S)
    found = [
        f"{path.relative_to(ROOT / 'book')} {figure}"
        for path in sorted((ROOT / "book").rglob("*.md"))
        if not {"_build", "_static"} & set(path.parts)
        for _, inside in directive.findall(path.read_text(encoding="utf-8"))
        for figure in re.findall(r"\{glue:figure\} ([\w-]+)\n(?::\w+: .*\n)*?:alt: ", inside)
    ]
    assert sorted(found) == sorted(EXPLORABLES[name].stands)
