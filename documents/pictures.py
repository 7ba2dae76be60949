"""Uploaded images → pictures of our own making: nothing of the file that came survives but what can be seen."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image, UnidentifiedImageError
from PIL.Image import DecompressionBombError, DecompressionBombWarning, Resampling, Transpose

from documents.unfit import Unfit
from domain.formats import MOST_PIXELS, Format
from domain.media import Refusal

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


#: A picture that is higher than so many times its width is kept narrower, instead of without bounds.
_HIGHEST = 3
#: A JPEG of more pixels is decoded at half its size or less: beside the coefficients of a progressive one there is no room.
_DECODED_WHOLE = 12_000_000
#: Of a JPEG more cannot be said. Every row costs memory of its own, however short it is: 16 million of one pixel took 400 MB.
_LONGEST_SIDE = 65_535
#: 16 megapixels in three components, 25 where colours are half as dense as usual.
_MOST_COEFFICIENTS = 50_000_000

Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Drawn:
    """An image's own size, upright, and what was drawn of it as WebP, by side or width."""

    width: int
    height: int
    files: dict[int, bytes]


def squares(source: BinaryIO, claimed: Format, sides: Sequence[int]) -> Drawn:
    """The middle of an image, upright, in squares. Raises :class:`Unfit`."""
    largest = max(sides)
    # Twice as much as is needed makes a better picture, where it costs nothing.
    needed = (2 * largest, 2 * largest)
    middle, size = _seen(
        source, claimed, lambda size, is_lying: needed, lambda image, is_lying: _middle(image, largest)
    )
    return Drawn(*size, {side: _webp(middle, (side, side)) for side in sides})


def widths(source: BinaryIO, claimed: Format, wanted: Sequence[int]) -> Drawn:
    """An image, upright and whole, in several widths, none of them larger than it came. Raises :class:`Unfit`."""
    largest = max(wanted)

    def needed(size: Size, is_lying: bool) -> Size:
        return _fitted(size, largest, is_lying)

    whole, size = _seen(source, claimed, needed, lambda image, is_lying: _resized(image, needed(image.size, is_lying)))
    return Drawn(*size, {width: _webp(whole, _fitted(whole.size, width)) for width in wanted})


def _seen(
    source: BinaryIO,
    claimed: Format,
    needed: Callable[[Size, bool], Size],
    draw: Callable[[Image.Image, bool], Image.Image],
) -> tuple[Image.Image, Size]:
    """What ``draw`` makes of an image, upright, and the image's own size. A JPEG may be decoded as small as ``needed``; both
    are told whether the image lies on its side."""
    with _reading(), Image.open(source, formats=("JPEG", "PNG", "WEBP")) as image:
        _check(image, claimed)
        _check_scans(image, source)
        width, height = image.size
        orientation = image.getexif().get(_ORIENTATION, 1)
        is_lying = orientation in _LYING
        # A JPEG is decoded at an eighth, a quarter or a half of its size where that is enough.
        enough = needed(image.size, is_lying)
        if width * height > _DECODED_WHOLE:
            enough = min(enough[0], width // 2), min(enough[1], height // 2)
        image.draft("RGB", (max(enough[0], 1), max(enough[1], 1)))
        image.load()
        drawn = _clean(draw(image, is_lying))
        if orientation in _TURNS:
            drawn = drawn.transpose(_TURNS[orientation])
    return drawn, (height, width) if is_lying else (width, height)


def _check(image: Image.Image, claimed: Format) -> None:
    """Everything that the header alone can tell, before memory is spent on what it describes."""
    actual = _FORMATS[image.format or ""]
    if actual is not claimed:
        raise Unfit(Refusal.NOT_WHAT_IT_SAYS)
    is_large = image.width * image.height > MOST_PIXELS[actual] or max(image.size) > _LONGEST_SIDE
    if is_large or _coefficients(image) > _MOST_COEFFICIENTS:
        raise Unfit(Refusal.TOO_MANY_PIXELS)
    if image.format != "MPO" and getattr(image, "is_animated", False):
        raise Unfit(Refusal.ANIMATED)


def _coefficients(image: Image.Image) -> float:
    """What a progressive JPEG is held as until its last pass is read: two bytes each, in every component as dense as it is."""
    if not image.info.get("progressive"):
        return 0
    layers = image.layer
    densest = max(across for _, across, *_ in layers) * max(down for _, _, down, _ in layers)
    return image.width * image.height * sum(across * down for _, across, down, _ in layers) / densest


def _check_scans(image: Image.Image, source: BinaryIO) -> None:
    if image.format in ("JPEG", "MPO"):
        source.seek(0)
        if source.read().count(_SCAN) > _MOST_SCANS:
            raise Unfit(Refusal.DAMAGED)


def _middle(image: Image.Image, side: int) -> Image.Image:
    """The largest square in the middle."""
    edge = min(image.size)
    left, top = (image.width - edge) / 2, (image.height - edge) / 2
    return _resized(image, (side, side), (left, top, left + edge, top + edge))


def _fitted(size: Size, widest: int, is_lying: bool = False) -> Size:
    """The largest size of the same shape that fits; what is ``is_lying`` is turned afterwards."""
    width, height = size[::-1] if is_lying else size
    scale = min(1.0, widest / width, _HIGHEST * widest / height)
    fitted = max(1, round(width * scale)), max(1, round(height * scale))
    return fitted[::-1] if is_lying else fitted


def _resized(image: Image.Image, size: Size, box: tuple[float, float, float, float] | None = None) -> Image.Image:
    """The image in another size; it is closed on the way, so that it is never in memory together with more than one other."""
    if image.mode in ("1", "P", "PA"):
        # A palette's numbers cannot be averaged.
        image = _converted(image, "RGBA" if image.has_transparency_data else "RGB")
    mode = image.mode
    if mode in ("RGBA", "LA"):
        # Colours are averaged by how much of them can be seen.
        return _resized(_converted(image, mode.replace("A", "a")), size, box).convert(mode)
    return image.resize(size, Resampling.LANCZOS, box=box, reducing_gap=2.0)


def _converted(image: Image.Image, mode: str) -> Image.Image:
    converted = image.convert(mode)
    image.close()
    return converted


def _clean(image: Image.Image) -> Image.Image:
    """Eight-bit RGB or RGBA, free of everything that came along."""
    if image.mode.startswith("I"):
        # Sixteen bits of grey; converting would cut them off at 255 instead of dividing them.
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    clean = image.convert("RGBA" if image.has_transparency_data else "RGB")
    clean.info.clear()
    return clean


def _webp(image: Image.Image, size: Size) -> bytes:
    written = io.BytesIO()
    image.resize(size, Resampling.LANCZOS).save(written, "WEBP", quality=_QUALITY)
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
