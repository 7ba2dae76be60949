"""Neither errors nor logs nor reprs of the Daraja client repeat what is secret, whatever Daraja echoes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest

from domain.provider_errors import ProviderError
from providers.payments.mpesa import MpesaConfig, password
from tests.providers.daraja_case import ACCEPTED, CHECKOUT, GARBLED, PASSKEY, PUSH, QUERY, SECRET, TOKEN, fault
from tests.providers.recorded import answer

ECHO = f"Bad {TOKEN} {PASSKEY} {SECRET} for 254712345678 about {CHECKOUT} and mail jane@example.com"


@pytest.mark.parametrize(
    "reply",
    [answer(400, fault("400.002.02", ECHO)), answer(500, fault("500.001.1001", f"Wrong credentials {ECHO}")), *GARBLED],
)
def test_no_error_and_no_log_line_repeats_what_is_secret(provider, calls, reply, caplog):
    caplog.set_level(logging.DEBUG)
    provider.script(PUSH, reply)
    provider.script(QUERY, reply)
    attempts: list[Callable[[], Any]] = [calls.push, lambda: calls.client.query(CHECKOUT)]
    told = []
    for attempt in attempts:
        try:
            told.append(repr(attempt()))
        except ProviderError as error:
            told += [str(error), repr(error), error.code, str(error.__cause__)]
    told += [record.getMessage() for record in caplog.records]
    signed = password("174379", PASSKEY, "20210628092408")
    for secret in (TOKEN, PASSKEY, SECRET, signed, "712345678", "768130105", "jane@", "secret-path-token"):
        assert not any(secret in text for text in told), secret


def test_reprs_keep_secrets_to_themselves(provider, calls):
    provider.script(PUSH, answer(200, ACCEPTED))
    assert "172396192" not in repr(calls.push())
    config = MpesaConfig("http://x", "key-of-ours", SECRET, "174379", PASSKEY, "CustomerPayBillOnline", "174379")
    for secret in ("key-of-ours", SECRET, PASSKEY):
        assert secret not in repr(config)
