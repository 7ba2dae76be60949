"""Ingrid sends a picture of herself; Kamau sends pictures and a video of what he offers."""

from __future__ import annotations

from typing import Any

from domain.media import AVATAR_SIDES, IMAGE_WIDTHS

_ID = "0193f1a2-4c5d-7e6f-8a7b-9c8d0e1f2a3b"
_CDN = "https://cdn.elite-events.example/public"
_NAME = f"20261121T080000-{_ID}"

PROCESSING: dict[str, Any] = {
    "id": _ID,
    "kind": "avatar",
    "state": "processing",
    "refusal": None,
    "content_type": "image/jpeg",
    "size": 2_481_204,
    "width": None,
    "height": None,
    "url": None,
    "variants": {},
    "is_in_use": False,
    "created_at": "2026-11-21T08:00:00Z",
}
READY: dict[str, Any] = PROCESSING | {
    "state": "ready",
    "width": 3024,
    "height": 4032,
    "url": f"{_CDN}/avatars/{_NAME}-512.webp",
    "variants": {str(side): f"{_CDN}/avatars/{_NAME}-{side}.webp" for side in AVATAR_SIDES},
    "is_in_use": True,
}
IMAGE: dict[str, Any] = PROCESSING | {"kind": "image"}
IMAGE_READY: dict[str, Any] = READY | {
    "kind": "image",
    "url": f"{_CDN}/images/{_NAME}-1600.webp",
    "variants": {str(width): f"{_CDN}/images/{_NAME}-{width}.webp" for width in IMAGE_WIDTHS},
    "is_in_use": False,
}
VIDEO: dict[str, Any] = PROCESSING | {"kind": "video", "content_type": "video/mp4", "size": 41_204_816}
DOCUMENT: dict[str, Any] = PROCESSING | {"kind": "document", "content_type": "application/pdf", "size": 184_320}
SCAN: dict[str, Any] = PROCESSING | {"kind": "scan"}

PRESIGN_REQUEST: dict[str, Any] = {"kind": "video", "content_type": "video/mp4", "size": 41_204_816}
PRESIGNED: dict[str, Any] = {
    "upload": VIDEO | {"state": "receiving"},
    "send_to": {
        "method": "POST",
        "url": "https://elite-events.s3.af-south-1.amazonaws.com/",
        "fields": {
            "Content-Type": "video/mp4",
            "Cache-Control": "private, no-store",
            "key": f"private/incoming/{_NAME}",
            "policy": "eyJleHBpcmF0aW9uIjog...",
            "x-amz-algorithm": "AWS4-HMAC-SHA256",
            "x-amz-credential": "AKIA.../20261121/af-south-1/s3/aws4_request",
            "x-amz-date": "20261121T080000Z",
            "x-amz-signature": "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
        },
        "expires_at": "2026-11-21T08:30:00Z",
        "complete_url": f"/api/upload/{_ID}/complete",
    },
}
