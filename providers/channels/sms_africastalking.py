"""SMS leave through Africa's Talking's SDK, which by itself has one host, follows redirects and forgets HTTP statuses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from africastalking.Application import ApplicationService
from africastalking.SMS import SMSService

from domain.provider_errors import OutcomeUnknown, ProviderError, Rejected, Unavailable
from providers.http import Answer, HttpClient, Timeouts, presentable, presentable_code, refusal
from providers.observing import Observer, nobody, observed

#: Seconds for one text.
TIMEOUTS = Timeouts(connect=4, read=12, write=4, pool=4, total=15)
CALL_TIMEOUT = TIMEOUTS.total

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")

_ACCEPTED = frozenset({"100", "101", "102"})
#: RiskHold, InvalidSenderId, InvalidPhoneNumber, UnsupportedNumberType, UserInBlacklist, CouldNotRoute, DoNotDisturb.
_REFUSED = frozenset({"401", "402", "403", "404", "406", "407", "409"})
#: InsufficientBalance (until somebody tops up), InternalServerError, GatewayError, RejectedByGateway.
_PASSING = frozenset({"405", "500", "501", "502"})


@dataclass(frozen=True, slots=True)
class SmsSent:
    """A text that was taken. ``provider_id`` comes back with delivery reports; ``cost`` is as quoted, ``KES 0.8000``."""

    provider_id: str
    cost: str


class AfricasTalkingChannel:
    """Sends texts, one call each. Safe for many threads. An empty ``sender_id`` sends from the shared short code."""

    def __init__(
        self,
        base_url: str,
        username: str,
        api_key: str,
        sender_id: str,
        *,
        timeouts: Timeouts = TIMEOUTS,
        observer: Observer = nobody,
    ):
        self._observer = observer
        self._http = HttpClient(timeouts)
        self._sdk = _BoundedMessages(username, api_key, base_url, self._http)
        self._account = _BoundedAccount(username, api_key, base_url, self._http)
        self._sender_id = sender_id or None

    def send(self, to: str, text: str) -> SmsSent:
        """Send one text to ``to`` (E.164).

        Raises the five errors; Africa's Talking has no keys, so after OutcomeUnknown the text may or may not arrive.
        Raises ValueError for a number that is not E.164.
        """
        if not _E164.fullmatch(to):
            raise ValueError("the recipient is not in E.164 form")
        with observed(self._observer, "africastalking", "send"):
            answer: Answer = self._sdk.send(text, [to], self._sender_id)
            if not answer.ok:
                raise refusal(answer)
            return _read(answer)

    def verify(self) -> str:
        """Ask after our account; its balance as quoted, ``KES 1785.5000``. Raises the five errors."""
        answer: Answer = self._account.fetch_application_data()
        if not answer.ok:
            raise refusal(answer)
        account = answer.document().get("UserData")
        return _text(account.get("balance")) if isinstance(account, dict) else ""

    def close(self) -> None:
        self._http.close()


def _read(answer: Answer) -> SmsSent:
    """A 201 says that the request was read, not that anything was sent: the recipient's own code does."""
    data = answer.document().get("SMSMessageData")
    recipients = data.get("Recipients") if isinstance(data, dict) else None
    if not isinstance(recipients, list):
        raise OutcomeUnknown("Africa's Talking's answer makes no sense", code="garbled_answer")
    if not recipients:
        said = data.get("Message")
        raise Rejected(
            f"Africa's Talking took no recipient: {presentable(said)}", code=presentable_code(said) or "empty"
        )
    if not isinstance(recipients[0], dict):
        raise OutcomeUnknown("Africa's Talking's answer makes no sense", code="garbled_answer")
    code = presentable_code(recipients[0].get("statusCode"))
    if code not in _ACCEPTED:
        raise _error(code, presentable(recipients[0].get("status")))
    return SmsSent(_text(recipients[0].get("messageId")), _text(recipients[0].get("cost")))


def _error(code: str, status: str) -> ProviderError:
    if code in _REFUSED:
        return Rejected(f"Africa's Talking refused the recipient: {status}", code=code)
    if code in _PASSING:
        return Unavailable(f"Africa's Talking did not send: {status}", code=code)
    return OutcomeUnknown(
        "Africa's Talking's answer does not tell whether the text was sent", code=code or "garbled_answer"
    )


def _text(value: object) -> str:
    return value.strip()[:100] if isinstance(value, str) else ""


class _Bounded:
    """One of the SDK's services, pointed at ``base_url``, with its one request method over our bounded client."""

    def __init__(self, username: str, api_key: str, base_url: str, http: HttpClient):
        super().__init__(username, api_key)
        self._baseUrl = f"{base_url}/version1"
        self._http = http

    def _make_request(self, url: str, method: str, headers: Any, data: Any, params: Any, **_options: Any) -> Answer:
        return self._http.call(method, url, headers=headers, data=data, params=params)


class _BoundedMessages(_Bounded, SMSService):
    """What sends texts."""


class _BoundedAccount(_Bounded, ApplicationService):
    """What knows our balance."""
