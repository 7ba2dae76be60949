"""What each answer of Daraja means for us: its statuses are unreliable, so error codes and texts decide."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Literal

from domain.daraja import MalformedCallback, read_code
from domain.provider_errors import OutcomeUnknown, ProviderError, Rejected, Throttled, Unavailable
from providers.http import Answer, presentable, presentable_code

#: Three spellings of "this token is no longer valid"; Daraja checks the token before anything else, so nothing happened.
TOKEN_REFUSED = frozenset({"404.001.03", "401.002.01", "400.003.01"})
_THROTTLED = frozenset({"500.003.02", "500.003.03"})
#: One code for several things, told apart by their text.
_OVERLOADED = "500.001.1001"
#: The code under which callbacks report the same thing.
SUBSCRIBER_BUSY = "1001"
_PENDING_RESULT = "4999"
#: Texts that speak of our shortcode and passkey, whatever was asked.
CONFIGURATION_REFUSED = ("wrong credentials", "merchant does not exist")

_IDENTIFIER = re.compile(r"[!-~]{1,100}")
_TOKEN = re.compile(r"[!-~]{1,4096}")


@dataclass(frozen=True, slots=True)
class PushAccepted:
    """The prompt is on its way; nothing is paid. The CheckoutRequestID holds a phone number, so no repr shows it."""

    merchant_request_id: str
    checkout_request_id: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class QueryAnswer:
    """``result_code`` is Daraja's, as text, and None while the push is pending. ``description`` is for people only."""

    state: Literal["pending", "final"]
    result_code: str | None
    description: str


def token_refused(answer: Answer) -> bool:
    """Whether the answer says that the token, and nothing else, was at fault."""
    return _error_code(answer) in TOKEN_REFUSED or answer.status == 401


def read_token(answer: Answer) -> tuple[str, int]:
    """The access token and its life in seconds, sent as a number or as text. Raises one of the five errors."""
    if not answer.ok:
        raise _token_error(answer)
    document = answer.document()
    token = document.get("access_token")
    try:
        seconds = int(document.get("expires_in", ""))
    except (TypeError, ValueError, OverflowError):
        seconds = 0
    if not isinstance(token, str) or not _TOKEN.fullmatch(token) or seconds <= 0:
        raise Unavailable("M-Pesa gave no usable access token", code="garbled_token")
    return token, seconds


def _token_error(answer: Answer) -> ProviderError:
    code = _error_code(answer) or f"http_{answer.status}"
    if answer.status == 429 or code in _THROTTLED:
        return Throttled("M-Pesa is limiting us", code=code, retry_after=answer.retry_after)
    if 400 <= answer.status < 500 and answer.status != 408:
        return Rejected("M-Pesa refused the consumer key and secret", code=code)
    return Unavailable("M-Pesa could not give an access token", code=code, retry_after=answer.retry_after)


def read_push(answer: Answer) -> PushAccepted:
    """The acceptance of a push, or one of the five errors; whatever does not clearly say no is OutcomeUnknown."""
    document = answer.document()
    if not answer.ok or "errorCode" in document:
        raise _push_error(answer, document)
    merchant, checkout = document.get("MerchantRequestID"), document.get("CheckoutRequestID")
    code = presentable_code(document.get("ResponseCode"))
    if code == "0" and _is_identifier(merchant) and _is_identifier(checkout):
        return PushAccepted(merchant, checkout)
    if code and code != "0" and not checkout:
        raise Rejected(f"M-Pesa refused the push: {presentable(document.get('ResponseDescription'))}", code=code)
    raise OutcomeUnknown("M-Pesa's answer to the push makes no sense", code="garbled_answer")


def _push_error(answer: Answer, document: dict[str, Any]) -> ProviderError:
    code = _error_code(answer)
    text = presentable(document.get("errorMessage"))
    name = code or f"http_{answer.status}"
    if answer.status == 429 or code in _THROTTLED:
        return Throttled("M-Pesa is limiting us", code=name, retry_after=answer.retry_after)
    if code == _OVERLOADED:
        return _overloaded(text)
    if code.startswith("4") or (not code and 400 <= answer.status < 500 and answer.status != 408):
        return Rejected(f"M-Pesa refused the push: {text or 'no reason given'}", code=name)
    return OutcomeUnknown("M-Pesa's answer does not tell whether the push went out", code=name)


def _overloaded(text: str) -> ProviderError:
    lower = text.lower()
    if "lock subscriber" in lower or "already in process" in lower:
        return Rejected("another prompt is open on this phone", code=SUBSCRIBER_BUSY)
    if any(words in lower for words in CONFIGURATION_REFUSED):
        return Rejected(f"M-Pesa refused the push: {text}", code=_OVERLOADED)
    return OutcomeUnknown("M-Pesa's answer does not tell whether the push went out", code=_OVERLOADED)


def read_query(answer: Answer, checkout_request_id: str) -> QueryAnswer:
    """The state of a push. An error about the query says nothing about the push, so it leaves the push pending."""
    document = answer.document()
    code = _error_code(answer)
    if answer.status == 429 or code in _THROTTLED:
        raise Throttled("M-Pesa is limiting us", code=code or "http_429", retry_after=answer.retry_after)
    if not answer.ok or code:
        said = presentable(document.get("errorMessage"))
        return QueryAnswer("pending", None, f"{code or answer.status} {said}".strip())
    try:
        response = read_code(document.get("ResponseCode"), "ResponseCode")
        result = read_code(document.get("ResultCode"), "ResultCode")
    except MalformedCallback as fault:
        raise Unavailable(f"M-Pesa's answer to the query makes no sense: {fault}", code="garbled_answer") from None
    if response != "0" or document.get("CheckoutRequestID", checkout_request_id) != checkout_request_id:
        raise Unavailable("M-Pesa answered about something else", code="contradictory_answer")
    description = presentable(document.get("ResultDesc"))
    if result == _PENDING_RESULT:
        return QueryAnswer("pending", None, description)
    return QueryAnswer("final", result, description)


def _error_code(answer: Answer) -> str:
    return presentable_code(answer.document().get("errorCode"))


def _is_identifier(value: object) -> bool:
    return isinstance(value, str) and _IDENTIFIER.fullmatch(value) is not None
