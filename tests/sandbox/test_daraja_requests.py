"""What Daraja takes and refuses before any customer sees a prompt."""

from __future__ import annotations

import re
import time

import pytest

from tests.sandbox.callers import PHONE

PUSH = "/daraja/mpesa/stkpush/v1/processrequest"


def error(answer) -> tuple[int, str, str]:
    body = answer.json()
    assert body["requestId"]
    return answer.status_code, body["errorCode"], body["errorMessage"]


def invalid(field: str) -> tuple[int, str, str]:
    return 400, "400.002.02", f"Bad Request - Invalid {field}"


def nothing_happened(sandbox) -> bool:
    return sandbox.sim(f"phones/{PHONE}")["prompts"] == [] and sandbox.sim("charges") == []


def test_token_has_its_lifetime_as_a_string(sandbox):
    answer = sandbox.http.get(
        "/daraja/oauth/v1/generate?grant_type=client_credentials",
        auth=("sandbox-consumer-key", "sandbox-consumer-secret"),
    )
    assert answer.status_code == 200
    assert answer.json()["expires_in"] == "3599"
    assert len(answer.json()["access_token"]) == 28


def test_token_needs_basic_auth_the_grant_type_and_the_right_secret(sandbox):
    url = "/daraja/oauth/v1/generate"
    right = ("sandbox-consumer-key", "sandbox-consumer-secret")
    bare = sandbox.http.get(url, params={"grant_type": "client_credentials"})
    assert error(bare) == (400, "400.008.01", "Invalid Authentication passed")
    assert error(sandbox.http.get(url, auth=right))[1] == "400.008.02"
    wrong = sandbox.http.get(url, params={"grant_type": "client_credentials"}, auth=("sandbox-consumer-key", "no"))
    assert error(wrong)[:2] == (401, "401.003.01")


def test_a_new_token_kills_the_one_before(sandbox):
    first = sandbox.authorise()
    second = sandbox.authorise()
    sandbox.token = first
    assert error(sandbox.push()) == (404, "404.001.03", "Invalid Access Token")
    sandbox.token = second
    assert sandbox.push().status_code == 200


def test_a_token_ends_with_its_lifetime(start_sandbox):
    sandbox = start_sandbox(token_seconds=0.05)
    sandbox.authorise()
    time.sleep(0.06)
    assert error(sandbox.push())[1] == "404.001.03"


def test_a_call_without_bearer_header_is_refused(sandbox):
    answer = sandbox.http.post(PUSH, json=sandbox.push_body())
    assert error(answer) == (404, "404.001.04", "Invalid Authentication Header")


def test_accepted_push_has_documented_ids_and_string_code(sandbox):
    body = sandbox.push().json()
    assert body["ResponseCode"] == "0"
    assert body["ResponseDescription"] == body["CustomerMessage"] == "Success. Request accepted for processing"
    assert re.fullmatch(r"ws_CO_\d{17}712345678", body["CheckoutRequestID"])
    assert set(body) == {
        "MerchantRequestID",
        "CheckoutRequestID",
        "ResponseCode",
        "ResponseDescription",
        "CustomerMessage",
    }


def test_push_takes_numbers_as_numbers_and_no_description(sandbox):
    answer = sandbox.push(
        BusinessShortCode=174379, Amount=250_000, PartyB=174379, PhoneNumber=254110345678, TransactionDesc=None
    )
    assert answer.status_code == 200
    prompt = sandbox.sim("phones/0110345678")["prompts"][0]
    assert (prompt["amount"], prompt["account_reference"], prompt["state"]) == (250_000, "EEK-7Q2M9", "open")
    assert prompt["business"] == "Elite Events Kenya"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("BusinessShortCode", "abc"),
        ("BusinessShortCode", None),
        ("Password", ""),
        ("Timestamp", "2026-11-21"),
        ("Timestamp", "20261341093000"),
        ("TransactionType", "CustomerPay"),
        ("Amount", "0"),
        ("Amount", "1500.00"),
        ("Amount", 1500.5),
        ("Amount", 1500.0),
        ("Amount", True),
        ("Amount", -5),
        ("Amount", "250001"),
        ("Amount", None),
        ("PartyA", "0712345678"),
        ("PartyB", "till"),
        ("PhoneNumber", "+254712345678"),
        ("PhoneNumber", "254212345678"),
        ("PhoneNumber", "25471234567"),
        ("CallBackURL", "ftp://example.com/x"),
        ("CallBackURL", "https:///path"),
        ("CallBackURL", "not a url"),
        ("CallBackURL", None),
        ("AccountReference", "THIRTEEN-LONG"),
        ("AccountReference", ""),
        ("AccountReference", None),
        ("TransactionDesc", "fourteen signs"),
        ("AccountRefrence", "misspelt"),
    ],
)
def test_push_names_the_field_that_is_wrong(sandbox, field, value):
    party = {"PartyA": PHONE} if field == "PhoneNumber" else {}
    assert error(sandbox.push(**{field: value}, **party)) == invalid(field)
    assert nothing_happened(sandbox)


