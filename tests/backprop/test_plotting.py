"""The figures: what they show is what they were given, and they can be read on any page."""

import re
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, PathPatch
from matplotlib.path import Path as PlotPath
from matplotlib.text import Text

from backprop import plotting
from backprop.plotting import palette
from backprop.plotting.charts import spread
from backprop.plotting.edge_labels import place_labels
from backprop.plotting.graphs import layered_positions
from backprop.plotting.passes import number

STYLE = Path(__file__).parents[2] / "book" / "course.mplstyle"
HEX = re.compile(r"#[0-9a-fA-F]{3,8}\b")


@pytest.fixture(autouse=True)
def _course_style():
    with mpl.rc_context(fname=STYLE):
        yield


def logistic(z):
    return 1 / (1 + np.exp(-z))


def pass_values(seed=1, sizes=(4, 2, 3)):
    """A pass over one pattern, worked out here and not by the package under test."""
    rng = np.random.default_rng(seed)
    weights = [rng.normal(size=pair).round(2) for pair in pairwise(sizes)]
    biases = [rng.normal(size=n).round(2) for n in sizes[1:]]
    activations, zs = [rng.normal(size=sizes[0]).round(2)], []
    for W, b in zip(weights, biases, strict=True):
        zs.append(activations[-1] @ W + b)
        activations.append(logistic(zs[-1]))
    y = np.linspace(0, 1, sizes[-1])
    slopes = [np.exp(-z) / (1 + np.exp(-z)) ** 2 for z in zs]
    influences = [activations[-1] - y]
    for W, slope in zip(weights[:0:-1], slopes[:0:-1], strict=True):
        influences.insert(0, W @ (slope * influences[0]))
    deltas = [s * i for s, i in zip(slopes, influences, strict=True)]
    cost = float(((activations[-1] - y) ** 2).sum() / 2)
    return plotting.PassValues(
        weights, biases, zs, activations, y, cost, slopes, influences, deltas
    )


def bowl(a, b):
    return 0.5 * (a**2 + 10 * b**2)


def descent(rate, steps=25):
    factors = np.array([1 - rate, 1 - 10 * rate])
    return np.array([-4.0, 1.5]) * factors ** np.arange(steps + 1)[:, None]


def momentum_rates():
    x, y = np.linspace(0.02, 4, 60), np.linspace(0, 0.99, 50)
    eta, alpha = np.meshgrid(x, y)
    roots = np.array(
        [
            np.abs(np.roots([1, e - 1 - a, a])).max()
            for e, a in zip(eta.flat, alpha.flat, strict=True)
        ]
    )
    return x, y, roots.reshape(eta.shape), (1 + alpha - eta) ** 2 < 4 * alpha


def three_classes():
    centres = np.array([[0.0, 0], [2, 0], [1, 2]])
    labels = np.repeat([0, 1, 2], 8)
    X = centres[labels] + 0.4 * np.random.default_rng(0).normal(size=(24, 2))
    return lambda P: -((P[:, None] - centres) ** 2).sum(-1), X, labels


