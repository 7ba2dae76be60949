"""Images for tests, the friendly and the hostile; each is made, none is a file of somebody's."""

from __future__ import annotations

import io
import struct
import zlib
from itertools import pairwise
from typing import Any

from PIL import Image

PHOTO = (640, 480)


def picture(kind: str = "JPEG", size: tuple[int, int] = PHOTO, mode: str = "RGB", **options: Any) -> bytes:
    """An image with the upper left quarter red, the upper right green, the lower left blue, the lower right white."""
    image = Image.new("RGB", size, "white")
    half = size[0] // 2, size[1] // 2
    image.paste("red", (0, 0, *half))
    image.paste("lime", (half[0], 0, size[0], half[1]))
    image.paste("blue", (0, half[1], half[0], size[1]))
    return written(image.convert(mode), kind, **options)


def written(image: Image.Image, kind: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def corners(content: bytes) -> list[str]:
    """The colours of a square's quarters, named, row by row."""
    with Image.open(io.BytesIO(content)) as image:
        shown = image.convert("RGB")
    near, far = shown.width // 4, shown.width * 3 // 4
    return [_name(shown.getpixel(at)) for at in ((near, near), (far, near), (near, far), (far, far))]


def _name(pixel: tuple[int, ...]) -> str:
    names = {(1, 0, 0): "red", (0, 1, 0): "lime", (0, 0, 1): "blue", (1, 1, 1): "white", (0, 0, 0): "black"}
    return names.get(tuple(int(value > 127) for value in pixel), str(pixel))


def rotated(orientation: int) -> bytes:
    """A JPEG that lies in some way, with the place where it was taken and a thumbnail's worth of other secrets."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = "taken at home"
    exif.get_ifd(0x8825)[1] = "S"
    exif.get_ifd(0x8825)[2] = (1.0, 17.0, 11.0)
    return picture(exif=exif, comment=b"by Wanjiku", icc_profile=b"a profile with a name in it")


def bomb(side: int = 50_000) -> bytes:
    """A PNG of 300 kB that would be decoded to 2.5 billion pixels."""
    packed = zlib.compressobj(9)
    row = bytes(side // 8 + 1)
    data = b"".join(packed.compress(row) for _ in range(side)) + packed.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def text_bomb() -> bytes:
    """A PNG whose comment of some kilobytes unpacks to a gigabyte."""
    plain = picture("PNG", (8, 8))
    packed = zlib.compressobj(9)
    comment = b"Comment\0\0" + b"".join(packed.compress(bytes(1_000_000)) for _ in range(200)) + packed.flush()
    return plain[:33] + _chunk(b"zTXt", comment) + plain[33:]


def animated(kind: str) -> bytes:
    frames = [Image.new("RGB", (32, 32), colour) for colour in ("red", "blue")]
    return written(frames[0], kind, save_all=True, append_images=frames[1:])


def phone_photo() -> bytes:
    """Two pictures in one JPEG, as phones make them."""
    second = Image.new("RGB", (64, 48), "black")
    with Image.open(io.BytesIO(picture())) as first:
        return written(first, "MPO", save_all=True, append_images=[second])


PAYLOAD = b"<?php system($_GET['c']); ?>"
JAR = b"PK\x03\x04META-INF/MANIFEST.MF" + bytes(40) + b"PK\x05\x06" + bytes(18)
SVG = b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg">&x;</svg>'


def many_scans(count: int) -> bytes:
    """A progressive JPEG with one of its smallest passes so many times more."""
    content = picture("JPEG", (640, 640), progressive=True)
    starts = [at for at in range(len(content)) if content.startswith(b"\xff\xda", at)]
    scan = min((content[one:next_] for one, next_ in pairwise(starts[1:])), key=len)
    return content[: starts[-1]] + scan * count + content[starts[-1] :]
