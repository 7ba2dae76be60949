"""Uploads: what may be sent, what becomes of it, and why it may be refused."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from domain.files import PRIVATE, PUBLIC, stored_name


class MediaKind(StrEnum):
    AVATAR = "avatar"


class MediaState(StrEnum):
    #: The row is there, the file may be or not: its bytes are on their way to the storage.
    RECEIVING = "receiving"
    PROCESSING = "processing"
    READY = "ready"
    REFUSED = "refused"
    #: Replaced or taken away; a job deletes the files, and the row after them.
    REMOVED = "removed"


class Refusal(StrEnum):
    """Why an upload came to nothing."""

    NOT_AN_IMAGE = "not_an_image"
    NOT_WHAT_IT_SAYS = "not_what_it_says"
    TOO_MANY_PIXELS = "too_many_pixels"
    ANIMATED = "animated"
    DAMAGED = "damaged"
    #: The file was not in the storage any more, or was another.
    LOST = "lost"
    #: A newer upload took its place before it was finished.
    SUPERSEDED = "superseded"
    #: We could not finish it in time; nothing is wrong with the file.
    NOT_FINISHED = "not_finished"


class Format(StrEnum):
    """Formats of images that are taken."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"


LARGEST_IMAGE = 5 * 1024 * 1024
#: Decoding costs memory by the pixel, in each format another amount: at most about 160 MB each.
MOST_PIXELS: Mapping[Format, int] = MappingProxyType(
    {Format.JPEG: 25_000_000, Format.PNG: 16_000_000, Format.WEBP: 9_000_000}
)
#: Sides of the squares that an avatar is kept in; the largest is what ``avatar_url`` shows.
AVATAR_SIDES = (96, 256, 512)

#: A storage that did not answer in time may still be writing what it was sent; by then it has done so.
LATE_AFTER = timedelta(minutes=5)
#: What is not finished by then never will be.
GIVEN_UP_AFTER = timedelta(hours=24)
#: For so long one may learn why an upload was refused.
REFUSALS_KEPT = timedelta(days=7)


def incoming_key(at: datetime, media_id: uuid.UUID) -> str:
    """Where an upload lies, as it came, until it is checked."""
    return f"{PRIVATE}incoming/{stored_name(at, media_id)}"


def avatar_keys(at: datetime, media_id: uuid.UUID) -> dict[str, str]:
    """Where the squares of an avatar lie, by their side."""
    name = stored_name(at, media_id)
    return {str(side): f"{PUBLIC}avatars/{name}-{side}.webp" for side in AVATAR_SIDES}
