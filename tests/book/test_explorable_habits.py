"""What explorables have in common: links, keys, barriers, telephones, cost, where they stand."""

import re
from dataclasses import dataclass, field

import pytest
from selenium.webdriver import ActionChains, Keys
from tests.book.conftest import ROOT
from tests.book.explorables import MOUNTED, Page, comes_lightly, needs_browser, write_site
from tests.site.browsing import chromium, loaded, shown_at
from tests.site.measure import AXE, BARRIERS, CUT
from tests.site.serving import served

pytestmark = [needs_browser, pytest.mark.xdist_group("explorables")]


@dataclass(frozen=True)
class Habits:
    """Where an explorable is looked at, and what it has to stand."""

    situations: list[str]
    broken: list[str]
    stands: list[str]
    """The pages that it stands on, each with the static figure that it replaces there."""
    drags: list[str] = field(default_factory=lambda: [".handle"])


EXPLORABLES = {
    "zoom": Habits(
        ["", "map=layer&h=0.25", "map=softmax&J=diagonal", "map=polar&x=0,1&ask=1", "J=transposed",
         "view=products", "view=products&map=softmax&ask=1", "J=own&own=4,0,1,2",
         "map=affine&h=1&x=-3,3"],
        ["map=none", "x=1", "x=4,0", "h=0", "h=2", "h=x", "J=wrong", "own=1,2,3", "v=3,0", "u=",
         "view=none", "ask=2", "nonsense=1", "v=0", "own=" + "1," * 5000, "map=<script>"],
        ["jacobians/jacobian.md jacobians-local"]),
    "nudge": Habits(
        ["", "example=hand&d=0.5", "move=0&x=-1", "example=square&ask=1", "ask=1&d=-1",
         "example=wave&x=4&d=1", "example=twice&d=0"],
        ["example=none", "x=5", "x=a", "x=1,2", "d=2", "d=", "move=2", "move=y", "ask=yes",
         "example=square&move=1", "nonsense=1", "v=0", "x=" + "1," * 5000, "example=<script>"],
        ["chain_rule/two_paths.md two-paths", "chain_rule/chain.md chain-hand"]),
    "shapes": Habits(
        ["", "step=1", "step=4", "step=8&view=both&at=2-2", "step=13", "ask=1",
         "line=A2%40delta3", "n=3-3-3-3-3&line=A2%40delta3", "line=delta3.T%40A2",
         "line=A2%40delta3&ask=1", "n=6-6-6-6-6&step=11&view=both", "n=1-1-1-1-1",
         "n=1-4-2-3-6&line=A2.T%40delta3%2FM"],
        ["step=99", "step=0", "step=1.5", "step=x", "n=9-9-9-9-9", "n=4", "n=0-1-1-1-1",
         "n=1-1-1-1-1.5", "numbers=-1", "numbers=1000", "view=nothing", "line=abc", "line=",
         "line=A2@", "at=0-1", "at=7-1", "ask=2", "nonsense=1", "v=0", "n=" + "1-" * 5000,
         "line=" + "A2@" * 500 + "A2", "step=<script>"],
        ["matrix_backprop/minibatch.md step-back"], []),
}  # fmt: skip
SITUATIONS = [(name, where) for name, one in EXPLORABLES.items() for where in one.situations]
each = pytest.mark.parametrize("page", EXPLORABLES, indirect=True)
each_situation = pytest.mark.parametrize(
    ("page", "where"), SITUATIONS, indirect=["page"], ids=lambda part: part or "start"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = write_site(tmp_path_factory.mktemp("site"))
    for name in EXPLORABLES:
        bare = (folder / f"explorables/{name}.html").read_text(encoding="utf-8")
        far = bare.replace("<main>", '<main><div style="height: 9000px"></div>')
        (folder / f"explorables/{name}-far.html").write_text(far, encoding="utf-8")
        framed = f'<iframe src="{name}.html#{name}?v=1" width=700 height=700></iframe>'
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


def unfold(page):
    page.driver.execute_script(
        "document.querySelectorAll('.explorable-live details').forEach(d => { d.open = true; })"
    )
    page.settle()


# Barriers, phones


@each_situation
def test_no_situation_has_a_barrier_in_light_or_in_dark(page, where):
    page.visit(where)
    unfold(page)
    page.driver.execute_script((AXE / "axe.min.js").read_text(encoding="utf-8"))
    for theme in ("light", "dark"):
        assert page.driver.execute_async_script(BARRIERS, theme) == []
    assert not page.faults()


@each_situation
def test_nothing_is_cut_off_on_a_telephone(page, where, narrow):
    page.visit(where)
    unfold(page)
    assert page.driver.execute_script(CUT, 360) == []
    beyond = page.run(
        "return [...frame.root.querySelectorAll('svg text')].filter((e) => e.textContent"
        "  && e.checkVisibility({visibilityProperty: true, opacityProperty: true}))"
        ".filter((e) => { const {left, right} = e.getBoundingClientRect();"
        "  return left < 0 || right > innerWidth; }).map((e) => e.textContent)"
    )
    assert beyond == []


REACHED = """
    const e = document.activeElement;
    const parts = [e, e.nextElementSibling || e, ...e.querySelectorAll(".room")];
    const rings = parts.map((part) => getComputedStyle(part));
    return [Boolean(e.closest(".explorable-live")),
            rings.some((ring) => ring.outlineStyle !== "none" || ring.strokeWidth === "3px"),
            e.outerHTML.slice(0, 90)];
"""


@each_situation
def test_all_that_can_be_reached_shows_the_focus(page, where):
    page.visit(where)
    unfold(page)
    page.run("frame.root.tabIndex = -1; frame.root.focus()")
    reached = 0
    for _ in range(80):
        ActionChains(page.driver).send_keys(Keys.TAB).perform()
        inside, shown, name = page.driver.execute_script(REACHED)
        if not inside:
            break
        reached += 1
        assert shown, name
    assert reached > 10


# Links


@each
def test_a_broken_link_opens_the_beginning_and_says_so(page):
    for query in EXPLORABLES[page.name].broken:
        page.visit(query, whole=False)
        assert "broken" in page.text(".notice"), query
        assert page.run(
            "const first = kit[frame.name].start(frame.data);"
            "return JSON.stringify(frame.state) === JSON.stringify(first)"
        ), query
        assert not page.faults(), query


@each_situation
def test_a_link_opens_the_situation_that_it_was_made_for(page, where):
    page.visit(where, whole=False)
    assert page.text(".notice") == ""
    made = page.run("return frame.link()").partition("?v=1")[2].removeprefix("&")
    state = page.run("return JSON.stringify(frame.state)")
    page.visit(made, whole=False)
    assert page.text(".notice") == ""
    assert page.run("return JSON.stringify(frame.state)") == state
    assert sorted(made.split("&")) == sorted(where.split("&"))


# What it costs


@each
def test_a_page_with_it_is_at_most_25_kB_heavier_until_it_is_touched(page):
    comes_lightly(page)


@each
def test_no_work_is_done_before_it_is_seen(page):
    page.driver.get("about:blank")
    loaded(page.driver)
    page.driver.get(f"{page.address}/explorables/{page.name}-far.html")
    page.settle()
    own = ("kit", f"{page.name}.js", f"{page.name}.css")
    assert not [url for url in loaded(page.driver) if url.partition("?")[0].endswith(own)]
    page.driver.execute_script("scrollTo(0, document.body.scrollHeight)")
    page.wait(MOUNTED)


DRAG = """
    const [selector, number, name, done] = arguments;
    const frame = document.getElementById(name).explorable;
    const grip = [...document.querySelectorAll(selector)]
        .filter((node) => node.checkVisibility())[number];
    grip.scrollIntoView({block: "center"});
    const {left, top, width, height} = grip.getBoundingClientRect();
    const send = (type, k) => grip.dispatchEvent(new PointerEvent(type, {
        bubbles: true, pointerId: 1,
        clientX: left + width / 2 + 30 * Math.sin(k), clientY: top + height / 2 + k}));
    grip.setPointerCapture = () => {};
    window.kept = [...frame.root.querySelectorAll("svg *:not(.tick)")];
    const before = {drawn: frame.painter.count, state: JSON.stringify(frame.state)};
    let frames = 0;
    let moved = false;
    send("pointerdown", 0);
    const go = () => {
        for (let k = 0; k < 20; k += 1) send("pointermove", frames + k / 20);
        frames += 1;
        moved = moved || JSON.stringify(frame.state) !== before.state;
        if (frames < 20) requestAnimationFrame(go);
        else requestAnimationFrame(() => done({drawn: frame.painter.count - before.drawn, frames,
            moved, kept: kept.every((node) => node.isConnected),
            focused: document.activeElement === grip}));
    };
    requestAnimationFrame(go);
"""


@each_situation
def test_a_drag_is_drawn_once_a_frame_and_keeps_elements_and_focus(page, where):
    page.visit(where)
    for selector in EXPLORABLES[page.name].drags:
        held = page.run(
            "return [...document.querySelectorAll(arguments[0])]"
            ".filter((node) => node.checkVisibility()).length", selector)  # fmt: skip
        assert held
        for number in range(held):
            dragged = page.driver.execute_async_script(DRAG, selector, number, page.name)
            assert dragged["drawn"] <= dragged["frames"] + 1, dragged
            assert dragged["moved"], dragged
            assert dragged["kept"], dragged
            assert dragged["focused"], dragged
    assert not page.faults()


# From a disk, in a frame, as a file


@each
def test_it_works_from_a_disk_without_a_server(page, site):
    page.driver.get((site / f"explorables/{page.name}.html").as_uri())
    page.wait(MOUNTED)
    assert page.run("return frame.root.querySelectorAll('[data-value]').length") > 5
    assert not page.faults()


@each
def test_it_stands_in_another_page(page):
    page.driver.get(f"{page.address}/explorables/{page.name}-framed.html")
    page.driver.switch_to.frame(0)
    try:
        page.wait(MOUNTED)
    finally:
        page.driver.switch_to.default_content()


@each_situation
def test_a_drawing_is_saved_with_its_colours(page, where):
    page.visit(where)
    drawing = page.run(
        "const shown = [...frame.root.querySelectorAll('svg')].find((e) => e.checkVisibility());"
        "return kit.svgText(shown)"
    )
    assert drawing.startswith("<svg")
    assert 'xmlns="http://www.w3.org/2000/svg"' in drawing
    assert "var(" not in drawing
    assert not re.search(r' (class|tabindex|data-\w+|aria-\w+)="', drawing)


@each
def test_the_static_figure_stands_there_without_scripts(page):
    for name, figure in map(str.split, EXPLORABLES[page.name].stands):
        text = (ROOT / "book" / name).read_text(encoding="utf-8")
        inside = text.split(f":::{{explorable}} {page.name}\n")[1].split("\n:::\n")[0]
        assert f"{{glue:figure}} {figure}" in inside


# Links in the text

LINK = re.compile(r"\{explore\}`[^`<]+<([a-z-]+)\??([^>]*)>`")
LINKS = [
    pytest.param(name, state, id=f"{path.stem} {name} {state}")
    for path in sorted((ROOT / "book").rglob("*.md"))
    if "_build" not in path.parts
    for name, state in LINK.findall(path.read_text(encoding="utf-8"))
    if name in EXPLORABLES
]


@pytest.mark.parametrize(("page", "where"), LINKS, indirect=["page"])
def test_a_link_of_the_text_opens_a_situation(page, where):
    page.visit(where, whole=False)
    assert page.text(".notice") == ""


def test_every_explorable_is_linked_to_from_the_text():
    assert {link.values[0] for link in LINKS} == set(EXPLORABLES)
