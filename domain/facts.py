"""The facts that a text to a person may use: the contract between what happened and how it is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from domain.money import Money


@dataclass(frozen=True, slots=True)
class PriceLine:
    """One line of a price as people read it."""

    kind: str
    description: str
    quantity: int
    amount: Money


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody a text speaks to or about. ``phone`` is E.164 and only present where the reader may have it."""

    first_name: str
    full_name: str
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class BookingFacts:
    """A booking as its tourist or guide is told about it. Instants are aware; ``timezone`` is the experience's IANA zone.

    ``failure_code`` and ``refund`` are present only for the kinds that speak of a failed payment or of money going back.
    ``audience`` says as what ``reader`` is told (tourist or guide); ``cancelled_by`` is tourist, guide or admin.
    """

    booking_id: str
    reference: str
    reader: Person
    tourist: Person
    guide: Person
    title: str
    starts_at: datetime
    ends_at: datetime
    timezone: str
    seats: int
    guests: tuple[tuple[str, int], ...]
    meeting_point: str
    lines: tuple[PriceLine, ...]
    total: Money
    url: str
    provider: str | None = None
    paid: Money | None = None
    receipt: str | None = None
    paid_at: datetime | None = None
    failure_code: str | None = None
    refund: Money | None = None
    cancelled_by: str | None = None
    reason: str | None = None
    hold_ends_at: datetime | None = None
    special_requests: str | None = None
    audience: str = "tourist"
    #: Money may have been taken for this booking and nobody knows yet: no text may say that none has come.
    payment_in_doubt: bool = False


@dataclass(frozen=True, slots=True)
class SignIn:
    """That somebody signed in: when, with what (its User-Agent) and from which address."""

    at: datetime
    device: str | None
    address: str | None


@dataclass(frozen=True, slots=True)
class LicenceFacts:
    """A guide's licence as they are told about it, and what follows from it. ``expires_on`` is its last day.

    ``bookings`` are those ahead that stand, ``is_offering`` says that something of theirs is on our pages. ``waits`` says that
    another licence is with us, ``reason`` why one was refused.
    """

    number: str
    expires_on: date
    holds: bool = True
    bookings: int = 0
    is_offering: bool = False
    waits: bool = False
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """An account as its owner is told about it. ``url`` is where the mail's button leads, and may carry a token; ``code`` is
    what the SMS brings instead.

    ``until`` is when either ends, in the owner's IANA ``timezone``; what ``is_over`` is not worth sending. ``codes_left``
    tells how many backup codes there still are.
    """

    reader: Person
    url: str
    timezone: str
    code: str | None = field(default=None, repr=False)
    until: datetime | None = None
    is_over: bool = False
    sign_in: SignIn | None = None
    codes_left: int | None = None
    licence: LicenceFacts | None = None


@dataclass(frozen=True, slots=True)
class ExperienceFacts:
    """An experience as its guide, or whoever asked about it, is told of it. ``writer`` has written ``message``; ``reason`` is
    why it is hidden. What ``is_over`` is not worth sending."""

    reader: Person
    title: str
    url: str
    writer: Person | None = None
    message: str | None = None
    reason: str | None = None
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class ApplicationFacts:
    """An application as its applicant is told about it. ``url`` carries the token by which they see, confirm and answer it.

    ``until`` is when its address has to be confirmed, in the IANA ``timezone``; ``reason`` are a reviewer's words; ``refused``
    names the files that we could not take, each with why. What ``is_over`` is not worth sending.
    """

    reader: Person
    url: str = field(repr=False)
    timezone: str
    until: datetime | None = None
    reason: str | None = None
    refused: tuple[tuple[str, str], ...] = ()
    is_over: bool = False


Facts = BookingFacts | AccountFacts | ExperienceFacts | ApplicationFacts
