"""What a customer does with a prompt, and how Daraja tells of it by callback and by query."""

from __future__ import annotations

import json
import re
import time
from datetime import UTC, datetime, timedelta

import pytest

from tests.sandbox.callers import PHONE, wait_for


def opened(sandbox, **changes) -> str:
    answer = sandbox.push(**changes)
    assert answer.status_code == 200, answer.text
    return answer.json()["CheckoutRequestID"]


def state(sandbox) -> str:
    return sandbox.sim(f"phones/{PHONE}")["prompts"][-1]["state"]


def test_right_pin_takes_the_money_and_tells_with_the_captured_quirks(sandbox, receiver):
    checkout = opened(sandbox, Amount="1500")
    assert sandbox.pin().json()["state"] == "paid"
    callback = receiver.one()
    (charge,) = sandbox.sim("charges")
    assert callback["CheckoutRequestID"] == checkout == charge["checkout_request_id"]
    assert (callback["ResultCode"], callback["ResultDesc"]) == (0, "The service request is processed successfully.")
    items = callback["CallbackMetadata"]["Item"]
    assert {"Name": "Balance"} in items
    values = {item["Name"]: item.get("Value") for item in items}
    assert values["MpesaReceiptNumber"] == charge["receipt"]
    assert re.fullmatch(r"[A-Z][A-L][1-9A-V][0-9A-Z]{7}", charge["receipt"])
    assert values["PhoneNumber"] == int(PHONE)
    assert re.fullmatch(r"20\d{12}", str(values["TransactionDate"]))
    assert isinstance(values["TransactionDate"], int)
    assert '"Amount","Value":1500.0}' in receiver.bodies[0][1]
    assert (charge["amount"], charge["msisdn"], charge["account_reference"]) == (1500, PHONE, "EEK-7Q2M9")


def test_times_are_nairobi_times(sandbox, receiver):
    opened(sandbox)
    sandbox.pin()
    items = receiver.one()["CallbackMetadata"]["Item"]
    written = next(item["Value"] for item in items if item["Name"] == "TransactionDate")
    nairobi = datetime.now(UTC).replace(tzinfo=None) + timedelta(hours=3)
    assert abs(datetime.strptime(str(written), "%Y%m%d%H%M%S") - nairobi) < timedelta(seconds=30)


def test_mpesa_confirms_on_the_phone_but_not_in_our_record_of_sms(sandbox):
    opened(sandbox)
    sandbox.pin()
    phone = sandbox.sim(f"phones/{PHONE}")
    assert "Ksh1,500.00 sent to Elite Events Kenya for account EEK-7Q2M9" in phone["mpesa_sms"][0]["text"]
    assert phone["sms"] == [] == sandbox.sim("sms")


def test_wrong_pin_fails_without_metadata_and_without_charge(sandbox, receiver):
    opened(sandbox)
    assert sandbox.pin("4321").json()["state"] == "failed"
    callback = receiver.one()
    assert callback["ResultCode"] == 2001
    assert "CallbackMetadata" not in callback
    assert sandbox.sim("charges") == []


def test_cancelled_by_the_customer(sandbox, receiver):
    opened(sandbox)
    assert sandbox.http.post(f"/__sim/phones/{PHONE}/cancel").json()["state"] == "cancelled"
    assert receiver.one()["ResultCode"] == 1032
    assert receiver.one()["ResultDesc"] == "Request cancelled by user"


def test_an_unanswered_prompt_expires(start_sandbox, receiver):
    sandbox = start_sandbox(prompt_seconds=0.1)
    sandbox.callback_url = receiver.url
    opened(sandbox)
    assert receiver.one()["ResultCode"] == 1019
    assert state(sandbox) == "expired"
    assert sandbox.pin().status_code == 409
    assert sandbox.sim("charges") == []


def test_a_prompt_ends_only_once(sandbox, receiver):
    opened(sandbox)
    sandbox.pin()
    assert sandbox.pin().status_code == 409
    assert sandbox.http.post(f"/__sim/phones/{PHONE}/cancel").status_code == 409
    receiver.one()
    time.sleep(0.05)
    assert len(receiver.stk()) == 1
    assert len(sandbox.sim("charges")) == 1


