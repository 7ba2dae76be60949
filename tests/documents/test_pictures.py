"""Uploaded images become squares of our own, and what is no honest image becomes nothing, whatever it calls itself."""

from __future__ import annotations

import io
import subprocess
import sys
import textwrap

import pytest
from PIL import Image

from documents.pictures import squares, widths
from documents.unfit import Unfit
from domain.formats import MOST_PIXELS, Format
from domain.media import AVATAR_SIDES, IMAGE_WIDTHS, Refusal
from tests.support.database import ROOT
from tests.support.pictures import (
    JAR,
    PAYLOAD,
    SVG,
    animated,
    bomb,
    corners,
    many_scans,
    phone_photo,
    picture,
    rotated,
    text_bomb,
    written,
)

QUARTERS = ["red", "lime", "blue", "white"]


def drawn(content: bytes, claimed: Format = Format.JPEG):
    return squares(io.BytesIO(content), claimed, AVATAR_SIDES)


def squared(image: Image.Image) -> bytes:
    return written(image.resize((512, 512)), "PNG")


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


@pytest.mark.parametrize(
    ("content", "claimed"),
    [
        (picture("JPEG"), Format.JPEG),
        (picture("JPEG", progressive=True), Format.JPEG),
        (picture("JPEG", mode="L"), Format.JPEG),
        (picture("JPEG", mode="CMYK"), Format.JPEG),
        (phone_photo(), Format.JPEG),
        (picture("PNG"), Format.PNG),
        (picture("PNG", mode="P"), Format.PNG),
        (picture("PNG", mode="RGBA"), Format.PNG),
        (picture("PNG", mode="LA"), Format.PNG),
        (picture("PNG", mode="1"), Format.PNG),
        (picture("WEBP"), Format.WEBP),
        (picture("WEBP", lossless=True, mode="RGBA"), Format.WEBP),
        (picture("JPEG", (4_000, 3_000)), Format.JPEG),
        (picture("PNG", (3, 3)), Format.PNG),
    ],
    ids=range(14),
)
def test_an_honest_image_becomes_squares(content, claimed):
    made = drawn(content, claimed)

    assert list(made.files) == list(AVATAR_SIDES)
    for side, file in made.files.items():
        image = opened(file)
        assert (image.format, image.size) == ("WEBP", (side, side))
    grey = opened(content).mode in ("L", "LA", "1")
    assert grey or corners(made.files[512]) == QUARTERS


def test_the_size_that_is_told_is_the_images_own():
    made = drawn(picture("JPEG", (4_000, 3_000)))
    assert (made.width, made.height) == (4_000, 3_000)


def test_sixteen_bits_of_grey_are_divided_and_not_cut_off():
    grey = Image.new("I;16", (64, 64), 0x8000)
    (file,) = squares(io.BytesIO(written(grey, "PNG")), Format.PNG, (96,)).files.values()
    assert abs(opened(file).convert("L").getpixel((48, 48)) - 128) <= 2


def test_what_is_transparent_stays_so():
    half = Image.new("RGBA", (64, 64), (255, 0, 0, 0))
    half.paste((255, 0, 0, 255), (0, 0, 32, 64))
    image = opened(drawn(written(half, "PNG"), Format.PNG).files[96])
    assert image.getpixel((20, 48))[3] > 250
    assert image.getpixel((76, 48))[3] < 5


@pytest.mark.parametrize("orientation", range(1, 9))
def test_an_image_that_lies_is_put_upright(orientation):
    """The same as Pillow's own way, which would turn the whole image and not only the square."""
    from PIL import ImageOps

    made = drawn(rotated(orientation))
    with Image.open(io.BytesIO(rotated(orientation))) as image:
        upright = ImageOps.exif_transpose(image)
    assert (made.width, made.height) == upright.size
    assert corners(made.files[512]) == corners(written(upright.resize((512, 512)), "PNG"))


def test_nothing_but_what_is_seen_survives():
    content = rotated(6)
    assert opened(content).getexif().get_ifd(0x8825)
    for file in drawn(content).files.values():
        image = opened(file)
        assert not image.getexif()
        assert not image.info.keys() & {"exif", "icc_profile", "xmp", "comment"}
        assert not any(secret in file for secret in (b"home", b"Wanjiku", b"name in it", b"EXIF", b"ICCP", b"XMP "))


@pytest.mark.parametrize("payload", [PAYLOAD, JAR], ids=["php", "jar"])
def test_what_rides_along_is_left_behind(payload):
    """A GIFAR's cousins: a picture to one reader, a program to another."""
    for content in (picture() + payload, picture(comment=payload)):
        assert payload in content
        for file in drawn(content).files.values():
            assert payload[:12] not in file
            assert b"PK\x03\x04" not in file


