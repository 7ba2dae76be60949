"""Each fault does what its name says, for everybody or for one phone, and money is only taken where it says so."""

from __future__ import annotations

import time

import httpx
import pytest

from tests.sandbox.callers import PHONE, wait_for

OTHER = "254700000001"


def opened(sandbox, **changes) -> str:
    answer = sandbox.push(**changes)
    assert answer.status_code == 200, answer.text
    return answer.json()["CheckoutRequestID"]


def codes(receiver) -> list[int]:
    return [callback["ResultCode"] for callback in receiver.stk()]


def test_drop_callback(sandbox, receiver):
    sandbox.fault(drop_callback=True)
    checkout = opened(sandbox)
    sandbox.pin()
    time.sleep(0.1)
    assert receiver.bodies == []
    assert len(sandbox.sim("charges")) == 1
    assert sandbox.query(checkout).json()["ResultCode"] == "0"


def test_delay_callback(sandbox, receiver):
    sandbox.fault(delay_callback=0.2)
    opened(sandbox)
    started = time.monotonic()
    sandbox.pin()
    receiver.one()
    assert time.monotonic() - started >= 0.2


def test_duplicate_callback_sends_the_same_bytes(sandbox, receiver):
    sandbox.fault(duplicate_callback=True)
    opened(sandbox)
    sandbox.pin()
    wait_for(lambda: len(receiver.bodies) == 3)
    assert len(set(receiver.bodies)) == 1
    assert len(sandbox.sim("charges")) == 1


@pytest.mark.parametrize(("asked", "value", "taken"), [("1500", True, 1499), ("1", True, 2), ("1500", 2000, 2000)])
def test_wrong_amount_is_taken_and_told(sandbox, receiver, asked, value, taken):
    sandbox.fault(wrong_amount=value)
    opened(sandbox, Amount=asked)
    sandbox.pin()
    items = receiver.one()["CallbackMetadata"]["Item"]
    assert items[0] == {"Name": "Amount", "Value": taken}
    assert sandbox.sim("charges")[0]["amount"] == taken


def test_early_callback_comes_before_the_answer(sandbox, receiver):
    sandbox.fault(early_callback=True)
    checkout = opened(sandbox)
    assert [callback["CheckoutRequestID"] for callback in receiver.stk()] == [checkout]
    assert codes(receiver) == [0]


def test_late_success_hang_takes_the_money_after_the_client_has_gone(sandbox, receiver):
    sandbox.fault(timeout_after_success=0.3)
    with pytest.raises(httpx.ReadTimeout):
        sandbox.http.post(
            "/daraja/mpesa/stkpush/v1/processrequest",
            json=sandbox.push_body(),
            headers=sandbox.bearer(),
            timeout=0.1,
        )
    assert sandbox.sim("charges") == []
    assert sandbox.pin().status_code == 409
    assert sandbox.push().status_code == 500
    assert receiver.one()["ResultCode"] == 0
    assert len(sandbox.sim("charges")) == 1


@pytest.mark.parametrize(
    ("fault", "code"), [("insufficient_funds", 1), ("wrong_pin", 2001), ("unknown_code", 7777), ("result_code", 26)]
)
def test_faults_that_strike_after_the_pin(sandbox, receiver, fault, code):
    sandbox.fault(**{fault: True})
    opened(sandbox)
    assert sandbox.pin().json()["state"] == "failed"
    callback = receiver.one()
    assert callback["ResultCode"] == code
    assert "CallbackMetadata" not in callback
    assert sandbox.sim("charges") == []


def test_any_result_code(sandbox, receiver):
    sandbox.fault(result_code=8006)
    opened(sandbox)
    sandbox.pin()
    assert receiver.one()["ResultCode"] == 8006


def test_cancel_happens_without_a_touch(sandbox, receiver):
    sandbox.fault(cancel=True)
    opened(sandbox)
    assert receiver.one()["ResultCode"] == 1032
    assert sandbox.sim(f"phones/{PHONE}")["prompts"][0]["state"] == "cancelled"


def test_phone_off_shows_no_prompt(sandbox, receiver):
    sandbox.fault(phone_off=True)
    opened(sandbox)
    assert sandbox.pin().status_code == 409
    assert receiver.one()["ResultCode"] == 1037
    assert receiver.one()["ResultDesc"] == "DS timeout user cannot be reached"


