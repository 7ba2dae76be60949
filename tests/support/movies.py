"""Videos for tests, box by box and element by element: the smallest that is one, and what hostile people make of it."""

from __future__ import annotations

import struct


def box(kind: bytes, *content: bytes) -> bytes:
    """A box of MP4 or QuickTime."""
    inner = b"".join(content)
    return struct.pack(">I4s", 8 + len(inner), kind) + inner


def full(kind: bytes, *content: bytes, version: int = 0, flags: int = 0) -> bytes:
    return box(kind, struct.pack(">I", version << 24 | flags), *content)


def ftyp(brand: bytes = b"isom") -> bytes:
    return box(b"ftyp", brand, struct.pack(">I", 512), brand)


def track(
    offset: int, handler: bytes = b"vide", codec: bytes = b"avc1", *, is_turned: bool = False, elsewhere: bytes = b""
) -> bytes:
    """A track whose one sample lies at ``offset``, or at an address ``elsewhere``."""
    matrix = (0, 1, 0, -1, 0, 0, 0, 0, 1) if is_turned else (1, 0, 0, 0, 1, 0, 0, 0, 1)
    header = full(b"tkhd", bytes(20), bytes(8), bytes(8), struct.pack(">9i", *matrix), struct.pack(">II", 0, 0))
    entry = box(codec, bytes(6), struct.pack(">H", 1), bytes(16), struct.pack(">HH", 640, 360), bytes(50))
    reference = full(b"url ", elsewhere, flags=0 if elsewhere else 1)
    table = box(
        b"stbl",
        full(b"stsd", struct.pack(">I", 1), entry),
        full(b"stsz", struct.pack(">II", 4, 1)),
        full(b"stco", struct.pack(">II", 1, offset)),
    )
    media = box(b"minf", box(b"dinf", full(b"dref", struct.pack(">I", 1), reference)), table)
    return box(b"trak", header, box(b"mdia", full(b"hdlr", bytes(4), handler, bytes(12)), media))


def mp4(brand: bytes = b"isom", *, size: int = 1_000, more: bytes = b"", **said) -> bytes:
    """A film of one sample; ``more`` is what lies in its table of contents besides."""
    begin = ftyp(brand)
    # The sample lies behind what comes before it, whose length does not depend on where that is.
    before = len(begin) + len(box(b"moov", full(b"mvhd", bytes(96)), track(0, **said), more)) + 8
    return begin + box(b"moov", full(b"mvhd", bytes(96)), track(before, **said), more) + box(b"mdat", bytes(size))


def fragmented() -> bytes:
    """As browsers stream it: no samples in the table of contents, which come in fragments."""
    entry = box(b"avc1", bytes(6), struct.pack(">H", 1), bytes(16), struct.pack(">HH", 640, 360), bytes(50))
    table = box(b"stbl", full(b"stsd", struct.pack(">I", 1), entry), full(b"stco", struct.pack(">I", 0)))
    media = box(b"mdia", full(b"hdlr", bytes(4), b"vide", bytes(12)), box(b"minf", table))
    head = full(b"tkhd", bytes(36), struct.pack(">9i", 1, 0, 0, 0, 1, 0, 0, 0, 1), bytes(8))
    moov = box(b"moov", full(b"mvhd", bytes(96)), box(b"trak", head, media), box(b"mvex", full(b"trex", bytes(20))))
    return ftyp(b"iso5") + moov + (box(b"moof", full(b"mfhd", bytes(4))) + box(b"mdat", bytes(500))) * 3


def element(id_: int, *content: bytes, is_open: bool = False) -> bytes:
    """An element of Matroska; one that ``is_open`` does not say where it ends."""
    inner = b"".join(content)
    size = (1 << 56) - 1 if is_open else len(inner)
    return id_.to_bytes((id_.bit_length() + 7) // 8, "big") + ((1 << 56) | size).to_bytes(8, "big") + inner


def webm(
    doc_type: bytes = b"webm", *more: bytes, is_live: bool = False, codec: bytes = b"V_VP9", kind: int = 1
) -> bytes:
    """A recording of one block; one that ``is_live`` is as browsers record it."""
    header = element(0x1A45DFA3, element(0x4282, doc_type))
    video = element(0xE0, element(0xB0, b"\x02\x80"), element(0xBA, b"\x01\x68"))
    entry = element(0xAE, element(0xD7, b"\x01"), element(0x83, bytes([kind])), element(0x86, codec), video)
    cluster = element(0x1F43B675, element(0xE7, b"\0"), element(0xA3, b"\x81\0\0\x80" + bytes(200)), is_open=is_live)
    parts = (element(0x1549A966), element(0x1654AE6B, entry), cluster, cluster, *more)
    return header + element(0x18538067, *parts, is_open=is_live)
