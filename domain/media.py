"""Uploads: what becomes of what is sent, where it lies, and why it may be refused."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from enum import StrEnum

from domain.files import PRIVATE, PUBLIC, stored_name


class MediaKind(StrEnum):
    AVATAR = "avatar"
    IMAGE = "image"
    VIDEO = "video"
    DOCUMENT = "document"
    #: A paper that somebody has photographed, for a few to look at: drawn anew like an image, kept like a document.
    SCAN = "scan"


#: What the world may see once it is checked; the others are reached by signed links only.
SHOWN = frozenset({MediaKind.AVATAR, MediaKind.IMAGE})

#: What is kept of them is drawn by ourselves; the others are kept as they came.
DRAWN = SHOWN | {MediaKind.SCAN}


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
    NOT_A_VIDEO = "not_a_video"
    NOT_A_DOCUMENT = "not_a_document"
    NOT_WHAT_IT_SAYS = "not_what_it_says"
    TOO_LARGE = "too_large"
    TOO_MANY_PIXELS = "too_many_pixels"
    #: It unpacks to more, or has more parts, than anybody would send honestly.
    TOO_COMPLEX = "too_complex"
    ANIMATED = "animated"
    DAMAGED = "damaged"
    #: It is a file of another sort at the same time, or carries one along.
    TWO_FACED = "two_faced"
    #: Scripts, macros, programs, embedded files, or what would be loaded from elsewhere.
    ACTIVE_CONTENT = "active_content"
    #: Nobody can look inside without a password.
    ENCRYPTED = "encrypted"
    #: The file was not in the storage any more, or was another.
    LOST = "lost"
    #: A newer upload took its place before it was finished.
    SUPERSEDED = "superseded"
    #: We could not finish it in time; nothing is wrong with the file.
    NOT_FINISHED = "not_finished"


#: Sides of the squares that an avatar is kept in; the largest is what ``avatar_url`` shows.
AVATAR_SIDES = (96, 256, 512)
#: Widths that other images are kept in; what is smaller is not enlarged.
IMAGE_WIDTHS = (320, 800, 1600)
#: The width that a scan is kept in: a page of A4 at 190 dots to the inch.
SCAN_WIDTH = max(IMAGE_WIDTHS)
#: The one variant of what is private.
FILE = "file"

#: A storage that did not answer in time may still be writing what it was sent; by then it has done so.
LATE_AFTER = timedelta(minutes=5)
#: What is not finished by then never will be.
GIVEN_UP_AFTER = timedelta(hours=24)
#: What is ready and used by nothing by then never will be used.
UNUSED_AFTER = timedelta(hours=24)
#: For so long one may learn why an upload was refused.
REFUSALS_KEPT = timedelta(days=7)
#: For so long a browser may send a file straight to the storage: 50 MB at a quarter of a megabit take half an hour.
DIRECT_WITHIN = timedelta(minutes=30)
#: For so long a link to a private file works.
PRIVATE_LINK = timedelta(minutes=10)


def incoming_key(at: datetime, media_id: uuid.UUID) -> str:
    """Where an upload lies, as it came, until it is checked."""
    return f"{PRIVATE}incoming/{stored_name(at, media_id)}"


def variant_keys(kind: MediaKind, at: datetime, media_id: uuid.UUID) -> dict[str, str]:
    """Where lies what is made of an upload: pictures by their side or width, other files as the only one."""
    name = stored_name(at, media_id)
    if kind is MediaKind.AVATAR:
        return {str(side): f"{PUBLIC}avatars/{name}-{side}.webp" for side in AVATAR_SIDES}
    if kind is MediaKind.IMAGE:
        return {str(width): f"{PUBLIC}images/{name}-{width}.webp" for width in IMAGE_WIDTHS}
    return {FILE: f"{PRIVATE}{kind.value}s/{name}"}
