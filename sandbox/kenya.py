"""Kenyan notations that every provider here shares: local time, phone numbers, shillings and M-Pesa's identifiers."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime, timedelta, timezone

# Kenya keeps UTC+3 all year, so no time zone database is needed.
NAIROBI = timezone(timedelta(hours=3), "EAT")

_ANY_NOTATION = re.compile(r"(?:\+?254|0)?([17]\d{8})")
_RECEIPT_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def now() -> datetime:
    """The time, aware, in UTC."""
    return datetime.now(UTC)


def iso(moment: datetime) -> str:
    """The moment in Nairobi's time with its offset and milliseconds."""
    return moment.astimezone(NAIROBI).isoformat(timespec="milliseconds")


def compact(moment: datetime) -> str:
    """YYYYMMDDHHMMSS in Nairobi's time, as M-Pesa writes times."""
    return moment.astimezone(NAIROBI).strftime("%Y%m%d%H%M%S")


def normal_msisdn(text: str) -> str | None:
    """2547XXXXXXXX or 2541XXXXXXXX from any usual notation; None where it is not a Kenyan mobile number."""
    match = _ANY_NOTATION.fullmatch(re.sub(r"[\s-]", "", text))
    return f"254{match.group(1)}" if match else None


def spoken(msisdn: str) -> str:
    """A number as people read it: 0712 345 678."""
    digits = msisdn.removeprefix("+")
    if not re.fullmatch(r"254\d{9}", digits):
        return msisdn
    return f"0{digits[3:6]} {digits[6:9]} {digits[9:]}"


def shillings(amount: int) -> str:
    """KES 1,500"""
    return f"KES {amount:,}"


def checkout_request_id(moment: datetime, msisdn: str) -> str:
    """ws_CO_ + DDMMYYYYHHMMSS + milliseconds + the subscriber's nine digits."""
    local = moment.astimezone(NAIROBI)
    return f"ws_CO_{local:%d%m%Y%H%M%S}{local.microsecond // 1000:03d}{msisdn[3:]}"


def merchant_request_id() -> str:
    """Four hexadecimal groups, as Daraja writes them."""
    raw = secrets.token_hex(12)
    return f"{raw[:4]}-{raw[4:8]}-{raw[8:12]}-{raw[12:]}{secrets.randbelow(10**4):04d}"


def receipt(moment: datetime) -> str:
    """An M-Pesa receipt: a letter for the year, one for the month, one sign for the day, seven more signs."""
    local = moment.astimezone(NAIROBI)
    year = chr(ord("A") + (local.year - 2006) % 26)
    month = chr(ord("A") + local.month - 1)
    day = _RECEIPT_ALPHABET[local.day]
    return year + month + day + "".join(secrets.choice(_RECEIPT_ALPHABET) for _ in range(7))
