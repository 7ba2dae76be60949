"""Where pictures are: rows hold storage keys, answers the full addresses under the CDN; and what became of uploads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from api.edge import edge
from domain.media import MediaState
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


def media_answer(media: Media) -> dict[str, Any]:
    """An upload; the addresses of what was made of it once all of that is there."""
    shown = media.variants if media.state == MediaState.READY else {}
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
        "url": variants[max(variants, key=int)] if variants else None,
        "variants": variants,
        "created_at": media.begun_at,
    }
