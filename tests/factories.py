"""Rows for tests to act on, made the way the product makes them where there is a use case for it."""

from __future__ import annotations

import itertools
import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from domain.clocks import local_instant
from models import Booking, Guide, Listing, ListingImage, Payment, Resource, ScheduleRule, User
from models.session import Database
from services.bookings.reserving import Wish, create_booking
from services.context import Actor, Context
from services.money.paying import PaymentStart, start_payment
from services.search.index import count_words

PASSWORD = "two zebras at dawn"
NAIROBI = ZoneInfo("Africa/Nairobi")
#: Offered every day by the listings made here: hours from 08:00 to 18:00 and a tour of three hours.
OPENING, CLOSING = time(8), time(18)

_numbers = itertools.count(1)


def phone_number() -> str:
    """A Kenyan mobile number that no other test has."""
    return f"+2547{10_000_000 + next(_numbers):08d}"


def today() -> date:
    """The day that it is for the guides made here, which around midnight is another than ours."""
    return datetime.now(NAIROBI).date()


def start_in(days: int = 7, at: time = OPENING, zone: ZoneInfo = NAIROBI) -> datetime:
    """A start that the listings made here offer, ``days`` from today."""
    return local_instant((datetime.now(zone) + timedelta(days=days)).date(), at, zone)


class Factory:
    """Makes rows, each call in a transaction of its own, and hands them out detached with their columns loaded."""

    def __init__(self, db: Database, ctx: Context):
        self.db = db
        self.ctx = ctx

    def acting(self, user: User, **changes: Any) -> Context:
        """The context in which ``user`` acts, signed in with two factors."""
        actor = Actor(user.id, None, frozenset(user.roles), "127.0.0.1", two_factor=True)
        return replace(self.ctx, actor=actor, **changes)

    def user(self, **values: Any) -> User:
        """A tourist with a confirmed account, unless told otherwise."""
        number = next(_numbers)
        defaults = {
            "email": f"traveller{number}@example.com",
            "phone": phone_number(),
            "first_name": "Amina",
            "last_name": f"Otieno {number}",
            "roles": ["tourist"],
            "status": "active",
        }
        return self._save(User(**defaults | values))

    def guide(self, **values: Any) -> User:
        """A guide's user, with profile and body."""
        user = self.user(**{"first_name": "Kamau", "roles": ["tourist", "guide"]} | values)
        with self.db.transaction() as session:
            session.add(Guide(user_id=user.id, slug=f"kamau-{user.id}", bio="Born in Nairobi.", region="Nairobi"))
            session.add(Resource(user_id=user.id))
        return user

    def listing(self, host: User | None = None, *, rules: bool = True, **values: Any) -> Listing:
        """A live experience of three hours, open every day, with eight seats at KES 2,500 each."""
        host = host or self.guide()
        number = next(_numbers)
        defaults = {
            "host_id": host.id,
            "title": f"Street food walk {number}",
            "slug": f"street-food-walk-{number}",
            "summary": "Nairobi's kitchens on foot.",
            "description": "Seven tastings between River Road and the City Market.",
            "category": "food",
            "location": "Nairobi",
            "latitude": Decimal("-1.286389"),
            "longitude": Decimal("36.817223"),
            "price_minor": 250_000,
            "duration_minutes": 180,
            "max_guests": 8,
            "capacity": 8,
            "meeting_point": "The steps of the National Archives",
            "images": ["https://images.example/walk.webp"],
            "inclusions": ["Seven tastings"],
            "status": "active",
            "version": 1,
        }
        with self.db.transaction() as session:
            resource = session.query(Resource).filter_by(user_id=host.id).one()
            listing = Listing(**{"resource_id": resource.id} | defaults | values)
            session.add(listing)
            session.flush()
            keys = enumerate(listing.images or (), start=1)
            session.add_all(ListingImage(listing_id=listing.id, position=at, key=key) for at, key in keys)
            if rules:
                session.add_all(self._daily(listing.id))
        return self._fresh(listing)

    def booking(
        self,
        customer: User | None = None,
        listing: Listing | None = None,
        *,
        starts_at: datetime | None = None,
        guests: dict[str, int] | None = None,
    ) -> Booking:
        """A pending booking, made through the use case."""
        customer, listing = customer or self.user(), listing or self.listing()
        wish = Wish(listing.id, starts_at or start_in(), guests or {"adult": 2})
        with self.db.transaction() as session:
            return create_booking(session, self.acting(customer), wish)

    def payment(self, booking: Booking, *, phone: str | None = None) -> Payment:
        """A started M-Pesa payment of a pending booking, made through the use case."""
        with self.db.transaction() as session:
            customer = session.get_one(User, booking.customer_id)
            start = PaymentStart(booking.id, "mpesa", phone or customer.phone or phone_number())
            return start_payment(session, self.acting(customer), start)

    def words_known(self) -> None:
        """Have the words of all that can be found counted, as the workers do."""
        with self.db.transaction() as session:
            while count_words(session):
                pass

    def reload(self, row: Any) -> Any:
        """The row as the database has it now."""
        return self._fresh(row)

    def reload_user(self, user_id: uuid.UUID) -> User:
        """The user of an id, such as a booking's customer or host."""
        with self.db.reading() as session:
            return session.get_one(User, user_id)

    def _daily(self, listing_id: uuid.UUID) -> list[ScheduleRule]:
        return [
            ScheduleRule(listing_id=listing_id, weekday=weekday, start_time=OPENING, end_time=CLOSING)
            for weekday in range(7)
        ]

    def _save(self, row: Any) -> Any:
        with self.db.transaction() as session:
            session.add(row)
        return self._fresh(row)

    def _fresh(self, row: Any) -> Any:
        with self.db.reading() as session:
            return session.get_one(type(row), row.id)


def utc(*parts: int) -> datetime:
    """An aware instant, briefly."""
    return datetime(*parts, tzinfo=UTC)
