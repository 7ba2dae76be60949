"""Files that browsers put into the storage by themselves: looked for there, with no transaction open, once they say so."""

from __future__ import annotations

import uuid

import structlog

from api.context import context
from api.edge import edge
from api.uploads import cannot_store
from domain.errors import Conflict
from domain.media import MediaState
from domain.provider_errors import ProviderError
from models.media import Media
from services.media import uploads

log = structlog.get_logger(__name__)


def arrived(media_id: uuid.UUID) -> Media:
    """One of the actor's uploads, handed on to be checked where it lies in the storage; one that went on already is as it is.

    Raises ``media_not_found``, ``upload_not_sent``, and :class:`Busy` where the storage does not say.
    """
    ctx = context()
    with edge().db.reading() as session:
        media = uploads.own_media(session, ctx, media_id)
    if media.state != MediaState.RECEIVING or media.open_until is None:
        return media
    size = _size(media.incoming_key)
    if not size:
        raise Conflict("upload_not_sent", "The file has not arrived. Send it to the storage first.")
    with edge().db.transaction() as session:
        return uploads.complete_upload(session, ctx, media_id, size)


def _size(key: str) -> int | None:
    try:
        with edge().workplaces.left():
            return edge().ports.storage.size(key)
    except ProviderError as error:
        log.warning("upload.not_found_out", error=type(error).__name__, code=error.code)
        cannot_store()
