"""Tours of several days on a real database: what is closed or taken before they end is read where they are shown and booked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest

from domain.errors import Conflict, RuleViolation
from models import AvailabilityException
from services.availability.experiences import find_free_times
from services.availability.guides import find_guides_free_times
from services.pages import Window
from services.search.by_days import find_open_listings
from services.search.by_filters import ListingQuery
from tests.factories import NAIROBI, start_in
from tests.support.refusals import refused

MONTH = 30 * 24 * 60


def local_day(instant: datetime) -> date:
    return instant.astimezone(NAIROBI).date()


@pytest.fixture
def close(db):
    """Close a listing, or its guide, for a day."""

    def close(listing, on: date, *, whose: str = "guide") -> None:
        owner = {"listing_id": listing.id} if whose == "listing" else {"resource_id": listing.resource_id}
        with db.transaction() as session:
            session.add(AvailabilityException(**owner, on_date=on, is_available=False))

    return close


@pytest.fixture
def days_shown(db, ctx) -> Callable[..., list[list[date]]]:
    """The local days from one to another on which a listing is free: on its own page, with its guide, and in the lists."""

    def days_shown(listing, first: date, last: date) -> list[list[date]]:
        alone = find_free_times(db, ctx, listing.slug, first, last, None)
        together = find_guides_free_times(db, ctx, f"kamau-{listing.host_id}", first, last)
        (theirs,) = [days for offered, days in together.free if offered.written.id == str(listing.id)]
        listed = []
        for number in range((last - first).days + 1):
            day = first + timedelta(days=number)
            page = find_open_listings(db, ctx, ListingQuery(), day, day, Window(50))
            if any(str(listing.id) in found.card for found in page.rows):
                listed.append(day)
        shown = [slot for day in theirs for slot in day.slots]
        return [[local_day(slot.starts_at) for slot in slots] for slots in (alone.slots, shown)] + [listed]

    return days_shown


def numbers(days: list[list[date]]) -> list[list[int]]:
    """How many days ahead they are; the three ways agree."""
    today = local_day(start_in(0))
    counted = [[(day - today).days for day in one] for one in days]
    assert counted[0] == counted[1]
    assert sorted(set(counted[0])) == counted[2]
    return counted[2]


def day_in(ahead: int) -> date:
    return local_day(start_in(ahead))


@pytest.mark.parametrize("whose", ["guide", "listing"])
def test_no_start_is_shown_from_which_one_would_be_away_before_the_end(db, make, close, days_shown, whose):
    listing = make.listing(make.guide(), duration_minutes=3 * 24 * 60)
    close(listing, day_in(10), whose=whose)
    assert numbers(days_shown(listing, day_in(5), day_in(12))) == [5, 6, 11, 12]


def test_no_start_is_shown_from_which_one_would_be_busy_before_the_end(make, book, days_shown):
    guide = make.guide()
    listing, walk = make.listing(guide, duration_minutes=3 * 24 * 60), make.listing(guide)
    book(make.user(), walk, starts_at=start_in(10))
    assert numbers(days_shown(listing, day_in(5), day_in(12))) == [5, 6, 7, 11, 12]
    book(make.user(), listing, starts_at=start_in(5), guests={"adult": 8})
    assert numbers(days_shown(walk, day_in(4), day_in(8))) == [4, 8], "which the safari ends at eight"


def test_what_is_far_behind_the_days_shown_is_read_for_the_longest_of_all(make, book, close, days_shown):
    guide = make.guide()
    listing, walk = make.listing(guide, duration_minutes=MONTH), make.listing(guide)
    close(listing, day_in(39))
    assert numbers(days_shown(listing, day_in(8), day_in(10))) == [8]
    book(make.user(), walk, starts_at=start_in(37))
    assert numbers(days_shown(listing, day_in(6), day_in(8))) == [6, 7]


@pytest.mark.parametrize("minutes", [24 * 60 + 1, 3 * 24 * 60, MONTH])
def test_what_is_shown_can_be_booked_and_nothing_else(db, ctx, make, book, cancel, close, minutes):
    guide = make.guide()
    listing = make.listing(guide, duration_minutes=minutes, cut_off_hours=0)
    length = timedelta(minutes=minutes)
    close(listing, local_day(start_in(9) + length))
    book(
        make.user(), make.listing(guide), starts_at=datetime.combine(local_day(start_in(4) + length), time(14), NAIROBI)
    )
    free = find_free_times(db, ctx, listing.slug, day_in(1), day_in(14), 2)
    shown = {slot.starts_at for slot in free.slots}
    assert 0 < len(shown) < 14
    booked, refusals = set(), set()
    for ahead in range(1, 15):
        tourist = make.user()
        try:
            booking = book(tourist, listing, starts_at=start_in(ahead))
        except (Conflict, RuleViolation) as refusal:
            refusals.add(refusal.code)
        else:
            booked.add(booking.starts_at)
            cancel(tourist, booking)
    assert booked == shown
    assert refusals == {"guide_busy", "start_not_offered"}


def test_a_safari_is_sold_and_keeps_the_guide_busy_until_it_ends(db, make, book):
    guide = make.guide()
    safari = make.listing(guide, duration_minutes=3 * 24 * 60)
    booking = book(make.user(), safari, starts_at=start_in(5))
    assert booking.ends_at - booking.starts_at == timedelta(days=3)
    tourist, walk = make.user(), make.listing(guide)
    for ahead in (5, 6, 7):
        with refused(db, "guide_busy", Conflict):
            book(tourist, walk, starts_at=start_in(ahead))
    with refused(db, "guide_busy", Conflict):
        book(tourist, safari, starts_at=start_in(7))
    book(tourist, walk, starts_at=start_in(8))
