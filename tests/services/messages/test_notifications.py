"""Notifications: numbered without gaps, addressed to the channels that reach somebody, told once."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.notices import NoticeKind
from models import Delivery, Notification, User
from services.messages.notifications import notify
from services.telling import tell


@pytest.fixture
def write(db, ctx):
    """Write one notification for a user and answer it."""
    numbers = iter(range(1_000))

    def write(user, kind=NoticeKind.BOOKING_CONFIRMED, **data):
        key = f"test:{next(numbers)}"
        with db.transaction() as session:
            return notify(
                session,
                ctx,
                kind,
                session.get_one(User, user.id),
                key=key,
                title="Confirmed",
                body="See you at the Archives",
                data={name: str(value) for name, value in data.items()},
                now=ctx.now(session),
            )

    return write


def deliveries(db) -> dict[str, tuple[str, str, str]]:
    with db.reading() as session:
        return {row.channel: (row.address, row.locale, row.state) for row in session.scalars(select(Delivery))}


def test_numbers_increase_by_one_for_each_user(make, write):
    amina, kamau = make.user(), make.user()
    assert [write(user).seq for user in (amina, kamau, amina, amina, kamau)] == [1, 1, 2, 3, 2]


def test_numbers_have_no_gap_when_many_write_at_once(db, make, write):
    user = make.user()
    with ThreadPoolExecutor(10) as threads:
        list(threads.map(lambda _: write(user), range(30)))
    with db.reading() as session:
        assert session.scalars(select(Notification.seq).order_by(Notification.seq)).all() == list(range(1, 31))
        assert session.get_one(User, user.id).notification_seq == 30


def test_a_number_is_not_used_up_when_the_writing_fails(make, write, db, ctx):
    user = make.user()

    def failing_job() -> None:
        with db.transaction() as session:
            now = ctx.now(session)
            notify(session, ctx, NoticeKind.HOLD_EXPIRED, user, key="x", title="", body="", data={}, now=now)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        failing_job()
    assert write(user).seq == 1


def test_each_channel_of_the_kind_gets_a_delivery_and_a_job(db, make, write, jobs):
    user = make.user(email="amina@example.com", phone="+254712000001", locale="sw")
    write(user)
    assert deliveries(db) == {
        "email": ("amina@example.com", "sw", "queued"),
        "sms": ("+254712000001", "sw", "queued"),
    }
    assert sorted(job.kind for job in jobs("deliver:")) == ["deliveries.send_email", "deliveries.send_sms"]


def mails(db) -> int:
    with db.reading() as session:
        return len(session.scalars(select(Delivery.id).where(Delivery.channel == "email")).all())


def test_a_mailbox_that_may_be_a_strangers_gets_ten_mails_a_day_about_an_account(db, make, write, clock):
    squatter = make.user(status="pending")
    for _ in range(12):
        write(squatter, NoticeKind.PASSWORD_CHANGED, session_id=uuid.uuid4())
    assert mails(db) == 10
    write(make.user(status="pending"), NoticeKind.NEW_DEVICE)
    assert mails(db) == 11
    clock.offset += timedelta(days=1)
    write(squatter, NoticeKind.NEW_DEVICE)
    assert mails(db) == 12


def test_links_tickets_and_proved_mailboxes_are_not_held_back(db, make, write):
    pending = make.user(status="pending")
    for _ in range(11):
        write(pending, NoticeKind.PASSWORD_RESET, one_time_token_id=uuid.uuid4())
        write(pending, NoticeKind.BOOKING_CONFIRMED, session_id=uuid.uuid4())
    assert mails(db) == 22
    amina = make.user()
    for _ in range(11):
        write(amina, NoticeKind.NEW_DEVICE, session_id=uuid.uuid4())
    assert mails(db) == 33


def test_a_kind_for_mail_alone_sends_no_text(db, make, write):
    write(make.user(), NoticeKind.PAYMENT_RECEIPT)
    assert list(deliveries(db)) == ["email"]


def test_a_user_without_an_address_is_told_in_the_product_alone(db, make, write, jobs):
    assert write(make.user(email=None, phone=None)).seq == 1
    assert deliveries(db) == {}
    assert jobs("deliver:") == []


def test_a_payer_without_a_number_is_reached_on_the_phone_that_paid(db, make, book, pay, write):
    tourist = make.user(phone=None)
    payment = pay(tourist, book(tourist, make.listing()), phone="+254712000002")
    write(tourist, payment_id=payment.id)
    assert deliveries(db)["sms"][0] == "+254712000002"


def test_somebody_else_is_never_reached_on_the_phone_that_paid(db, make, book, pay, write):
    tourist, guide = make.user(phone=None), make.guide(phone=None)
    payment = pay(tourist, book(tourist, make.listing(guide)), phone="+254712000003")
    write(guide, NoticeKind.NEW_BOOKING, payment_id=payment.id)
    assert list(deliveries(db)) == ["email"]


def test_the_same_news_is_told_once(db, ctx, make, book, jobs):
    tourist = make.user()
    booking = book(tourist, make.listing())
    for _ in range(2):
        with db.transaction() as session:
            tell(session, ctx, NoticeKind.HOLD_EXPIRED, tourist.id, booking, now=ctx.now(session))
    assert len(jobs("tell:")) == 1
