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
    tiers = _tiers(offer)
    unknown = sorted(set(guests) - set(tiers))
    if unknown:
        raise field_error("guests", f"unknown kind of guest {unknown[0]!r}; known: {', '.join(tiers)}")
    if any(count < 0 for count in guests.values()):
        raise field_error("guests", "a number of guests cannot be negative")
    party = sum(guests.values())
    if party < 1:
        raise field_error("guests", "at least one guest is needed")
    if party < offer.min_guests:
        raise field_error("guests", f"at least {offer.min_guests} guests are needed")
    if party > offer.max_guests:
        raise field_error("guests", f"at most {offer.max_guests} guests can book together")
    seats = sum(count for name, count in guests.items() if tiers[name].takes_seat)
    if seats < 1:
        raise field_error("guests", "at least one guest must take a seat")
    return offer.capacity if offer.is_private else seats


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