TWO_PATHS = (
    {"x": "$x = 2$", "u": "$u = 6$", "v": "$v = 4$", "F": "$F = 24$"},
    [("x", "u", "3"), ("x", "v", "4"), ("u", "F", "4"), ("v", "F", "6")],
)
ROOT_AND_COSINE = (
    {"x": "$x$", "a": "$a=x^2$", "b": "$b=e^a$", "c": "$c$", "d": "$d$", "e": "$e$", "f": "$f$"},
    [("x", "a", "$2x$"), ("a", "b", "$e^a$"), ("a", "c", "1"), ("b", "c", "1"),
     ("c", "d", r"$\dfrac{1}{2\sqrt{c}}$"), ("c", "e", r"$-\sin c$"), ("d", "f", "1"),
     ("e", "f", "1")],
)  # fmt: skip
NETWORKS = {
    "network with fan-in": lambda: plotting.network(
        [4, 2, 3], edge_labels={(0, 1, 0): "$w_{12}$", (1, 0, 2): "$w_{31}$"}, fan_in=(1, 0),
        biases=True, headings=["input units $k$", "hidden units $j$", "output units $i$"],
    ),
    "network with path": lambda: plotting.network([4, 2, 3], path=[2, 1, 0], role="backward"),
    "network with fan-out": lambda: plotting.network([4, 2, 3], fan_out=(1, 1)),
    "forward pass": lambda: plotting.forward_pass(pass_values()),
    "backward pass": lambda: plotting.backward_pass(pass_values()),
    "both passes": lambda: plotting.both_passes(pass_values()),
    "frame: input": lambda: plotting.pass_frame(pass_values(), 0),
    "frame: hidden unit": lambda: plotting.pass_frame(pass_values(), 2),
    "frame: output unit": lambda: plotting.pass_frame(pass_values(), 4),
    "frame: cost": lambda: plotting.pass_frame(pass_values(), 6),
    "frame: output delta": lambda: plotting.pass_frame(pass_values(), 8),
    "frame: hidden delta": lambda: plotting.pass_frame(pass_values(), 11),
    "frame: update": lambda: plotting.pass_frame(pass_values(), 12),
}  # fmt: skip
DIAGRAMS = NETWORKS | {
    "two paths": lambda: plotting.computational_graph(
        *TWO_PATHS, gradients={"x": r"$\partial F/\partial x = 36$"}, highlight=[("x", "u")]
    ),
    "root and cosine": lambda: plotting.computational_graph(*ROOT_AND_COSINE),
    "layers backward": lambda: plotting.computational_graph(
        {"x": "$x$", "f": "$f_1$", "C": "$C$", "p": "$A_0, b_0$"},
        [("x", "f", ""), ("f", "C", "$\\delta$"), ("p", "f", "")],
        positions={"x": (0, 1), "f": (1, 1), "C": (2, 1), "p": (1, 0)},
        reverse=True, roles={"p": "weight"},
    ),
    "chain": lambda: plotting.chain(
        ["hand", "mouse", "cursor"], ["2", "3"], total="2 × 3 = 6", values=["1 cm", "2 cm", "6 cm"]
    ),
    "affine shapes": lambda: plotting.shape_equation(
        [("$X$", (5, 4)), "@", ("$W$", (4, 2)), "+", ("$b$", (2,)), "=", ("$Z$", (5, 2))],
        roles={"$W$": "weight", "$b$": "weight"}, broadcast={"$b$": (5, 2)},
    ),
    "collated tensor": plotting.collated_tensor,
    "flattened tensor": plotting.flattened_tensor,
    "jacobian blocks": lambda: plotting.jacobian_blocks(
        np.kron(np.eye(2), [1.0, 2, 3]), ["$f_1$", "$f_2$"], [f"$A_{k}$" for k in range(6)],
        entries=[["$x_1$", "$x_2$", "$x_3$"] * 2] * 2, block_columns=3,
    ),
    "image grid": lambda: plotting.image_grid(
        np.random.default_rng(0).integers(0, 17, size=(10, 8, 8)),
        captions=list("0123456789"), marked=[3],
    ),
    "heat map": lambda: plotting.heat_map(
        [[0.5, -1.25], [0.0, 2.0]],
        row_labels=["$x_1$", "$x_2$"], column_labels=["$a_1$", "$a_2$"], name="$W$",
    ),
}  # fmt: skip
CHARTS = {
    "tangent": lambda: plotting.tangent(lambda x: x**2 / 2, 1.0, 1.0, (-1, 3), steps=(1.5, 0.75)),
    "activation": lambda: plotting.activation(
        logistic, lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2, marks=(0, 2, 5)
    ),
    "difference errors": lambda: plotting.difference_errors(
        np.logspace(-12, -1, 12), {"forward": np.logspace(-5, -1, 12), "complex": np.zeros(12)}
    ),
    "trajectories": lambda: plotting.trajectories(
        bowl, {"fast": descent(0.17), "slow": descent(0.02)}, (-5, 2), (-2, 2), minimum=(0, 0)
    ),
    "trajectory panels": lambda: plotting.trajectory_panels(
        bowl, {"fast": descent(0.17), "slow": descent(0.02)}, (-5, 2), (-2, 2), minimum=(0, 0)
    ),
    "step sizes": lambda: plotting.step_sizes(
        lambda t: t**2 / 2, {f"$\\eta = {r}$": 1.5 * (1 - r) ** np.arange(8) for r in (0.1, 2.05)},
        (-2, 2),
    ),
    "loss curves": lambda: plotting.loss_curves(
        {"SGD": 0.9 ** np.arange(30), "Adam": 0.5 + np.random.default_rng(0).random((4, 30))},
        log=True,
    ),
    "dot comparison": lambda: plotting.dot_comparison(
        ["SGD", "Adam"], [0.9, 0.95], "accuracy", errors=[0.01, 0.005], reference=0.8
    ),
    "layer distributions": lambda: plotting.layer_distributions(
        [np.random.default_rng(k).normal(size=400) / (k + 1) for k in range(4)], "activation $a$"
    ),
    "decision regions": lambda: plotting.decision_regions(*three_classes()),
    "XOR": lambda: plotting.decision_regions(
        lambda P: 0.5 - (P[:, 0] - 0.5) * (P[:, 1] - 0.5),
        [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0],
    ),
    "rate map": lambda: plotting.rate_map(*momentum_rates(), regions={"diverges": (3.3, 0.2)}),
    "oscillations": lambda: plotting.oscillations(
        {"$\\alpha = 0.9$": 0.9 ** np.arange(30) * np.cos(np.arange(30))},
        envelopes={"$\\alpha = 0.9$": 0.9 ** np.arange(30)},
    ),
    "line chart": lambda: plotting.line_chart(
        [1, 2, 3], {"a": [1, 0.1, 0.01], "b": [1, 0.9, 0.8], "c": [1, 0.9, 0.79]},
        "layer", r"std of $\delta$", log_y=True, markers=True, reference=1.0,
    ),
}  # fmt: skip
FIGURES = DIAGRAMS | CHARTS
each_figure = pytest.mark.parametrize("draw", FIGURES.values(), ids=FIGURES.keys())
figure_of = cache(lambda draw: draw())  # for tests that only look
svg_of = cache(lambda draw: plotting.to_svg(figure_of(draw)))
each_diagram = pytest.mark.parametrize("draw", DIAGRAMS.values(), ids=DIAGRAMS.keys())
each_network = pytest.mark.parametrize("draw", NETWORKS.values(), ids=NETWORKS.keys())
each_chart = pytest.mark.parametrize("draw", CHARTS.values(), ids=CHARTS.keys())


