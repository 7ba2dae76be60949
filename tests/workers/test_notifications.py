"""News become numbered rows in the reader's language, once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from domain.jobs import JobKind
from models import Delivery, Job, Notification, Refund
from services.bookings.cancelling import cancel_booking
from services.messages import notifications
from tests.support.evidence import Witness


@pytest.fixture
def written(db):
    """A user's notifications in order."""

    def written(user) -> list[Notification]:
        with db.reading() as session:
            mine = select(Notification).where(Notification.user_id == user.id).order_by(Notification.seq)
            return list(session.scalars(mine))

    return written


@pytest.fixture
def confirmed(db, ctx, make):
    """A booking that was paid for, and its parties."""

    def confirmed(**tourist):
        tourist, guide = make.user(**tourist), make.guide()
        booking = make.booking(tourist, make.listing(guide, title="Bush breakfast"))
        payment = Witness(db, ctx).pays(make.payment(booking))
        return tourist, guide, booking, payment

    return confirmed


def notify_jobs(hands):
    return [job for job in hands.due("deliveries") if job.kind == JobKind.NOTIFY]


def test_tourist_and_guide_are_each_told_what_concerns_them(hands, confirmed, written):
    tourist, guide, booking, payment = confirmed()
    for job in notify_jobs(hands):
        hands.do(job)
    news = written(tourist)
    assert [row.seq for row in news] == [1, 2]
    assert {row.kind for row in news} == {"booking_confirmed", "payment_receipt"}
    (news,) = written(guide)
    assert (news.seq, news.kind, news.read_at) == (1, "new_booking", None)
    assert news.data == {"booking_id": str(booking.id), "payment_id": str(payment.id)}


@pytest.mark.parametrize("locale", ["en", "sw"])
def test_the_words_are_in_the_readers_language(hands, confirmed, written, locale):
    tourist, *_ = confirmed(locale=locale)
    for job in notify_jobs(hands):
        hands.do(job)
    news = next(row for row in written(tourist) if row.kind == "booking_confirmed")
    assert "Bush breakfast" in news.title + news.body
    assert 40 < len(news.body) <= 300
    is_swahili = any(
        word in f"{news.title} {news.body}".lower() for word in ("umethibitish", "imethibitish", "nafasi", "yako")
    )
    assert is_swahili == (locale == "sw")


def test_a_repeated_message_tells_nothing_twice(hands, confirmed, written):
    tourist, *_ = confirmed()
    jobs = notify_jobs(hands)
    for job in jobs * 3:
        hands.do(job)
    assert [row.seq for row in written(tourist)] == [1, 2]


def test_the_delivery_goes_where_the_reader_can_be_reached(db, hands, confirmed):
    tourist, *_ = confirmed(email=None, phone=None)
    for job in notify_jobs(hands):
        hands.do(job)
    with db.reading() as session:
        mine = select(Delivery).join(Notification, Notification.id == Delivery.notification_id)
        rows = session.scalars(mine.where(Notification.user_id == tourist.id)).all()
    assert {row.channel for row in rows} == {"sms"}, "the number that paid"


@pytest.fixture
def addresses(db):
    """Where a notification is delivered: address, language and state by channel."""

    def addresses(notification) -> dict[str, tuple[str, str, str]]:
        with db.reading() as session:
            rows = session.scalars(select(Delivery).where(Delivery.notification_id == notification.id))
            return {row.channel: (row.address, row.locale, row.state) for row in rows}

    return addresses


@pytest.fixture
def failed(db, ctx, make):
    """A payment that failed, and who tried it."""

    def failed():
        tourist = make.user()
        return tourist, Witness(db, ctx).fails(make.payment(make.booking(tourist)))

    return failed


def test_every_channel_of_the_kind_gets_one_delivery_and_its_job(db, hands, confirmed, written, addresses):
    tourist, *_ = confirmed(locale="sw")
    for job in notify_jobs(hands):
        hands.do(job)
    assert {row.kind: addresses(row) for row in written(tourist)} == {
        "booking_confirmed": {
            "email": (tourist.email, "sw", "queued"),
            "sms": (tourist.phone, "sw", "queued"),
        },
        "payment_receipt": {"email": (tourist.email, "sw", "queued")},
    }
    with db.reading() as session:
        open_jobs = session.scalars(select(Job.kind).where(Job.key.startswith("deliver:"))).all()
    assert sorted(open_jobs) == ["deliveries.send_email"] * 3 + ["deliveries.send_sms"] * 2


def test_tourist_and_guide_are_told_apart_when_a_booking_is_cancelled(db, make, hands, confirmed, written):
    tourist, guide, booking, _ = confirmed(first_name="Zawadi")
    with db.transaction() as session:
        cancel_booking(session, make.acting(tourist), booking.id, None)
    for job in notify_jobs(hands):
        hands.do(job)
    mine, theirs = (next(row for row in written(user) if row.kind == "booking_cancelled") for user in (tourist, guide))
    assert "as you asked" in mine.body
    assert "Zawadi" in theirs.body
    assert "is not coming" in theirs.body
    with db.reading() as session:
        refund = session.scalars(select(Refund)).one()
    assert mine.data["refund_id"] == theirs.data["refund_id"] == str(refund.id)


def test_a_failed_payment_is_told_while_it_is_true(hands, failed, written):
    tourist, _ = failed()
    hands.do(notify_jobs(hands)[0])
    assert [row.kind for row in written(tourist)] == ["payment_failed"]


def test_a_failed_payment_is_not_told_when_it_has_been_paid_after_all(db, ctx, make, hands, failed, written):
    tourist, payment = failed()
    (job,) = notify_jobs(hands)
    Witness(db, ctx).pays(payment)
    hands.do(job)
    assert written(tourist) == []
    assert make.reload(job).done_at is not None


def test_news_is_written_once_when_four_workers_get_its_message(make, hands, failed, written):
    tourist, _ = failed()
    (job,) = notify_jobs(hands)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(hands.do, [job] * 4))
    assert [row.seq for row in written(tourist)] == [1]
    assert make.reload(job).attempt == 1


def test_nothing_is_written_when_one_of_its_deliveries_cannot_be(monkeypatch, make, hands, failed, written):
    def fail(*_args):
        raise TimeoutError("the database is gone")

    tourist, _ = failed()
    (job,) = notify_jobs(hands)
    monkeypatch.setattr(notifications, "_deliver", fail)
    hands.do(job)
    assert written(tourist) == []
    assert make.reload(tourist).notification_seq == 0
    assert (make.reload(job).done_at, make.reload(job).failures) == (None, 1)
