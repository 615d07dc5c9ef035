"""The poster: its numbers are right, its texts can be read, and the built book has it."""

import re
from itertools import combinations

import matplotlib as mpl
import numpy as np
import pytest
from book._ext.poster import NAME, draw, outdated, paper_style, write_poster
from book._ext.poster.sheet import HEIGHT, WIDTH
from book._ext.poster.values import LEARNING_RATE, poster_values
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import FancyBboxPatch
from matplotlib.text import Text

from backprop.running_example import running_example


@pytest.fixture(scope="module")
def poster():
    with paper_style(), mpl.rc_context({"text.hinting": "none"}):  # as wide as on paper
        figure = draw(poster_values())
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        yield figure, canvas.get_renderer()


def texts_of(figure):
    return [text for text in figure.findobj(Text) if text.get_text().strip()]


def words(figure):
    return [text.get_text().replace("\N{MINUS SIGN}", "-") for text in texts_of(figure)]


def worked_out():
    """Both passes of the minibatch in plain NumPy, and a step; nothing of the package."""
    example = running_example()
    X, Y, W1, b1, W2, b2 = (getattr(example, name) for name in ("X", "Y", "W1", "b1", "W2", "b2"))

    def forward(W1, b1, W2, b2):
        A1 = 1 / (1 + np.exp(-(X @ W1 + b1)))
        return A1, 1 / (1 + np.exp(-(A1 @ W2 + b2)))

    def cost(*params):
        return ((forward(*params)[1] - Y) ** 2).sum() / 10

    A1, Y_hat = forward(W1, b1, W2, b2)
    dY = (Y_hat - Y) / 5
    dZ2 = dY * Y_hat * (1 - Y_hat)
    dA1 = dZ2 @ W2.T
    dZ1 = dA1 * A1 * (1 - A1)
    gradients = [X.T @ dZ1, dZ1.sum(axis=0), A1.T @ dZ2, dZ2.sum(axis=0)]
    after = cost(*(p - LEARNING_RATE * g for p, g in zip((W1, b1, W2, b2), gradients, strict=True)))
    tables = {
        1: [X, W1, b1, W2, b2],
        2: [X @ W1 + b1, A1, A1 @ W2 + b2, Y_hat, Y],
        4: [dZ1, dA1, dZ2, dY, *gradients],
    }
    return tables, cost(W1, b1, W2, b2), after, gradients[0][0, 0], 5 * np.array([*dZ1[0], *dZ2[0]])


def shown(value, decimals):
    return f"{round(float(value), decimals) + 0.0:.{decimals}f}"


def test_every_table_holds_what_is_worked_out_without_the_package(poster):
    tables, *_ = worked_out()
    found = words(poster[0])
    for decimals, arrays in tables.items():
        for array in arrays:
            missing = [shown(v, decimals) for v in array.flat if shown(v, decimals) not in found]
            assert not missing


def test_the_numbers_between_the_words_are_right(poster):
    _, before, after, first, deltas = worked_out()
    said = "\n".join(words(poster[0]))
    assert f"cost {shown(before, 4)}, then {shown(after, 4)}" in said
    assert f"first weight {shown(first, 8)}," in said
    assert f"by the passes {shown(first, 8)}." in said
    for delta in deltas:
        assert f"=$ {shown(delta, 3)}" in said


def test_the_hidden_delta_is_what_its_line_says(poster):
    (said,) = [text for text in words(poster[0]) if r"\delta_1 =$ ((" in text or "=$ (0" in text]
    calculation, result = said.split("=$ ")[1].split(" = ")
    computed = eval(calculation.replace("·", "*"))  # our own text: numbers, brackets and signs
    assert abs(computed - float(result)) < 1e-3


def test_nothing_is_smaller_than_can_be_read_from_two_steps_away(poster):
    assert min(text.get_fontsize() for text in texts_of(poster[0])) >= 15


def test_no_text_lies_on_another_or_over_the_edge(poster):
    figure, renderer = poster
    boxes = [
        (text.get_text(), text.get_window_extent(renderer))
        for text in texts_of(figure)
        if text.get_rotation() == 0
    ]
    assert len(boxes) > 200
    width, height = WIDTH * figure.dpi, HEIGHT * figure.dpi
    margin = 0.3 * figure.dpi
    over_the_edge = [
        name for name, box in boxes if min(box.x0, box.y0, width - box.x1, height - box.y1) < margin
    ]
    assert over_the_edge == []
    slack = 0.03 * figure.dpi
    on_others = [
        (one, other)
        for (one, a), (other, b) in combinations(boxes, 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > slack and min(a.y1, b.y1) - max(a.y0, b.y0) > slack
    ]
    assert on_others == []


def test_the_texts_of_a_panel_stay_in_it(poster):
    figure, renderer = poster
    panels = [patch.get_window_extent(renderer) for patch in figure.findobj(FancyBboxPatch)]
    assert len(panels) == 4
    for text in texts_of(figure):
        box = text.get_window_extent(renderer)
        for panel in panels:
            if panel.x0 < box.x0 < panel.x1 and panel.y0 < box.y0 < panel.y1:
                assert box.x1 < panel.x1 - 2, text.get_text()
                assert box.y0 > panel.y0 + 1, text.get_text()


def test_the_same_numbers_give_the_same_bytes(tmp_path):
    first, again = (write_poster(tmp_path / name) for name in ("first", "again"))
    assert [path.name for path in first] == [f"{NAME}.svg", f"{NAME}.pdf"]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in again]
    svg = first[0].read_text(encoding="utf-8")
    millimetres = [
        float(size) / 72 * 25.4 for size in re.findall(r'(?:width|height)="([\d.]+)pt"', svg)
    ]
    assert millimetres[:2] == pytest.approx([420, 594], abs=0.01)


def test_it_is_drawn_again_only_where_something_behind_it_is_newer(tmp_path):
    files = [tmp_path / "poster.svg"]
    assert outdated(files)
    files[0].touch()
    assert not outdated(files)


@pytest.mark.xdist_group("book")
@pytest.mark.parametrize("edition", ["textbook", "course"])
def test_the_first_page_links_it_in_both_forms(editions, edition):
    built = editions[edition].html
    page = (built / "book/index.html").read_text(encoding="utf-8")
    for kind in ("svg", "pdf"):
        assert f'href="../_static/{NAME}.{kind}"' in page
        assert (built / "_static" / f"{NAME}.{kind}").stat().st_size > 10_000
