"""The Daraja client against documented answers and against everything that a wire can do."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.gateways import NotChargeable
from domain.money import Money
from domain.provider_errors import OutcomeUnknown, ProviderError, Rejected, Throttled, Unavailable
from providers.http import Timeouts
from providers.payments.mpesa import CALL_TIMEOUT, CALL_TIMEOUTS, TOKEN_TIMEOUTS, MpesaClient, MpesaConfig, password
from tests.providers import recorded
from tests.providers.conftest import PATIENT
from tests.providers.fakes import MemoryTokenStore
from tests.providers.recorded import RecordedProvider, answer

PASSKEY = "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919"
SECRET = "consumer-secret-that-nobody-may-read"
TOKEN = "c9SQxWWhmdVRlyh0zh8gZDTkubVF"
CHECKOUT = "ws_CO_10122023133400273768130105"
PHONE = "+254712345678"

OAUTH = "/daraja/oauth/v1/generate"
PUSH = "/daraja/mpesa/stkpush/v1/processrequest"
QUERY = "/daraja/mpesa/stkpushquery/v1/query"

ACCEPTED = {
    "MerchantRequestID": "2654-4b64-97ff-b827b542881d3130",
    "CheckoutRequestID": "ws_CO_1007202409152617172396192",
    "ResponseCode": "0",
    "ResponseDescription": "Success. Request accepted for processing",
    "CustomerMessage": "Success. Request accepted for processing",
}
FINAL = {
    "ResponseCode": "0",
    "ResponseDescription": "The service request has been accepted successsfully",
    "MerchantRequestID": "27379-162309945-1",
    "CheckoutRequestID": CHECKOUT,
    "ResultCode": "1032",
    "ResultDesc": "Request cancelled by user",
}


def fault(code: str, message: str) -> dict[str, str]:
    return {"requestId": "1c5b-4ba8-815c-ac45c57a3db01495926", "errorCode": code, "errorMessage": message}


REFUSED_TOKEN = answer(404, fault("404.001.03", "Invalid Access Token"))
GARBLED = [
    pytest.param(recorded.raw(b"\x00\xffSSH-2.0-surprise\r\n\r\n"), id="not http"),
    pytest.param(recorded.hang, id="hangs"),
    pytest.param(recorded.drop, id="drops"),
    pytest.param(recorded.drip, id="drips"),
    pytest.param(recorded.flood, id="floods"),
    pytest.param(answer(200, "<html>Welcome</html>"), id="html"),
    pytest.param(answer(200, b""), id="empty"),
    pytest.param(answer(200, b"[" * 50_000), id="deep json"),
    pytest.param(answer(200, [1, 2]), id="list"),
    pytest.param(recorded.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"), id="cut short"),
]


class Calls:
    """A client of the scripted provider, with what the tests look at."""

    def __init__(self, base_url: str, tokens: MemoryTokenStore, timeouts: Timeouts = PATIENT, **config: Any):
        self.tokens = tokens
        fields = {
            "base_url": base_url,
            "consumer_key": "consumer-key",
            "consumer_secret": SECRET,
            "shortcode": "174379",
            "passkey": PASSKEY,
            "transaction_type": "CustomerPayBillOnline",
            "till": "174379",
        }
        self.client = MpesaClient(
            MpesaConfig(**{**fields, **config}),
            tokens,
            # 06:24:08 in London's winter is 09:24:08 in Nairobi, the timestamp of the documented sample.
            lambda: datetime(2021, 6, 28, 6, 24, 8, tzinfo=UTC),
            call_timeouts=timeouts,
            token_timeouts=timeouts,
        )

    def push(self, **changed: Any) -> Any:
        fields: dict[str, Any] = {
            "amount": Money.parse("2500", "KES"),
            "phone": PHONE,
            "account_reference": "EB7K2MQ-1",
            "description": "Booking",
            "callback_url": "https://elite.example/api/payments/mpesa/callback/secret-path-token",
        }
        return self.client.push(**{**fields, **changed})


@pytest.fixture
def calls(provider: RecordedProvider, timeouts: Timeouts) -> Iterator[Calls]:
    calls = Calls(provider.url + "/daraja", MemoryTokenStore(TOKEN), timeouts)
    provider.script(OAUTH, answer(200, {"access_token": "second-token", "expires_in": "3599"}))
    yield calls
    calls.client.close()


def test_the_password_is_the_documented_one():
    assert password("174379", PASSKEY, "20210628092408") == (
        "MTc0Mzc5YmZiMjc5ZjlhYTliZGJjZjE1OGU5N2RkNzFhNDY3Y2QyZTBjODkzMDU5YjEwZjc4ZTZiNzJhZGExZWQyYzkxOTIwMjEw"
        "NjI4MDkyNDA4"
    )


def test_the_longest_operation_holds_both_tokens_and_both_tries():
    assert 2 * TOKEN_TIMEOUTS.total + 2 * CALL_TIMEOUTS.total <= CALL_TIMEOUT


def test_a_push_sends_what_is_documented_and_returns_both_ids(provider, calls):
    provider.script(PUSH, answer(200, ACCEPTED))
    accepted = calls.push()
    assert accepted.merchant_request_id == ACCEPTED["MerchantRequestID"]
    assert accepted.checkout_request_id == ACCEPTED["CheckoutRequestID"]
    (sent,) = provider.to(PUSH)
    assert sent.headers["authorization"] == f"Bearer {TOKEN}"
    assert sent.headers["content-type"] == "application/json"
    assert sent.json == {
        "BusinessShortCode": 174379,
        "Password": password("174379", PASSKEY, "20210628092408"),
        "Timestamp": "20210628092408",
        "TransactionType": "CustomerPayBillOnline",
        "Amount": "2500",
        "PartyA": "254712345678",
        "PartyB": "174379",
        "PhoneNumber": "254712345678",
        "CallBackURL": "https://elite.example/api/payments/mpesa/callback/secret-path-token",
        "AccountReference": "EB7K2MQ-1",
        "TransactionDesc": "Booking",
    }


def test_a_till_gets_the_money_and_the_head_office_signs(provider):
    config = {"transaction_type": "CustomerBuyGoodsOnline", "till": "5500123"}
    calls = Calls(provider.url + "/daraja", MemoryTokenStore(TOKEN), **config)
    provider.script(PUSH, answer(200, ACCEPTED))
    calls.push()
    calls.client.close()
    sent = provider.to(PUSH)[0].json
    assert (sent["BusinessShortCode"], sent["PartyB"]) == (174379, "5500123")
    assert sent["TransactionType"] == "CustomerBuyGoodsOnline"


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"account_reference": "EB7K2MQWERT-1"}, "account_reference"),
        ({"account_reference": ""}, "account_reference"),
        ({"description": "Booking a tour"}, "description"),
        ({"amount": Money(250_050, "KES")}, "whole shillings"),
        ({"phone": "+447911123456"}, "Kenyan"),
    ],
)
def test_what_daraja_cannot_take_is_refused_before_any_call(provider, calls, changed, named):
    with pytest.raises(ValueError, match=named) as caught:
        calls.push(**changed)
    assert "447911" not in str(caught.value)
    assert provider.received == []


@pytest.mark.parametrize("amount", [Money(0, "KES"), Money(-100, "KES"), Money(25_000_100, "KES"), Money(100, "USD")])
def test_an_amount_outside_the_limits_is_refused_before_any_call(provider, calls, amount):
    with pytest.raises(NotChargeable):
        calls.push(amount=amount)
    assert provider.received == []


# --- Errors of a push ---


@pytest.mark.parametrize(
    ("reply", "error", "code"),
    [
        (answer(400, fault("400.002.02", "Bad Request - Invalid BusinessShortCode")), Rejected, "400.002.02"),
        (answer(404, fault("404.001.04", "Invalid Authentication Header")), Rejected, "404.001.04"),
        (answer(404, fault("404.001.01", "Resource not found")), Rejected, "404.001.01"),
        (answer(405, fault("405.001", "Method not allowed")), Rejected, "405.001"),
        (answer(500, fault("500.001.1001", "[MerchantValidate] - Wrong credentials")), Rejected, "500.001.1001"),
        (answer(500, fault("500.001.1001", "Merchant does not exist")), Rejected, "500.001.1001"),
        (
            answer(
                500,
                fault(
                    "500.001.1001",
                    "Unable to lock subscriber, a transaction is already in process for the current subscriber",
                ),
            ),
            Rejected,
            "1001",
        ),
        (answer(500, fault("500.001.1001", "Something new")), OutcomeUnknown, "500.001.1001"),
        (answer(500, fault("500.003.02", "Error Occurred: Spike Arrest Violation")), Throttled, "500.003.02"),
        (answer(500, fault("500.003.02", "System is busy")), Throttled, "500.003.02"),
        (answer(500, fault("500.003.03", "Quota Violation")), Throttled, "500.003.03"),
        (answer(429, "slow down"), Throttled, "http_429"),
        (answer(500, fault("500.003.1001", "Internal Server Error")), OutcomeUnknown, "500.003.1001"),
        (answer(500, "<html>oops</html>"), OutcomeUnknown, "http_500"),
        (answer(502, b""), OutcomeUnknown, "http_502"),
        (answer(503, "Service Unavailable"), OutcomeUnknown, "http_503"),
        (answer(403, "<html>Request unsuccessful. Incapsula</html>"), Rejected, "http_403"),
        (answer(408, b""), OutcomeUnknown, "http_408"),
        (answer(200, {**ACCEPTED, "ResponseCode": "1"}), OutcomeUnknown, "garbled_answer"),
        (answer(200, {**ACCEPTED, "CheckoutRequestID": ""}), OutcomeUnknown, "garbled_answer"),
        (answer(200, {**ACCEPTED, "CheckoutRequestID": 7}), OutcomeUnknown, "garbled_answer"),
        (answer(200, {"ResponseCode": "0"}), OutcomeUnknown, "garbled_answer"),
        (answer(200, {"ResponseCode": "17", "ResponseDescription": "Rule limited"}), Rejected, "17"),
        (answer(200, fault("500.003.1001", "Internal Server Error")), OutcomeUnknown, "500.003.1001"),
        (answer(200, fault("400.002.02", "Bad Request - Invalid Amount")), Rejected, "400.002.02"),
    ],
)
def test_each_refusal_of_a_push_is_named_by_what_to_do(provider, calls, reply, error, code):
    provider.script(PUSH, reply)
    with pytest.raises(ProviderError) as caught:
        calls.push()
    assert type(caught.value) is error
    assert caught.value.code == code
    assert len(provider.to(PUSH)) == 1


@pytest.mark.parametrize("reply", GARBLED)
def test_a_push_whose_answer_makes_no_sense_has_an_unknown_outcome_and_is_sent_once(provider, calls, reply):
    provider.script(PUSH, reply)
    with pytest.raises(OutcomeUnknown) as caught:
        calls.push()
    assert caught.value.code
    assert len(provider.to(PUSH)) == 1


def test_a_push_that_never_connected_is_unavailable(free_port):
    calls = Calls(f"http://127.0.0.1:{free_port}", MemoryTokenStore(TOKEN))
    with pytest.raises(Unavailable) as caught:
        calls.push()
    calls.client.close()
    assert caught.value.code == "connect_error"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_never_followed(provider, calls, status):
    provider.script(PUSH, answer(status, b"", {"Location": provider.url + "/elsewhere"}))
    with pytest.raises(OutcomeUnknown):
        calls.push()
    assert provider.to("/elsewhere") == []


@pytest.mark.parametrize(("given", "seconds"), [("7", 7.0), ("99999999", 3600.0), ("soon", None), ("-5", None)])
def test_a_pause_that_daraja_asks_for_is_passed_on(provider, calls, given, seconds):
    provider.script(PUSH, answer(429, b"", {"Retry-After": given}))
    with pytest.raises(Throttled) as caught:
        calls.push()
    assert caught.value.retry_after == seconds


# --- Tokens ---


def test_the_first_call_fetches_a_token_whose_life_is_text(provider):
    calls = Calls(provider.url + "/daraja", MemoryTokenStore())
    provider.script(OAUTH, answer(200, {"access_token": "fresh", "expires_in": "3599"}))
    provider.script(PUSH, answer(200, ACCEPTED))
    calls.push()
    calls.client.close()
    (asked,) = provider.to(OAUTH)
    assert asked.path == OAUTH + "?grant_type=client_credentials"
    assert asked.headers["authorization"].startswith("Basic ")
    assert calls.tokens.lives == [3599]
    assert provider.to(PUSH)[0].headers["authorization"] == "Bearer fresh"


@pytest.mark.parametrize(
    "refused",
    [
        REFUSED_TOKEN,
        answer(401, fault("401.002.01", "Error Occurred - Invalid Access Token")),
        answer(400, fault("400.003.01", "Invalid Access Token")),
        answer(401, {"fault": {"faultstring": "Invalid access token"}}),
    ],
)
def test_a_refused_token_is_renewed_once_and_the_push_made_again(provider, calls, refused):
    provider.script(PUSH, refused, answer(200, ACCEPTED))
    assert calls.push().checkout_request_id == ACCEPTED["CheckoutRequestID"]
    assert [sent.headers["authorization"] for sent in provider.to(PUSH)] == [f"Bearer {TOKEN}", "Bearer second-token"]
    assert len(provider.to(OAUTH)) == 1


def test_a_token_refused_twice_is_unavailable_and_not_tried_a_third_time(provider, calls):
    provider.script(PUSH, REFUSED_TOKEN)
    with pytest.raises(Unavailable) as caught:
        calls.push()
    assert caught.value.code == "token_refused"
    assert len(provider.to(PUSH)) == 2
    assert len(provider.to(OAUTH)) == 1


def test_many_calls_with_a_refused_token_renew_it_once(provider, calls):
    def by_token(handler: Any) -> None:
        fresh = handler.headers["Authorization"] == "Bearer second-token"
        (answer(200, ACCEPTED) if fresh else REFUSED_TOKEN)(handler)

    provider.script(PUSH, by_token)
    start = threading.Barrier(12)

    def push(_: int) -> Any:
        start.wait()
        return calls.push()

    with ThreadPoolExecutor(12) as threads:
        assert len(list(threads.map(push, range(12)))) == 12
    assert calls.tokens.renewals == 1
    assert len(provider.to(OAUTH)) == 1


@pytest.mark.parametrize(
    ("reply", "error", "code"),
    [
        (answer(400, fault("400.008.01", "Invalid Authentication passed")), Rejected, "400.008.01"),
        (answer(401, fault("401.003.01", "Invalid token")), Rejected, "401.003.01"),
        (answer(500, fault("500.003.02", "Spike Arrest Violation")), Throttled, "500.003.02"),
        (answer(429, b""), Throttled, "http_429"),
        (answer(503, "down"), Unavailable, "http_503"),
        (answer(302, b"", {"Location": "/elsewhere"}), Unavailable, "http_302"),
        (answer(200, {"access_token": "two words", "expires_in": 3599}), Unavailable, "garbled_token"),
        (answer(200, {"access_token": "bad\r\nX-Header: 1", "expires_in": 3599}), Unavailable, "garbled_token"),
        (answer(200, {"access_token": "fresh", "expires_in": "soon"}), Unavailable, "garbled_token"),
        (answer(200, {"access_token": "fresh", "expires_in": 0}), Unavailable, "garbled_token"),
        (answer(200, {"access_token": None}), Unavailable, "garbled_token"),
        (answer(200, "<html>"), Unavailable, "garbled_token"),
        (recorded.hang, Unavailable, "read_timeout"),
        (recorded.drop, Unavailable, "remote_protocol_error"),
    ],
)
def test_without_a_token_nothing_is_pushed(provider, timeouts, reply, error, code):
    calls = Calls(provider.url + "/daraja", MemoryTokenStore(), timeouts)
    provider.script(OAUTH, reply)
    with pytest.raises(ProviderError) as caught:
        calls.push()
    calls.client.close()
    assert (type(caught.value), caught.value.code) == (error, code)
    assert provider.to(PUSH) == []


# --- Queries ---


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


# --- Secrets ---


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
