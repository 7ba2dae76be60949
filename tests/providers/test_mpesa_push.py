"""What a push sends, what it refuses to send, and what each answer to it means."""

from __future__ import annotations

import pytest

from domain.gateways import NotChargeable
from domain.money import Money
from domain.provider_errors import OutcomeUnknown, ProviderError, Rejected, Throttled, Unavailable
from providers.payments.mpesa import CALL_TIMEOUT, CALL_TIMEOUTS, TOKEN_TIMEOUTS, password
from tests.providers.conftest import PATIENT
from tests.providers.daraja_case import ACCEPTED, GARBLED, PASSKEY, PUSH, TOKEN, Calls, fault
from tests.providers.fakes import MemoryTokenStore
from tests.providers.recorded import answer


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
    calls = Calls(provider.url + "/daraja", MemoryTokenStore(TOKEN), PATIENT, **config)
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
    calls = Calls(f"http://127.0.0.1:{free_port}", MemoryTokenStore(TOKEN), PATIENT)
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
