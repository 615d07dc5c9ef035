"""How large a picture is when it is shown: a small file may fill the memory of a browser."""

import base64
import binascii
import struct

MOST_PIXELS = 50_000_000
"""Of a picture that is shown: one of 20 by 25 inches at 300 dots per inch has fewer."""

PNG = b"\x89PNG\r\n\x1a\n"
NO_FRAME = (0xC4, 0xC8, 0xCC)
"""Markers of a JPEG among those of frames that are none."""


def is_too_large(picture: str | bytes) -> bool:
    """Whether a PNG or a JPEG, as bytes or in base64, has more pixels than a page should show."""
    return pixels(from_base64(picture) if isinstance(picture, str) else picture) > MOST_PIXELS


def from_base64(text: str) -> bytes:
    """What a text stands for; nothing where it is no base64, which shows nothing."""
    try:
        return base64.b64decode(text)
    except (binascii.Error, ValueError):
        return b""


def pixels(data: bytes) -> int:
    """How many pixels a picture says that it has; 0 if it does not say."""
    if data.startswith(PNG):
        width, height = struct.unpack(">II", data[16:24].ljust(8, b"\0"))
        return int(width * height)
    if data.startswith(b"\xff\xd8"):
        return max(map(frame_pixels, jpeg_frames(data)), default=0)
    return 0


def jpeg_frames(data: bytes) -> list[bytes]:
    """The segments of a JPEG that say how large it is; each begins with height and width."""
    found, place = [], 2
    while place + 4 <= len(data) and data[place] == 0xFF:
        kind, length = data[place + 1], int.from_bytes(data[place + 2 : place + 4], "big")
        if 0xC0 <= kind <= 0xCF and kind not in NO_FRAME:
            found.append(data[place + 5 : place + 9])
        place += 2 + max(length, 2) if kind != 0xFF else 1
    return found


def frame_pixels(frame: bytes) -> int:
    height, width = struct.unpack(">HH", frame.ljust(4, b"\0"))
    return int(height * width)
