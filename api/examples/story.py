"""What all examples share: ids, times and amounts of one story, in which Ingrid books seats of Amina's food walk."""

from __future__ import annotations

from typing import Any

from api.titles import title_of

USER_ID = "0193f1a0-52b7-7c1e-9a64-0a1b2c3d4e5f"
LISTING_ID = "0193f1a0-6d2e-7b0a-8f11-5c6d7e8f9a0b"
BOOKING_ID = "0193f1a1-03c4-7f5d-b2e6-1f2e3d4c5b6a"
PAYMENT_ID = "0193f1a1-2a9b-7d3c-a1b0-6b5a4c3d2e1f"
START, END = "2026-12-05T06:00:00Z", "2026-12-05T09:00:00Z"
HELD_UNTIL = "2026-11-21T08:15:00Z"


def kes(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "KES"}


PAGINATION = {
    "page": 1,
    "limit": 20,
    "total": 1,
    "total_is_capped": False,
    "total_pages": 1,
    "has_next": False,
    "has_prev": False,
    "next_cursor": None,
}


def problem(status: int, code: str, detail: str, **members: Any) -> dict[str, Any]:
    """A problem document as an example."""
    return {
        **members,
        "type": f"urn:elite-events:problem:{code}",
        "title": title_of(code),
        "status": status,
        "detail": detail,
        "message": detail,
        "code": code,
        "errors": members.get("errors", {}),
        "request_id": "6f1c2d3e4b5a69788796a5b4c3d2e1f0",
    }
