"""Whoever is concerned by a change is shown it, once, and never something older after something newer."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select

from domain.jobs import JobKind
from domain.payments import Evidence
from models import Job
from models.locks import lock_user
from services.bookings import changes
from services.bookings.changes import show_changes
from services.bookings.reserving import expire_hold
from services.feed import events_since


@pytest.fixture
def asked(db):
    """Whom open jobs will show what: names of the users, in order."""

    def asked(**users):
        names = {str(user.id): name for name, user in users.items()}
        with db.reading() as session:
            mine = select(Job.payload).where(Job.kind == JobKind.SHOW_CHANGES, Job.done_at.is_(None))
            return sorted(names[payload["user_id"]] for payload in session.scalars(mine))

    return asked


@pytest.fixture
def show(db):
    """Do what the job of a user and a booking does; the events as (name, status, failure code)."""
    runs = iter(range(100))

    def show(user, booking):
        with db.transaction() as session:
            events = show_changes(session, user.id, booking.id, key=f"run:{next(runs)}")
        return [(event.name, event.data["status"], event.data.get("failure_code")) for event in events]

    return show


@pytest.fixture
def parties(make):
    """A tourist with a pending booking of a guide's."""
    tourist, guide = make.user(), make.guide()
    return tourist, guide, make.booking(tourist, make.listing(guide))


def test_a_hold_is_nobodys_news_and_its_end_is_the_tourists_alone(parties, asked, show, later, db, ctx):
    tourist, guide, booking = parties
    assert asked(tourist=tourist, guide=guide) == []
    later(minutes=16)
    with db.transaction() as session:
        expire_hold(session, ctx, booking.id)
    assert asked(tourist=tourist, guide=guide) == ["tourist"]
    assert show(tourist, booking) == [("booking_updated", "expired", None)]


def test_every_step_of_a_payment_is_shown_to_its_payer(parties, asked, show, pay, mpesa):
    tourist, guide, booking = parties
    payment = pay(tourist, booking)
    assert asked(tourist=tourist, guide=guide) == [], "the answer has said that it is pending"
    mpesa.accepts(payment)
    assert show(tourist, booking) == [("payment_updated", "processing", None)]
    mpesa.fails(payment, "1032")
    assert show(tourist, booking) == [("payment_updated", "cancelled", "1032")]
    mpesa.says(payment, Evidence.UNKNOWN_CODE, code="7777")
    assert show(tourist, booking) == [("payment_updated", "needs_review", "7777")]
    mpesa.pays(payment)
    assert show(tourist, booking) == [("payment_updated", "succeeded", None), ("booking_updated", "confirmed", None)]
    assert show(guide, booking) == [("booking_updated", "confirmed", None)]


def test_one_transaction_asks_once_for_each_user_whatever_it_moves(parties, asked, pay, mpesa):
    tourist, guide, booking = parties
    mpesa.pays(pay(tourist, booking))
    assert asked(tourist=tourist, guide=guide) == ["guide", "tourist"]


def test_a_second_attempt_shows_the_end_of_the_first(parties, show, pay, mpesa, later):
    tourist, _, booking = parties
    mpesa.accepts(pay(tourist, booking))
    later(seconds=91)
    pay(tourist, booking)
    assert show(tourist, booking) == [("payment_updated", "cancelled", "superseded")]


@pytest.mark.parametrize(("is_paid", "told"), [(False, ["tourist"]), (True, ["guide", "tourist"])])
def test_a_guide_sees_a_cancellation_only_of_what_was_booked(parties, asked, show, pay, mpesa, cancel, is_paid, told):
    tourist, guide, booking = parties
    if is_paid:
        mpesa.pays(pay(tourist, booking))
        show(tourist, booking)
        show(guide, booking)
    before = asked(tourist=tourist, guide=guide)
    cancel(tourist, booking)
    after = asked(tourist=tourist, guide=guide)
    for name in before:
        after.remove(name)
    assert after == told
    for user in (tourist, guide)[: len(told)]:
        assert ("booking_updated", "cancelled", None) in show(user, booking)


def test_changes_that_follow_each_other_quickly_are_shown_as_one_and_none_twice(parties, show, pay, mpesa):
    tourist, _, booking = parties
    payment = pay(tourist, booking)
    mpesa.accepts(payment)
    mpesa.fails(payment)
    mpesa.pays(payment)
    assert show(tourist, booking) == [("payment_updated", "succeeded", None), ("booking_updated", "confirmed", None)]
    assert show(tourist, booking) == []


def test_what_is_shown_says_where_it_belongs(db, parties, show, pay, mpesa):
    tourist, _, booking = parties
    payment = mpesa.pays(pay(tourist, booking))
    show(tourist, booking)
    with db.reading() as session:
        first, second = events_since(session, tourist.id, 0, 10)
    ids = {"booking_id": str(booking.id), "reference": booking.reference}
    assert first.data == ids | {"payment_id": str(payment.id), "status": "succeeded", "failure_code": None}
    assert second.data == ids | {"status": "confirmed"}
    assert [(event.seq, event.title, event.body, event.has_badge) for event in (first, second)] == [
        (1, "", "", False),
        (2, "", "", False),
    ]


@pytest.mark.parametrize("is_locked", [True, False])
def test_a_later_number_never_carries_an_older_state(db, parties, pay, mpesa, monkeypatch, is_locked):
    """A run that is slow between reading and writing: without the user's lock it writes the old state last."""
    tourist, _, booking = parties
    payment = pay(tourist, booking)
    mpesa.accepts(payment)
    has_read, may_write = threading.Event(), threading.Event()
    real = changes._states

    def slow(*args):
        states = list(real(*args))
        if threading.current_thread().name == "slow":
            has_read.set()
            may_write.wait(5)
        return states

    monkeypatch.setattr(changes, "_states", slow)
    if not is_locked:
        monkeypatch.setattr(changes, "lock_user", lambda *_: None)

    def run(key):
        with db.transaction() as session:
            show_changes(session, tourist.id, booking.id, key=key)

    first = threading.Thread(target=run, args=("first",), name="slow")
    first.start()
    assert has_read.wait(5)
    mpesa.fails(payment)
    second = threading.Thread(target=run, args=("second",))
    second.start()
    second.join(0.3)
    may_write.set()
    first.join(5)
    second.join(5)
    with db.reading() as session:
        statuses = [event.data["status"] for event in events_since(session, tourist.id, 0, 10)]
    assert (statuses == ["processing", "cancelled"]) == is_locked, statuses
    if not is_locked:
        run("third")


def test_who_is_busy_booking_holds_up_nobody_who_settles(db, parties, pay, mpesa):
    """Settling adds a job and touches no user's row."""
    tourist, _, booking = parties
    payment = pay(tourist, booking)
    with db.transaction() as session:
        lock_user(session, tourist.id)
        assert mpesa.pays(payment).state == "succeeded"
