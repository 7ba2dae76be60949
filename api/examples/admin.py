"""Otieno, who is an administrator, looks after Ingrid's account."""

from __future__ import annotations

from api.examples.accounts import USER
from api.examples.story import LISTING_ID, PAGINATION, USER_ID

SUSPEND = {"reason": "Three guides report that she books under other people's names."}
ACCOUNT = USER | {"suspension": None}
SUSPENDED = USER | {"status": "suspended", "suspension": {"since": "2026-11-21T09:00:00Z", **SUSPEND}}
USERS = {"items": [ACCOUNT], "pagination": PAGINATION}

HIDE = {"reason": "The pictures show another place than the meeting point. Please send your own."}
SHOWN = {
    "id": LISTING_ID,
    "slug": "nairobi-food-walk",
    "title": "Nairobi Food Walk",
    "host_id": USER_ID,
    "status": "active",
    "hidden_reason": None,
    "version": 5,
}
HIDDEN = SHOWN | {"status": "hidden", "hidden_reason": HIDE["reason"], "version": 4}
