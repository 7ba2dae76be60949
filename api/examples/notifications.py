"""What Ingrid is told."""

from __future__ import annotations

from typing import Any

from api.examples.story import BOOKING_ID, PAGINATION, PAYMENT_ID

NOTIFICATION: dict[str, Any] = {
    "id": "0193f1a1-3b1c-7e2d-8f3a-4b5c6d7e8f90",
    "seq": 42,
    "kind": "booking_confirmed",
    "title": "Confirmed: Nairobi Food Walk, Sat 5 Dec 09:00 EAT (B7K2M9QX)",
    "body": "You’re all set, Ingrid. We have confirmed 2 seats for you. Amina is looking forward to showing you around.",
    "data": {"booking_id": BOOKING_ID, "payment_id": PAYMENT_ID},
    "has_badge": True,
    "created_at": "2026-11-21T08:01:14Z",
    "read_at": None,
}
NOTIFICATIONS = {"items": [NOTIFICATION], "pagination": PAGINATION}
READ_NOTIFICATION: dict[str, Any] = NOTIFICATION | {"read_at": "2026-11-21T08:02:00Z"}
READ_ALL = {"up_to": 42}
UNREAD = {"unread_count": 0, "last_seq": 42}
