"""What strangers send and we keep as it came: looked through to the end, without running or decoding any of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import BinaryIO

from documents.unfit import Unfit
from documents.uploaded import doc, docx, matroska, movies, pdf
from documents.uploaded.polyglots import HEAD, refuse_second_face
from domain.formats import FORMATS, Format
from domain.media import MediaKind, Refusal

Size = tuple[int, int]
Look = Callable[[BinaryIO, int], Size | None]

#: How each format begins, from which byte on, and who looks through it.
_LOOKS: Mapping[Format, tuple[int, bytes, Look]] = {
    Format.MP4: (4, b"ftyp", movies.look),
    Format.QUICKTIME: (4, b"ftyp", movies.look),
    Format.WEBM: (0, b"\x1a\x45\xdf\xa3", matroska.look),
    Format.PDF: (0, b"%PDF-", pdf.look),
    Format.DOC: (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", doc.look),
    Format.DOCX: (0, b"PK\x03\x04", docx.look),
}


def look_through(file: BinaryIO, size: int, claimed: Format) -> Size | None:
    """Width and height of a video, None of a document. Raises :class:`Unfit`, whatever a hostile file holds."""
    file.seek(0)
    head = file.read(HEAD)
    _, beginning, look = _LOOKS[claimed]
    if not _begins(head, claimed):
        raise Unfit(_not_that(head, claimed))
    refuse_second_face(file, size, head, beginning)
    try:
        return look(file, size)
    except Unfit:
        raise
    # Whatever a parser stumbles over is the file's fault.
    except Exception as error:
        raise Unfit(Refusal.DAMAGED) from error


def _begins(head: bytes, format_: Format) -> bool:
    at, beginning, _ = _LOOKS[format_]
    return head.startswith(beginning, at)


def _not_that(head: bytes, claimed: Format) -> Refusal:
    if any(_begins(head, each) for each in _LOOKS):
        return Refusal.NOT_WHAT_IT_SAYS
    return Refusal.NOT_A_VIDEO if claimed in FORMATS[MediaKind.VIDEO] else Refusal.NOT_A_DOCUMENT
