"""The Daraja client: money is asked for here, so every doubt about what happened is said aloud and nothing is sent twice."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from domain.daraja import NAIROBI
from domain.gateways import chargeable
from domain.money import Money
from domain.phones import mpesa_msisdn
from domain.provider_errors import OutcomeUnknown, Rejected, Unavailable
from providers.http import Answer, HttpClient, Timeouts
from providers.observing import Observer, nobody, observed
from providers.payments.daraja_answers import (
    CONFIGURATION_REFUSED,
    PushAccepted,
    QueryAnswer,
    read_push,
    read_query,
    read_token,
    token_refused,
)

#: Seconds for one call, whatever the other side does.
TOKEN_TIMEOUTS = Timeouts(connect=4, read=8, write=4, pool=4, total=8)
CALL_TIMEOUTS = Timeouts(connect=4, read=25, write=5, pool=4, total=25)
#: The longest push or query: token, call, token renewed, call replayed. Waiting for the token store's lock comes on top.
CALL_TIMEOUT = 2 * (TOKEN_TIMEOUTS.total + CALL_TIMEOUTS.total)

#: A CheckoutRequestID that no push ever had.
NEVER_PUSHED = "ws_CO_01012020000000000700000000"

#: What the prompt on the phone has room for.
MAX_REFERENCE = 12
MAX_DESCRIPTION = 13


@dataclass(frozen=True, slots=True)
class MpesaConfig:
    """One shortcode of one Daraja app. ``till`` receives the money: the shortcode itself unless goods are bought at a till."""

    base_url: str
    consumer_key: str = field(repr=False)
    consumer_secret: str = field(repr=False)
    shortcode: str
    passkey: str = field(repr=False)
    transaction_type: str
    till: str


class TokenStore(Protocol):
    """Where all processes keep the one access token: each token that Daraja issues ends the one before."""

    def get(self) -> str | None:
        """The token in use, None where there is none or its life is over."""

    def renew(self, fetch: Callable[[], tuple[str, int]], stale: str | None) -> str:
        """A token other than ``stale``, fetched under the lock that all processes share unless somebody else just did.

        ``fetch`` returns a token and its life in seconds, or raises a ProviderError, which passes through.
        """


class MpesaClient:
    """STK push and its query. Safe for many threads; ``clock`` gives aware instants."""

    def __init__(
        self,
        config: MpesaConfig,
        tokens: TokenStore,
        clock: Callable[[], datetime],
        *,
        call_timeouts: Timeouts = CALL_TIMEOUTS,
        token_timeouts: Timeouts = TOKEN_TIMEOUTS,
        observer: Observer = nobody,
    ):
        self._config = config
        self._business_shortcode = int(config.shortcode)
        self._tokens = tokens
        self._clock = clock
        self._token_timeouts = token_timeouts
        self._http = HttpClient(call_timeouts)
        self._observer = observer

    def push(
        self, *, amount: Money, phone: str, account_reference: str, description: str, callback_url: str
    ) -> PushAccepted:
        """Put a PIN prompt on ``phone`` (E.164). Acceptance is not payment: the outcome comes to ``callback_url``.

        Raises the five errors; OutcomeUnknown wherever the prompt may be on the phone. Raises ValueError, before any
        call, for what Daraja cannot take: such a charge should not have been built.
        """
        if chargeable(amount, "mpesa") != amount:
            raise ValueError("M-Pesa charges whole shillings")
        _check_length("account_reference", account_reference, MAX_REFERENCE)
        _check_length("description", description, MAX_DESCRIPTION)
        msisdn = mpesa_msisdn(phone)
        request = {
            "TransactionType": self._config.transaction_type,
            "Amount": str(amount.minor // 100),
            "PartyA": msisdn,
            "PartyB": self._config.till,
            "PhoneNumber": msisdn,
            "CallBackURL": callback_url,
            "AccountReference": account_reference,
            "TransactionDesc": description,
        }
        with observed(self._observer, "mpesa", "push"):
            return read_push(self._call("/mpesa/stkpush/v1/processrequest", request))

    def query(self, checkout_request_id: str) -> QueryAnswer:
        """Ask how a push ended. Asking has no effect, so every trouble is Unavailable or Throttled: ask again later."""
        with observed(self._observer, "mpesa", "query"):
            try:
                answer = self._call("/mpesa/stkpushquery/v1/query", {"CheckoutRequestID": checkout_request_id})
            except OutcomeUnknown as error:
                raise Unavailable(f"M-Pesa query: {error}", code=error.code) from None
            return read_query(answer, checkout_request_id)

    def verify(self) -> None:
        """Ask about a push that never was: any proper answer means that address, keys, shortcode and passkey are good.

        Raises the five errors; Rejected where Daraja does not accept what we are configured with.
        """
        answer = self.query(NEVER_PUSHED)
        if any(words in answer.description.lower() for words in CONFIGURATION_REFUSED):
            raise Rejected("M-Pesa refused shortcode or passkey", code="wrong_credentials")

    def close(self) -> None:
        self._http.close()

    def _call(self, path: str, body: dict[str, Any]) -> Answer:
        """Post with the shared token; a refused token is renewed once and the call, which did nothing, made again."""
        token = self._tokens.get() or self._tokens.renew(self._fetch_token, None)
        answer = self._post(path, body, token)
        if not token_refused(answer):
            return answer
        token = self._tokens.renew(self._fetch_token, token)
        answer = self._post(path, body, token)
        if token_refused(answer):
            # Somebody outside our lock renews tokens of the same app, or the app is blocked.
            raise Unavailable("M-Pesa refused a token that was just issued", code="token_refused")
        return answer

    def _post(self, path: str, body: dict[str, Any], token: str) -> Answer:
        timestamp = self._clock().astimezone(NAIROBI).strftime("%Y%m%d%H%M%S")
        signed = {
            "BusinessShortCode": self._business_shortcode,
            "Password": password(self._config.shortcode, self._config.passkey, timestamp),
            "Timestamp": timestamp,
            **body,
        }
        url = self._config.base_url + path
        return self._http.call("POST", url, json=signed, headers={"Authorization": f"Bearer {token}"})

    def _fetch_token(self) -> tuple[str, int]:
        with observed(self._observer, "mpesa", "token"):
            try:
                answer = self._http.call(
                    "GET",
                    self._config.base_url + "/oauth/v1/generate",
                    params={"grant_type": "client_credentials"},
                    auth=(self._config.consumer_key, self._config.consumer_secret),
                    timeouts=self._token_timeouts,
                )
            except OutcomeUnknown as error:
                # Without a token nothing was asked for yet.
                raise Unavailable(f"M-Pesa access token: {error}", code=error.code) from None
            return read_token(answer)


def password(shortcode: str, passkey: str, timestamp: str) -> str:
    """Daraja's signature of a request: it must match the Timestamp sent beside it."""
    return base64.b64encode(f"{shortcode}{passkey}{timestamp}".encode()).decode()


def _check_length(name: str, text: str, longest: int) -> None:
    if not 1 <= len(text) <= longest:
        raise ValueError(f"{name} must have 1 to {longest} characters")
