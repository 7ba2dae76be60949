"""What can be booked: guides' profiles, bodies that can be in one place at a time, listings and their hours."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, Numeric, SmallInteger, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import Text

from domain.cancellation import CancellationPolicy
from domain.hours import DateException, WeeklyRule
from domain.listings import (
    LARGEST_PRICE_MINOR,
    LONGEST_MINUTES,
    MOST_BUFFER_MINUTES,
    MOST_CUT_OFF_HOURS,
    MOST_GUESTS,
    MOST_LATITUDE,
    MOST_LONGITUDE,
    SHORTEST_MINUTES,
    Category,
    Confirmation,
    ListingKind,
    ListingStatus,
    ResourceKind,
)
from domain.money import Money
from domain.pricing import Offer, PricePer, Tier
from models.base import Base, Created, Instant, Minor, WithId, one_of
from models.users import User

TextArray = ARRAY(Text)
#: The number of a licence without what differs by who writes it down. As PostgreSQL writes it back.
PLAIN_LICENCE = "upper(regexp_replace(licence_number, '[^[:alnum:]]+'::text, ''::text, 'g'::text))"
#: What a list is filtered by.
_FILTERED_BY = ("category", "price_minor", "currency", "rating_average", "min_guests", "max_guests", "location")


def _live(by: str, *order: Any) -> Index:
    """An index over what is offered, in one order, from which a page can be found and counted without the rows.

    Locations are in it twice: in small letters to be compared, and as they are, without which PostgreSQL does not see that
    the index holds all it needs.
    """
    rest = [column for column in _FILTERED_BY if not any(str(key).startswith(column) for key in order)]
    return Index(
        f"ix_listings_found_by_{by}",
        *order,
        text("lower(location)"),
        postgresql_include=rest,
        postgresql_where=text("kind = 'experience' AND status = 'active'"),
    )


def _words(column: str) -> Index:
    """An index that finds each of a guide's words, whatever its case; ``lower_all`` is a function of the migrations."""
    return Index(f"ix_guides_found_by_{column}", text(f"lower_all({column})"), postgresql_using="gin")


class Guide(WithId, Created, Base):
    """The public profile of a user who guides; nothing but this profile's own pages refers to it."""

    __tablename__ = "guides"
    __table_args__ = (
        CheckConstraint("rating_average BETWEEN 0 AND 5", name="rating_bounds"),
        Index("ix_guides_found_by_stars", text("rating_average DESC"), "id"),
        Index("ix_guides_found_by_experience", text("years_experience DESC"), "id"),
        Index("ix_guides_found_by_region", text("lower(region)")),
        Index("ix_guides_licensed_until", "licence_expires_on", "id"),
        Index("ix_guides_found_by_licence", text(PLAIN_LICENCE)),
        _words("languages"),
        _words("specializations"),
    )

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"), unique=True)
    slug: Mapped[str] = mapped_column(unique=True)
    bio: Mapped[str]
    region: Mapped[str]
    languages: Mapped[list[str]] = mapped_column(TextArray, server_default="{}")
    specializations: Mapped[list[str]] = mapped_column(TextArray, server_default="{}")
    years_experience: Mapped[int] = mapped_column(server_default="0")
    licence_number: Mapped[str | None]
    #: The last day on which it holds, in its guide's zone.
    licence_expires_on: Mapped[date | None]
    #: The last days of which the guide has been warned, and of the licence whose end took their listings off our pages.
    licence_warned_for: Mapped[date | None]
    licence_lapsed_for: Mapped[date | None]
    verified_at: Mapped[Instant | None]
    rating_average: Mapped[Decimal] = mapped_column(Numeric(3, 2), server_default="0")
    rating_count: Mapped[int] = mapped_column(server_default="0")
    version: Mapped[int] = mapped_column(server_default="1")

    user: Mapped[User] = relationship(lazy="raise")


class Resource(WithId, Created, Base):
    """A body that can be in one place at a time; locked by whoever takes time from it."""

    __tablename__ = "resources"
    __table_args__ = (
        one_of("kind", ResourceKind),
        CheckConstraint("kind <> 'person' OR user_id IS NOT NULL", name="person_has_user"),
        Index("uq_resources_person", "user_id", unique=True, postgresql_where=text("kind = 'person'")),
    )

    kind: Mapped[str] = mapped_column(server_default=ResourceKind.PERSON.value)
    user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id"))
    #: In which its own hours and exceptions are read, wherever its listings are.
    timezone: Mapped[str] = mapped_column(server_default="Africa/Nairobi")

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


