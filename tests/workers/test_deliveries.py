"""Mails and texts: sent once, tried again while nothing was sent, and at most once more where nobody knows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from domain.jobs import JobKind
from domain.notices import NoticeKind
from domain.payments import Evidence
from models import Delivery, Job, Notification
from providers.channels.sms_africastalking import AfricasTalkingChannel
from services.telling import tell
from tests.support.evidence import Witness
from tests.support.hands import Hands
from tests.support.mpesa_story import Interrupted
from tests.support.waiting import eventually
from tests.workers.conftest import HASTY


@pytest.fixture
def news(db, ctx, make) -> Callable[..., Any]:
    """News for a tourist: a booking that was cancelled, by mail and by text."""

    def news(kind: NoticeKind = NoticeKind.BOOKING_CANCELLED, **user: Any) -> Any:
        tourist = make.user(**user)
        booking = make.booking(tourist)
        with db.transaction() as session:
            tell(session, ctx, kind, tourist.id, booking, now=ctx.now(session))
        return tourist

    return news


@pytest.fixture
def delivered(db) -> Callable[[str], Delivery]:
    """The one delivery on a channel."""

    def delivered(channel: str) -> Delivery:
        with db.reading() as session:
            return session.scalars(select(Delivery).where(Delivery.channel == channel)).one()

    return delivered


def job_of(db, delivery: Delivery) -> Job:
    with db.reading() as session:
        return session.scalars(select(Job).where(Job.key == f"deliver:{delivery.id}")).one()


def test_news_leaves_once_on_each_channel(sandbox, hands, news, delivered):
    tourist = news(email="amina@example.com", phone="+254712000100")
    assert hands.work("deliveries") == ["notifications.notify", "deliveries.send_email", "deliveries.send_sms"]
    (mail,) = sandbox.mails()
    assert (mail["to"], mail["custom_args"]) == (["amina@example.com"], {"delivery_id": str(delivered("email").id)})
    assert len(sandbox.texts(tourist.phone)) == 1
    for channel in ("email", "sms"):
        sent = delivered(channel)
        assert (sent.state, sent.calls, sent.error_code) == ("sent", 1, None)
        assert sent.provider_id
        assert sent.sent_at is not None
    assert delivered("sms").cost.startswith("KES")
    assert hands.work("deliveries") == []


def test_a_confirmed_booking_reaches_tourist_and_guide(story, sandbox):
    story.pushed()
    story.pin()
    story.callbacks_come()
    story.work("deliveries")
    told = sorted((mail["to"][0] == story.guide.email, mail["subject"]) for mail in sandbox.mails())
    assert [is_guide for is_guide, _ in told] == [False, False, True]
    for person, other in ((story.tourist, story.guide), (story.guide, story.tourist)):
        (text,) = sandbox.texts(person.phone)
        assert story.booking.reference in text
        words = " ".join(mail["text"] for mail in sandbox.mails() if mail["to"] == [person.email])
        assert other.phone[-3:] in words, "they may call each other now"


@pytest.mark.parametrize("fault", ["mail_down", "mail_throttled"])
def test_a_mail_that_was_not_taken_is_tried_again_until_it_is(db, clock, sandbox, hands, news, delivered, fault):
    sandbox.faults(**{fault: True})
    news(phone=None)
    hands.work("deliveries")
    waiting = delivered("email")
    assert (waiting.state, waiting.calls) == ("queued", 0)
    assert sandbox.mails() == []
    sandbox.faults(**{fault: False})
    assert hands.work("deliveries") == [], "not before its time"
    clock.offset += timedelta(minutes=2)
    hands.work("deliveries")
    assert (delivered("email").state, len(sandbox.mails())) == ("sent", 1)
    assert job_of(db, waiting).failures == 1


def test_a_text_that_was_not_taken_is_tried_again_until_it_is(clock, sandbox, hands, news, delivered):
    sandbox.faults(sms_down=True)
    tourist = news(email=None)
    hands.work("deliveries")
    assert (delivered("sms").state, sandbox.texts(tourist.phone)) == ("queued", [])
    sandbox.faults(sms_down=False)
    clock.offset += timedelta(seconds=3)
    hands.work("deliveries")
    assert (delivered("sms").state, len(sandbox.texts(tourist.phone))) == ("sent", 1)


def test_a_mail_that_nobody_takes_for_a_day_has_failed(db, clock, sandbox, hands, news, delivered):
    sandbox.faults(mail_down=True)
    news(phone=None)
    for _ in range(60):
        hands.work("deliveries")
        clock.offset += timedelta(minutes=30)
    failed = delivered("email")
    assert (failed.state, failed.error_code) == ("failed", "Unavailable: http_503")
    assert job_of(db, failed).dead_at is not None


def test_a_refused_text_has_failed_and_is_not_tried_again(db, sandbox, hands, news, delivered):
    sandbox.faults(sms_empty_recipients=True)
    news(email=None)
    hands.work("deliveries")
    failed = delivered("sms")
    assert (failed.state, failed.error_code) == ("failed", "InvalidSenderId")
    assert job_of(db, failed).done_at is not None


@pytest.fixture
def hasty(settings, sandbox, runtime) -> Any:
    """Hands that do not wait for a text's answer."""
    sms = AfricasTalkingChannel(
        f"{sandbox.url}/africastalking", settings.at_username, settings.at_api_key, "ELITE", timeouts=HASTY
    )
    yield Hands(replace(runtime, sms=sms))
    sms.close()


