"""Bookings that lie ahead of the day of loading: confirmed ones, and one of each kind that did not go smoothly."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import Random

from domain.bookings import BookingState, BookingVerb
from domain.jobs import JobKind
from domain.listings import Confirmation
from models import Job, Listing, User
from models.bookings import ReceivableState
from ops.seed.booking_rows import Ledger, Story, fulfil_verb
from ops.seed.calendar import Calendar
from ops.seed.past import confirm, party
from services.bookings.seats import hold_key

CONFIRMED, WAITING, CANCELLED, EXPIRED = 92, 10, 7, 8
#: Of the coming week a guide gives away one day at most, so that visitors still find free times on most days.
_WEEK = range(2, 9)
_FARTHEST = 50
#: The customer pressed "cancel" on the phone.
_DECLINED = "1032"

Write = Callable[[Story, Random], None]


class Coming:
    """Plans what lies ahead; every start is one that the schedule offers and that nobody else takes."""

    def __init__(
        self, ledger: Ledger, calendar: Calendar, listings: Sequence[Listing], travellers: Sequence[User], now: datetime
    ):
        self._ledger = ledger
        self._calendar = calendar
        self._listings = listings
        self._travellers = travellers
        self._now = now
        self._random = Random(f"coming/{calendar.today}")
        self._busy: set[tuple[object, int]] = set()
        self._number = 0

    def add_all(self, holders: Sequence[User]) -> None:
        """The usual mixture, for whoever may come; ``holders`` are deciding at this very moment."""
        manual = [each for each in self._listings if each.confirmation == Confirmation.MANUAL]
        instant = [each for each in self._listings if each.confirmation == Confirmation.INSTANT]
        for listings, count, write, status, days in (
            (self._listings, CONFIRMED, self._confirm, BookingState.CONFIRMED, (1, _FARTHEST)),
            (manual, WAITING, self._await_guide, BookingState.PAID, (9, 30)),
            (instant, CANCELLED, self._cancel, BookingState.CANCELLED, (9, _FARTHEST)),
            (instant, EXPIRED, self._expire, BookingState.EXPIRED, (9, _FARTHEST)),
            (instant, 1, self._cancel_paid, BookingState.CANCELLED, (20, _FARTHEST)),
        ):
            written = 0
            for _ in range(count * 12):
                if written < count:
                    customer = self._random.choice(self._travellers)
                    written += self.add(self._random.choice(listings), customer, status, write, days)
        for holder in holders:
            for _ in range(12):
                if self.add(self._random.choice(instant), holder, BookingState.PENDING, self._hold, (9, 30)):
                    break

    def add_confirmed(self, listing: Listing, customer: User, days: tuple[int, int]) -> bool:
        """A confirmed booking of this listing on one of these days from today; False where there was no room."""
        return any(self.add(listing, customer, BookingState.CONFIRMED, self._confirm, days) for _ in range(12))

    def add(self, listing: Listing, customer: User, status: BookingState, write: Write, days: tuple[int, int]) -> bool:
        ahead = self._random.randint(*days)
        keys = {(customer.id, ahead)} | ({(listing.resource_id, -1)} if ahead in _WEEK else set())
        starts = self._calendar.starts(listing, self._calendar.today + timedelta(days=ahead))
        if not starts or keys & self._busy:
            return False
        start, guests = self._random.choice(starts), party(self._random, listing)
        seats, slot = self._ledger.seats(listing, guests), self._calendar.slot(listing, start)
        if slot is None or slot.seats_free < seats:
            return False
        self._busy |= keys
        holds_seats = status in (BookingState.PENDING, BookingState.PAID, BookingState.CONFIRMED)
        run = self._calendar.take(listing, start, seats if holds_seats else 0)
        self._number += 1
        name = f"coming/{self._calendar.today}/{self._number}"
        write(Story(name, run, customer, guests, self._booked_at(listing, start, status), status), self._random)
        return True

    def _booked_at(self, listing: Listing, start: datetime, status: BookingState) -> datetime:
        if status is BookingState.PENDING:
            return self._now - timedelta(seconds=self._random.randint(60, 300))
        if status is BookingState.PAID:
            return self._now - timedelta(minutes=self._random.randint(50, 500))
        latest = min(self._now - timedelta(hours=8), start - timedelta(hours=listing.cut_off_hours, minutes=30))
        return latest - timedelta(minutes=self._random.randint(0, 60 * 24 * 20))

    def _confirm(self, story: Story, random: Random) -> None:
        booking_id, _, paid_at = self._paid(story, random)
        confirm(self._ledger, story, booking_id, paid_at, random)

    def _await_guide(self, story: Story, random: Random) -> None:
        booking_id, _, paid_at = self._paid(story, random)
        self._ledger.happen(booking_id, BookingState.PENDING, fulfil_verb(story), paid_at, None)

    def _cancel_paid(self, story: Story, random: Random) -> None:
        booking_id, payment_id, paid_at = self._paid(story, random)
        confirm(self._ledger, story, booking_id, paid_at, random)
        at = self._ledger.cancelled_at(story)
        self._ledger.happen(booking_id, BookingState.CONFIRMED, BookingVerb.CANCEL, at, story.customer.id)
        self._ledger.refund(story, payment_id, at)

    def _cancel(self, story: Story, random: Random) -> None:
        booking_id = self._ledger.tell(story)
        self._ledger.owe(story, booking_id, ReceivableState.VOID)
        at = self._ledger.cancelled_at(story)
        self._ledger.happen(booking_id, BookingState.PENDING, BookingVerb.CANCEL, at, story.customer.id)

    def _expire(self, story: Story, random: Random) -> None:
        booking_id = self._ledger.tell(story)
        receivable_id = self._ledger.owe(story, booking_id, ReceivableState.VOID)
        if random.random() < 0.6:
            self._ledger.pay(story, receivable_id, random, code=_DECLINED)
        at = story.booked_at + self._ledger.policy.hold.duration
        self._ledger.happen(booking_id, BookingState.PENDING, BookingVerb.EXPIRE, at, None)

    def _hold(self, story: Story, random: Random) -> None:
        booking_id = self._ledger.tell(story)
        self._ledger.owe(story, booking_id, ReceivableState.OPEN)
        due = story.booked_at + self._ledger.policy.hold.duration
        kind = JobKind.EXPIRE_HOLD
        self._ledger.add(
            Job,
            kind=kind.value,
            queue=kind.queue,
            key=hold_key(booking_id),
            payload={"booking_id": str(booking_id)},
            first_due_at=due,
            due_at=due,
        )

    def _paid(self, story: Story, random: Random) -> tuple[uuid.UUID, uuid.UUID, datetime]:
        """Booking, payment and when it was paid."""
        booking_id = self._ledger.tell(story)
        receivable_id = self._ledger.owe(story, booking_id, ReceivableState.SETTLED)
        payment_id, paid_at = self._ledger.pay(story, receivable_id, random)
        self._ledger.settle(paid_at)
        return booking_id, payment_id, paid_at
