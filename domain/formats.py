"""What files may be sent: of each kind the formats, how large, and what becomes of them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from domain.media import DRAWN, MediaKind


class Format(StrEnum):
    """Formats that are taken, by the names that senders give them."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    MP4 = "video/mp4"
    WEBM = "video/webm"
    QUICKTIME = "video/quicktime"
    PDF = "application/pdf"
    DOC = "application/msword"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


_MB = 1024 * 1024
_IMAGES = (Format.JPEG, Format.PNG, Format.WEBP)
FORMATS: Mapping[MediaKind, tuple[Format, ...]] = MappingProxyType(
    {
        MediaKind.AVATAR: _IMAGES,
        MediaKind.IMAGE: _IMAGES,
        MediaKind.VIDEO: (Format.MP4, Format.WEBM, Format.QUICKTIME),
        MediaKind.DOCUMENT: (Format.PDF, Format.DOC, Format.DOCX),
        MediaKind.SCAN: _IMAGES,
    }
)
#: Bytes.
LARGEST: Mapping[MediaKind, int] = MappingProxyType(
    {
        MediaKind.AVATAR: 5 * _MB,
        MediaKind.IMAGE: 5 * _MB,
        MediaKind.VIDEO: 50 * _MB,
        MediaKind.DOCUMENT: 5 * _MB,
        MediaKind.SCAN: 5 * _MB,
    }
)
#: What each is called in the names of files; the first is what we call it ourselves.
ENDINGS: Mapping[Format, tuple[str, ...]] = MappingProxyType(
    {
        Format.JPEG: (".jpg", ".jpeg"),
        Format.PNG: (".png",),
        Format.WEBP: (".webp",),
        Format.MP4: (".mp4", ".m4v"),
        Format.WEBM: (".webm",),
        Format.QUICKTIME: (".mov", ".qt"),
        Format.PDF: (".pdf",),
        Format.DOC: (".doc",),
        Format.DOCX: (".docx",),
    }
)
#: Decoding costs memory by the pixel, in each format another amount: at most about 160 MB each.
MOST_PIXELS: Mapping[Format, int] = MappingProxyType(
    {Format.JPEG: 25_000_000, Format.PNG: 16_000_000, Format.WEBP: 9_000_000}
)


def kept_format(kind: MediaKind, claimed: Format) -> Format:
    """What the file is that is kept of an upload: pictures are drawn anew, the others stay what they were."""
    return Format.WEBP if kind in DRAWN else claimed


def claimed_format(content_type: str, filename: str) -> Format | None:
    """What a sender says a file is; browsers that do not know a type say nothing, and its name is all there is."""
    if content_type in ("", "application/octet-stream"):
        name = filename.lower()
        return next((format_ for format_, endings in ENDINGS.items() if name.endswith(endings)), None)
    return Format(content_type) if content_type in set(Format) else None