def texts_of(figure):
    return [t for t in figure.findobj(Text) if t.get_visible() and t.get_text().strip()]


def strings_in(figure):
    return [t.get_text() for t in texts_of(figure)]


# every figure


@each_figure
def test_a_figure_is_at_most_a_page_wide_and_its_text_at_least_nine_points(draw):
    figure = figure_of(draw)
    assert isinstance(figure, Figure)
    assert figure.get_size_inches()[0] <= 6.4
    small = [t.get_text() for t in texts_of(figure) if t.get_fontsize() < 9]
    assert not small


@each_figure
def test_the_svg_holds_no_colour_but_those_that_the_page_replaces(draw):
    root = ElementTree.fromstring(svg_of(draw))
    marks = [e.get(key, "") for e in root.iter() for key in ("style", "fill", "stroke", "color")]
    found = {
        colour.lower() for mark in marks for colour in HEX.findall(re.sub(r"url\(.*?\)", "", mark))
    }
    assert found
    assert found <= palette.allowed_colours()
    assert not any("rgb" in mark for mark in marks)


@each_figure
def test_nothing_in_the_svg_falls_back_to_black(draw):
    root = ElementTree.fromstring(svg_of(draw))
    svg = "{http://www.w3.org/2000/svg}"

    def walk(element, filled):
        style = element.get("style", "")
        filled = filled or re.search(r"(^|;)\s*fill(:|-opacity: 0;)", style) or element.get("fill")
        if element.tag in (svg + "path", svg + "use"):
            assert filled, ElementTree.tostring(element)[:200]
        for child in element:
            if child.tag not in (svg + "defs", svg + "clipPath"):
                walk(child, filled)

    walk(root, None)


@each_figure
def test_two_calls_give_the_same_bytes(draw):
    assert plotting.to_svg(draw()) == svg_of(draw)


@each_chart
def test_both_axes_of_a_chart_are_labelled(draw):
    figure = figure_of(draw)
    assert any(axes.get_xlabel() for axes in figure.axes)
    words = [t.get_text() for t in figure.axes[0].get_yticklabels()]
    assert any(axes.get_ylabel() for axes in figure.axes) or all(w.isalpha() for w in words)


def test_a_diagram_can_be_saved_and_then_drawn_and_saved_again():
    figure = plotting.chain(["a", "b"], ["2"])
    first = plotting.to_svg(figure)
    figure.draw(FigureCanvasAgg(figure).get_renderer())
    assert plotting.to_svg(figure) == first


def test_a_figure_shows_itself_in_a_notebook_without_any_set_up():
    assert "<svg" in plotting.network([1, 1])._repr_svg_()
    assert "<svg" in CHARTS["tangent"]()._repr_svg_()


# nothing lies on anything


def text_corners(text, renderer):
    """Corners of the turned rectangle around a text, in pixels, a little shrunk."""
    angle = np.deg2rad(text.get_rotation())
    centre = text.get_window_extent(renderer).get_points().mean(axis=0)
    text.set_rotation(0)
    low, high = text.get_window_extent(renderer).get_points()
    text.set_rotation(np.rad2deg(angle))
    half = np.maximum((high - low) / 2 - 0.8, 0.1)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return centre + np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half @ turn


def overlap(a, b):
    """Whether two rectangles overlap, by separating axes."""
    sides = [a[1] - a[0], a[2] - a[1], b[1] - b[0], b[2] - b[1]]
    return all(
        (a @ side).max() > (b @ side).min() and (b @ side).max() > (a @ side).min()
        for side in sides
    )


@cache
def drawn(figure):
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw(renderer)
    return renderer


@each_figure
def test_no_two_texts_of_a_figure_overlap(draw):
    figure = figure_of(draw)
    renderer = drawn(figure)
    texts = [t for axes in figure.axes for t in axes.texts if t.get_text().strip()]
    boxes = [(t.get_text(), text_corners(t, renderer)) for t in texts]
    assert not [(a[0], b[0]) for a, b in combinations(boxes, 2) if overlap(a[1], b[1])]


