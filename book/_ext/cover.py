"""Draw the picture that stands beside a link to the book: the first example, there and back."""

import io
from pathlib import Path

import matplotlib as mpl
from PIL import Image

from backprop import plotting
from backprop.running_example import running_example
from backprop.traces import trace_pass

WIDTH, HEIGHT = 1200, 630
"""Pixels, in the proportions that sites ask for which show links."""
MARGIN = 60
STYLE = Path(__file__).parents[1] / "course.mplstyle"
TITLE = "A network with its numbers: activations run forward; the derivatives δ run back"


def draw_cover(path: Path) -> None:
    example = running_example()
    trace = trace_pass(example.unit_network, example.X[0], example.Y[0])
    with mpl.rc_context(fname=STYLE):
        figure = plotting.both_passes(plotting.PassValues(*trace))
        drawn = io.BytesIO()
        figure.savefig(drawn, format="png", dpi=300, facecolor="white")
    picture = Image.open(drawn).convert("RGB")
    picture.thumbnail((WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN), Image.Resampling.LANCZOS)
    cover = Image.new("RGB", (WIDTH, HEIGHT), "white")
    cover.paste(picture, ((WIDTH - picture.width) // 2, (HEIGHT - picture.height) // 2))
    path.parent.mkdir(parents=True, exist_ok=True)
    cover.save(path, optimize=True)
