"""Otieno, who is an administrator, looks after Ingrid's account."""

from __future__ import annotations

from api.examples.accounts import USER
from api.examples.story import PAGINATION

USERS = {"items": [USER], "pagination": PAGINATION}
