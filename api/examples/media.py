"""Ingrid sends a picture of herself."""

from __future__ import annotations

from typing import Any

from domain.media import AVATAR_SIDES

_NAME = "https://cdn.elite-events.example/public/avatars/20261121T080000-0193f1a2-4c5d-7e6f-8a7b-9c8d0e1f2a3b"

PROCESSING: dict[str, Any] = {
    "id": "0193f1a2-4c5d-7e6f-8a7b-9c8d0e1f2a3b",
    "kind": "avatar",
    "state": "processing",
    "refusal": None,
    "content_type": "image/jpeg",
    "size": 2_481_204,
    "width": None,
    "height": None,
    "url": None,
    "variants": {},
    "created_at": "2026-11-21T08:00:00Z",
}
READY: dict[str, Any] = PROCESSING | {
    "state": "ready",
    "width": 3024,
    "height": 4032,
    "url": f"{_NAME}-512.webp",
    "variants": {str(side): f"{_NAME}-{side}.webp" for side in AVATAR_SIDES},
}
