"""Ingrid confirms her phone with a code by SMS."""

from __future__ import annotations

from api.examples.accounts import USER

SEND_CODE = {"phone": "0712 345 149"}
CODE = {"code": "402715"}
VERIFIED_USER = USER | {"phone_verified": True}
