"""Where pictures are: rows hold storage keys, answers the full addresses under the CDN."""

from __future__ import annotations

from collections.abc import Sequence

from api.edge import edge


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
