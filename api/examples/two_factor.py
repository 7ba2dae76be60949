"""Ingrid asks for a second factor whenever she signs in."""

from __future__ import annotations

from typing import Any

from api.examples import accounts

CODE, BACKUP_CODE = "287082", "7kqpw-m3xhd"
PASSWORD = {"password": accounts.LOGIN["password"]}
SET_UP = {
    "secret": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
    "otpauth_uri": (
        "otpauth://totp/Elite%20Events%20Kenya:ingrid%40example.com"
        "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Elite%20Events%20Kenya"
    ),
    "qr_code": "data:image/svg+xml;charset=utf-8,%3Csvg%20width='188'%20height='188'%20class='segno'%3E%3C/svg%3E",
}
ENABLE = {"code": CODE}
BACKUP_CODES: dict[str, Any] = {
    "backup_codes": [
        BACKUP_CODE,
        "tb4zn-e8rcy",
        "h2vfg-95jdm",
        "wx6ka-pq7ut",
        "n8cye-3bhrz",
        "fd5mj-v2s9g",
        "ruk7t-64wxe",
        "c9bpn-ahz8q",
        "jm3yd-gr5vf",
        "e7ts2-kxu6w",
    ]
}
PASSWORD_AND_CODE = PASSWORD | ENABLE
SET_UP_OR_MOVE = {
    "set_up": {"summary": "For the first time", "value": PASSWORD},
    "move": {"summary": "On a new phone", "value": PASSWORD_AND_CODE},
}
DELETE_ACCOUNT = {
    "password": {"summary": "Without two-factor sign-in", "value": PASSWORD},
    "both": {"summary": "Where it is on", "value": PASSWORD_AND_CODE},
}
CHALLENGE: dict[str, Any] = {
    "two_factor_required": True,
    "challenge": "hV9q2mXc7Lw0sYb4Ad8kRt1uZf6nGe3jPo5iQx-Ty_M",
    "expires_in": 300,
}
_HALF_WAY = {"challenge": {"summary": "With a second factor", "value": CHALLENGE}}
LOGGED_IN = {"signed_in": {"summary": "Without one", "value": accounts.SIGNED_IN}} | _HALF_WAY
SIGNED_IN_BY_GOOGLE = {"signed_in": {"summary": "Without one", "value": accounts.SIGNED_IN_BY_GOOGLE}} | _HALF_WAY
VERIFY = {"challenge": CHALLENGE["challenge"], "code": CODE}