def test_contradiction(sandbox, receiver):
    sandbox.fault(contradiction=True)
    checkout = opened(sandbox)
    sandbox.pin()
    assert receiver.one()["ResultCode"] == 0
    assert sandbox.query(checkout).json()["ResultCode"] == "1032"
    assert len(sandbox.sim("charges")) == 1


def test_query_pending_for_a_while(sandbox):
    sandbox.fault(query_pending=0.15)
    checkout = opened(sandbox)
    sandbox.pin()
    assert sandbox.query(checkout).status_code == 500
    wait_for(lambda: sandbox.query(checkout).status_code == 200)


def test_expired_token_strikes_once_and_needs_a_new_token(sandbox):
    sandbox.authorise()
    sandbox.fault(expired_token=True)
    assert sandbox.push().json()["errorCode"] == "404.001.03"
    assert sandbox.push().json()["errorCode"] == "404.001.03"
    sandbox.authorise()
    assert sandbox.push().status_code == 200
    assert sandbox.sim("faults")["expired_token"] is False


def test_spike_arrest_strikes_a_few_times(sandbox):
    sandbox.fault(spike_arrest=True)
    answers = [sandbox.push() for _ in range(4)]
    assert [answer.status_code for answer in answers] == [500, 500, 500, 200]
    assert answers[0].json()["errorCode"] == "500.003.02"
    assert answers[0].json()["errorMessage"] == "Error Occurred: Spike Arrest Violation"


def test_subscriber_lock(sandbox):
    sandbox.fault(subscriber_lock=True)
    assert sandbox.push().json()["errorMessage"].startswith("Unable to lock subscriber")
    assert sandbox.push().status_code == 500
    sandbox.fault(subscriber_lock=False)
    assert sandbox.push().status_code == 200


def test_push_5xx_opens_no_prompt(sandbox):
    sandbox.fault(push_5xx=1)
    assert sandbox.push().json()["errorCode"] == "500.003.1001"
    assert sandbox.sim(f"phones/{PHONE}")["prompts"] == []
    assert sandbox.push().status_code == 200


def test_c2b_twin_tells_of_the_same_money(sandbox, receiver):
    sandbox.register(ConfirmationURL=f"{receiver.base}/c2b", ValidationURL=f"{receiver.base}/v")
    sandbox.fault(c2b_twin=True)
    opened(sandbox)
    sandbox.pin()
    wait_for(lambda: len(receiver.bodies) == 2)
    twin = httpx.Response(200, text=dict(receiver.bodies)["/c2b"]).json()
    assert twin["TransID"] == sandbox.sim("charges")[0]["receipt"]
    assert all(isinstance(value, str) for value in twin.values())
    assert (twin["TransAmount"], twin["MSISDN"], twin["BillRefNumber"]) == ("1500.00", "2547 ***** 678", "EEK-7Q2M9")
    assert twin["TransactionType"] == "Pay Bill"


def test_c2b_twin_without_a_registered_url_is_noted(sandbox, receiver):
    sandbox.fault(c2b_twin=True)
    opened(sandbox)
    sandbox.pin()
    receiver.one()
    assert any("No C2B twin" in entry["title"] for entry in sandbox.sim("requests"))


def test_a_fault_for_one_phone_leaves_the_others_alone(sandbox, receiver):
    sandbox.fault(insufficient_funds={"phone": f"+{PHONE}"}, push_5xx={"phone": OTHER, "value": 1})
    assert sandbox.sim("faults")["insufficient_funds"] == {"phone": PHONE, "value": True}
    assert sandbox.push(PhoneNumber=OTHER).status_code == 500
    opened(sandbox, PhoneNumber=OTHER)
    assert sandbox.pin(phone=OTHER).json()["state"] == "paid"
    opened(sandbox)
    assert sandbox.pin().json()["state"] == "failed"


def test_expired_token_for_one_phone(sandbox):
    sandbox.fault(expired_token={"phone": PHONE})
    assert sandbox.push(PhoneNumber=OTHER).status_code == 200
    assert sandbox.push().status_code == 404


def test_reset_frees_a_hanging_call_without_taking_money(sandbox, receiver):
    sandbox.fault(late_success_hang=30)
    with pytest.raises(httpx.ReadTimeout):
        sandbox.http.post(
            "/daraja/mpesa/stkpush/v1/processrequest",
            json=sandbox.push_body(),
            headers=sandbox.bearer(),
            timeout=0.1,
        )
    sandbox.http.post("/__sim/reset")
    time.sleep(0.1)
    assert sandbox.sim("charges") == []
    assert receiver.bodies == []
    assert sandbox.push().status_code == 200