def test_a_text_without_an_answer_is_sent_once_more_after_ten_minutes(clock, sandbox, hasty, news, delivered):
    sandbox.faults(sms_hang=0.6)
    tourist = news(email=None)
    hasty.work("deliveries")
    assert (delivered("sms").state, delivered("sms").calls) == ("sending", 1)
    sandbox.faults(sms_hang=False)
    clock.offset += timedelta(minutes=9)
    assert hasty.work("deliveries") == []
    clock.offset += timedelta(minutes=1, seconds=1)
    hasty.work("deliveries")
    assert (delivered("sms").state, delivered("sms").calls) == ("sent", 2)
    eventually(lambda: len(sandbox.texts(tourist.phone)) == 2, what="the duplicate")


def test_a_text_without_an_answer_twice_has_failed(clock, sandbox, hasty, news, delivered):
    sandbox.faults(sms_hang=0.6)
    news(email=None)
    for _ in range(4):
        hasty.work("deliveries")
        clock.offset += timedelta(minutes=11)
    failed = delivered("sms")
    assert (failed.state, failed.error_code, failed.calls) == ("failed", "outcome_unknown", 2)
    eventually(lambda: sandbox.calls("/version1/messaging") == 2, what="the second call's end")


class DyingChannel:
    """Sends, and takes the process with it."""

    def __init__(self, channel: Any):
        self._channel = channel

    def send(self, *args: Any) -> None:
        self._channel.send(*args)
        raise Interrupted


def test_a_worker_killed_after_sending_sends_at_most_once_more(clock, sandbox, runtime, news, delivered):
    tourist = news(email=None)
    dying = Hands(replace(runtime, sms=DyingChannel(runtime.sms)))
    for _ in range(2):
        with pytest.raises(Interrupted):
            dying.work("deliveries")
        clock.offset += timedelta(seconds=100)
    dying.work("deliveries")
    assert len(sandbox.texts(tourist.phone)) == 2
    assert (delivered("sms").state, delivered("sms").error_code) == ("failed", "outcome_unknown")


def test_a_delivery_offered_again_after_it_was_sent_sends_nothing(db, ctx, sandbox, hands, news, delivered):
    news(phone=None)
    hands.work("deliveries")
    with db.transaction() as session:
        ctx.enqueue(session, JobKind.SEND_EMAIL, "again", {"delivery_id": delivered("email").id}, now=ctx.now(session))
    hands.work("deliveries")
    assert len(sandbox.mails()) == 1


def test_no_connection_is_held_while_a_mail_is_sent(db, runtime, news):
    held: list[int] = []

    class Watching:
        def send(self, mail: Any) -> str:
            held.append(db.engine.pool.checkedout())
            return "id"

    news(phone=None)
    Hands(replace(runtime, email=Watching())).work("deliveries")
    assert held == [0]


@pytest.mark.parametrize("paid_before", ["the notification", "the mail"])
def test_a_failed_payment_that_was_paid_after_all_is_not_told(db, ctx, make, sandbox, hands, paid_before):
    mpesa = Witness(db, ctx)
    payment = mpesa.fails(make.payment(make.booking()))
    if paid_before == "the mail":
        notify = next(job for job in hands.due("deliveries") if job.payload.get("kind") == "payment_failed")
        hands.do(notify)
    mpesa.pays(payment)
    hands.work("deliveries")
    with db.reading() as session:
        states = session.execute(
            select(Delivery.state, Delivery.error_code)
            .join(Notification, Notification.id == Delivery.notification_id)
            .where(Notification.kind == "payment_failed")
        ).all()
    assert states == ([] if paid_before == "the notification" else [("suppressed", "overtaken")])


def test_a_mail_still_leaves_when_its_text_cannot(sandbox, hands, news, delivered):
    sandbox.faults(sms_down=True)
    news()
    hands.work("deliveries")
    assert (delivered("email").state, delivered("sms").state) == ("sent", "queued")


def test_a_payment_under_review_is_told_with_its_payment(db, ctx, make, sandbox, hands):
    payment = make.payment(make.booking())
    Witness(db, ctx).says(payment, Evidence.UNKNOWN_CODE, code="7777")
    hands.work("deliveries")
    with db.reading() as session:
        written = session.scalars(select(Notification).where(Notification.has_badge)).one()
    assert (written.kind, written.data["payment_id"]) == ("payment_under_review", str(payment.id))
    assert len(sandbox.mails()) == 1
