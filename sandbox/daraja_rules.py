"""Which request bodies Daraja takes; apart from the routes, so that each rule can be read on its own."""

from __future__ import annotations

import base64
import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sandbox.config import Config

MAX_AMOUNT = 250_000
MAX_ACCOUNT_REFERENCE = 12
MAX_DESCRIPTION = 13
TRANSACTION_TYPES = ("CustomerPayBillOnline", "CustomerBuyGoodsOnline")
# Words that the portal forbids in registered URLs.
FORBIDDEN_IN_URLS = ("mpesa", "m-pesa", "safaricom", "exec", "cmd", "sql", "query", "ngrok")

_PUSH_FIELDS = {
    "BusinessShortCode",
    "Password",
    "Timestamp",
    "TransactionType",
    "Amount",
    "PartyA",
    "PartyB",
    "PhoneNumber",
    "CallBackURL",
    "AccountReference",
    "TransactionDesc",
}
_QUERY_FIELDS = {"BusinessShortCode", "Password", "Timestamp", "CheckoutRequestID"}
_C2B_FIELDS = {"ShortCode", "ResponseType", "ConfirmationURL", "ValidationURL"}


class Refusal(Exception):
    """An error in Daraja's form: its code, whose first three digits are the HTTP status, and its message."""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Merchant:
    """Who asks: what both push and query carry."""

    shortcode: str
    password: str
    timestamp: str


@dataclass(frozen=True)
class Push(Merchant):
    transaction_type: str
    amount: int  # whole shillings
    msisdn: str
    party_b: str
    callback_url: str
    account_reference: str
    description: str


def invalid(field: str) -> Refusal:
    return Refusal("400.002.02", f"Bad Request - Invalid {field}")


def read_push(body: dict) -> Push:
    """The fields of a push; raises Refusal naming the first that is wrong."""
    _only(body, _PUSH_FIELDS)
    merchant = _merchant(body)
    if body.get("TransactionType") not in TRANSACTION_TYPES:
        raise invalid("TransactionType")
    amount = _digits(body, "Amount", r"\d{1,6}")
    if not 1 <= int(amount) <= MAX_AMOUNT:
        raise invalid("Amount")
    _digits(body, "PartyA", r"254[17]\d{8}")
    return Push(
        **merchant.__dict__,
        transaction_type=body["TransactionType"],
        amount=int(amount),
        party_b=_digits(body, "PartyB", r"\d{5,7}"),
        msisdn=_digits(body, "PhoneNumber", r"254[17]\d{8}"),
        callback_url=_url(body, "CallBackURL"),
        account_reference=_text(body, "AccountReference", MAX_ACCOUNT_REFERENCE),
        description=_text(body, "TransactionDesc", MAX_DESCRIPTION) if "TransactionDesc" in body else "",
    )


def read_query(body: dict) -> Merchant:
    """The fields of a query; raises Refusal naming the first that is wrong."""
    _only(body, _QUERY_FIELDS)
    merchant = _merchant(body)
    checkout = body.get("CheckoutRequestID")
    if not isinstance(checkout, str) or not re.fullmatch(r"ws_CO_\d{17,26}", checkout):
        raise invalid("CheckoutRequestID")
    return merchant


def read_registration(config: Config, body: dict) -> tuple[str, str]:
    """The shortcode and its ConfirmationURL; raises Refusal naming the first field that is wrong."""
    _only(body, _C2B_FIELDS)
    shortcode = _digits(body, "ShortCode", r"\d{5,7}")
    if shortcode != config.mpesa_shortcode:
        raise invalid("ShortCode")
    if body.get("ResponseType") not in ("Completed", "Cancelled"):
        raise invalid("ResponseType")
    for field in ("ConfirmationURL", "ValidationURL"):
        url = _url(body, field).lower()
        if any(word in url for word in FORBIDDEN_IN_URLS):
            raise invalid(field)
    return shortcode, body["ConfirmationURL"]


def check_merchant(config: Config, merchant: Merchant) -> None:
    """Recompute the password; raises Refusal where shortcode or password is not the one on file."""
    if merchant.shortcode != config.mpesa_shortcode:
        raise Refusal("500.001.1001", "Merchant does not exist")
    raw = f"{config.mpesa_shortcode}{config.mpesa_passkey}{merchant.timestamp}"
    if not hmac.compare_digest(base64.b64encode(raw.encode()), merchant.password.encode()):
        raise Refusal("500.001.1001", "Wrong credentials")


def _only(body: dict, known: set[str]) -> None:
    """Daraja itself overlooks what it does not know; a stand-in does better to show the misspelling."""
    for field in body:
        if field not in known:
            raise invalid(field)


def _merchant(body: dict) -> Merchant:
    shortcode = _digits(body, "BusinessShortCode", r"\d{5,7}")
    password = body.get("Password")
    if not isinstance(password, str) or not password:
        raise invalid("Password")
    timestamp = _digits(body, "Timestamp", r"\d{14}")
    try:
        datetime.strptime(timestamp, "%Y%m%d%H%M%S")
    except ValueError:
        raise invalid("Timestamp") from None
    return Merchant(shortcode, password, timestamp)


def _digits(body: dict, field: str, shape: str) -> str:
    """Digits, written as a JSON string or as a whole JSON number."""
    value = body.get(field)
    if isinstance(value, bool) or not isinstance(value, int | str) or not re.fullmatch(shape, str(value), re.ASCII):
        raise invalid(field)
    return str(value)


def _text(body: dict, field: str, longest: int) -> str:
    value = body.get(field)
    if not isinstance(value, str) or not value.strip() or len(value) > longest:
        raise invalid(field)
    return value


def _url(body: dict, field: str) -> str:
    value = body.get(field)
    if not isinstance(value, str) or re.search(r"\s", value):
        raise invalid(field)
    try:
        parts = urlsplit(value)
        reachable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        reachable = False
    if not reachable:
        raise invalid(field)
    return value
