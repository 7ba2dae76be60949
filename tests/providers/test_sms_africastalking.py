"""The SMS channel: a 201 is not a sent text, and each code of Africa's Talking means one thing to do."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs

import pytest

from domain.provider_errors import OutcomeUnknown, ProviderError, Rejected, Throttled, Unavailable
from providers.channels import sms_africastalking
from providers.channels.sms_africastalking import AfricasTalkingChannel, SmsSent
from providers.http import Timeouts
from tests.providers import recorded
from tests.providers.conftest import PATIENT
from tests.providers.recorded import RecordedProvider, Reply, answer

SEND = "/africastalking/version1/messaging"
KEY = "atsk_this_key_must_never_be_seen_anywhere"
TO = "+254705336634"
ID = "ATXid_03cb5ecf11ce748794c0f9a85c276259"


def taken(code: Any = 101, status: str = "Success", **changed: Any) -> Reply:
    recipient = {"statusCode": code, "number": TO, "status": status, "cost": "KES 0.8000", "messageId": ID, **changed}
    message = {"Message": "Sent to 1/1 Total Cost: KES 0.8000", "Recipients": [recipient]}
    return answer(201, {"SMSMessageData": message}, {"Content-Type": "application/json; charset=utf-8"})


@pytest.fixture
def channel(provider: RecordedProvider, timeouts: Timeouts) -> Iterator[AfricasTalkingChannel]:
    channel = AfricasTalkingChannel(provider.url + "/africastalking", "elite", KEY, "ELITE", timeouts=timeouts)
    yield channel
    channel.close()


def test_a_text_is_sent_as_documented(provider, channel):
    provider.script(SEND, taken())
    assert channel.send(TO, "Karibu & asante €5") == SmsSent(ID, "KES 0.8000")
    (sent,) = provider.received
    assert sent.headers["apikey"] == KEY
    assert sent.headers["accept"] == "application/json"
    assert sent.headers["content-type"] == "application/x-www-form-urlencoded"
    assert parse_qs(sent.body.decode()) == {
        "username": ["elite"],
        "to": [TO],
        "message": ["Karibu & asante €5"],
        "bulkSMSMode": ["1"],
        "from": ["ELITE"],
    }


@pytest.mark.parametrize("username", ["sandbox", "elite"])
def test_without_a_sender_id_none_is_sent_and_the_user_name_does_not_choose_the_host(provider, username):
    channel = AfricasTalkingChannel(provider.url + "/africastalking", username, KEY, "", timeouts=PATIENT)
    provider.script(SEND, taken())
    channel.send(TO, "Karibu")
    channel.close()
    assert "from" not in parse_qs(provider.received[0].body.decode())


@pytest.mark.parametrize("code", [100, 101, 102, "101"])
def test_each_accepting_code_is_a_sent_text(provider, channel, code):
    provider.script(SEND, taken(code))
    assert channel.send(TO, "Karibu").provider_id == ID


def test_an_accepted_text_without_id_or_cost_is_accepted(provider, channel):
    provider.script(SEND, taken(messageId=None, cost=0))
    assert channel.send(TO, "Karibu") == SmsSent("", "")


@pytest.mark.parametrize("number", ["0712345678", "254712345678", "+2547", "+254712345678,+254712345679", ""])
def test_a_number_that_is_not_e164_is_refused_before_any_call(provider, channel, number):
    with pytest.raises(ValueError, match=r"E\.164") as caught:
        channel.send(number, "Karibu")
    assert "712345678" not in str(caught.value)
    assert provider.received == []


def empty(message: Any) -> Reply:
    return answer(201, {"SMSMessageData": {"Message": message, "Recipients": []}})


@pytest.mark.parametrize(
    ("reply", "error", "code"),
    [
        (empty("InvalidSenderId"), Rejected, "InvalidSenderId"),
        (empty("No number was valid, sorry"), Rejected, "empty"),
        (empty(None), Rejected, "empty"),
        *[(taken(code, "Refused"), Rejected, str(code)) for code in (401, 402, 403, 404, 406, 407, 409)],
        *[(taken(code, "Later"), Unavailable, str(code)) for code in (405, 500, 501, 502)],
        (taken(299, "New"), OutcomeUnknown, "299"),
        (taken(None, "Odd"), OutcomeUnknown, "garbled_answer"),
        (taken(True, "Odd"), OutcomeUnknown, "garbled_answer"),
        (answer(401, "The supplied authentication is invalid"), Unavailable, "http_401"),
        (answer(400, "Request is missing required form field 'to'"), Rejected, "http_400"),
        (answer(429, "slow down"), Throttled, "http_429"),
        (answer(500, "oops"), Unavailable, "http_500"),
        (answer(503, "down"), Unavailable, "http_503"),
        (answer(502, ""), OutcomeUnknown, "http_502"),
        (answer(307, b"", {"Location": "/elsewhere"}), Unavailable, "http_307"),
        (answer(201, "Sent!"), OutcomeUnknown, "garbled_answer"),
        (answer(201, {"SMSMessageData": None}), OutcomeUnknown, "garbled_answer"),
        (answer(201, {"SMSMessageData": {"Recipients": {}}}), OutcomeUnknown, "garbled_answer"),
        (answer(201, {"SMSMessageData": {"Recipients": [7]}}), OutcomeUnknown, "garbled_answer"),
        (recorded.hang, OutcomeUnknown, "read_timeout"),
        (recorded.drip, OutcomeUnknown, "read_timeout"),
        (recorded.drop, OutcomeUnknown, "remote_protocol_error"),
        (recorded.flood, OutcomeUnknown, "answer_too_large"),
    ],
)
def test_each_answer_is_named_by_what_to_do(provider, channel, reply, error, code):
    provider.script(SEND, reply)
    with pytest.raises(ProviderError) as caught:
        channel.send(TO, "Karibu")
    assert (type(caught.value), caught.value.code) == (error, code)
    assert [received.path for received in provider.received] == [SEND]


def test_a_channel_that_nobody_answers_is_unavailable(free_port):
    channel = AfricasTalkingChannel(f"http://127.0.0.1:{free_port}", "elite", KEY, "", timeouts=PATIENT)
    with pytest.raises(Unavailable) as caught:
        channel.send(TO, "Karibu")
    channel.close()
    assert caught.value.code == "connect_error"


def test_nothing_secret_is_logged_or_told(provider, channel, caplog):
    caplog.set_level(logging.DEBUG)
    provider.script(SEND, answer(400, f"Bad number {TO} for {KEY}"))
    with pytest.raises(Rejected) as caught:
        channel.send(TO, "Code 123456")
    told = "\n".join([str(caught.value), *(record.getMessage() for record in caplog.records)])
    for secret in (KEY, "705336634", "Code 123456"):
        assert secret not in told


def test_many_threads_share_a_channel_without_mixing_texts(provider, channel):
    provider.script(SEND, taken())
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: channel.send(f"+2547000000{n:02}", f"Text {n}"), range(40)))
    sent = [parse_qs(received.body.decode()) for received in provider.received]
    assert sorted((each["to"][0], each["message"][0]) for each in sent) == sorted(
        (f"+2547000000{n:02}", f"Text {n}") for n in range(40)
    )


def test_the_time_of_a_call_is_bounded():
    assert 0 < sms_africastalking.CALL_TIMEOUT <= 30