@each_diagram
def test_no_text_of_a_diagram_is_cut_off(draw):
    figure = figure_of(draw)
    renderer = drawn(figure)
    width, height = figure.bbox.size
    for text in texts_of(figure):
        (left, low), (right, high) = text.get_window_extent(renderer).get_points()
        inside = left > -2 and low > -2 and right < width + 2 and high < height + 2
        assert inside, text.get_text()


def tail_and_tip(patch):
    vertices = patch.get_path().vertices[:-1] if patch.get_path().codes is None else (
        patch.get_path().vertices[patch.get_path().codes != PlotPath.CLOSEPOLY]
    )  # fmt: skip
    return vertices[[0, np.argmax(np.hypot(*(vertices - vertices[0]).T))]]


@each_network
@pytest.mark.parametrize("faded", [False, True])
def test_no_connection_runs_through_a_text(draw, faded):
    figure = figure_of(draw)
    renderer = drawn(figure)
    boxes = [(t.get_text(), text_corners(t, renderer)) for t in texts_of(figure)]
    for patch in figure.findobj(FancyArrowPatch):
        if (patch.get_alpha() == 0.3) is not faded:
            continue
        ends = figure.axes[0].transData.transform(tail_and_tip(patch))
        points = ends[0] + np.linspace(0, 1, 60)[:, None] * (ends[1] - ends[0])
        for name, corners in boxes:
            square = np.array([[0.0, 0], [0.01, 0], [0.01, 0.01], [0, 0.01]])
            assert not any(overlap(p + square, corners) for p in points), name


@given(st.lists(st.floats(-10, 10), min_size=1, max_size=8), st.floats(0.01, 3))
@settings(max_examples=60, deadline=None)
def test_spread_heights_keep_order_distance_and_centre(heights, separation):
    result = spread(heights, separation)
    order = np.argsort(heights, kind="stable")
    assert result.shape == (len(heights),)
    assert (np.diff(result[order]) >= separation - 1e-9).all()
    np.testing.assert_allclose(result.sum(), np.sum(heights), atol=1e-8)


def test_heights_that_are_far_apart_stay_where_they_are():
    np.testing.assert_allclose(spread([3.0, 1.0, 2.0], 0.5), [3.0, 1.0, 2.0])


def test_labels_of_two_crossing_edges_avoid_the_crossing():
    ways = place_labels(
        np.array([[0.0, 0], [0, 2]]), np.array([[4.0, 2], [4, 0]]), np.array([0.4, 0.4])
    )
    assert (np.abs(ways - 0.5) > 0.12).all()
    assert ((ways > 0.1) & (ways < 0.85)).all()


def test_a_graph_is_laid_out_so_that_every_edge_runs_to_the_right():
    nodes, edges = ROOT_AND_COSINE
    places = layered_positions(list(nodes), edges)
    assert all(places[end][0] > places[start][0] for start, end, _ in edges)
    assert places["b"][1] > places["a"][1]  # the edge from a to c passes below b


# what is shown is what was given


def test_the_forward_pass_prints_every_number():
    values = pass_values()
    shown = " ".join(strings_in(plotting.forward_pass(values)))
    arrays = [*values.weights, *values.biases, *values.activations, *values.pre_activations]
    for value in np.concatenate([np.ravel(a) for a in arrays]):
        assert number(value) in shown
    assert number(values.cost, 4) in shown


def test_both_passes_print_what_runs_forward_and_what_comes_back():
    values = pass_values()
    shown = " ".join(strings_in(plotting.both_passes(values)))
    for array in [*values.weights, *values.biases, *values.activations, values.targets]:
        assert all(number(x) in shown for x in np.ravel(array))
    assert all(f"$\\delta_{j} = ${number(d, 3)}" in shown for layer in values.deltas
               for j, d in enumerate(layer, 1))  # fmt: skip
    assert f"$C = ${number(values.cost, 4)}" in shown


def test_the_backward_pass_prints_slopes_weights_deltas_and_influences():
    values = pass_values()
    shown = " ".join(strings_in(plotting.backward_pass(values)))
    for array, decimals in [(values.slopes, 2), (values.weights[1:], 2), (values.deltas, 3),
                            (values.influences, 3)]:  # fmt: skip
        for value in np.concatenate([np.ravel(a) for a in array]):
            assert number(value, decimals) in shown


def test_the_weight_on_an_edge_is_that_of_its_ends():
    values = pass_values(seed=3)  # no two of its printed numbers are equal
    places = {
        t.get_text(): np.array(t.get_position()) for t in texts_of(plotting.forward_pass(values))
    }
    for layer, W in enumerate(values.weights):
        for (j, i), weight in np.ndenumerate(W):
            start = places[number(values.activations[layer][j])]
            way = places[number(values.activations[layer + 1][i])] - start
            at = places[number(weight)] - start
            assert abs(way[0] * at[1] - way[1] * at[0]) / np.hypot(*way) < 0.02, (layer, j, i)
            assert 0 < at @ way < way @ way


