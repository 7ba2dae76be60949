"""The mail channel: what SendGrid gets to see, and what each of its answers means for us."""

from __future__ import annotations

import base64
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from domain.mail import Attachment, OutgoingMail, RenderedMail
from domain.provider_errors import OutcomeUnknown, ProviderError, Rejected, Throttled, Unavailable
from providers.channels import email_sendgrid
from providers.channels.email_sendgrid import SendGridChannel
from providers.http import Timeouts
from tests.providers import recorded
from tests.providers.conftest import PATIENT
from tests.providers.recorded import RecordedProvider, answer

SEND = "/sendgrid/v3/mail/send"
KEY = "SG.this-key-must-never-be-seen-anywhere"
TAKEN = answer(202, b"", {"X-Message-Id": "14c5d75ce93.dfd.64b469"})


def mail(**changed: object) -> OutgoingMail:
    content = RenderedMail(
        subject="Your booking EB7K2MQ",
        html="<p>See you on Saturday</p>",
        text="See you on Saturday",
        attachments=(Attachment("booking.ics", "text/calendar; method=PUBLISH", b"BEGIN:VCALENDAR\r\n\xff"),),
    )
    fields = {
        "to_email": "jane@example.com",
        "to_name": "Jane, Wanjiru",
        "content": content,
        "headers": {"List-Unsubscribe": "<https://elite.example/u/1>"},
        "custom_args": {"delivery_id": "d-1"},
    }
    return OutgoingMail(**{**fields, **changed})


@pytest.fixture
def channel(provider: RecordedProvider, timeouts: Timeouts) -> Iterator[SendGridChannel]:
    channel = SendGridChannel(
        provider.url + "/sendgrid", KEY, "bookings@elite.example", "Elite Events Kenya", timeouts=timeouts
    )
    yield channel
    channel.close()


def test_a_mail_is_sent_as_documented_and_its_id_returned(provider, channel):
    provider.script(SEND, TAKEN)
    assert channel.send(mail()) == "14c5d75ce93.dfd.64b469"
    (sent,) = provider.received
    assert sent.headers["authorization"] == f"Bearer {KEY}"
    assert sent.headers["content-type"] == "application/json"
    assert sent.json == {
        "personalizations": [{"to": [{"email": "jane@example.com", "name": "Jane, Wanjiru"}]}],
        "from": {"email": "bookings@elite.example", "name": "Elite Events Kenya"},
        "subject": "Your booking EB7K2MQ",
        "content": [
            {"type": "text/plain", "value": "See you on Saturday"},
            {"type": "text/html", "value": "<p>See you on Saturday</p>"},
        ],
        "attachments": [
            {
                "content": base64.b64encode(b"BEGIN:VCALENDAR\r\n\xff").decode(),
                "filename": "booking.ics",
                "type": "text/calendar",
                "disposition": "attachment",
            }
        ],
        "headers": {"List-Unsubscribe": "<https://elite.example/u/1>"},
        "custom_args": {"delivery_id": "d-1"},
        "tracking_settings": {
            "click_tracking": {"enable": False, "enable_text": False},
            "open_tracking": {"enable": False},
            "subscription_tracking": {"enable": False},
        },
    }


def test_what_a_mail_does_not_have_is_left_out(provider, channel):
    provider.script(SEND, TAKEN)
    channel.send(mail(to_name="", headers={}, custom_args={}, content=RenderedMail("Hi", "", "Hello")))
    sent = provider.received[0].json
    assert sent["personalizations"] == [{"to": [{"email": "jane@example.com"}]}]
    assert sent["content"] == [{"type": "text/plain", "value": "Hello"}]
    assert not {"attachments", "headers", "custom_args"} & set(sent)


def test_a_text_that_looks_like_an_api_key_is_sent_all_the_same(provider, channel):
    provider.script(SEND, TAKEN)
    channel.send(mail(content=RenderedMail("Hi", "", "Meet at SG.Nairobi-gate.B12")))
    assert "SG.Nairobi-gate.B12" in provider.received[0].json["content"][0]["value"]


