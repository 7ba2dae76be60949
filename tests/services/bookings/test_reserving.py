"""Booking: what a good wish writes, in every table."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from domain.money import Money
from domain.pricing import Line, LineKind
from models import AuditEntry, Booking, Departure, LineItem, Receivable
from services.bookings.details import details_of
from services.bookings.reserving import Wish, bookings_of, find_booking, quote
from services.pages import Window
from tests.factories import start_in
from tests.support.database import row_counts
from tests.support.refusals import refused, unchanged

TIERS = [
    {"name": "adult", "price_minor": 300_000, "takes_seat": True},
    {"name": "child", "price_minor": 100_000, "takes_seat": True},
    {"name": "infant", "price_minor": 0, "takes_seat": False},
]


def departure_of(db, booking) -> Departure:
    with db.reading() as session:
        return session.get_one(Departure, booking.departure_id)


def test_booking_writes_everything_that_belongs_to_it_when_the_wish_is_good(db, make, book, jobs):
    tourist, listing = make.user(), make.listing()
    before = row_counts(db.engine)
    booking = book(tourist, listing, special_requests="No nuts, please")
    after = row_counts(db.engine)

    written = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    assert written == {
        "departures": 1,
        "rate_limits": 1,
        "bookings": 1,
        "line_items": 2,
        "receivables": 1,
        "jobs": 1,
        "audit_logs": 1,
        "audit_unchained": 1,
    }
    assert (booking.customer_id, booking.host_id, booking.status) == (tourist.id, listing.host_id, "pending")
    assert (booking.starts_at, booking.ends_at - booking.starts_at) == (start_in(), timedelta(hours=3))
    assert booking.hold_expires_at - booking.booked_at == timedelta(minutes=15)
    assert (booking.seats, booking.guests, booking.special_requests) == (2, {"adult": 2}, "No nuts, please")
    departure = departure_of(db, booking)
    assert (departure.seats_taken, departure.capacity) == (2, 8)
    with db.reading() as session:
        lines = session.scalars(select(LineItem).order_by(LineItem.position)).all()
        assert [(line.kind, line.quantity, line.unit_minor, line.amount_minor) for line in lines] == [
            ("base", 2, 250_000, 500_000),
            ("fee", 1, 50_000, 50_000),
        ]
        receivable = session.scalars(select(Receivable)).one()
        assert (receivable.payer_id, receivable.amount, receivable.state) == (
            tourist.id,
            Money(550_000, "KES"),
            "open",
        )
        entry = session.scalars(select(AuditEntry)).one()
        assert (entry.action, entry.entity_id, entry.actor_id) == ("booking.created", booking.id, tourist.id)
        assert entry.data == {"seats": 2, "total_minor": 550_000}
    (hold,) = jobs("hold:")
    assert (hold.kind, hold.due_at, hold.payload) == (
        "bookings.expire_hold",
        booking.hold_expires_at,
        {"booking_id": str(booking.id)},
    )
    assert hold.request_id == "test-request"


def test_the_policy_is_frozen_when_booking(db, make, book):
    listing = make.listing(cancellation_policy="strict")
    booking = book(make.user(), listing)
    with db.transaction() as session:
        session.merge(listing).cancellation_policy = "flexible"
    (tier,) = make.reload(booking).cancellation_tiers
    assert (booking.starts_at - tier.until, tier.percent) == (timedelta(days=7), 50)


def test_parties_share_a_departure_until_it_is_full(db, make, book):
    listing = make.listing()
    bookings = [book(make.user(), listing, guests={"adult": seats}) for seats in (3, 3, 2)]
    assert len({booking.departure_id for booking in bookings}) == 1
    assert departure_of(db, bookings[0]).seats_taken == 8


def test_a_private_booking_takes_the_whole_departure_whatever_the_party(db, make, book):
    listing = make.listing(is_private=True, price_per="group")
    booking = book(make.user(), listing, guests={"adult": 2})
    assert (booking.seats, departure_of(db, booking).seats_taken) == (8, 8)
    latecomer = make.user()
    with refused(db, "seats_sold_out") as refusal:
        book(latecomer, listing, guests={"adult": 1})
    assert refusal.value.extra == {"seats_free": 0}
    with db.reading() as session:
        assert [line.amount_minor for line in session.scalars(select(LineItem).order_by(LineItem.position))] == [
            250_000,
            25_000,
        ]


def test_guests_without_a_seat_cost_their_tier_and_take_no_seat(db, make, book):
    listing = make.listing(tiers=TIERS)
    booking = book(make.user(), listing, guests={"adult": 2, "child": 1, "infant": 1})
    assert booking.seats == 3
    with db.reading() as session:
        amounts = {line.description: line.amount_minor for line in session.scalars(select(LineItem))}
    assert amounts == {
        f"{listing.title} (adult)": 600_000,
        f"{listing.title} (child)": 100_000,
        f"{listing.title} (infant)": 0,
        "Service fee": 70_000,
    }


def test_a_quote_costs_the_same_as_the_booking_and_writes_nothing(db, make, book):
    tourist, listing = make.user(), make.listing()
    wish = Wish(listing.id, start_in(), {"adult": 2})
    with unchanged(db), db.transaction() as session:
        price = quote(session, make.acting(tourist), listing, wish)
    booking = book(tourist, listing)
    with db.reading() as session:
        (details,) = details_of(session, make.acting(tourist), [booking])
    assert price.total == details.total == Money(550_000, "KES")


def test_a_quoted_price_holds_when_the_listing_became_dearer(db, make, book):
    listing = make.listing()
    quoted = (Line(LineKind.BASE, listing.title, 2, Money(200_000, "KES")),)
    booking = book(make.user(), listing, quoted=quoted)
    with db.reading() as session:
        assert session.scalars(select(Receivable.amount_minor)).one() == 400_000
        assert session.scalars(select(Booking.seats)).one() == booking.seats == 2


def test_a_booking_is_found_by_its_parties_and_administrators_only(db, make, book):
    guide, tourist = make.guide(), make.user()
    booking = book(tourist, make.listing(guide))
    stranger, administrator = make.user(), make.user(roles=["admin"])
    with db.reading() as session:
        for user in (tourist, guide, administrator):
            assert find_booking(session, make.acting(user), booking.id).id == booking.id
    with refused(db, "booking_not_found"), db.reading() as session:
        find_booking(session, make.acting(stranger), booking.id)


def test_bookings_are_listed_by_role_and_time(db, make, book, later):
    guide, tourist = make.guide(), make.user()
    listing = make.listing(guide)
    near, far = book(tourist, listing, starts_at=start_in(3)), book(tourist, listing, starts_at=start_in(9))
    book(make.user(), listing, starts_at=start_in(9))
    later(days=5)

    def listed(user, role, when=None, statuses=(), limit=10):
        with db.reading() as session:
            page = bookings_of(session, make.acting(user), Window(limit), role=role, statuses=statuses, when=when)
            return [booking.id for booking in page.rows], page.total

    assert listed(tourist, "tourist") == ([far.id, near.id], 2)
    assert listed(tourist, "tourist", "upcoming") == ([far.id], 1)
    assert listed(tourist, "tourist", "past") == ([near.id], 1)
    assert listed(tourist, "tourist", statuses=["confirmed"]) == ([], 0)
    assert listed(tourist, "guide") == ([], 0)
    assert listed(guide, "guide", limit=1)[1] == 3


def test_details_tell_when_the_hold_ends_and_hide_phones_until_confirmed(db, make, book, mpesa, pay):
    tourist, listing = make.user(), make.listing()
    booking = book(tourist, listing)

    def details():
        with db.reading() as session:
            return details_of(session, make.acting(tourist), [make.reload(booking)])[0]

    assert (details().hold_ends_at, details().phones_are_shared) == (booking.hold_expires_at, False)
    mpesa.pays(pay(tourist, booking))
    assert (details().hold_ends_at, details().phones_are_shared) == (None, True)
    with db.reading() as session:
        assert details_of(session, make.acting(tourist), []) == []