class Listing(WithId, Created, Base):
    """Something that can be booked; of kind ``experience`` for now, and every query says so."""

    __tablename__ = "listings"
    __table_args__ = (
        one_of("kind", ListingKind),
        one_of("category", Category),
        one_of("price_per", PricePer),
        one_of("confirmation", Confirmation),
        one_of("cancellation_policy", CancellationPolicy),
        one_of("status", ListingStatus),
        CheckConstraint("price_minor >= 0", name="price_positive"),
        CheckConstraint(f"price_minor <= {LARGEST_PRICE_MINOR}", name="price_bounds"),
        CheckConstraint(f"duration_minutes BETWEEN {SHORTEST_MINUTES} AND {LONGEST_MINUTES}", name="duration_bounds"),
        CheckConstraint("1 <= min_guests AND min_guests <= max_guests AND max_guests <= capacity", name="guest_bounds"),
        CheckConstraint(f"capacity <= {MOST_GUESTS}", name="capacity_bounds"),
        CheckConstraint("cut_off_hours >= 0 AND buffer_minutes >= 0", name="times_positive"),
        CheckConstraint(
            f"cut_off_hours <= {MOST_CUT_OFF_HOURS} AND buffer_minutes <= {MOST_BUFFER_MINUTES}", name="times_bounds"
        ),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="place_whole"),
        CheckConstraint(
            f"latitude BETWEEN -{MOST_LATITUDE} AND {MOST_LATITUDE}"
            f" AND longitude BETWEEN -{MOST_LONGITUDE} AND {MOST_LONGITUDE}",
            name="place_bounds",
        ),
        one_of("hidden_from", ListingStatus),
        Index(None, "host_id"),
        Index(None, "kind", "category", "status"),
        _live("rating", "rating_average", "id"),
        _live("cost", "price_minor", "id"),
        _live("age", text("id DESC")),
        _live("category_and_price", "category", "currency", "price_minor", "id"),
        Index(
            "ix_listings_found_by_place",
            text("point(longitude::double precision, latitude::double precision)"),
            postgresql_using="gist",
            postgresql_where=text("kind = 'experience' AND status = 'active'"),
        ),
        Index("ix_listings_search", "search", postgresql_using="gin"),
    )

    kind: Mapped[str] = mapped_column(server_default=ListingKind.EXPERIENCE.value)
    host_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    resource_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("resources.id"))
    title: Mapped[str]
    slug: Mapped[str] = mapped_column(unique=True)
    summary: Mapped[str]
    description: Mapped[str]
    category: Mapped[str]
    location: Mapped[str]
    latitude: Mapped[Decimal | None] = mapped_column(Numeric(9, 6))
    longitude: Mapped[Decimal | None] = mapped_column(Numeric(9, 6))
    timezone: Mapped[str] = mapped_column(server_default="Africa/Nairobi")
    price_minor: Mapped[Minor]
    currency: Mapped[str] = mapped_column(server_default="KES")
    price_per: Mapped[str] = mapped_column(server_default=PricePer.PERSON.value)
    #: ``[{"name": "child", "price_minor": 100000, "takes_seat": true}]``; empty where one price holds.
    tiers: Mapped[list[Any]] = mapped_column(JSONB, server_default="[]")
    duration_minutes: Mapped[int]
    min_guests: Mapped[int] = mapped_column(SmallInteger, server_default="1")
    max_guests: Mapped[int] = mapped_column(SmallInteger)
    capacity: Mapped[int] = mapped_column(SmallInteger)
    is_private: Mapped[bool] = mapped_column(server_default=text("false"))
    confirmation: Mapped[str] = mapped_column(server_default=Confirmation.INSTANT.value)
    cut_off_hours: Mapped[int] = mapped_column(SmallInteger, server_default="2")
    buffer_minutes: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    inclusions: Mapped[list[str]] = mapped_column(TextArray, server_default="{}")
    exclusions: Mapped[list[str]] = mapped_column(TextArray, server_default="{}")
    meeting_point: Mapped[str]
    images: Mapped[list[str]] = mapped_column(TextArray, server_default="{}")
    cancellation_policy: Mapped[str] = mapped_column(server_default=CancellationPolicy.MODERATE.value)
    status: Mapped[str] = mapped_column(server_default=ListingStatus.DRAFT.value)
    #: When it was first offered: from then on its address is known, and its slug stays.
    published_at: Mapped[Instant | None]
    #: While an administrator keeps it hidden: what it will be again, and why it is.
    hidden_from: Mapped[str | None]
    hidden_reason: Mapped[str | None]
    rating_average: Mapped[Decimal] = mapped_column(Numeric(3, 2), server_default="0")
    rating_count: Mapped[int] = mapped_column(server_default="0")
    version: Mapped[int] = mapped_column(server_default="1")
    search: Mapped[str] = mapped_column(
        TSVECTOR,
        Computed(
            "setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', location), 'B') || "
            "setweight(to_tsvector('english', summary), 'C') || setweight(to_tsvector('english', description), 'D')",
            persisted=True,
        ),
        deferred=True,
    )

    host: Mapped[User] = relationship(lazy="raise")

    @property
    def price(self) -> Money:
        return Money(self.price_minor, self.currency)

    @property
    def duration(self) -> timedelta:
        return timedelta(minutes=self.duration_minutes)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def is_live(self) -> bool:
        return self.status == ListingStatus.ACTIVE

    def appear_as(self, status: ListingStatus) -> None:
        """Be shown, or no longer; whoever keeps the listing by its version reads it anew."""
        self.status, self.version = status.value, self.version + 1

    @property
    def chosen_status(self) -> ListingStatus:
        """What its host has made of it, whatever an administrator has."""
        return ListingStatus(self.hidden_from if self.is_hidden and self.hidden_from else self.status)

    @property
    def is_hidden(self) -> bool:
        return self.status == ListingStatus.HIDDEN

    @property
    def keeps_slug(self) -> bool:
        """Whether its address may be known to somebody."""
        return self.published_at is not None or self.chosen_status is not ListingStatus.DRAFT

    def choose(self, status: ListingStatus, now: datetime) -> None:
        """Become what its host says: at once, or when an administrator no longer hides it."""
        if not {status, self.chosen_status}.isdisjoint((ListingStatus.ACTIVE, ListingStatus.WITHDRAWN)):
            self.published_at = self.published_at or now
        if self.is_hidden:
            self.hidden_from, self.version = status.value, self.version + 1
        else:
            self.appear_as(status)

    def hide(self, reason: str) -> None:
        """Be shown to nobody but its host, until :meth:`show`."""
        self.hidden_from, self.hidden_reason = self.status, reason
        self.appear_as(ListingStatus.HIDDEN)

    def show(self, status: ListingStatus) -> None:
        """Be no longer hidden."""
        self.hidden_from = self.hidden_reason = None
        self.appear_as(status)

    def offer(self) -> Offer:
        """The parts that a price depends on, as a value of the domain."""
        tiers = [Tier(t["name"], Money(t["price_minor"], self.currency), t["takes_seat"]) for t in self.tiers]
        return Offer(
            title=self.title,
            price=self.price,
            price_per=PricePer(self.price_per),
            tiers=tiers,
            min_guests=self.min_guests,
            max_guests=self.max_guests,
            is_private=self.is_private,
            capacity=self.capacity,
        )


