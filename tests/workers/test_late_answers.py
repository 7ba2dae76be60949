"""Prove that answers which come late, never, or as a refusal change a delivery only as far as they may."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from domain.jobs import JobKind, rules_for
from domain.notices import NoticeKind
from domain.provider_errors import OutcomeUnknown, Rejected, Unavailable
from models import Delivery, Job, Receivable, User
from providers.channels.email_sendgrid import SendGridChannel
from providers.channels.sms_africastalking import AfricasTalkingChannel
from services.messages.notifications import notify
from tests.providers.recorded import RecordedProvider, hang
from tests.support.evidence import Witness
from tests.support.hands import Hands
from tests.workers.conftest import HASTY

SMS, MAIL = "/version1/messaging", "/v3/mail/send"


class Killed(BaseException):
    """The process is gone: nothing of ours catches this."""


class Letter:
    """One delivery on its way, and the job that sends it."""

    def __init__(self, make: Any, hands: Hands, delivery: Delivery, reader: User):
        self.make, self.hands, self.reader = make, hands, reader
        self._delivery = delivery

    @property
    def row(self) -> Delivery:
        return self.make.reload(self._delivery)

    @property
    def job(self) -> Job:
        with self.make.db.reading() as session:
            return session.scalars(select(Job).where(Job.key == f"deliver:{self._delivery.id}")).one()

    @property
    def is_due(self) -> bool:
        return self.job.id in {job.id for job in self.hands.due("deliveries")}

    def go(self, hands: Hands | None = None) -> Delivery:
        """One run of its job, which must be due."""
        assert self.is_due
        (hands or self.hands).do(self.job)
        return self.row

    def later(self, **amount: float) -> None:
        self.make.ctx.clock.offset += timedelta(**amount)

    def lease_runs_out(self) -> None:
        self.later(seconds=rules_for(JobKind.SEND_SMS).lease.total_seconds() + 1)


@pytest.fixture
def letter(db, ctx, make, hands) -> Callable[..., Letter]:
    """A letter on a channel: by default, that a paid booking is confirmed."""

    def letter(channel: str, kind: NoticeKind = NoticeKind.BOOKING_CONFIRMED, *, ends: str = "pays") -> Letter:
        tourist = make.user()
        payment = make.payment(make.booking(tourist))
        getattr(Witness(db, ctx), ends)(payment)
        with db.transaction() as session:
            booking_id = session.get_one(Receivable, payment.receivable_id).booking_id
            data = {"booking_id": str(booking_id), "payment_id": str(payment.id)}
            now, reader = ctx.now(session), session.get_one(User, tourist.id)
            news = notify(session, ctx, kind, reader, key="x", title="", body="", data=data, now=now)
            mine = select(Delivery).where(Delivery.notification_id == news.id, Delivery.channel == channel)
            return Letter(make, hands, session.scalars(mine).one(), tourist)

    return letter


@pytest.fixture
def hasty(runtime, settings, sandbox) -> Iterator[Hands]:
    """Hands that wait for no text's answer for long."""
    url = f"{sandbox.url}/africastalking"
    sms = AfricasTalkingChannel(url, settings.at_username, settings.at_api_key, "ELITE", timeouts=HASTY)
    yield Hands(replace(runtime, sms=sms))
    sms.close()


@pytest.fixture
def silent(runtime, settings) -> Iterator[tuple[Hands, RecordedProvider]]:
    """Hands whose providers read everything and never answer, and that provider."""
    provider = RecordedProvider()
    provider.script(MAIL, hang)
    provider.script(SMS, hang)
    email = SendGridChannel(provider.url, "SG.key", "hello@example.com", "Elite Events Kenya", timeouts=HASTY)
    sms = AfricasTalkingChannel(provider.url, settings.at_username, settings.at_api_key, "ELITE", timeouts=HASTY)
    yield Hands(replace(runtime, email=email, sms=sms)), provider
    email.close()
    sms.close()
    provider.stop()


