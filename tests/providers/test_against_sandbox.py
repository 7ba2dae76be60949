"""The three clients and the callback parser against the sandbox, which knows nothing of them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from domain.daraja import StkCallback, parse_callback
from domain.mail import Attachment, OutgoingMail, RenderedMail
from domain.money import Money
from domain.provider_errors import OutcomeUnknown, ProviderError, Rejected, Throttled, Unavailable
from providers.channels.email_sendgrid import SendGridChannel
from providers.channels.sms_africastalking import AfricasTalkingChannel
from providers.http import Timeouts
from providers.payments.mpesa import MpesaClient, MpesaConfig
from tests.providers.conftest import HASTY, PATIENT
from tests.providers.fakes import MemoryTokenStore
from tests.providers.recorded import RecordedProvider, answer

PHONE, MSISDN = "+254712345678", "254712345678"
SANDBOX_PASSKEY = "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919"


class Mpesa:
    """A merchant with a callback address of its own."""

    def __init__(self, base_url: str, callbacks: RecordedProvider, timeouts: Timeouts = PATIENT, **changed: Any):
        fields = {
            "base_url": base_url + "/daraja",
            "consumer_key": "sandbox-consumer-key",
            "consumer_secret": "sandbox-consumer-secret",
            "shortcode": "174379",
            "passkey": SANDBOX_PASSKEY,
            "transaction_type": "CustomerPayBillOnline",
            "till": "174379",
        }
        self.tokens = MemoryTokenStore()
        self.callbacks = callbacks
        self.client = MpesaClient(
            MpesaConfig(**{**fields, **changed}),
            self.tokens,
            lambda: datetime.now(UTC),
            call_timeouts=timeouts,
            token_timeouts=PATIENT,
        )

    def push(self, phone: str = PHONE, shillings: str = "2500") -> Any:
        return self.client.push(
            amount=Money.parse(shillings, "KES"),
            phone=phone,
            account_reference="EB7K2MQ-1",
            description="Booking",
            callback_url=self.callbacks.url + "/callback",
        )

    def outcomes(self, at_least: int = 1) -> list[StkCallback]:
        ends = time.monotonic() + 5
        while len(self.callbacks.to("/callback")) < at_least:
            assert time.monotonic() < ends, "no callback came"
            time.sleep(0.02)
        return [parse_callback(received.json) for received in self.callbacks.to("/callback")]


@pytest.fixture
def mpesa(sandbox_url: str, sandbox: httpx.Client, provider: RecordedProvider) -> Iterator[Mpesa]:
    provider.script("/callback", answer(200, {"ResultCode": 0, "ResultDesc": "Accepted"}))
    mpesa = Mpesa(sandbox_url, provider)
    yield mpesa
    mpesa.client.close()


def faults(sandbox: httpx.Client, **wanted: Any) -> None:
    sandbox.put("/faults", json=wanted).raise_for_status()


def pin(sandbox: httpx.Client, digits: str = "1234") -> None:
    sandbox.post(f"/phones/{MSISDN}/pin", json={"pin": digits}).raise_for_status()


def test_a_prompt_answered_with_the_right_pin_is_paid(sandbox, mpesa):
    accepted = mpesa.push()
    assert mpesa.client.query(accepted.checkout_request_id).state == "pending"
    pin(sandbox)
    (paid,) = mpesa.outcomes()
    assert (paid.checkout_request_id, paid.merchant_request_id) == (
        accepted.checkout_request_id,
        accepted.merchant_request_id,
    )
    assert paid.succeeded
    assert paid.amount == Money.parse("2500", "KES")
    assert abs(paid.paid_at - datetime.now(UTC)) < timedelta(minutes=1)
    (charge,) = sandbox.get("/charges").json()
    assert (charge["receipt"], charge["account_reference"]) == (paid.receipt, "EB7K2MQ-1")
    asked = mpesa.client.query(accepted.checkout_request_id)
    assert (asked.state, asked.result_code) == ("final", "0")


@pytest.mark.parametrize(
    ("fault", "code"),
    [("insufficient_funds", "1"), ("cancel", "1032"), ("phone_off", "1037"), ("unknown_code", "7777")],
)
def test_a_prompt_that_fails_says_why_in_callback_and_query(sandbox, mpesa, fault, code):
    faults(sandbox, **{fault: True})
    accepted = mpesa.push()
    if fault in ("insufficient_funds", "unknown_code"):
        pin(sandbox)
    (failed,) = mpesa.outcomes()
    assert (failed.result_code, failed.succeeded, failed.amount, failed.receipt) == (code, False, None, None)
    asked = mpesa.client.query(accepted.checkout_request_id)
    assert (asked.state, asked.result_code) == ("final", code)


def test_a_repeated_callback_reads_the_same_each_time(sandbox, mpesa):
    faults(sandbox, duplicate_callback=3)
    mpesa.push()
    pin(sandbox)
    first, second, third = mpesa.outcomes(3)
    assert first == second == third


def test_an_expired_token_is_renewed_without_anybody_noticing(sandbox, mpesa):
    mpesa.push()
    faults(sandbox, expired_token=True)
    assert mpesa.push("+254722000111").checkout_request_id
    assert mpesa.tokens.renewals == 2


def test_many_pushes_share_one_renewal(sandbox, mpesa):
    mpesa.push("+254722000000")
    faults(sandbox, expired_token=True)
    with ThreadPoolExecutor(6) as threads:
        pushed = list(threads.map(lambda n: mpesa.push(f"+25472200000{n}"), range(1, 7)))
    assert len({accepted.checkout_request_id for accepted in pushed}) == 6
    assert mpesa.tokens.renewals == 2


@pytest.mark.parametrize(
    ("fault", "error", "code"),
    [
        ("spike_arrest", Throttled, "500.003.02"),
        ("subscriber_lock", Rejected, "1001"),
        ("push_5xx", OutcomeUnknown, "500.003.1001"),
    ],
)
def test_a_push_that_daraja_refuses_opens_no_prompt(sandbox, mpesa, fault, error, code):
    faults(sandbox, **{fault: True})
    with pytest.raises(ProviderError) as caught:
        mpesa.push()
    assert (type(caught.value), caught.value.code) == (error, code)
    assert sandbox.get(f"/phones/{MSISDN}").json()["prompts"] == []


def test_a_second_prompt_on_a_busy_phone_is_refused_by_name(sandbox, mpesa):
    mpesa.push()
    with pytest.raises(Rejected) as caught:
        mpesa.push(shillings="10")
    assert caught.value.code == "1001"


def test_a_push_that_hangs_has_an_unknown_outcome_and_takes_money_once(sandbox_url, sandbox, mpesa):
    faults(sandbox, late_success_hang=0.5)
    hasty = Mpesa(sandbox_url, mpesa.callbacks, HASTY)
    with pytest.raises(OutcomeUnknown) as caught:
        hasty.push()
    hasty.client.close()
    assert caught.value.code == "read_timeout"
    (paid,) = mpesa.outcomes()
    assert paid.succeeded
    assert len(sandbox.get("/charges").json()) == 1


def test_a_query_that_stays_pending_says_so(sandbox, mpesa):
    faults(sandbox, query_pending=30)
    accepted = mpesa.push()
    pin(sandbox)
    mpesa.outcomes()
    assert mpesa.client.query(accepted.checkout_request_id).state == "pending"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"passkey": "wrong"}, "500.001.1001"),
        ({"shortcode": "600000"}, "500.001.1001"),
        ({"consumer_secret": "wrong"}, "401.003.01"),
        ({"transaction_type": "Nonsense"}, "400.002.02"),
    ],
)
def test_wrong_settings_are_rejected_by_code(sandbox_url, sandbox, provider, changed, code):
    mpesa = Mpesa(sandbox_url, provider, **changed)
    with pytest.raises(Rejected) as caught:
        mpesa.push()
    mpesa.client.close()
    assert caught.value.code == code


# --- Mail and SMS ---


@pytest.fixture
def email(sandbox_url: str) -> Iterator[SendGridChannel]:
    channel = SendGridChannel(
        sandbox_url + "/sendgrid", "SG.sandbox-key", "bookings@elite.example", "Elite Events Kenya", timeouts=PATIENT
    )
    yield channel
    channel.close()


@pytest.fixture
def sms(sandbox_url: str) -> Iterator[AfricasTalkingChannel]:
    channel = AfricasTalkingChannel(
        sandbox_url + "/africastalking", "sandbox", "atsk_sandbox-key", "ELITE", timeouts=PATIENT
    )
    yield channel
    channel.close()


def a_mail() -> OutgoingMail:
    content = RenderedMail(
        "Umehifadhiwa: EB7K2MQ",
        "<p>Karibu</p>",
        "Karibu",
        (Attachment("booking.ics", "text/calendar; method=PUBLISH", b"BEGIN:VCALENDAR"),),
    )
    return OutgoingMail("jane@example.com", "Jane Wanjiru", content, {"X-Booking": "EB7K2MQ"}, {"delivery_id": "d-1"})


def test_a_mail_arrives_in_the_inbox(sandbox, email):
    assert email.send(a_mail())
    (mail,) = sandbox.get("/mails").json()
    assert mail["subject"] == "Umehifadhiwa: EB7K2MQ"


@pytest.mark.parametrize(("fault", "error"), [("mail_throttled", Throttled), ("mail_down", Unavailable)])
def test_a_mail_that_sendgrid_does_not_take_is_not_sent(sandbox, email, fault, error):
    faults(sandbox, **{fault: True})
    with pytest.raises(error):
        email.send(a_mail())
    assert sandbox.get("/mails").json() == []


def test_a_wrong_mail_key_is_waited_out(sandbox, sandbox_url):
    channel = SendGridChannel(sandbox_url + "/sendgrid", "SG.wrong", "a@b.example", "A", timeouts=PATIENT)
    with pytest.raises(Unavailable) as caught:
        channel.send(a_mail())
    channel.close()
    assert caught.value.code == "http_401"


def test_a_text_arrives_on_the_phone(sandbox, sms):
    sent = sms.send(PHONE, "Karibu! Your booking EB7K2MQ is confirmed.")
    assert sent.provider_id.startswith("ATXid_")
    assert sent.cost.startswith("KES ")
    (text,) = sandbox.get(f"/phones/{MSISDN}").json()["sms"]
    assert (text["from"], text["text"]) == ("ELITE", "Karibu! Your booking EB7K2MQ is confirmed.")


@pytest.mark.parametrize(
    ("fault", "error", "code"),
    [
        ({"sms_down": True}, Unavailable, "http_503"),
        ({"sms_empty_recipients": True}, Rejected, "InvalidSenderId"),
    ],
)
def test_a_text_that_is_not_taken_says_what_to_do(sandbox, sms, fault, error, code):
    faults(sandbox, **fault)
    with pytest.raises(ProviderError) as caught:
        sms.send(PHONE, "Karibu")
    assert (type(caught.value), caught.value.code) == (error, code)


def test_a_text_that_hangs_has_an_unknown_outcome(sandbox, sandbox_url):
    faults(sandbox, sms_hang=0.5)
    channel = AfricasTalkingChannel(sandbox_url + "/africastalking", "sandbox", "atsk_sandbox-key", "", timeouts=HASTY)
    with pytest.raises(OutcomeUnknown) as caught:
        channel.send(PHONE, "Karibu")
    channel.close()
    assert caught.value.code == "read_timeout"


def test_a_wrong_sms_key_is_waited_out(sandbox, sandbox_url):
    channel = AfricasTalkingChannel(sandbox_url + "/africastalking", "sandbox", "atsk_wrong", "", timeouts=PATIENT)
    with pytest.raises(Unavailable) as caught:
        channel.send(PHONE, "Karibu")
    channel.close()
    assert caught.value.code == "http_401"


def sendgrid(base_url: str, key: str = "SG.sandbox-key") -> Any:
    return closing(SendGridChannel(base_url + "/sendgrid", key, "a@b.example", "A", timeouts=PATIENT))


def africas_talking(base_url: str, key: str = "atsk_sandbox-key") -> Any:
    return closing(AfricasTalkingChannel(base_url + "/africastalking", "sandbox", key, "", timeouts=PATIENT))


def test_the_sandbox_tells_whether_our_keys_are_good(sandbox_url, provider):
    with closing(Mpesa(sandbox_url, provider).client) as client:
        client.verify()
    with sendgrid(sandbox_url) as channel:
        channel.verify()
    with africas_talking(sandbox_url) as channel:
        assert channel.verify().startswith("KES ")


def test_the_sandbox_refuses_keys_that_are_not_ours(sandbox_url, provider):
    with closing(Mpesa(sandbox_url, provider, passkey="another").client) as client:
        with pytest.raises(Rejected) as refused:
            client.verify()
        assert refused.value.code == "wrong_credentials"
    for opened in (sendgrid(sandbox_url, "SG.another"), africas_talking(sandbox_url, "atsk_another")):
        with opened as channel, pytest.raises(Unavailable, match="credentials"):
            channel.verify()


def test_a_key_that_may_not_send_mails_is_refused(provider):
    provider.script("/sendgrid/v3/scopes", answer(200, {"scopes": ["user.profile.read"]}))
    with sendgrid(provider.url) as channel, pytest.raises(Rejected) as refused:
        channel.verify()
    assert refused.value.code == "scope_missing"


def test_asking_after_keys_uses_up_no_fault(sandbox, sandbox_url):
    sandbox.put("/faults", json={"mail_down": 1, "sms_down": 1}).raise_for_status()
    for opened in (sendgrid(sandbox_url), africas_talking(sandbox_url)):
        with opened as channel:
            for _ in range(2):
                with pytest.raises(Unavailable):
                    channel.verify()