@pytest.mark.parametrize(
    ("content", "claimed", "reason"),
    [
        (picture("GIF") + JAR, Format.JPEG, Refusal.NOT_AN_IMAGE),
        (SVG, Format.PNG, Refusal.NOT_AN_IMAGE),
        (PAYLOAD, Format.JPEG, Refusal.NOT_AN_IMAGE),
        (b"\xff\xd8\xff" + PAYLOAD, Format.JPEG, Refusal.NOT_AN_IMAGE),
        (b"", Format.PNG, Refusal.NOT_AN_IMAGE),
        (picture("TIFF"), Format.JPEG, Refusal.NOT_AN_IMAGE),
        (picture("PNG"), Format.JPEG, Refusal.NOT_WHAT_IT_SAYS),
        (picture("JPEG"), Format.WEBP, Refusal.NOT_WHAT_IT_SAYS),
        (bomb(), Format.PNG, Refusal.TOO_MANY_PIXELS),
        (bomb(5_000), Format.PNG, Refusal.TOO_MANY_PIXELS),
        (text_bomb(), Format.PNG, Refusal.DAMAGED),
        (animated("PNG"), Format.PNG, Refusal.ANIMATED),
        (animated("WEBP"), Format.WEBP, Refusal.ANIMATED),
        (picture("PNG")[:-200], Format.PNG, Refusal.DAMAGED),
        (picture("JPEG")[:1_500], Format.JPEG, Refusal.DAMAGED),
        (picture("WEBP")[:200], Format.WEBP, Refusal.DAMAGED),
    ],
    ids=[
        *("gifar", "svg", "php", "php after magic", "empty", "tiff", "png as jpeg", "jpeg as webp"),
        *("50k x 50k", "25 megapixels of png", "text bomb", "apng", "animated webp"),
        *("half a png", "half a jpeg", "half a webp"),
    ],
)
def test_what_is_no_honest_image_is_refused_and_says_why(content, claimed, reason):
    with pytest.raises(Unfit) as unfit:
        drawn(content, claimed)
    assert unfit.value.reason is reason


@pytest.mark.parametrize(
    "content",
    [
        bomb(),
        picture("PNG", (3_990, 3_990), "RGBA"),
        picture("PNG", (3_990, 3_990), "LA"),
        picture("JPEG", (6_000, 4_000)),
        picture("JPEG", (4_080, 4_080), progressive=True, subsampling=0),
        picture("WEBP", (2_990, 2_990), "RGBA", method=0),
    ],
    ids=["50k x 50k", "png", "grey png", "jpeg", "progressive jpeg", "webp"],
)
@pytest.mark.parametrize("draw", ["squares", "widths"])
def test_memory_stays_bounded(content, draw, tmp_path):
    """In a process of its own, for a peak cannot be taken back. A worker's own 130 MB and this stay below 300."""
    path = tmp_path / "image"
    path.write_bytes(content)
    claimed = {b"\x89": Format.PNG, b"\xff": Format.JPEG, b"R": Format.WEBP}[content[:1]]
    script = f"""
        from pathlib import Path
        from documents.pictures import {draw}
        from documents.unfit import Unfit
        from domain.formats import Format

        def peak():
            return int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])

        before = peak()
        try:
            {draw}(open({str(path)!r}, "rb"), Format({claimed.value!r}), (320, 800, 1600))
        except Unfit:
            pass
        print(peak() - before)
    """
    command = [sys.executable, "-W", "ignore", "-c", textwrap.dedent(script)]
    grown = int(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)
    assert grown < 150 * 1024


@pytest.mark.parametrize("size", [(1, 70_000), (70_000, 1)], ids=["high", "wide"])
def test_a_picture_of_endless_rows_is_refused_however_short_they_are(size):
    with pytest.raises(Unfit) as refused:
        drawn(picture("PNG", size), Format.PNG)
    assert refused.value.reason is Refusal.TOO_MANY_PIXELS


@pytest.mark.parametrize("mode", ["RGB", "CMYK"])
def test_a_progressive_picture_that_is_held_as_coefficients_is_bounded_by_them(mode):
    with pytest.raises(Unfit) as refused:
        drawn(picture("JPEG", (4_990, 4_990), mode, progressive=True, subsampling=0))
    assert refused.value.reason is Refusal.TOO_MANY_PIXELS


@pytest.mark.parametrize(
    ("size", "kept"),
    [
        ((4_000, 3_000), [(320, 240), (800, 600), (1_600, 1_200)]),
        ((6_000, 4_000), [(320, 213), (800, 534), (1_600, 1_067)]),
        ((30, 20), [(30, 20)] * 3),
        ((1, 5_000), [(1, 960), (1, 2_400), (1, 4_800)]),
        ((5_000, 1), [(320, 1), (800, 1), (1_600, 1)]),
    ],
    ids=["photo", "large photo", "tiny", "upright line", "lying line"],
)
def test_an_image_is_kept_whole_in_several_widths(size, kept):
    made = widths(io.BytesIO(picture("JPEG", size)), Format.JPEG, IMAGE_WIDTHS)
    assert (made.width, made.height) == size
    assert [opened(file).size for file in made.files.values()] == kept


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_whole_image_that_lies_is_put_upright(orientation):
    from PIL import ImageOps

    made = widths(io.BytesIO(rotated(orientation)), Format.JPEG, (160,))
    with Image.open(io.BytesIO(rotated(orientation))) as image:
        upright = ImageOps.exif_transpose(image)
    assert (made.width, made.height) == upright.size
    assert corners(squared(opened(made.files[160]))) == corners(squared(upright))
    assert opened(made.files[160]).width == 160


@pytest.mark.parametrize("mode", ["L", "LA", "P", "1", "RGBA"])
def test_whatever_its_colours_are_kept_as_an_image_is_drawn(mode):
    made = widths(io.BytesIO(picture("PNG", (900, 600), mode)), Format.PNG, IMAGE_WIDTHS)
    assert [opened(file).size for file in made.files.values()] == [(320, 213), (800, 533), (900, 600)]
    assert mode in ("L", "LA", "1") or corners(squared(opened(made.files[1600]))) == QUARTERS


def test_a_picture_that_asks_for_thousands_of_passes_is_refused_before_the_first():
    assert (drawn(many_scans(50)).width, drawn(phone_photo()).width > 0) == (640, True)
    with pytest.raises(Unfit) as refused:
        drawn(many_scans(500))
    assert (refused.value.reason, refused.value.__cause__) == (Refusal.DAMAGED, None)


def test_pillows_own_limit_is_behind_ours():
    assert max(MOST_PIXELS.values()) == Image.MAX_IMAGE_PIXELS