def test_a_pass_has_a_frame_for_the_input_each_unit_twice_the_cost_and_the_update():
    steps = plotting.pass_steps([4, 2, 3])
    kinds = [step.kind for step in steps]
    assert len(steps) == 1 + 5 + 1 + 5 + 1
    assert kinds.index("cost") == 6
    assert [step.layer for step in steps if step.kind == "backward"] == [2, 2, 2, 1, 1]
    assert kinds[-1] == "update"


def test_a_frame_shows_no_number_of_a_later_step():
    values = pass_values()
    shown = [" ".join(strings_in(plotting.pass_frame(values, k))) for k in range(13)]
    z, delta = number(values.pre_activations[1][2]), number(values.deltas[0][1], 3)
    assert [z in text for text in shown] == [k == 5 for k in range(13)]
    assert [delta in text for text in shown] == [k >= 11 for k in range(13)]


def test_all_frames_of_a_pass_have_the_same_size_after_the_crop():
    svgs = [plotting.to_svg(plotting.pass_frame(pass_values(), k)) for k in (0, 5, 9, 12)]
    assert len({re.search(r'viewBox="[^"]*"', svg).group() for svg in svgs}) == 1


def test_nothing_is_sent_back_to_an_input_or_to_a_constant():
    forward = plotting.pass_frame(pass_values(), 1)
    inputs = min(tail_and_tip(p)[:, 0].min() for p in forward.findobj(FancyArrowPatch))
    for step in range(7, 12):
        figure = plotting.pass_frame(pass_values(), step)
        assert "1" not in strings_in(figure)
        for patch in figure.findobj(FancyArrowPatch):
            assert tail_and_tip(patch)[:, 0].min() > inputs + 0.5


@pytest.mark.parametrize(
    ("figure", "pixels"),
    [
        (lambda: plotting.pass_frame(pass_values(), 8), 288),  # in a tab
        (lambda: plotting.network([4, 2, 3], biases=True), 312),
    ],
)
def test_the_last_column_of_a_network_is_seen_on_a_phone(figure, pixels):
    smallest, padding = 0.69, 0.08  # what a page shrinks a figure to; inches around it
    assert (figure().get_size_inches()[0] + padding) * 96 * smallest <= pixels


def test_a_fan_in_is_drawn_bold_and_the_other_connections_faded():
    patches = plotting.network([4, 2, 3], fan_in=(2, 1)).findobj(FancyArrowPatch)
    assert sorted(p.get_linewidth() for p in patches) == [0.9] * 12 + [2.0] * 2
    assert sorted(p.get_alpha() for p in patches) == [0.3] * 12 + [1.0] * 2


def test_paths_are_drawn_where_they_are():
    path = descent(0.17)
    line = plotting.trajectories(bowl, {"fast": path}, (-5, 2), (-2, 2)).axes[0].lines[0]
    np.testing.assert_array_equal(line.get_xydata(), path)


@pytest.mark.parametrize("draw", [plotting.trajectories, plotting.trajectory_panels])
@pytest.mark.parametrize("limits", [((-5, 2), (-2, 2)), ((-1, 2), (-1, 3))])
def test_a_landscape_has_one_scale_on_both_axes(draw, limits):
    figure = draw(bowl, {"a": descent(0.1), "b": descent(0.17)}, *limits)
    figure.draw_without_rendering()
    for axes in figure.axes:
        across, up = np.diff(axes.transData.transform([(0, 0), (1, 1)]), axis=0)[0]
        np.testing.assert_allclose(across, up, rtol=1e-6)


def test_the_corner_at_the_start_measures_90_degrees_on_the_screen():
    path = descent(0.1)
    figure = plotting.trajectories(bowl, {"a": path}, (-5, 2), (-2, 2), corner=True)
    figure.draw_without_rendering()
    axes = figure.axes[0]
    corner = next(line for line in axes.lines if len(line.get_xydata()) == 3)
    along, square, step = axes.transData.transform(corner.get_xydata())
    assert abs((along - square) @ (step - square)) < 1e-2 * np.sum((along - square) ** 2)
    start = axes.transData.transform(path[0])
    np.testing.assert_allclose(start + square, along + step, atol=1e-6)


def test_a_path_that_does_not_go_straight_downhill_has_no_right_angle():
    path = np.array([[-4.0, 1.5], [-3.0, 1.5]])
    axes = plotting.trajectories(bowl, {"a": path}, (-5, 2), (-2, 2), corner=True).axes[0]
    along, square, step = next(
        line.get_xydata() for line in axes.lines if len(line.get_xydata()) == 3
    )
    sides = along - square, step - square
    assert abs(sides[0] @ sides[1]) > 0.3 * np.sum(sides[0] ** 2)


def test_contours_lie_at_equal_heights_of_the_objective():
    axes = plotting.trajectories(bowl, {"p": descent(0.1)}, (-5, 2), (-2, 2)).axes[0]
    contours = axes.collections[0]
    for level, drawn_path in zip(contours.levels, contours.get_paths(), strict=True):
        np.testing.assert_allclose(bowl(*drawn_path.vertices.T), level, atol=0.02)