def test_push_must_be_a_json_object(sandbox):
    headers = sandbox.bearer()
    assert error(sandbox.http.post(PUSH, data=sandbox.push_body(), headers=headers)) == invalid("Content-Type")
    typed = {**headers, "Content-Type": "application/json"}
    assert error(sandbox.http.post(PUSH, content="[1]", headers=typed)) == invalid("Request Body")
    assert error(sandbox.http.post(PUSH, content="{", headers=typed)) == invalid("Request Body")


def test_password_is_recomputed_with_the_timestamp(sandbox):
    wrong = (500, "500.001.1001", "Wrong credentials")
    assert error(sandbox.push(Timestamp="20261121093001")) == wrong
    assert error(sandbox.push(Password="bm8=")) == wrong
    assert error(sandbox.query("ws_CO_10122023133400273768130105", Password="bm8=")) == wrong
    assert nothing_happened(sandbox)


def test_documented_password_sample_is_accepted(start_sandbox):
    sandbox = start_sandbox()
    documented = (
        "MTc0Mzc5YmZiMjc5ZjlhYTliZGJjZjE1OGU5N2RkNzFhNDY3Y2QyZTBjODkzMDU5YjEwZjc4ZTZiNzJhZGExZWQyYzkxOTIwMjEw"
        "NjI4MDkyNDA4"
    )
    assert sandbox.push(Password=documented, Timestamp="20210628092408").status_code == 200


def test_another_shortcode_is_no_merchant(sandbox):
    assert error(sandbox.push(BusinessShortCode="600000")) == (500, "500.001.1001", "Merchant does not exist")


def test_one_open_prompt_a_subscriber(sandbox):
    assert sandbox.push().status_code == 200
    code = error(sandbox.push(Amount="20"))
    assert code[:2] == (500, "500.001.1001")
    assert code[2].startswith("Unable to lock subscriber")
    assert sandbox.push(PhoneNumber="254700000001").status_code == 200
    sandbox.pin()
    assert sandbox.push(Amount="20").status_code == 200


def test_the_lock_ends_after_its_minute(start_sandbox):
    sandbox = start_sandbox(lock_seconds=0.05)
    sandbox.push()
    time.sleep(0.06)
    assert sandbox.push(Amount="20").status_code == 200


def test_query_names_the_field_that_is_wrong(sandbox):
    assert error(sandbox.query("nonsense")) == invalid("CheckoutRequestID")
    good = "ws_CO_10122023133400273768130105"
    assert error(sandbox.query(good, Timestamp="1")) == invalid("Timestamp")
    assert error(sandbox.query(good, Extra="1")) == invalid("Extra")
    assert error(sandbox.query(good))[1:] == ("500.001.1001", "The transaction does not exist")


def test_c2b_registration_keeps_the_documented_spelling_and_rules(sandbox):
    answer = sandbox.register()
    assert answer.status_code == 200
    assert set(answer.json()) == {"OriginatorCoversationID", "ResponseCode", "ResponseDescription"}
    assert sandbox.register().status_code == 200
    assert error(sandbox.register(ShortCode="600000")) == invalid("ShortCode")
    assert error(sandbox.register(ResponseType="Maybe")) == invalid("ResponseType")
    assert error(sandbox.register(ConfirmationURL="https://a.co/mpesa/c2b")) == invalid("ConfirmationURL")
    assert error(sandbox.register(ValidationURL="https://a.ngrok.io/c2b")) == invalid("ValidationURL")


def test_unknown_paths_and_methods(sandbox):
    assert error(sandbox.http.get("/daraja/mpesa/none"))[:2] == (404, "404.001.01")
    assert error(sandbox.http.get(PUSH))[:2] == (405, "405.001")
