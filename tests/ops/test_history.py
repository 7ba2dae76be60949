"""The demo's past and near future, looked at as a suspicious bookkeeper would; the demo is loaded once for all."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select, text

from domain.bookings import HOLDS_SEATS, TRANSITIONS, BookingState, BookingVerb
from domain.listings import Confirmation
from domain.payments import PaymentState, fold
from domain.reviews import average_of
from domain.schedules import is_offered
from models import (
    Booking,
    BookingEvent,
    Delivery,
    Departure,
    Guide,
    Job,
    Listing,
    Notification,
    Payment,
    Review,
    User,
)
from models.payments import PaymentEvent, Refund
from ops import seed
from ops.seed.loading import EXPERIENCES
from ops.seed.people import AMINA, TRAVELLER
from services.availability.experiences import timetable_of
from services.bookings.reserving import bookings_of
from services.catalogue.reviews import reviews_of_guide
from services.context import Actor, Context
from services.feed import unread_count
from services.money.evidence import OUTCOMES
from services.pages import Window
from tests.support.database import row_counts


def test_seats_taken_are_those_of_active_bookings(demo):
    active = [state.value for state in HOLDS_SEATS]
    held = func.coalesce(func.sum(Booking.seats).filter(Booking.status.in_(active)), 0)
    with demo.reading() as session:
        rows = session.execute(
            select(Departure, held.label("held"))
            .join(Booking, Booking.departure_id == Departure.id)
            .group_by(Departure.id)
        ).all()
        assert len(rows) == session.scalar(select(func.count()).select_from(Departure))
    assert all(row.Departure.seats_taken == row.held <= row.Departure.capacity for row in rows)


def test_every_booking_is_at_a_start_of_its_schedule_with_the_buffers_kept(demo, ctx: Context):
    with demo.reading() as session:
        listings = {listing.id: listing for listing in session.scalars(select(Listing))}
        today = ctx.now(session).date()
        timetables = {}
        by_body: dict[object, list[Departure]] = {}
        for departure in session.scalars(select(Departure).order_by(Departure.during)):
            listing = listings[departure.listing_id]
            if listing.id not in timetables:
                timetables[listing.id] = timetable_of(session, ctx, listing, today, today + timedelta(days=60))
            by_body.setdefault(departure.resource_id, []).append(departure)
    for runs in by_body.values():
        taken = [run for run in runs if run.seats_taken]
        for run, after in itertools.pairwise(taken):
            buffers = (listings[run.listing_id].buffer_minutes, listings[after.listing_id].buffer_minutes)
            assert run.during.upper + timedelta(minutes=max(buffers)) <= after.during.lower
        for run in runs:
            timetable = timetables[run.listing_id]
            assert is_offered(timetable, run.during.lower)
            assert run.during.upper - run.during.lower == timetable.duration


def test_what_is_owed_is_the_sum_of_the_lines_and_is_settled_by_one_payment(demo):
    query = text("""
        SELECT b.status, r.state, r.amount_minor, r.settled_at,
               (SELECT sum(l.amount_minor) FROM line_items l WHERE l.booking_id = b.id) AS lines,
               (SELECT count(*) FROM payments p WHERE p.receivable_id = r.id AND p.settles AND p.state = 'succeeded'
                AND p.receipt IS NOT NULL AND p.paid_at = r.settled_at AND p.amount_minor >= r.amount_minor) AS settling,
               (SELECT count(*) FROM payments p WHERE p.receivable_id = r.id) AS attempts
        FROM bookings b LEFT JOIN receivables r ON r.booking_id = b.id
    """)
    with demo.reading() as session:
        rows = session.execute(query).all()
    assert len(rows) > 1_500
    for row in rows:
        assert row.amount_minor == row.lines
        assert row.settling == (row.state == "settled") == (row.settled_at is not None)
        if row.status in ("completed", "confirmed", "paid"):
            assert (row.state, row.attempts) == ("settled", 1)
    assert {row.state for row in rows if row.status == "expired"} == {"void"}
    assert {row.state for row in rows if row.status == "pending"} == {"open"}


def test_every_payment_is_what_its_evidence_says(demo):
    with demo.reading() as session:
        payments = list(session.scalars(select(Payment)))
        said: dict[object, list] = {}
        for event in session.scalars(select(PaymentEvent)):
            said.setdefault(event.payment_id, []).append(event.said())
    for payment in payments:
        verdict = fold(said[payment.id], outcome_of_failure=OUTCOMES)
        assert (verdict.state, verdict.receipt, verdict.is_contradicted) == (payment.state, payment.receipt, False)
        assert payment.next_query_at is None
    assert {PaymentState(payment.state) for payment in payments} == {PaymentState.SUCCEEDED, PaymentState.CANCELLED}


def test_every_booking_came_to_its_state_by_the_table_and_in_time(demo, ctx: Context):
    with demo.reading() as session:
        now = ctx.now(session)
        bookings = {booking.id: booking for booking in session.scalars(select(Booking))}
        events: dict[object, list[BookingEvent]] = {key: [] for key in bookings}
        for event in session.scalars(select(BookingEvent).order_by(BookingEvent.at)):
            events[event.booking_id].append(event)
    for booking_id, booking in bookings.items():
        state = BookingState.PENDING
        for event in events[booking_id]:
            sources, target = TRANSITIONS[BookingVerb(event.verb)]
            assert state in sources
            assert (event.from_status, event.to_status) == (state, target)
            assert booking.booked_at < event.at < now
            state = target
        assert state == booking.status
        assert booking.booked_at < booking.starts_at
        assert (booking.status == BookingState.COMPLETED) == (booking.ends_at < now)


def test_nothing_is_due_but_the_end_of_the_holds(demo):
    with demo.reading() as session:
        counts = row_counts(session.get_bind())
        holds = list(session.scalars(select(Booking).where(Booking.status == BookingState.PENDING)))
        jobs = {job.payload["booking_id"]: job.due_at for job in session.scalars(select(Job))}
        mails = session.scalars(select(User.email).where(User.id.in_([hold.customer_id for hold in holds]))).all()
    assert {str(hold.id): hold.hold_expires_at for hold in holds} == jobs
    assert len(holds) == 3
    # A hold's end is told by mail alone, and these have no address.
    assert set(mails) == {None}
    assert counts["deliveries"] == counts["webhook_inbox"] == 0


def test_what_lies_ahead_is_of_every_kind(demo):
    with demo.reading() as session:
        counts = Counter(session.scalars(select(Booking.status)).all())
        waiting = session.scalars(select(Booking.confirmation).where(Booking.status == BookingState.PAID)).all()
        refunded = session.execute(select(Refund, Payment).join(Payment, Payment.id == Refund.payment_id)).one()
    assert counts["completed"] >= 1_450
    assert counts["confirmed"] >= 90
    assert min(counts[state] for state in ("paid", "pending", "cancelled", "expired")) >= 3
    assert set(waiting) == {Confirmation.MANUAL}
    assert (refunded.Refund.state, refunded.Refund.amount_minor) == ("waiting", refunded.Payment.amount_minor)


def test_ratings_are_the_mean_of_what_is_approved_and_what_the_texts_wished_for(demo):
    approved = select(Review.listing_id, Review.host_id, Review.rating).where(Review.status == "approved")
    with demo.reading() as session:
        votes = session.execute(approved).all()
        listings = list(session.scalars(select(Listing)))
        guides = list(session.scalars(select(Guide)))
        kinds = Counter(session.scalars(select(Review.status)).all())
    by_listing, by_host = _grouped(votes, "listing_id"), _grouped(votes, "host_id")
    for row, stars in [(each, by_listing[each.id]) for each in listings] + [(g, by_host[g.user_id]) for g in guides]:
        mean = average_of(Counter(stars))
        assert (row.rating_average, row.rating_count) == (mean, len(stars))
    for listing in listings:
        wished, count = next(e.rating for e in EXPERIENCES if e.slug == listing.slug)
        assert listing.rating_count == count
        assert abs(listing.rating_average - Decimal(wished)) <= Decimal("0.5") / max(count, 1) + Decimal("0.01")
    assert min(kinds["pending"], kinds["rejected"]) >= 10


def test_reviews_are_in_many_words_and_of_those_who_came(demo):
    with demo.reading() as session:
        reviews = list(session.scalars(select(Review)))
        bookings = {booking.id: booking for booking in session.scalars(select(Booking))}
    for review in reviews:
        booking = bookings[review.booking_id]
        assert booking.status == BookingState.COMPLETED
        assert (review.listing_id, review.host_id, review.author_id) == (
            booking.listing_id,
            booking.host_id,
            booking.customer_id,
        )
        assert review.submitted_at > booking.ends_at
    shown = Counter(review.comment for review in reviews if review.status == "approved")
    assert len(shown) >= 200
    assert sum(review.response is not None for review in reviews) >= 150


def test_the_accounts_have_something_to_look_at(demo, ctx: Context):
    with demo.reading() as session:
        users = {user.email: user for user in session.scalars(select(User).where(User.email.is_not(None)))}
        tourist, guide = users[TRAVELLER.email], users[AMINA.email]
        as_tourist, as_guide = (
            Context(ctx.policy, ctx.clock, Actor(user.id, None, frozenset(user.roles), None), "test")
            for user in (tourist, guide)
        )
        for when, least in (("past", 4), ("upcoming", 2)):
            assert bookings_of(session, as_tourist, Window(), role="tourist", statuses=[], when=when).total >= least
        chosen = {"role": "guide", "statuses": ["confirmed"], "when": "upcoming"}
        coming = bookings_of(session, as_guide, Window(50), **chosen).rows
        tomorrow = (ctx.now(session) + timedelta(hours=3, days=1)).date()
        assert [b for b in coming if (b.starts_at + timedelta(hours=3)).date() == tomorrow]
        assert reviews_of_guide(session, "amina-warsame", "newest", Window(5)).count >= 20


@pytest.mark.parametrize(
    ("email", "kinds"),
    [(TRAVELLER.email, {"booking_confirmed", "payment_receipt"}), (AMINA.email, {"new_booking"})],
)
def test_who_signs_in_was_told_of_the_latest_bookings(demo, email, kinds):
    with demo.reading() as session:
        user = session.scalars(select(User).where(User.email == email)).one()
        told = session.scalars(
            select(Notification).where(Notification.user_id == user.id).order_by(Notification.seq)
        ).all()
        bookings = {str(each.id): each for each in session.scalars(select(Booking))}
        unread = unread_count(session, user.id)
        assert not session.scalar(select(func.count()).select_from(Delivery))
    assert [each.seq for each in told] == list(range(1, user.notification_seq + 1))
    assert len(told) >= 3
    assert 0 < unread <= 3
    assert kinds <= {each.kind for each in told}
    assert [each.created_at for each in told] == sorted(each.created_at for each in told)
    for each in told:
        booking = bookings[each.data["booking_id"]]
        assert user.id in (booking.customer_id, booking.host_id)
        assert booking.reference in each.body or booking.reference in each.title
        assert len(each.title) > 10


def test_weeks_later_a_second_load_still_adds_nothing(demo, demo_settings):
    before = row_counts(demo.engine)
    later = demo_settings(CLOCK_OFFSET="30d")
    assert set(seed.load(later).counts.values()) == {0}
    assert row_counts(demo.engine) == before


def _grouped(votes, subject: str) -> dict[object, list[int]]:
    grouped: dict[object, list[int]] = defaultdict(list)
    for vote in votes:
        grouped[getattr(vote, subject)].append(vote.rating)
    return grouped
