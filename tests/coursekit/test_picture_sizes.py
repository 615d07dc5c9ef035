"""Pictures that a browser could not hold are not shown, and all others are."""

import base64
import io
import struct
import zlib

import matplotlib.pyplot as plt
import pytest

from coursekit.grading.notebook_outputs import rich_data
from coursekit.sandbox.outcomes import Output
from coursekit.submissions.cells import pasted_images
from coursekit.submissions.pictures import is_too_large, pixels


def png(width, height):
    """A valid PNG in one colour, with a bit for each pixel."""

    def chunk(name, data):
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    body = zlib.compress(bytes((width + 7) // 8 + 1) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def jpeg(width, height):
    """The head of one, behind a thumbnail's table and padding."""
    table, frame = b"\xff\xc4\x00\x04ab", b"\xff\xff\xc2\x00\x0b\x08"
    return b"\xff\xd8\xff\xe0\x00\x04xx" + table + frame + struct.pack(">HH", height, width)


@pytest.mark.parametrize("form", [png, jpeg])
def test_a_picture_says_how_many_pixels_it_has(form):
    assert pixels(form(300, 200)) == 60_000
    assert not is_too_large(form(5000, 5000))
    assert is_too_large(form(30_000, 3000))
    assert is_too_large(base64.b64encode(form(30_000, 3000)).decode())


@pytest.mark.parametrize(
    "data", [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8", b"\xff\xd8\xff\xc0\x00\x00", b"\xff" * 99,
             b"\xff\xd8" + b"\xff\xe0\x00\x02" * 9, b"GIF89a" + bytes(99), "no base64"],
)  # fmt: skip
def test_what_says_nothing_is_not_too_large(data):
    assert not is_too_large(data)


def test_what_is_too_large_is_not_shown_and_said():
    bomb = base64.b64encode(png(30_000, 30_000)).decode()
    shown = rich_data(Output("display_data", "<Figure>", {"image/png": bomb, "text/plain": "x"}))
    assert list(shown) == ["text/plain"]
    assert "more than 50000000 pixels" in shown["text/plain"]
    assert pasted_images({"a.png": {"image/png": bomb}}) == {}


def test_a_figure_is_shown_however_fine_it_is():
    file = io.BytesIO()
    figure = plt.figure(figsize=(20, 20))
    figure.savefig(file, dpi=300)
    plt.close(figure)
    data = {"image/png": file.getvalue()}
    assert list(rich_data(Output("display_data", "", data))) == ["image/png"]
    figure = base64.b64encode(file.getvalue()).decode()
    assert pasted_images({"a.png": {"image/png": figure}})
