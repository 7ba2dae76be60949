"""Where pictures are: rows hold storage keys, answers the full addresses under the CDN; and what became of uploads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import Response

from api.answers import answer
from api.edge import edge
from domain.formats import ENDINGS, Format, kept_format
from domain.media import FILE, PRIVATE_LINK, MediaKind, MediaState
from models.media import Media


def address(key: str | None) -> str | None:
    """The full address of a stored picture; what is an address already passes unchanged."""
    return addresses([key])[0] if key else None


def addresses(keys: Sequence[str]) -> list[str]:
    """The full addresses of stored pictures, in their order."""
    base = picture_base()
    return [full_address(key, base) for key in keys]


def picture_base() -> str:
    """Where pictures are served; for those who make many addresses."""
    return edge().settings.cdn_base_url


def full_address(key: str, base: str) -> str:
    """The full address of one picture under ``base``."""
    return key if key.startswith(("https://", "http://")) else f"{base}/{key}"


def private_link(media: Media) -> str:
    """A link to a checked file that the world may not see, for a while. Not to be asked for inside a transaction."""
    name = f"{media.kind}{ENDINGS[kept_format_of(media)][0]}"
    return edge().ports.storage.signed_url(media.variants[FILE], PRIVATE_LINK, name)


def kept_format_of(media: Media) -> Format:
    """What the file is to which :func:`private_link` leads."""
    return kept_format(MediaKind(media.kind), Format(media.content_type))


def media_answer(media: Media) -> dict[str, Any]:
    """An upload; the addresses of what was made of it once all of that is there."""
    is_ready = media.state == MediaState.READY
    shown = media.variants if is_ready and media.is_public else {}
    variants = dict(zip(shown, addresses(list(shown.values())), strict=True))
    return {
        "id": media.id,
        "kind": media.kind,
        "state": media.state,
        "refusal": media.refusal,
        "content_type": media.content_type,
        "size": media.size_bytes,
        "width": media.width,
        "height": media.height,
        "url": _url(media, variants) if is_ready else None,
        "variants": variants,
        "is_in_use": media.is_in_use,
        "created_at": media.begun_at,
    }


def on_its_way(media: Media) -> Response:
    """That an upload has come and is being checked, and where to learn what becomes of it."""
    return answer(media_answer(media), 202, {"Location": f"/api/upload/{media.id}"})


def presigned_answer(media: Media, now: datetime) -> dict[str, Any]:
    """An upload that its sender puts into the storage by themselves, and how. Not to be asked for inside a transaction."""
    left = max(media.open_until - now, timedelta(seconds=1))
    size, storage = media.size_bytes or 0, edge().ports.storage
    url, fields = storage.presigned_post(media.incoming_key, media.content_type, size, left)
    complete = f"/api/upload/{media.id}/complete"
    sent = {"method": "POST", "url": url, "fields": fields, "expires_at": media.open_until, "complete_url": complete}
    return {"upload": media_answer(media), "send_to": sent}


def _url(media: Media, variants: dict[str, str]) -> str:
    return variants[max(variants, key=int)] if variants else private_link(media)