class _Schedule(WithId, Created):
    """Hours belong to a body (then they hold for all its listings, in its zone) or to one listing (then they replace the body's,
    in the listing's zone). Hours that end no later than they begin end on the next day."""

    resource_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("resources.id"))
    listing_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("listings.id"))


class ScheduleRule(_Schedule, Base):
    """Open hours that begin on one weekday, in local time."""

    __tablename__ = "schedule_rules"
    __table_args__ = (
        CheckConstraint("num_nonnulls(resource_id, listing_id) = 1", name="one_owner"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_bounds"),
        CheckConstraint("valid_from <= valid_until", name="validity_ordered"),
        Index(None, "resource_id"),
        Index(None, "listing_id"),
    )

    weekday: Mapped[int] = mapped_column(SmallInteger)
    start_time: Mapped[time]
    end_time: Mapped[time]
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]

    def hours(self, zone: ZoneInfo | None) -> WeeklyRule:
        """The rule as a value of the domain; ``zone`` is only said where it is not the timetable's."""
        return WeeklyRule(self.weekday, self.start_time, self.end_time, self.valid_from, self.valid_until, zone)


class AvailabilityException(_Schedule, Base):
    """A date that differs from the week, or each date up to ``until_on``."""

    __tablename__ = "availability_calendar"
    __table_args__ = (
        CheckConstraint("num_nonnulls(resource_id, listing_id) = 1", name="one_owner"),
        CheckConstraint("(start_time IS NULL) = (end_time IS NULL)", name="times_together"),
        CheckConstraint("NOT is_available OR start_time IS NOT NULL", name="opening_has_times"),
        CheckConstraint("until_on > on_date", name="dates_ordered"),
        Index(None, "resource_id", "on_date"),
        Index(None, "listing_id", "on_date"),
    )

    on_date: Mapped[date]
    until_on: Mapped[date | None]
    start_time: Mapped[time | None]
    end_time: Mapped[time | None]
    is_available: Mapped[bool]
    note: Mapped[str | None]

    def hours(self, zone: ZoneInfo | None) -> DateException:
        """The exception as a value of the domain; ``zone`` is only said where it is not the timetable's."""
        return DateException(self.on_date, self.is_available, self.start_time, self.end_time, self.until_on, zone)
