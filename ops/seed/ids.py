"""Ids that follow from what they name, so that a second load finds what the first one wrote."""

from __future__ import annotations

import hashlib
import uuid
from datetime import UTC, datetime

_FIRST_WRITTEN = datetime(2026, 1, 5, tzinfo=UTC)


def fixed_id(kind: str, slug: str) -> uuid.UUID:
    """The same UUIDv7 for the same thing in every database; its time is long past, so that new rows sort as newer."""
    bits = digest(kind, slug)
    return _version_seven(int(_FIRST_WRITTEN.timestamp() * 1000) + bits % (30 * 24 * 3600 * 1000), bits)


def dated_id(kind: str, name: str, at: datetime) -> uuid.UUID:
    """The UUIDv7 of a thing that came about at ``at``, as it would have been drawn then."""
    return _version_seven(int(at.timestamp() * 1000), digest(kind, name))


def digest(kind: str, name: str) -> int:
    """128 bits that are the same for the same thing."""
    return int.from_bytes(hashlib.sha256(f"{kind}/{name}".encode()).digest()[:16], "big")


def _version_seven(milliseconds: int, bits: int) -> uuid.UUID:
    tail = bits >> 48 & ~(0xF << 76 | 0x3 << 62)
    return uuid.UUID(int=milliseconds << 80 | 0x7 << 76 | 0x2 << 62 | tail)
