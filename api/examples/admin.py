"""Otieno, who is an administrator, looks after Ingrid's account."""

from __future__ import annotations

from api.examples.accounts import USER
from api.examples.story import PAGINATION

SUSPEND = {"reason": "Three guides report that she books under other people's names."}
ACCOUNT = USER | {"suspension": None}
SUSPENDED = USER | {"status": "suspended", "suspension": {"since": "2026-11-21T09:00:00Z", **SUSPEND}}
USERS = {"items": [ACCOUNT], "pagination": PAGINATION}
