"""A booking as its parties see it, a price before anything is booked, and what giving up would bring back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from api.answers import money
from api.answers.media import addresses
from api.answers.refunds import refund_answers
from api.answers.users import other_person
from domain.bookings import BookingState
from domain.money import Money
from domain.pricing import Line, Price
from models.bookings import Booking, LineItem, Receivable, ReceivableState
from models.catalogue import Listing
from services.bookings.cancelling import CancellationQuote
from services.bookings.details import BookingDetails
from services.bookings.reserving import Wish


def booking_answer(details: BookingDetails) -> dict[str, Any]:
    """Everything about a booking for one of its parties."""
    booking, shared = details.booking, details.phones_are_shared
    pending = booking.state is BookingState.PENDING
    return {
        "id": booking.id,
        "reference": booking.reference,
        "status": booking.status,
        "experience": _experience(details.listing),
        "guide": other_person(details.guide, shares_phone=shared),
        "tourist": other_person(details.tourist, shares_phone=shared),
        "starts_at": booking.starts_at,
        "ends_at": booking.ends_at,
        "seats": booking.seats,
        "guests": booking.guests,
        "lines": [_line(line) for line in details.lines],
        "total": money(details.total),
        "amount_due_now": money(_due(details.receivables, booking.currency) if pending else Money(0, booking.currency)),
        "payment_schedule": [_receivable(receivable) for receivable in details.receivables],
        "refunds": refund_answers(details.refunds),
        "hold_expires_at": details.hold_ends_at,
        "confirmation": booking.confirmation,
        "cancellation": {
            "tiers": _tiers(booking),
            "cancelled_at": booking.cancelled_at,
            "cancelled_by": booking.cancelled_by,
            "reason": booking.cancellation_reason,
        },
        "special_requests": booking.special_requests,
        "booked_at": booking.booked_at,
    }


def quote_answer(listing: Listing, wish: Wish, price: Price, quote: str, expires_at: datetime) -> dict[str, Any]:
    """What a wish costs now, signed."""
    return {
        "experience_id": listing.id,
        "starts_at": wish.starts_at,
        "ends_at": wish.starts_at + listing.duration,
        "seats": price.seats,
        "guests": wish.guests,
        "lines": [_line(line) for line in price.lines],
        "total": money(price.total),
        "amount_due_now": money(price.total),
        "quote": quote,
        "expires_at": expires_at,
    }


def cancellation_answer(booking: Booking, quote: CancellationQuote) -> dict[str, Any]:
    """What cancelling now would give back."""
    return {
        "booking_id": booking.id,
        "status": booking.status,
        "refund_percent": quote.percent,
        "refund": money(quote.refund) if quote.refund else None,
        "tiers": _tiers(booking),
    }


def _experience(listing: Listing) -> dict[str, Any]:
    return {
        "id": listing.id,
        "title": listing.title,
        "slug": listing.slug,
        "timezone": listing.timezone,
        "location": listing.location,
        "meeting_point": listing.meeting_point,
        "images": addresses(listing.images),
    }


def _line(line: Line | LineItem) -> dict[str, Any]:
    return {
        "kind": line.kind,
        "description": line.description,
        "quantity": line.quantity,
        "unit_amount": money(line.unit),
        "amount": money(line.amount),
    }


def _receivable(receivable: Receivable) -> dict[str, Any]:
    return {
        "purpose": receivable.purpose,
        "amount": money(receivable.amount),
        "due_at": receivable.due_at,
        "state": receivable.state,
    }


def _due(receivables: Sequence[Receivable], currency: str) -> Money:
    open_ones = (one.amount for one in receivables if one.state == ReceivableState.OPEN)
    return sum(open_ones, start=Money(0, currency))


def _tiers(booking: Booking) -> list[dict[str, Any]]:
    return [
        {"until": tier.until, "refund_percent": tier.percent}
        for tier in sorted(booking.cancellation_tiers, key=lambda tier: tier.until)
    ]
