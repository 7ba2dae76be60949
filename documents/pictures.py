"""Uploaded images → squares of our own making: nothing of the file that came survives but what can be seen."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image, UnidentifiedImageError
from PIL.Image import DecompressionBombError, DecompressionBombWarning, Resampling, Transpose

from domain.media import MOST_PIXELS, Format, Refusal

#: Pillow's own limit, behind ours: it looks while it reads the header, and again at every frame.
Image.MAX_IMAGE_PIXELS = max(MOST_PIXELS.values())

#: What Pillow calls them. MPO is what phones make: a JPEG with a second picture behind the first, which is not looked at.
_FORMATS = {"JPEG": Format.JPEG, "MPO": Format.JPEG, "PNG": Format.PNG, "WEBP": Format.WEBP}
_QUALITY = 82
#: Passes over the whole picture that one JPEG may ask for. Cameras write ten; a pass of 40 bytes costs as much as a full one, so
#: 5 MB could ask for half an hour. Other data that lies in the file holds the marker by chance, at most some 80 times.
_MOST_SCANS, _SCAN = 200, b"\xff\xda"
_ORIENTATION, _LYING = 0x0112, range(5, 9)
#: What makes EXIF's orientations upright; the last four lie on their side.
_TURNS = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}


class Unfit(Exception):
    """The file is not taken; ``reason`` says why."""

    def __init__(self, reason: Refusal):
        self.reason = reason
        super().__init__(reason.value)


@dataclass(frozen=True, slots=True)
class Squares:
    """An image's own size, and its middle as WebP by side."""

    width: int
    height: int
    files: dict[int, bytes]


def squares(source: BinaryIO, claimed: Format, sides: Sequence[int]) -> Squares:
    """The middle of an image, upright, in squares. Raises :class:`Unfit`."""
    with _reading(), Image.open(source, formats=("JPEG", "PNG", "WEBP")) as image:
        _check(image, claimed)
        _check_scans(image, source)
        width, height = image.size
        orientation = image.getexif().get(_ORIENTATION, 1)
        middle = _middle(image, max(sides))
        if orientation in _TURNS:
            middle = middle.transpose(_TURNS[orientation])
    if orientation in _LYING:
        width, height = height, width
    return Squares(width, height, {side: _webp(middle, side) for side in sides})


def _check(image: Image.Image, claimed: Format) -> None:
    """Everything that the header alone can tell, before memory is spent on what it describes."""
    actual = _FORMATS[image.format or ""]
    if actual is not claimed:
        raise Unfit(Refusal.NOT_WHAT_IT_SAYS)
    if image.width * image.height > MOST_PIXELS[actual]:
        raise Unfit(Refusal.TOO_MANY_PIXELS)
    if image.format != "MPO" and getattr(image, "is_animated", False):
        raise Unfit(Refusal.ANIMATED)


def _check_scans(image: Image.Image, source: BinaryIO) -> None:
    if image.format in ("JPEG", "MPO"):
        source.seek(0)
        if source.read().count(_SCAN) > _MOST_SCANS:
            raise Unfit(Refusal.DAMAGED)


def _middle(image: Image.Image, side: int) -> Image.Image:
    """The largest square in the middle as eight-bit RGB or RGBA, free of everything that came along."""
    # A JPEG is decoded at an eighth, a quarter or a half of its size where that is enough.
    image.draft("RGB", (2 * side, 2 * side))
    image.load()
    if image.mode in ("1", "P", "PA"):
        # A palette's numbers cannot be averaged.
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    edge = min(image.size)
    left, top = (image.width - edge) / 2, (image.height - edge) / 2
    square = image.resize((side, side), Resampling.LANCZOS, box=(left, top, left + edge, top + edge), reducing_gap=2.0)
    if square.mode.startswith("I"):
        # Sixteen bits of grey; converting would cut them off at 255 instead of dividing them.
        square = square.convert("I").point(lambda value: value / 256).convert("L")
    clean = square.convert("RGBA" if square.has_transparency_data else "RGB")
    clean.info.clear()
    return clean


def _webp(square: Image.Image, side: int) -> bytes:
    written = io.BytesIO()
    square.resize((side, side), Resampling.LANCZOS).save(written, "WEBP", quality=_QUALITY)
    return written.getvalue()


@contextmanager
def _reading() -> Iterator[None]:
    """Whatever a hostile file makes the decoder raise is the file's fault."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", DecompressionBombWarning)
            yield
    except Unfit:
        raise
    except (DecompressionBombWarning, DecompressionBombError) as error:
        raise Unfit(Refusal.TOO_MANY_PIXELS) from error
    except UnidentifiedImageError as error:
        raise Unfit(Refusal.NOT_AN_IMAGE) from error
    except Exception as error:
        raise Unfit(Refusal.DAMAGED) from error
