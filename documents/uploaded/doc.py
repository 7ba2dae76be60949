"""DOC: Word's old format, a small file system with the document as one of its streams, and perhaps with programs as others."""

from __future__ import annotations

import re
import struct
from typing import BinaryIO

import olefile

from documents.unfit import Unfit
from documents.uploaded.fields import ACTIVE
from domain.media import Refusal

_DOCUMENT, _MAGIC, _IS_ENCRYPTED = "WordDocument", 0xA5EC, 0x0100
#: Storages and streams of macros, and of what is embedded, which each says of itself what it is.
_ACTIVE = frozenset(
    {"macros", "vba", "_vba_project", "_vba_project_cur"}
    | {"\x01ole10native", "package", "\x03objinfo", "equation native"}
)
#: The beginning of a field's instructions, in either of the two ways in which a text is kept.
_FIELD = re.compile(rb"\x13\0?(?:[\s\"]\0?)*((?:[A-Za-z]\0?)+)")
_PROTECTED = frozenset({"encryptedpackage", "encryptioninfo"})
_MOST_ENTRIES = 2_000


def look(file: BinaryIO, size: int) -> None:
    """Raise :class:`Unfit` where it is no Word document, or more than a text to be read."""
    file.seek(0)
    with olefile.OleFileIO(file) as ole:
        entries = ole.listdir(streams=True, storages=True)
        if len(entries) > _MOST_ENTRIES:
            raise Unfit(Refusal.TOO_COMPLEX)
        names = {part.lower() for entry in entries for part in entry}
        if names & _PROTECTED:
            raise Unfit(Refusal.ENCRYPTED)
        if not ole.exists(_DOCUMENT):
            raise Unfit(Refusal.NOT_A_DOCUMENT)
        _check_header(ole)
        if names & _ACTIVE:
            raise Unfit(Refusal.ACTIVE_CONTENT)
        _check_fields(ole)
        # What lies behind the last sector that the table of sectors knows belongs to another file.
        if size > (len(ole.fat) + 1) * ole.sector_size:
            raise Unfit(Refusal.TWO_FACED)


def _check_fields(ole: olefile.OleFileIO) -> None:
    text = ole.openstream(_DOCUMENT).read()
    for field in _FIELD.finditer(text):
        if field[1].replace(b"\0", b"").decode("ascii").upper() in ACTIVE:
            raise Unfit(Refusal.ACTIVE_CONTENT)


def _check_header(ole: olefile.OleFileIO) -> None:
    header = ole.openstream(_DOCUMENT).read(12)
    magic, flags = struct.unpack_from("<H", header)[0], struct.unpack_from("<H", header, 10)[0]
    if magic != _MAGIC:
        raise Unfit(Refusal.NOT_A_DOCUMENT)
    if flags & _IS_ENCRYPTED:
        raise Unfit(Refusal.ENCRYPTED)