def test_an_accepted_mail_without_an_id_is_accepted(provider, channel):
    provider.script(SEND, answer(202))
    assert channel.send(mail()) == ""


def errors(message: str) -> dict[str, object]:
    return {"errors": [{"message": message, "field": None, "help": None}]}


@pytest.mark.parametrize(
    ("reply", "error", "code"),
    [
        (answer(400, errors("Does not contain a valid address.")), Rejected, "http_400"),
        (answer(401, errors("The provided authorization grant is invalid")), Unavailable, "http_401"),
        (answer(403, errors("The from address does not match a verified Sender Identity")), Unavailable, "http_403"),
        (answer(413, errors("Payload too large")), Rejected, "http_413"),
        (answer(429, errors("too many requests")), Throttled, "http_429"),
        (answer(500, errors("unexpected")), Unavailable, "http_500"),
        (answer(503, b"down"), Unavailable, "http_503"),
        (answer(502, b""), OutcomeUnknown, "http_502"),
        (answer(504, b""), OutcomeUnknown, "http_504"),
        (answer(204, b""), OutcomeUnknown, "http_204"),
        (answer(307, b"", {"Location": "/elsewhere"}), Unavailable, "http_307"),
        (answer(302, b"", {"Location": "/elsewhere"}), Unavailable, "http_302"),
        (recorded.hang, OutcomeUnknown, "read_timeout"),
        (recorded.drip, OutcomeUnknown, "read_timeout"),
        (recorded.drop, OutcomeUnknown, "remote_protocol_error"),
        (recorded.flood, OutcomeUnknown, "answer_too_large"),
        (recorded.raw(b"nonsense\r\n\r\n"), OutcomeUnknown, "remote_protocol_error"),
    ],
)
def test_each_answer_is_named_by_what_to_do(provider, channel, reply, error, code):
    provider.script(SEND, reply)
    with pytest.raises(ProviderError) as caught:
        channel.send(mail())
    assert (type(caught.value), caught.value.code) == (error, code)
    assert [received.path for received in provider.received] == [SEND]


def test_a_channel_that_nobody_answers_is_unavailable(free_port):
    channel = SendGridChannel(f"http://127.0.0.1:{free_port}", KEY, "a@b.example", "A", timeouts=PATIENT)
    with pytest.raises(Unavailable) as caught:
        channel.send(mail())
    channel.close()
    assert caught.value.code == "connect_error"


def test_the_pause_that_sendgrid_names_is_passed_on(provider, channel, monkeypatch):
    monkeypatch.setattr("providers.http.time.time", lambda: 1_700_000_000.0)
    provider.script(SEND, answer(429, b"", {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1700000042"}))
    with pytest.raises(Throttled) as caught:
        channel.send(mail())
    assert caught.value.retry_after == 42.0


def test_nothing_secret_is_logged_or_told(provider, channel, caplog):
    caplog.set_level(logging.DEBUG)
    provider.script(SEND, answer(400, errors(f"Invalid address jane@example.com with {KEY}")))
    with pytest.raises(Rejected) as caught:
        channel.send(mail())
    told = "\n".join([str(caught.value), *(record.getMessage() for record in caplog.records)])
    for secret in (KEY, "jane@", "See you on Saturday"):
        assert secret not in told


def test_many_threads_share_a_channel_without_mixing_mails(provider, channel):
    provider.script(SEND, TAKEN)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: channel.send(mail(custom_args={"delivery_id": str(n)})), range(40)))
    assert sorted(int(sent.json["custom_args"]["delivery_id"]) for sent in provider.received) == list(range(40))
    assert {sent.headers["authorization"] for sent in provider.received} == {f"Bearer {KEY}"}


def test_the_time_of_a_call_is_bounded():
    assert 0 < email_sendgrid.CALL_TIMEOUT <= 30
