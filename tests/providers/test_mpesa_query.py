"""A query tells how a push ended or that nobody knows yet; trouble with the query is never news about the push."""

from __future__ import annotations

import pytest

from domain.provider_errors import Throttled, Unavailable
from tests.providers.daraja_case import CHECKOUT, FINAL, GARBLED, QUERY, fault
from tests.providers.recorded import answer


def test_a_final_answer_carries_the_code_as_text(provider, calls):
    provider.script(QUERY, answer(200, FINAL), answer(200, {**FINAL, "ResultCode": 0}))
    first, second = calls.client.query(CHECKOUT), calls.client.query(CHECKOUT)
    assert (first.state, first.result_code, first.description) == ("final", "1032", "Request cancelled by user")
    assert (second.state, second.result_code) == ("final", "0")
    sent = provider.to(QUERY)[0].json
    assert set(sent) == {"BusinessShortCode", "Password", "Timestamp", "CheckoutRequestID"}
    assert sent["CheckoutRequestID"] == CHECKOUT


@pytest.mark.parametrize(
    "reply",
    [
        answer(
            500,
            {
                "requestId": CHECKOUT,
                "errorCode": "500.001.1001",
                "errorMessage": "The transaction is being processed",
            },
        ),
        answer(200, {**FINAL, "ResultCode": "4999", "ResultDesc": "The transaction is still under processing"}),
        answer(400, fault("400.002.02", "Bad Request - Invalid CheckoutRequestID")),
        answer(500, fault("500.003.1001", "Internal Server Error")),
        answer(503, "down"),
        answer(404, "<html>"),
    ],
)
def test_whatever_is_no_answer_about_the_push_leaves_it_pending(provider, calls, reply):
    provider.script(QUERY, reply)
    asked = calls.client.query(CHECKOUT)
    assert (asked.state, asked.result_code) == ("pending", None)
    assert asked.description
    assert "768130105" not in asked.description


@pytest.mark.parametrize(
    "reply",
    [
        *GARBLED,
        answer(200, {**FINAL, "CheckoutRequestID": "ws_CO_another"}),
        answer(200, {**FINAL, "ResponseCode": "1"}),
        answer(200, {**FINAL, "ResultCode": None}),
        answer(200, {**FINAL, "ResultCode": {"code": 0}}),
        answer(200, {**FINAL, "ResultCode": True}),
    ],
)
def test_a_query_whose_answer_makes_no_sense_is_unavailable(provider, calls, reply):
    provider.script(QUERY, reply)
    with pytest.raises(Unavailable) as caught:
        calls.client.query(CHECKOUT)
    assert caught.value.code


def test_a_throttled_query_says_so(provider, calls):
    provider.script(QUERY, answer(500, fault("500.003.02", "System is busy")), answer(429, b"", {"Retry-After": "3"}))
    for seconds in (None, 3.0):
        with pytest.raises(Throttled) as caught:
            calls.client.query(CHECKOUT)
        assert caught.value.retry_after == seconds