def test_several_seeds_give_their_median_and_a_band_from_least_to_greatest():
    runs = np.array([[3.0, 1.0, 5.0], [4.0, 2.0, 6.0], [9.0, 0.5, 7.0]])
    axes = plotting.loss_curves({"SGD": runs}, every=10).axes[0]
    np.testing.assert_array_equal(axes.lines[0].get_xydata(), [[0, 4], [10, 1], [20, 6]])
    band = axes.collections[0].get_paths()[0].vertices
    for step, low, high in [(0, 3, 9), (10, 0.5, 2), (20, 5, 7)]:
        at_step = band[band[:, 0] == step, 1]
        assert (at_step.min(), at_step.max()) == (low, high)


def test_the_first_entry_of_a_loss_curve_stands_at_its_number():
    axes = plotting.loss_curves({"SGD": [3.0, 2.0, 1.0]}, xlabel="epoch", first=1).axes[0]
    np.testing.assert_array_equal(axes.lines[0].get_xydata(), [[1, 3], [2, 2], [3, 1]])


def test_an_axis_of_integers_marks_integers_only():
    epochs = plotting.line_chart(range(1, 6), {"a": range(5)}, "epoch", "y").axes[0]
    assert len(epochs.get_xticks()) > 3
    assert (epochs.get_xticks() % 1 == 0).all()
    measured = plotting.line_chart([1.0, 1.5], {"a": [0, 1]}, "x", "y").axes[0]
    assert (measured.get_xticks() % 1 != 0).any()


def test_errors_are_drawn_as_given_and_zero_at_a_quarter_of_epsilon():
    h, errors = np.array([1e-8, 1e-4, 1e-2]), np.array([0.0, 1e-9, 1e-5])
    lines = plotting.difference_errors(h, {"central": errors}, epsilon=1e-16).axes[0].lines
    curve = next(line for line in lines if line.get_label() == "central")
    np.testing.assert_allclose(curve.get_xydata(), np.column_stack([h, [2.5e-17, 1e-9, 1e-5]]))


def test_a_tangent_has_the_given_slope_and_touches_at_the_point():
    axes = plotting.tangent(np.exp, np.e, 1.0, (0, 2)).axes[0]
    x, y = next(line for line in axes.lines if line.get_linestyle() == "--").get_data()
    np.testing.assert_allclose(np.polyfit(x, y, 1), [np.e, 0.0], atol=1e-12)


def test_a_secant_meets_the_function_at_both_ends():
    axes = plotting.tangent(lambda x: x**3, 3.0, 1.0, (0, 3), steps=(1.0,)).axes[0]
    x, y = next(line for line in axes.lines if line.get_linestyle() == "-.").get_data()
    np.testing.assert_allclose(np.polyfit(x, y, 1), [7.0, -6.0], atol=1e-10)  # (1, 1) to (2, 8)


def test_rows_of_a_distribution_have_the_shape_of_its_histogram():
    values = np.repeat([0.0, 1.0, 2.0], [1, 4, 2])
    figure = plotting.layer_distributions([values], "$a$", bins=3)
    heights = figure.axes[0].patches[0].get_data().values
    np.testing.assert_allclose(heights, 0.82 * np.array([1, 4, 2]) / 4)
    assert f"std {values.std():.2f}" in strings_in(figure)


def test_dots_and_error_bars_are_at_the_values():
    axes = plotting.dot_comparison(["a", "b"], [3.0, 5.0], "ms", errors=[0.5, 1.0]).axes[0]
    np.testing.assert_array_equal(axes.lines[0].get_xydata(), [[3, 1], [5, 0]])
    bars = np.array(axes.collections[0].get_segments())
    np.testing.assert_allclose(bars[:, :, 0], [[2.5, 3.5], [4, 6]])


def test_a_heat_map_prints_its_numbers_and_tints_by_their_size():
    figure = plotting.heat_map([[0.5, -2.0], [0.0, 1.0]])
    assert strings_in(figure) == ["0.50", "\N{MINUS SIGN}2.00", "0.00", "1.00"]
    tints = [p.get_alpha() for p in figure.axes[0].patches if p.get_alpha() is not None]
    np.testing.assert_allclose(tints, 0.45 * np.array([0.25, 1.0, 0.0, 0.5]))


