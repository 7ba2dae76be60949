"""News become numbered rows in the reader's language, once."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.jobs import JobKind
from models import Delivery, Notification
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