def test_query_is_pending_then_final_with_strings_and_the_typo(sandbox):
    checkout = opened(sandbox)
    pending = sandbox.query(checkout)
    assert pending.status_code == 500
    assert pending.json()["errorCode"] == "500.001.1001"
    assert pending.json()["errorMessage"] == "The transaction is being processed"
    sandbox.pin()
    final = sandbox.query(checkout)
    assert final.status_code == 200
    assert final.json()["ResponseDescription"] == "The service request has been accepted successsfully"
    assert (final.json()["ResponseCode"], final.json()["ResultCode"]) == ("0", "0")
    assert "receipt" not in final.text.lower()


def test_same_amount_from_same_customer_within_two_minutes_is_rule_limited(sandbox, receiver):
    opened(sandbox)
    sandbox.pin()
    wait_for(receiver.stk)
    opened(sandbox)
    assert sandbox.pin().status_code == 409
    wait_for(lambda: len(receiver.stk()) == 2)
    assert receiver.stk()[1]["ResultCode"] == 17
    assert len(sandbox.sim("charges")) == 1
    opened(sandbox, Amount="1501")
    assert sandbox.pin().json()["state"] == "paid"


def test_same_amount_is_taken_again_after_the_window(start_sandbox):
    sandbox = start_sandbox(same_amount_seconds=0.05)
    for _ in range(2):
        opened(sandbox)
        assert sandbox.pin().json()["state"] == "paid"
        time.sleep(0.06)
    assert len({charge["receipt"] for charge in sandbox.sim("charges")}) == 2


@pytest.mark.parametrize(
    ("kind", "party_b", "code"),
    [
        ("CustomerPayBillOnline", "600000", 2028),
        ("CustomerBuyGoodsOnline", "174379", 2028),
        ("CustomerBuyGoodsOnline", "5551234", 0),
    ],
)
def test_type_and_receiver_must_belong_together(sandbox, receiver, kind, party_b, code):
    opened(sandbox, TransactionType=kind, PartyB=party_b)
    if code == 0:
        sandbox.pin()
    assert receiver.one()["ResultCode"] == code


def test_a_configured_till_is_the_only_one(start_sandbox, receiver):
    sandbox = start_sandbox(mpesa_till="5551234")
    sandbox.callback_url = receiver.url
    opened(sandbox, TransactionType="CustomerBuyGoodsOnline", PartyB="5559999")
    assert receiver.one()["ResultCode"] == 2028


def test_a_callback_that_is_refused_is_not_sent_again(sandbox, receiver):
    receiver.status = 503
    opened(sandbox)
    sandbox.pin()
    receiver.one()
    time.sleep(0.1)
    assert len(receiver.bodies) == 1
    out = [entry for entry in sandbox.sim("requests") if entry["direction"] == "out"]
    assert [entry["status"] for entry in out] == [503]


def test_a_callback_follows_no_redirect(sandbox, receiver):
    receiver.status = 307
    opened(sandbox)
    sandbox.pin()
    receiver.one()
    time.sleep(0.05)
    assert [path for path, _ in receiver.bodies] == ["/callback/token"]


def test_a_callback_to_nobody_is_told_in_the_timeline(start_sandbox):
    sandbox = start_sandbox()
    opened(sandbox)
    sandbox.pin()
    entries = wait_for(lambda: [e for e in sandbox.sim("requests") if e["direction"] == "out"])
    assert entries[0]["status"] is None
    assert "refused" in entries[0]["error"]
    assert len(sandbox.sim("charges")) == 1


def test_autopilot_answers_by_itself_also_what_is_open(sandbox, receiver):
    opened(sandbox)
    sandbox.http.put("/__sim/autopilot", json={"enabled": True, "after_seconds": 0})
    assert receiver.one()["ResultCode"] == 0
    opened(sandbox, Amount="7")
    wait_for(lambda: len(receiver.stk()) == 2)
    assert [charge["amount"] for charge in sandbox.sim("charges")] == [1500, 7]


def test_callback_bytes_are_compact_json(sandbox, receiver):
    opened(sandbox)
    sandbox.pin("0000")
    receiver.one()
    raw = receiver.bodies[0][1]
    assert raw == json.dumps(json.loads(raw), separators=(",", ":"))
