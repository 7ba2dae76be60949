"""Guides and tourists at the same moment: archiving against booking, changing against booking, and one title twice."""

from __future__ import annotations

from collections import Counter
from functools import partial
from threading import Barrier

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from domain.errors import Conflict, DomainError
from models import Booking, Departure, LineItem, Listing
from services.listings import own_experiences
from services.listings.own_experiences import archive_experience, change_experience, create_experience
from tests.factories import start_in
from tests.support.races import at_once

WISH = {
    "title": "Market walk",
    "category": "food",
    "price": 1500,
    "currency": "KES",
    "price_per": "person",
    "tiers": [],
    "duration_minutes": 90,
    "min_guests": 1,
    "max_guests": 4,
    "capacity": 4,
    "is_private": False,
    "summary": "",
    "description": "",
    "location": "",
    "meeting_point": "",
    "latitude": None,
    "longitude": None,
    "timezone": "Africa/Nairobi",
    "confirmation": "instant",
    "cut_off_hours": 2,
    "buffer_minutes": 0,
    "inclusions": [],
    "exclusions": [],
    "cancellation_policy": "moderate",
}


@pytest.fixture
def archive(db, make):
    def archive(host, listing):
        with db.transaction() as session:
            archive_experience(session, make.acting(host), str(listing.id))

    return archive


def test_an_experience_is_archived_or_booked_and_never_both(db, make, book, archive):
    seen = Counter()
    for _ in range(8):
        host = make.guide()
        listing = make.listing(host)
        outcomes = at_once([partial(book, make.user(), listing), partial(archive, host, listing)])
        booked = make.reload(listing).status == "active"
        with db.reading() as session:
            bookings = session.query(Booking).filter_by(listing_id=listing.id).count()
        assert bookings == (1 if booked else 0)
        assert set(outcomes) <= {"won", "experience_not_found", "experience_booked"}
        assert outcomes["won"] == 1
        seen[booked] += 1
    assert sum(seen.values()) == 8


def test_without_the_bodys_lock_both_would_win(db, make, book, archive, monkeypatch):
    """The negative control: archiving that looks for bookings without keeping others from booking."""
    host, tourist = make.guide(), make.user()
    listing = make.listing(host)
    looked, booked = Barrier(2), Barrier(2)
    refuse = own_experiences._refuse_booked

    def look(*args):
        refuse(*args)
        looked.wait(10)
        booked.wait(10)

    def booking():
        looked.wait(10)
        try:
            book(tourist, listing)
        finally:
            booked.wait(10)

    monkeypatch.setattr(own_experiences, "_refuse_booked", look)
    monkeypatch.setattr(own_experiences, "lock_resources", lambda *_: None)
    assert at_once([partial(archive, host, listing), booking]) == {"won": 2}
    assert make.reload(listing).status == "archived"
    with db.reading() as session:
        assert session.query(Booking).filter_by(listing_id=listing.id).count() == 1


def test_price_seats_and_time_of_a_booking_are_of_one_version(db, make, book, monkeypatch):
    """A change that is committed between a booking's first look and its lock counts as a whole."""
    host, tourist = make.guide(), make.user()
    listing = make.listing(host, is_private=True, min_guests=1)
    stale = make.reload(listing)
    with db.transaction() as session:
        changes = {"price": 4000, "capacity": 6, "max_guests": 6, "duration_minutes": 60}
        change_experience(session, make.acting(host), str(listing.id), changes)
    monkeypatch.setattr(
        "services.bookings.reserving.get_live_listing", lambda session, _: session.merge(stale, load=False)
    )

    booking = book(tourist, listing)

    with db.reading() as session:
        base = session.scalars(select(LineItem.amount_minor).where(LineItem.kind == "base")).one()
        capacity = session.scalars(select(Departure.capacity)).one()
    assert (base, booking.seats, capacity) == (800_000, 6, 6)
    assert (booking.ends_at - booking.starts_at).total_seconds() == 3600


def test_one_title_at_the_same_moment_gets_an_address_each(db, make):
    guides = [make.guide() for _ in range(4)]

    def create(guide):
        with db.transaction() as session:
            create_experience(session, make.acting(guide), WISH)

    assert at_once([partial(create, guide) for guide in guides]) == {"won": 4}
    with db.reading() as session:
        slugs = sorted(session.scalars(select(Listing.slug)))
    assert slugs == ["market-walk", "market-walk-2", "market-walk-3", "market-walk-4"]


def test_without_another_try_one_of_two_would_fail(db, make, monkeypatch):
    """The negative control: whoever comes second is refused by the unique slug alone."""
    monkeypatch.setattr(own_experiences, "_TRIES", 1)
    first, second = make.guide(), make.guide()
    with db.transaction() as session:
        create_experience(session, make.acting(first), WISH)
        monkeypatch.setattr(own_experiences, "_free_slug", lambda *_: "market-walk")
        session.commit()
    with pytest.raises(Conflict) as refusal, db.transaction() as session:
        create_experience(session, make.acting(second), WISH)
    assert refusal.value.code == "busy_try_again"


def test_two_changes_of_one_version_are_not_both_made(db, make):
    host = make.guide()
    listing = make.listing(host)

    def change(summary):
        with db.transaction() as session:
            change_experience(session, make.acting(host), str(listing.id), {"summary": summary}, version=1)

    assert at_once([partial(change, f"Summary {n}") for n in range(4)]) == {"won": 1, "experience_changed": 3}
    assert make.reload(listing).version == 2


def test_a_guide_has_only_so_many(db, make, monkeypatch):
    monkeypatch.setattr(own_experiences, "MOST_EXPERIENCES", 2)
    host = make.guide()
    gone, _ = make.listing(host), make.listing(host)
    with pytest.raises(DomainError) as refusal, db.transaction() as session:
        create_experience(session, make.acting(host), WISH)
    assert refusal.value.code == "too_many_experiences"
    with db.transaction() as session:
        archive_experience(session, make.acting(host), str(gone.id))
    with db.transaction() as session:
        create_experience(session, make.acting(host), WISH)


@pytest.mark.parametrize(
    ("column", "bounds"),
    [
        ("duration_minutes", (15, 43_200)),
        ("capacity", (8, 500)),
        ("cut_off_hours", (0, 720)),
        ("buffer_minutes", (0, 1440)),
        ("price_minor", (0, 10**12)),
    ],
)
def test_the_table_has_the_bounds_of_the_domain(db, make, column, bounds):
    listing = make.listing()
    least, most = bounds
    change = f"UPDATE listings SET {column} = :value WHERE id = :id"
    for value in bounds:
        with db.transaction() as session:
            session.execute(text(change), {"value": value, "id": listing.id})
    for value in (least - 1, most + 1):
        with pytest.raises(IntegrityError, match="ck_listings_"), db.transaction() as session:
            session.execute(text(change), {"value": value, "id": listing.id})


def test_a_booking_made_before_a_change_of_length_stands_in_the_way_of_the_new_one(db, make, book):
    """Availability goes by what is taken, not by how long the experience is now."""
    host = make.guide()
    listing = make.listing(host)
    book(make.user(), listing)
    with db.transaction() as session:
        change_experience(session, make.acting(host), str(listing.id), {"duration_minutes": 240})
    with pytest.raises(DomainError) as refusal:
        book(make.user(), listing, starts_at=start_in())
    assert refusal.value.code in ("guide_busy", "seats_sold_out", "start_not_offered")
