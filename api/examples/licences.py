"""Amina's licence ends with the year: she sends the next one, and Otieno looks at it."""

from __future__ import annotations

from typing import Any

from api.examples.story import PAGINATION, USER_ID

SENT_ID = "0193f1a2-7a00-7abc-8def-0123456789ab"
DOCUMENT_ID = "0193f1a2-79aa-7abc-8def-0123456789ab"
LICENCE = {"number": "TRA/TG/90112", "expires_on": "2026-12-31", "state": "expiring"}
SEND = {"number": "TRA/TG/91840", "expires_on": "2027-12-31", "document_id": DOCUMENT_ID}
SENT: dict[str, Any] = {
    "id": SENT_ID,
    "number": "TRA/TG/91840",
    "expires_on": "2027-12-31",
    "state": "waiting",
    "reason": None,
    "submitted_at": "2026-12-05T08:00:00Z",
    "decided_at": None,
}
GUIDE = {
    "id": "0193f1a0-6000-7abc-8def-0123456789ab",
    "slug": "amina-warsame",
    "user_id": USER_ID,
    "name": "Amina Warsame",
    "email": "amina@example.com",
    "licence": LICENCE,
}
HOLDER: dict[str, Any] = {
    "held_as": "licence",
    "user_id": "0193f1a0-52b7-7c1e-9a64-0a1b2c3d4e71",
    "slug": "baraka-mutua",
    "name": "Baraka Mutua",
    "number": "tra-tg 91840",
    "expires_on": "2027-06-30",
}
HOLDERS = {"items": [HOLDER]}
TO_REVIEW = SENT | {"guide": GUIDE, "also_held_by": [HOLDER]}
IN_REVIEW = TO_REVIEW | {
    "document_url": "https://files.elite-events.example/private/documents/20261205-licence.pdf?X-Amz-Signature=5f3c1e",
    "document_type": "application/pdf",
}
WAITING = {"items": [TO_REVIEW], "pagination": PAGINATION}
ENDING = {"items": [GUIDE | {"waiting": SENT}], "pagination": PAGINATION}
REFUSE = {"action": "refuse", "reason": "The scan shows the first page only. We need the one with the last day."}
REVIEWS = {"confirm": {"value": {"action": "confirm"}}, "refuse": {"value": REFUSE}}
CONFIRMED = TO_REVIEW | {
    "state": "confirmed",
    "decided_at": "2026-12-06T09:00:00Z",
    "also_held_by": [],
    "guide": GUIDE | {"licence": {"number": "TRA/TG/91840", "expires_on": "2027-12-31", "state": "valid"}},
}
