"""The kit of the explorables: numbers as they are typed and shown, controls, points that move."""

import math

import pytest
from tests.book.explorables import explorables, needs_browser, opened

pytestmark = [needs_browser, pytest.mark.xdist_group("explorables, kit")]


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with opened(tmp_path_factory.mktemp("site"), "microscope") as page:
        yield page.visit()


@pytest.mark.parametrize(
    ("typed", "value"),
    [("1", 1), ("-0.5", -0.5), ("−0,5", -0.5), (" 3/4 ", 0.75), ("1e-3", 0.001), (".5", 0.5),
     ("5.", 5), ("+2", 2), ("−1/−2", 0.5), ("1/0", math.inf), ("0.5*−3", -1.5), ("2 · 1/4", 0.5)],
)  # fmt: skip
def test_a_number_is_read_as_it_is_written(page, typed, value):
    assert page.run("return String(kit.parse(arguments[0]))", typed) == (
        "Infinity" if value == math.inf else str(value)
    )


@pytest.mark.parametrize(
    "typed", ["", "a", "1 2", "1,000,5", "0x1", "1e", "--1", "1//2", "NaN", "1/2/3", "*2", "2**3"]
)
def test_what_is_no_number_is_none(page, typed):
    assert page.run("return Number.isNaN(kit.parse(arguments[0]))", typed)


@pytest.mark.parametrize(
    ("value", "shown", "short"),
    [(0.5, "0.5000", "0.5"), (-1, "−1.0000", "−1"), (-0.00001, "−1.0·10⁻⁵", "−1.0·10⁻⁵"),
     (0, "0.0000", "0"), (123456.7, "1.2·10⁵", "1.2·10⁵"), (-0.00005, "−0.0001", "−0.0001"),
     (100, "100.0000", "100"), (0.25, "0.2500", "0.25"), (1e308, "1.0·10³⁰⁸", "1.0·10³⁰⁸")],
)  # fmt: skip
def test_a_number_is_shown_with_four_decimals_or_as_short_as_it_was_given(
    page, value, shown, short
):
    assert page.run("return [kit.format(arguments[0]), kit.short(arguments[0])]", value) == [
        shown,
        short,
    ]


def test_what_is_no_number_is_shown_in_words(page):
    assert page.run("return [kit.format(NaN), kit.format(-Infinity)]") == ["undefined", "−∞"]


def test_a_number_that_gives_way_to_words_is_gone(page):
    left = page.run(
        "const node = kit.show(kit.element('span'), 2);"
        "kit.write(node, 'words'); return node.dataset.value"
    )
    assert left is None


JUDGED = """
    const [typed, question, values] = arguments;
    return kit.judge(typed, question, values.map((value) => ({ value, words: `as ${value}` })));
"""


@pytest.mark.parametrize(
    ("typed", "early", "mistakes", "said"),
    [
        ("0.52", 0, [], "Not yet"),
        ("0.52", 0.03, [], "Right, rounded early: with more digits it is 0.5000."),
        ("0.55", 0.03, [], "Not yet"),
        ("0.52", 0.03, [0.53], "Rounded too early"),
        ("0.52", 0.03, [0.52], "as 0.52"),
        ("0.52", 0.03, [0.6], "Right, rounded early"),
        ("0.501", 0.03, [0.502], "Right: 0.5000."),
    ],
)
def test_who_rounds_early_is_right_where_no_mistake_is_as_near(page, typed, early, mistakes, said):
    page.run((explorables.SOURCES / "kit/judge.js").read_text(encoding="utf-8"))
    judged = page.run(JUDGED, typed, {"right": 0.5, "early": early}, mistakes)
    assert judged["words"].startswith(said)
    assert judged["right"] == said.startswith("Right")


def test_a_sign_can_be_typed_on_every_telephone(page):
    """The keypads for decimals of some have no minus."""
    modes = page.run(
        "return [-1, 0].map((least) => kit.numberField({label: 'x', value: 1, least,"
        "  change: () => {}}).input.getAttribute('inputmode'))"
    )
    assert modes == ["text", "decimal"]
    for asked in ("kit/ask.js", "question/question.js"):
        assert "inputmode" not in (explorables.SOURCES / asked).read_text(encoding="utf-8")


def test_several_wishes_are_one_drawing(page):
    drawn = page.driver.execute_async_script(
        "const done = arguments[0], painter = window.explorables.redraw(() => {});"
        "for (let k = 0; k < 100; k += 1) painter.ask();"
        "requestAnimationFrame(() => requestAnimationFrame(() => done(painter.count)))"
    )
    assert drawn == 1


DRAG = """
    const svg = kit.drawn("svg", {viewBox: "0 0 10 10", width: 100, height: 100});
    const dot = kit.drawn("circle", {cx: 5, cy: 5, r: 2});
    svg.append(dot); document.body.prepend(svg);
    let at = [5, 5];
    const made = kit.draggable(dot, {label: "point", axes: arguments[0], place: kit.placeIn(svg),
        value: () => at, step: 0.5, move: (to) => { at = to; }});
    const box = svg.getBoundingClientRect();
    const send = (type, x, y) => dot.dispatchEvent(new PointerEvent(type,
        {clientX: box.left + 10 * x, clientY: box.top + 10 * y, bubbles: true, pointerId: 1}));
    dot.setPointerCapture = () => {};
    send("pointerdown", 6, 5); send("pointermove", 8, 9); send("pointerup", 8, 9);
    send("pointermove", 1, 1);
    const pulled = at;
    dot.dispatchEvent(new KeyboardEvent("keydown", {key: "ArrowRight", shiftKey: true}));
    dot.dispatchEvent(new KeyboardEvent("keydown", {key: "ArrowUp"}));
    made.tell();
    svg.remove();
    return [pulled, at, dot.getAttribute("role"), dot.getAttribute("aria-valuenow")];
"""


def test_a_point_is_pulled_and_pushed(page):
    page.run(drag_script())
    pulled, at, role, now = page.run(DRAG, "xy")
    assert pulled == pytest.approx([7, 9])
    assert at == pytest.approx([12, 9.5])
    assert (role, float(now)) == ("slider", 12)


def test_a_point_on_a_line_stays_on_it(page):
    page.run(drag_script())
    pulled, at, _, _ = page.run(DRAG, "x")
    assert pulled == pytest.approx([7, 5])
    assert at == pytest.approx([12, 5])


def drag_script():
    """The optional part of the kit, which the microscope does not have."""
    return (explorables.SOURCES / "kit/drag.js").read_text(encoding="utf-8")


def test_a_field_steps_with_arrows_and_takes_back_with_escape(page):
    steps = page.run(
        "let value = 0.3; const field = kit.numberField({label: 'x', value, least: -1, most: 0.5,"
        "  change: (v) => { value = v; }}); document.body.prepend(field.node);"
        "const press = (key) => {"
        "  field.input.dispatchEvent(new KeyboardEvent('keydown', {key})); return value; };"
        "const out = [press('ArrowUp'), press('ArrowUp'), press('ArrowUp'), press('ArrowDown')];"
        "field.input.value = 'abc'; press('Escape'); out.push(field.input.value);"
        "field.node.remove(); return out"
    )
    assert steps == [0.4, 0.5, 0.5, 0.4, "0.4"]


@pytest.mark.parametrize("text", ["", " ", "1,", ",", "1,2", "x", "101"])
def test_a_link_without_a_number_where_one_belongs_is_broken(page, text):
    tried = "try { return kit.url.numbers(arguments[0], 1); } catch { return 'broken'; }"
    assert page.run(tried, text) == "broken"
    assert page.run(tried, "0.5") == [0.5]
