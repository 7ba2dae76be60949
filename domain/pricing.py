"""What a party pays: price lines from tiers, guests and the service fee."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from domain.errors import field_error
from domain.money import Money

DEFAULT_TIER = "adult"


class PricePer(StrEnum):
    PERSON = "person"
    GROUP = "group"


class LineKind(StrEnum):
    BASE = "base"
    FEE = "fee"


@dataclass(frozen=True, slots=True)
class Tier:
    """A kind of guest: its price, and whether it takes a seat (an infant may not)."""

    name: str
    price: Money
    takes_seat: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """One price line; ``amount`` = quantity × unit."""

    kind: LineKind
    description: str
    quantity: int
    unit: Money

    @property
    def amount(self) -> Money:
        return self.unit * self.quantity


@dataclass(frozen=True, slots=True)
class Price:
    """A whole price and the seats it pays for."""

    lines: tuple[Line, ...]
    seats: int

    @property
    def total(self) -> Money:
        first, *rest = (line.amount for line in self.lines)
        return sum(rest, start=first)


@dataclass(frozen=True, slots=True)
class Offer:
    """The parts of a listing that a price depends on. ``tiers`` are empty where one price holds for everybody."""

    title: str
    price: Money
    price_per: PricePer
    tiers: Sequence[Tier]
    min_guests: int
    max_guests: int
    is_private: bool
    capacity: int


def seats_for(offer: Offer, guests: Mapping[str, int]) -> int:
    """Seats that this party occupies. Raises a field error on unknown tiers and on party sizes out of bounds."""
    takes_seat = {name: tier.takes_seat for name, tier in _tiers(offer).items()}
    seats = seats_taken_by(guests, takes_seat, offer.min_guests, offer.max_guests)
    return offer.capacity if offer.is_private else seats


def seats_taken_by(guests: Mapping[str, int], takes_seat: Mapping[str, bool], least: int, most: int) -> int:
    """How many of a party take a seat, by what is said of each tier. Raises what :func:`seats_for` does."""
    unknown = sorted(set(guests) - set(takes_seat))
    if unknown:
        raise field_error("guests", f"unknown kind of guest {unknown[0]!r}; known: {', '.join(takes_seat)}")
    if any(count < 0 for count in guests.values()):
        raise field_error("guests", "a number of guests cannot be negative")
    check_party(least, most, sum(guests.values()))
    seats = sum(count for name, count in guests.items() if takes_seat[name])
    if seats < 1:
        raise field_error("guests", "at least one guest must take a seat")
    return seats


def check_party(least: int, most: int, party: int) -> None:
    """Raises a field error where a party is smaller or larger than may book together."""
    if party < 1:
        raise field_error("guests", "at least one guest is needed")
    if party < least:
        raise field_error("guests", f"at least {least} guests are needed")
    if party > most:
        raise field_error("guests", f"at most {most} guests can book together")


def price_for(offer: Offer, guests: Mapping[str, int], fee_percent: Decimal) -> Price:
    """The price of a party: base lines by tier (or one for the group), then the service fee."""
    seats = seats_for(offer, guests)
    if offer.price_per is PricePer.GROUP:
        base = [Line(LineKind.BASE, offer.title, 1, offer.price)]
    else:
        tiers = _tiers(offer)
        base = [
            Line(LineKind.BASE, f"{offer.title} ({name})", count, tiers[name].price)
            for name, count in guests.items()
            if count
        ]
    subtotal = sum((line.amount for line in base[1:]), start=base[0].amount)
    fee = subtotal.percent(fee_percent)
    lines = base + ([Line(LineKind.FEE, "Service fee", 1, fee)] if fee.minor else [])
    return Price(tuple(lines), seats)


def _tiers(offer: Offer) -> dict[str, Tier]:
    return {tier.name: tier for tier in offer.tiers} or {DEFAULT_TIER: Tier(DEFAULT_TIER, offer.price)}
