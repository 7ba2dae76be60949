"""Africa's Talking: the form it takes, the recipients it answers, and its faults."""

from __future__ import annotations

import httpx
import pytest

from sandbox.africastalking import segments
from tests.sandbox.callers import PHONE, wait_for


def data(answer) -> dict:
    return answer.json()["SMSMessageData"]


def test_sent_sms_is_a_201_with_its_recipient(sandbox):
    answer = sandbox.sms()
    assert answer.status_code == 201
    assert answer.headers["Content-Type"] == "application/json"
    assert data(answer)["Message"] == "Sent to 1/1 Total Cost: KES 0.8000"
    (recipient,) = data(answer)["Recipients"]
    assert recipient["messageId"].startswith("ATXid_")
    assert (recipient["statusCode"], recipient["status"]) == (101, "Success")
    assert (recipient["number"], recipient["cost"]) == (f"+{PHONE}", "KES 0.8000")
    (text,) = sandbox.sim(f"phones/{PHONE}")["sms"]
    assert (text["from"], text["text"]) == ("AFRICASTKNG", "Karibu!")
    assert text["at"].endswith("+03:00")
    assert sandbox.sim("sms")[0]["id"] == recipient["messageId"]


def test_each_number_is_judged_by_itself(sandbox):
    answer = sandbox.sms(to=f"+{PHONE},0712345678,+254212345678,+447911123456")
    assert [recipient["statusCode"] for recipient in data(answer)["Recipients"]] == [101, 403, 403, 101]
    assert data(answer)["Message"] == "Sent to 2/4 Total Cost: KES 1.6000"
    assert [text["to"] for text in sandbox.sim("sms")] == [PHONE, "447911123456"]


@pytest.mark.parametrize("wrong", [{"headers": {"apiKey": "no"}}, {"username": "other"}])
def test_wrong_credentials_are_plain_text(sandbox, wrong):
    answer = sandbox.sms(**wrong)
    assert (answer.status_code, answer.text) == (401, "The supplied authentication is invalid")
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert sandbox.sim("sms") == []


@pytest.mark.parametrize("field", ["username", "to", "message"])
def test_missing_field_is_named(sandbox, field):
    answer = sandbox.sms(**{field: None})
    assert answer.status_code == 400
    assert f"'{field}'" in answer.text


def test_unknown_field_is_named(sandbox):
    assert "'sender'" in sandbox.sms(sender="X").text


def test_json_is_not_a_form(sandbox):
    answer = sandbox.http.post(
        "/africastalking/version1/messaging",
        json={"to": f"+{PHONE}", "message": "x"},
        headers={"apiKey": "atsk_sandbox-key", "Accept": "application/json"},
    )
    assert answer.status_code == 415


def test_without_accept_header_the_answer_is_xml(sandbox):
    answer = sandbox.sms(headers={"Accept": "*/*"})
    assert answer.status_code == 201
    assert answer.headers["Content-Type"].startswith("application/xml")
    assert "<statusCode>101</statusCode>" in answer.text


def test_an_unregistered_sender_sends_nothing(start_sandbox):
    sandbox = start_sandbox(at_sender_id="ELITE")
    assert data(sandbox.sms(**{"from": "OTHER"})) == {"Message": "InvalidSenderId", "Recipients": []}
    assert sandbox.sim("sms") == []
    sandbox.sms(**{"from": "ELITE"})
    assert sandbox.sim("sms")[0]["from"] == "ELITE"


def test_a_malformed_sender_sends_nothing(sandbox):
    assert data(sandbox.sms(**{"from": "much-too-long-a-sender"}))["Recipients"] == []


def test_empty_recipients_fault(sandbox):
    sandbox.fault(sms_empty_recipients=True)
    answer = sandbox.sms()
    assert (answer.status_code, data(answer)) == (201, {"Message": "InvalidSenderId", "Recipients": []})
    assert sandbox.sim("sms") == []


def test_sms_down_for_one_phone(sandbox):
    sandbox.fault(sms_down={"phone": PHONE})
    assert sandbox.sms().status_code == 503
    assert sandbox.sms(to="+254700000001").status_code == 201
    assert [text["to"] for text in sandbox.sim("sms")] == ["254700000001"]


def test_sms_hang_sends_after_the_client_has_gone(sandbox):
    sandbox.fault(sms_hang=0.2)
    headers = {"apiKey": "atsk_sandbox-key", "Accept": "application/json"}
    form = {"username": "sandbox", "to": f"+{PHONE}", "message": "Karibu!"}
    with pytest.raises(httpx.ReadTimeout):
        sandbox.http.post("/africastalking/version1/messaging", data=form, headers=headers, timeout=0.1)
    assert sandbox.sim("sms") == []
    wait_for(lambda: sandbox.sim("sms"))


@pytest.mark.parametrize(
    ("text", "count"),
    [("a" * 160, 1), ("a" * 161, 2), ("€" * 80, 1), ("€" * 81, 2), ("ü" * 160, 1), ("ẽ" * 70, 1), ("ẽ" * 71, 2)],
)
def test_segments(text, count):
    assert segments(text) == count


def test_a_long_text_costs_more(sandbox):
    assert data(sandbox.sms(message="a" * 161))["Recipients"][0]["cost"] == "KES 1.6000"


def test_unknown_paths_and_methods(sandbox):
    assert sandbox.http.get("/africastalking/version1/elsewhere").status_code == 404
    assert sandbox.http.get("/africastalking/version1/messaging").status_code == 405
