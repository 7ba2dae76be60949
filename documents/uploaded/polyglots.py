"""Files with two faces: a video to one reader and an archive, a page or a script to the next."""

from __future__ import annotations

import io
import struct
from typing import BinaryIO

from documents.unfit import Unfit
from domain.media import Refusal

#: So much of a file's beginning do browsers and readers of PDF search for what it might be.
HEAD = 4096
#: A directory of an archive ends within its last 64 kB and some.
_TAIL = 65_536 + 22
_ARCHIVE = b"PK\x03\x04"
_END, _ENTRY = b"PK\x05\x06", b"PK\x01\x02"
_PDF, _PDF_WITHIN = b"%PDF-", 1024
_MARKUP = (b"<!doctype", b"<html", b"<head", b"<body", b"<script", b"<iframe", b"<svg", b"<?php", b"<%@")


def refuse_second_face(file: BinaryIO, size: int, head: bytes, beginning: bytes) -> None:
    """Raise :class:`Unfit` where a file that begins as it should is something else as well."""
    lower = head.lower()
    is_page = any(word in lower for word in _MARKUP)
    is_pdf = beginning != _PDF and _PDF in head[:_PDF_WITHIN]
    if is_page or is_pdf or (beginning != _ARCHIVE and _is_archive(file, size)):
        raise Unfit(Refusal.TWO_FACED)


def _is_archive(file: BinaryIO, size: int) -> bool:
    """Whether the file ends in an archive's directory, as readers look for it: from the end, and before anything else."""
    file.seek(-min(size, _TAIL), io.SEEK_END)
    start, tail = max(size - _TAIL, 0), file.read(_TAIL)
    at = tail.rfind(_END)
    while at >= 0:
        record = tail[at : at + 22]
        if len(record) == 22:
            (length,) = struct.unpack_from("<I", record, 12)
            file.seek(max(start + at - length, 0))
            # An empty archive has no entries to begin with.
            if not length or file.read(4) == _ENTRY:
                return True
        at = tail.rfind(_END, 0, at)
    return False
