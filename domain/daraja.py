"""What Safaricom says about an STK push, read in one place for edge and workers so that only sense gets through."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from domain.money import Money

#: Daraja speaks Kenyan local time without saying so.
NAIROBI = ZoneInfo("Africa/Nairobi")
#: The only result code that means that money moved.
SUCCESS = "0"

_CODE = re.compile(r"[A-Za-z0-9_.-]{1,32}")
_AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,12})?")
_RECEIPT = re.compile(r"[A-Za-z0-9]{4,32}")
#: No M-Pesa transaction comes near this many shillings; a larger figure is noise.
_ABSURD = 10**9
#: Digits of a Kenyan number behind 254 or 0.
_SUBSCRIBER = 9


class MalformedCallback(ValueError):
    """A callback makes no sense. ``field`` names the part at fault; values are not repeated, for they hold phones."""

    def __init__(self, field: str, reason: str):
        super().__init__(f"{field} {reason}")
        self.field = field
        self.reason = reason


@dataclass(frozen=True, slots=True)
class StkCallback:
    """The outcome of a push. ``amount``, ``receipt`` and the rest are present for a success and absent otherwise.

    ``phone`` is as sent: digits without a plus, or masked. ``paid_at`` is aware, in UTC. The CheckoutRequestID ends in
    the subscriber's number, so neither is shown in a repr.
    """

    checkout_request_id: str = field(repr=False)
    merchant_request_id: str
    result_code: str
    result_desc: str
    amount: Money | None = None
    receipt: str | None = None
    phone: str | None = field(default=None, repr=False)
    paid_at: datetime | None = None

    @property
    def succeeded(self) -> bool:
        return self.result_code == SUCCESS


def parse_callback(body: Mapping[str, Any]) -> StkCallback:
    """Read the JSON that Daraja posts to a CallBackURL; raises :class:`MalformedCallback` naming what is garbled."""
    callback = _mapping(_mapping(body, "callback").get("Body"), "Body").get("stkCallback")
    callback = _mapping(callback, "Body.stkCallback")
    result_code = read_code(callback.get("ResultCode"), "ResultCode")
    items = _items(callback.get("CallbackMetadata"))
    parsed = StkCallback(
        checkout_request_id=_identifier(callback.get("CheckoutRequestID"), "CheckoutRequestID"),
        merchant_request_id=_identifier(callback.get("MerchantRequestID"), "MerchantRequestID"),
        result_code=result_code,
        result_desc=_description(callback.get("ResultDesc")),
        amount=_amount(items.get("Amount")),
        receipt=_receipt(items.get("MpesaReceiptNumber")),
        phone=_phone(items.get("PhoneNumber")),
        paid_at=_moment(items.get("TransactionDate")),
    )
    if parsed.succeeded:
        for name, value in (("Amount", parsed.amount), ("MpesaReceiptNumber", parsed.receipt)):
            if value is None:
                raise MalformedCallback(name, "is missing from a success")
    return parsed


def read_code(value: object, field: str) -> str:
    """A result code as text: Daraja sends ``0``, ``"1032"`` and ``"SFC_IC0003"``. Raises :class:`MalformedCallback`."""
    text = _text(value, field)
    if text is None:
        raise MalformedCallback(field, "is missing")
    if not _CODE.fullmatch(text):
        raise MalformedCallback(field, "is not a result code")
    return text


def _mapping(value: object, field: str) -> Mapping[str, Any]:
    if value is None:
        raise MalformedCallback(field, "is missing")
    if not isinstance(value, Mapping):
        raise MalformedCallback(field, "is not an object")
    return value


def _text(value: object, field: str) -> str | None:
    """Text that may have been sent as a number; None where nothing was said."""
    if isinstance(value, str):
        return value.strip() or None
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**30:
        return str(value)
    raise MalformedCallback(field, "is neither text nor a whole number")


def _identifier(value: object, field: str) -> str:
    if value is None or value == "":
        raise MalformedCallback(field, "is missing")
    if not isinstance(value, str) or not value.isascii() or not value.isprintable() or " " in value or len(value) > 100:
        raise MalformedCallback(field, "is not an identifier")
    return value


def _description(value: object) -> str:
    """For people only; decisions are made on codes. Control characters would upset the database and the logs."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise MalformedCallback("ResultDesc", "is not text")
    return "".join(char if char.isprintable() else " " for char in value[:255]).strip()


def _items(metadata: object) -> dict[str, Any]:
    """The items by name, in whatever order they came; items without a value (Balance has none) are left out."""
    if metadata is None:
        return {}
    listed = _mapping(metadata, "CallbackMetadata").get("Item")
    if listed is None:
        return {}
    if isinstance(listed, Mapping):
        listed = [listed]
    if not isinstance(listed, list):
        raise MalformedCallback("CallbackMetadata.Item", "is not a list")
    values: dict[str, Any] = {}
    for item in listed:
        name = _mapping(item, "CallbackMetadata.Item").get("Name")
        if not isinstance(name, str):
            raise MalformedCallback("CallbackMetadata.Item", "has no name")
        value = item.get("Value")
        if value is None:
            continue
        if name in values and values[name] != value:
            raise MalformedCallback(name if name in _KNOWN else "CallbackMetadata.Item", "is given twice, differently")
        values[name] = value
    return values


_KNOWN = frozenset({"Amount", "MpesaReceiptNumber", "TransactionDate", "PhoneNumber", "Balance"})


def _amount(value: object) -> Money | None:
    """Shillings, sent as a number or as text. A float is read by its shortest decimal form, as it was on the wire."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise MalformedCallback("Amount", "is not a number")
    if not isinstance(value, str) and not 0 < value < _ABSURD:
        raise MalformedCallback("Amount", "is not a sensible amount")
    text = str(value).strip()
    if not _AMOUNT.fullmatch(text):
        raise MalformedCallback("Amount", "is not an amount")
    amount = Decimal(text)
    if not 0 < amount < _ABSURD:
        raise MalformedCallback("Amount", "is not a sensible amount")
    try:
        return Money.parse(amount, "KES")
    except ValueError:
        raise MalformedCallback("Amount", "has fractions of a cent") from None


def _receipt(value: object) -> str | None:
    text = _text(value, "MpesaReceiptNumber")
    if text is not None and not _RECEIPT.fullmatch(text):
        raise MalformedCallback("MpesaReceiptNumber", "is not a receipt number")
    return text.upper() if text else text


def _phone(value: object) -> str | None:
    text = _text(value, "PhoneNumber")
    if text is not None and (not text.isprintable() or len(text) > 64):
        raise MalformedCallback("PhoneNumber", "is not a phone number")
    return text


def _moment(value: object) -> datetime | None:
    text = _text(value, "TransactionDate")
    if text is None:
        return None
    if not re.fullmatch(r"[0-9]{14}", text):
        raise MalformedCallback("TransactionDate", "is not a date and time")
    try:
        local = datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=NAIROBI)
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        raise MalformedCallback("TransactionDate", "is not a date and time") from None


def subscriber_digits(phone: str) -> str:
    """The part of a phone number that tells subscribers apart: M-Pesa writes it behind 254, +254 or 0, or behind nothing."""
    return re.sub(r"[^0-9]", "", phone)[-_SUBSCRIBER:]


def without_subscriber(text: str, digits: str, stand_in: str = "0" * _SUBSCRIBER) -> str:
    """A text in which ``stand_in`` replaces the digits of a subscriber."""
    return text.replace(digits, stand_in) if len(digits) == _SUBSCRIBER else text