@pytest.fixture
def meddling(runtime) -> Callable[..., Hands]:
    """Hands in whose texts something happens between the provider's answer and our reading it."""

    class Meddled:
        def __init__(self, after_send: Callable[[], None]):
            self.after_send = after_send

        def send(self, to: str, text: str) -> Any:
            answer = runtime.sms.send(to, text)
            self.after_send()
            return answer

    return lambda after_send: Hands(replace(runtime, sms=Meddled(after_send)))


def test_a_swahili_reader_gets_swahili(letter, sandbox, db):
    sent = letter("sms")
    with db.transaction() as session:
        session.get_one(Delivery, sent.row.id).locale = "sw"
    sent.go()
    (text,) = sandbox.texts(sent.reader.phone)
    assert "confirmed" not in text
    assert "imethibitishwa" in text.lower() or "umethibitishwa" in text.lower()


def test_a_mail_waits_while_our_key_is_refused(letter, runtime, sandbox, caplog):
    email = SendGridChannel(f"{sandbox.url}/sendgrid", "SG.wrong", "hello@example.com", "Elite Events Kenya")
    waiting = letter("email")
    row = waiting.go(Hands(replace(runtime, email=email)))
    email.close()
    assert (row.state, row.calls) == ("queued", 0)
    assert "delivery.credentials_refused" in caplog.text
    assert sandbox.mails() == []

    waiting.later(minutes=1)
    assert waiting.go(Hands(runtime)).state == "sent"
    assert len(sandbox.mails()) == 1


@pytest.mark.parametrize("channel", ["email", "sms"])
def test_a_message_has_failed_when_two_calls_had_no_answer(letter, silent, channel, caplog):
    hands, provider = silent
    lost = letter(channel)
    for calls in (1, 2):
        row = lost.go(hands)
        assert (row.state, row.calls) == ("sending", calls)
        lost.later(minutes=11)
    row = lost.go(hands)
    assert (row.state, row.error_code) == ("failed", "outcome_unknown")
    assert len(provider.received) == 2, "never a third time"
    assert lost.job.done_at is not None
    assert "delivery.unknown" in caplog.text


def test_a_call_without_effect_does_not_use_up_the_second_call(letter, hasty, sandbox):
    lost = letter("sms")
    sandbox.faults(sms_hang=30)
    lost.go(hasty)
    sandbox.faults(sms_hang=False, sms_down=True)
    lost.later(minutes=11)
    assert lost.go().calls == 1
    sandbox.faults(sms_down=False)
    lost.later(minutes=1)
    row = lost.go()
    assert (row.state, row.calls) == ("sent", 2)


@pytest.mark.parametrize(
    "error", [Unavailable("x"), Rejected("x"), OutcomeUnknown("x")], ids=lambda error: type(error).__name__
)
def test_a_slow_runs_failure_does_not_undo_what_another_run_has_sent(letter, meddling, sandbox, error):
    sent = letter("sms")

    def the_other_sends() -> None:
        sent.lease_runs_out()
        assert sent.go().state == "sent"
        raise error

    sent.go(meddling(the_other_sends))
    row = sent.row
    assert (row.state, row.error_code) == ("sent", None)
    assert row.provider_id.startswith("ATXid_")
    assert sent.job.done_at is not None


def test_a_slow_runs_answer_is_kept_although_its_lease_ran_out(letter, meddling, sandbox, caplog):
    sent = letter("sms")

    def nobody_else_comes() -> None:
        sent.lease_runs_out()

    row = sent.go(meddling(nobody_else_comes))
    assert (row.state, row.calls) == ("sent", 1)
    assert sent.job.done_at is not None


@pytest.mark.parametrize("state", ["sent", "delivered", "failed", "bounced", "suppressed"])
def test_nothing_is_sent_when_the_delivery_is_over(letter, sandbox, db, state):
    over = letter("sms")
    with db.transaction() as session:
        session.get_one(Delivery, over.row.id).state = state
    assert over.go().state == state
    assert sandbox.calls(SMS) == 0
    assert over.job.done_at is not None