def test_the_ink_of_an_image_is_its_grey_value():
    image = np.array([[0.0, 15.0], [5.0, 15.0]])
    patches = plotting.image_grid([image]).findobj(PathPatch)
    ink = {round(15 * p.get_alpha()): len(p.get_path().vertices) // 5 for p in patches}
    assert ink == {5: 1, 15: 2}  # grey level: number of pixels
    dark = next(p for p in patches if p.get_alpha() == 1).get_path().vertices
    light = next(p for p in patches if p.get_alpha() < 1).get_path().vertices
    assert light[:, 0].max() <= dark[:, 0].min() + 1e-9  # left column against right column
    assert light[:, 1].max() <= dark[:, 1].mean() + 1e-9  # lower row


def test_regions_have_the_class_that_the_score_says():
    figure = plotting.decision_regions(lambda P: P[:, 0], [[0, 0], [1, 1]], [0, 1], threshold=0.25)
    border = figure.axes[0].collections[-1].get_paths()[0].vertices
    np.testing.assert_allclose(border[:, 0], 0.25, atol=1e-9)


def test_the_bold_line_of_the_rate_map_is_where_the_rate_is_one():
    bold = next(c for c in CHARTS["rate map"]().axes[0].collections if c.get_linewidths()[0] > 2)
    product, momentum = bold.get_paths()[0].vertices.T
    np.testing.assert_allclose(product, 2 * (1 + momentum), atol=0.067)  # a cell of the grid


def test_boxes_of_a_shape_equation_are_in_proportion():
    figure = plotting.shape_equation([("$X$", (5, 4)), "@", ("$W$", (4, 2))])
    sizes = [(p.get_width(), p.get_height()) for p in figure.axes[0].patches
             if hasattr(p, "get_width") and p.get_alpha() is None]  # fmt: skip
    np.testing.assert_allclose(np.array(sizes) / sizes[1][0] * 2, [(4, 5), (2, 4)])
    assert {"(5, 4)", "(4, 2)"} <= set(strings_in(figure))


def test_reversed_edges_run_from_end_to_start():
    nodes, edges = {"a": "$a$", "b": "$b$"}, [("a", "b", "")]
    tips = {}
    for reverse in (False, True):
        arrow = plotting.computational_graph(nodes, edges, reverse=reverse).findobj(FancyArrowPatch)
        tail, tip = tail_and_tip(arrow[0])
        tips[reverse] = np.sign(tip[0] - tail[0])
    assert tips == {False: 1, True: -1}


def test_a_jacobian_shows_text_only_where_it_is_not_zero():
    figure = plotting.jacobian_blocks(
        np.eye(2), ["r", "s"], ["u", "v"], entries=[["a", "b"], ["c", "d"]]
    )
    assert set(strings_in(figure)) == {"r", "s", "u", "v", "a", "d"}


def test_numbers_have_a_true_minus_and_no_negative_zero():
    assert number(-0.5, 1) == "\N{MINUS SIGN}0.5"
    assert number(-0.001) == "0.00"


# mistakes are named


def broken(**changes):
    return pass_values()._replace(**changes)


MISTAKES = {
    "sizes": lambda: plotting.network([4]),
    "edge_labels": lambda: plotting.network([2, 1], edge_labels={(0, 2, 0): "w"}),
    "highlighted edge": lambda: plotting.network([2, 1], path=[2, 0]),
    "names": lambda: plotting.network([2, 1], names=[["a"], ["b"]]),
    "headings": lambda: plotting.network([2, 1], headings=["a"]),
    "biases": lambda: plotting.forward_pass(broken(biases=[np.ones(3), np.ones(3)])),
    "targets": lambda: plotting.forward_pass(broken(targets=np.ones(2))),
    r"weights\[0\]": lambda: plotting.forward_pass(broken(weights=[np.ones(4), np.ones((2, 3))])),
    "weights has 1 layer": lambda: plotting.backward_pass(pass_values(sizes=(4, 3))),
    "frame is 13": lambda: plotting.pass_frame(pass_values(), 13),
    "nodes is empty": lambda: plotting.computational_graph({}, []),
    "edges: node": lambda: plotting.computational_graph({"a": "a"}, [("a", "b", "")]),
    "cycle": lambda: plotting.computational_graph(
        {"a": "a", "b": "b"}, [("a", "b", ""), ("b", "a", "")]
    ),
    "gradients": lambda: plotting.computational_graph({"a": "a"}, [], gradients={"z": "1"}),
    "roles: node": lambda: plotting.computational_graph({"a": "a"}, [], roles={"z": "weight"}),
    "highlight": lambda: plotting.computational_graph(*TWO_PATHS, highlight=[("x", "F")]),
    "positions": lambda: plotting.computational_graph(*TWO_PATHS, positions={"x": (0, 0)}),
    "influences": lambda: plotting.chain(["a", "b"], []),
    "wide": lambda: plotting.shape_equation([("X", (2, 60))]),
    "terms": lambda: plotting.shape_equation([("X", (2, 3, 4))]),
    "broadcast": lambda: plotting.shape_equation([("X", (2, 3))], broadcast={"b": (2, 3)}),
    "shape is": lambda: plotting.collated_tensor(shape=(4, 2, 0)),
    "row_labels": lambda: plotting.jacobian_blocks(np.eye(2), ["a"], ["a", "b"]),
    "block_columns": lambda: plotting.jacobian_blocks(np.eye(2), "ab", "cd", block_columns=3),
    "domain": lambda: plotting.activation(logistic, logistic, domain=(1, 1)),
    "at is": lambda: plotting.tangent(np.exp, 1, 5, (0, 1)),
    "steps is": lambda: plotting.tangent(np.exp, 1, 0, (0, 1), steps=[0]),
    "steps contains": lambda: plotting.difference_errors([0.0], {"a": [1.0]}),
    "errors": lambda: plotting.difference_errors([0.1], {"a": [1.0, 2.0]}),
    "absolute": lambda: plotting.difference_errors([0.1], {"a": [-1.0]}),
    r"paths\['p'\]": lambda: plotting.trajectories(bowl, {"p": np.ones((3, 3))}, (0, 1), (0, 1)),
    "xlim": lambda: plotting.trajectories(bowl, {"p": np.ones((3, 2))}, (1, 0), (0, 1)),
    "objective": lambda: plotting.trajectories(
        lambda a, b: 0.0, {"p": np.ones((3, 2))}, (0, 1), (0, 1)
    ),
    "curves is empty": lambda: plotting.loss_curves({}),
    "log=True": lambda: plotting.loss_curves({"a": [1.0, 0.0]}, log=True),
    "7 lines": lambda: plotting.loss_curves({str(k): [1.0, 2.0] for k in range(7)}),
    "contains NaN": lambda: plotting.loss_curves({"a": [1.0, np.nan]}),
    "number of names": lambda: plotting.dot_comparison(["a"], [1.0, 2.0], "x"),
    "layers": lambda: plotting.layer_distributions([[]], "x"),
    "labels": lambda: plotting.decision_regions(lambda P: P[:, 0], np.ones((2, 2)), [0.5, 1]),
    "scores": lambda: plotting.decision_regions(lambda P: P[:3, 0], np.ones((2, 2)), [0, 1]),
    "images": lambda: plotting.image_grid(-np.ones((1, 2, 2))),
    "captions": lambda: plotting.image_grid(np.ones((1, 2, 2)), captions=["a", "b"]),
    "matrix": lambda: plotting.heat_map([1.0, 2.0]),
    "rates": lambda: plotting.rate_map([1, 2], [0, 1], np.ones((2, 3)), np.ones((2, 2))),
    "envelopes": lambda: plotting.oscillations({"a": [1.0]}, envelopes={"b": [1.0]}),
    "length of curves": lambda: plotting.line_chart([1, 2], {"a": [1.0]}, "x", "y"),
    "colour": lambda: plotting.colour("green"),
}


@pytest.mark.parametrize("message", MISTAKES)
def test_a_bad_argument_is_named(message):
    with pytest.raises(ValueError, match=message):
        MISTAKES[message]()


# colours


def luminance(colour):
    channels = np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return linear, float(linear @ [0.2126, 0.7152, 0.0722])


@pytest.mark.parametrize("name", [*palette.PALETTE, "muted"])
@pytest.mark.parametrize(("which", "background"), [(0, "#ffffff"), (1, "#14181e")])
def test_a_colour_is_readable_as_small_text_on_its_background(name, which, background):
    pairs = palette.PALETTE | {"muted": (palette.MUTED, palette.MUTED_ON_DARK)}
    pair = luminance(pairs[name][which])[1], luminance(background)[1]
    assert (max(pair) + 0.05) / (min(pair) + 0.05) >= 4.5


# Machado, Oliveira, Fernandes 2009, severity 1, for linear RGB
DEFICIENCIES = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                   [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                     [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                   [0.004733, 0.691367, 0.303900]],
}  # fmt: skip


def cielab(linear):
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    xyz = to_xyz @ np.clip(linear, 0, 1) / [0.9505, 1.0, 1.089]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
@pytest.mark.parametrize("which", [0, 1])
def test_any_two_colours_differ_for_colour_blind_readers(deficiency, which):
    seen = {
        name: cielab(np.array(DEFICIENCIES[deficiency]) @ luminance(pair[which])[0])
        for name, pair in palette.PALETTE.items()
    }
    close = [(a, b) for a, b in combinations(seen, 2) if np.linalg.norm(seen[a] - seen[b]) < 15]
    assert not close


def test_the_style_cycles_through_the_palette_and_uses_its_inks():
    cycle = [entry["color"] for entry in mpl.rcParams["axes.prop_cycle"]]
    assert [f"#{c.lstrip('#')}" for c in cycle] == [light for light, _ in palette.PALETTE.values()]
    assert f"#{mpl.rcParams['text.color'].lstrip('#')}" == palette.INK
    assert f"#{mpl.rcParams['grid.color'].lstrip('#')}" == palette.MUTED
    assert mpl.rcParams["svg.fonttype"] == "path"


def test_lines_differ_in_style_and_marker_as_well_as_in_colour():
    for feature in zip(*palette.cycle_styles(6), strict=True):
        assert len(set(map(str, feature))) == 6
