"""Booking: holding seats for a party under one price, and giving them up again."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.bookings import BookingState
from domain.cancellation import CancellationPolicy, tiers_for
from domain.errors import Conflict, NotFound, RuleViolation, field_error
from domain.jobs import JobKind
from domain.pricing import Line, Price, price_for
from domain.schedules import Taken, Timetable, is_offered, slot_at
from models.bookings import Booking, LineItem, Receivable
from models.catalogue import Listing
from models.departures import Departure
from models.locks import lock_resources, lock_user
from services.accounts.sessions import session_ended
from services.availability.experiences import taken_between, timetable_of
from services.bookings import seats
from services.bookings.locking import lock_booking
from services.catalogue.experiences import get_live_listing
from services.context import Context
from services.limits import enforce
from services.pages import Order, Page, Window, count, falling, rising


@dataclass(frozen=True, slots=True)
class Wish:
    """What a tourist asks for. ``quoted`` are the lines of a signed quote that is still good."""

    listing_id: uuid.UUID
    starts_at: datetime
    guests: dict[str, int]
    currency: str | None = None
    special_requests: str | None = None
    quoted: tuple[Line, ...] | None = None


def quote(session: Session, ctx: Context, listing: Listing, wish: Wish) -> Price:
    """What the wish would cost now, after the same checks of party, currency and schedule as booking."""
    price = _price(ctx, listing, wish)
    _check_start(session, ctx, listing, wish.starts_at, ctx.now(session))
    return price


def create_booking(session: Session, ctx: Context, wish: Wish, listing: Listing | None = None) -> Booking:
    """Hold seats for the actor. Raises a named error where the party, the start or the seats do not fit.

    ``listing`` spares reading it for those who have just done so; it is read anew under the lock in any case.
    """
    listing = listing or get_live_listing(session, wish.listing_id)
    price = _price(ctx, listing, wish)
    _refuse_hopeless(session, ctx, listing, wish, price.seats)

    # Who is deleting the account at this moment is waited for, and then no longer signed in.
    if not lock_user(session, ctx.actor.user_id).may_sign_in:
        raise session_ended()
    # Cancelled holds count as well: seats that are taken and given back in turn are nobody else's either.
    enforce(session, ctx, "holds_user", str(ctx.actor.user_id), ctx.policy.limits.holds_user)
    lock_resources(session, [listing.resource_id])
    priced = listing.version
    session.refresh(listing)
    if not listing.is_live:
        raise NotFound("experience_not_found", "This experience is not offered any more.")
    if listing.version != priced:
        # Its host changed it a moment ago, under the same lock: price, seats and time are of one listing.
        price = _price(ctx, listing, wish)
    ends_at = wish.starts_at + listing.duration
    is_busy = seats.free_ended_holds(session, ctx, listing.resource_id, wish.starts_at, ends_at)
    now = ctx.now(session)
    timetable = _check_start(session, ctx, listing, wish.starts_at, now)
    _check_own_holds(session, ctx, listing, wish.starts_at, now)
    taken = taken_between(session, listing.resource_id, wish.starts_at, ends_at) if is_busy else ()
    _check_seats(timetable, wish, taken, price.seats, now)
    request = seats.SeatRequest(listing.id, listing.resource_id, wish.starts_at, ends_at, price.seats, listing.capacity)
    (departure,) = seats.take_seats(session, [request])
    return _write_booking(session, ctx, listing, departure, wish, price, now)


def find_booking(session: Session, ctx: Context, booking_id: uuid.UUID) -> Booking:
    """A booking of the actor's, as tourist or guide; somebody else's does not exist."""
    booking = session.get(Booking, booking_id)
    if booking is None or not (ctx.actor.is_admin or ctx.actor.user_id in (booking.customer_id, booking.host_id)):
        raise NotFound("booking_not_found", "There is no such booking.")
    return booking


def expire_hold(session: Session, ctx: Context, booking_id: uuid.UUID) -> datetime | None:
    """End a hold whose time has come; answers when to look again where a payment has prolonged it."""
    booking, departure = lock_booking(session, ctx, booking_id)
    now = ctx.now(session)
    if booking.state is not BookingState.PENDING:
        return None
    ends = seats.hold_end(session, ctx, booking)
    if ends > now:
        return ends
    seats.expire(session, ctx, booking, departure, now)
    return None


def _price(ctx: Context, listing: Listing, wish: Wish) -> Price:
    if wish.currency and wish.currency != listing.currency:
        raise field_error("currency", f"this experience is sold in {listing.currency}", "currency_not_offered")
    price = price_for(listing.offer(), wish.guests, ctx.policy.service_fee_percent)
    return Price(wish.quoted, price.seats) if wish.quoted else price


def _refuse_hopeless(session: Session, ctx: Context, listing: Listing, wish: Wish, wanted: int) -> None:
    """Say no without queueing for the guide's lock, where the run is full and no pending hold could end."""
    departure = session.scalar(
        select(Departure).where(
            Departure.listing_id == listing.id,
            func.lower(Departure.during) == wish.starts_at,
            Departure.seats_taken > 0,
        )
    )
    if departure is None or departure.seats_taken + wanted <= departure.capacity:
        return
    pending = select(Booking.id).where(
        Booking.departure_id == departure.id,
        Booking.status == BookingState.PENDING,
        Booking.hold_expires_at <= ctx.now(session),
    )
    if session.scalar(pending.limit(1)) is None:
        raise seats.sold_out(wanted, departure.capacity - departure.seats_taken)


def _check_start(session: Session, ctx: Context, listing: Listing, starts_at: datetime, now: datetime) -> Timetable:
    if starts_at <= now:
        raise field_error("starts_at", "is in the past", "start_in_past")
    if starts_at > now + ctx.policy.horizon:
        raise field_error("starts_at", f"can be booked at most {ctx.policy.horizon.days} days ahead", "start_too_far")
    if starts_at < now + timedelta(hours=listing.cut_off_hours):
        raise RuleViolation(
            "booking_closed",
            f"Booking closes {listing.cut_off_hours} hours before the start.",
            errors={"starts_at": ["is too soon"]},
        )
    day = starts_at.astimezone(listing.zone).date()
    timetable = timetable_of(session, ctx, listing, day, day)
    if not is_offered(timetable, starts_at):
        raise RuleViolation(
            "start_not_offered",
            "The experience does not start at this time. Ask for its availability.",
            errors={"starts_at": ["is not a start of this experience"]},
        )
    return timetable


def _check_own_holds(session: Session, ctx: Context, listing: Listing, starts_at: datetime, now: datetime) -> None:
    """The actor's row is locked, so two requests of one person cannot both pass. Holds that have ended do not count."""
    pending = session.scalars(
        select(Booking).where(Booking.customer_id == ctx.actor.user_id, Booking.status == BookingState.PENDING)
    )
    held = [booking for booking in pending.all() if seats.hold_end(session, ctx, booking) > now]
    same = next((b for b in held if (b.listing_id, b.starts_at) == (listing.id, starts_at)), None)
    if same:
        raise Conflict("already_held", "You already hold seats at this time.", extra={"booking_id": str(same.id)})
    if len(held) >= ctx.policy.hold.max_open_per_user:
        raise Conflict(
            "too_many_holds",
            f"You already hold seats {len(held)} times. Pay for or cancel one of them first.",
            extra={"booking_ids": [str(booking.id) for booking in held]},
        )


def _check_seats(timetable: Timetable, wish: Wish, taken: Sequence[Taken], wanted: int, now: datetime) -> None:
    slot = slot_at(timetable, wish.starts_at, taken, now)
    if slot is None:
        raise Conflict("guide_busy", "The guide is already taken around this time.")
    if slot.seats_free < wanted:
        raise seats.sold_out(wanted, slot.seats_free)


def _write_booking(
    session: Session, ctx: Context, listing: Listing, departure: Departure, wish: Wish, price: Price, now: datetime
) -> Booking:
    total = price.total
    tiers = tiers_for(CancellationPolicy(listing.cancellation_policy), wish.starts_at)
    booking = Booking(
        customer_id=ctx.actor.user_id,
        host_id=listing.host_id,
        listing_id=listing.id,
        departure_id=departure.id,
        seats=price.seats,
        guests=wish.guests,
        starts_at=wish.starts_at,
        ends_at=wish.starts_at + listing.duration,
        currency=total.currency,
        status=BookingState.PENDING.value,
        confirmation=listing.confirmation,
        booked_at=now,
        hold_expires_at=now + ctx.policy.hold.duration,
        refund_tiers=[{"until": tier.until.isoformat(), "percent": tier.percent} for tier in tiers],
        special_requests=wish.special_requests,
    )
    session.add(booking)
    session.flush()
    session.add_all(LineItem.of(booking.id, position, line) for position, line in enumerate(price.lines, start=1))
    session.add(
        Receivable(
            booking_id=booking.id,
            payer_id=booking.customer_id,
            amount_minor=total.minor,
            currency=total.currency,
            due_at=booking.hold_expires_at,
        )
    )
    ctx.enqueue(
        session,
        JobKind.EXPIRE_HOLD,
        seats.hold_key(booking.id),
        {"booking_id": booking.id},
        now=now,
        due_at=booking.hold_expires_at,
    )
    ctx.audit(session, "booking.created", booking, now=now, data={"seats": price.seats, "total_minor": total.minor})
    return booking


_SOONEST_FIRST = Order(rising(Booking.starts_at), rising(Booking.id))
_LATEST_FIRST = Order(falling(Booking.starts_at), falling(Booking.id))


def bookings_of(
    session: Session, ctx: Context, window: Window, *, role: str, statuses: Sequence[str], when: str | None
) -> Page[Booking]:
    """One page of the actor's bookings (as ``tourist`` or ``guide``), soonest first for upcoming ones."""
    mine = Booking.customer_id if role == "tourist" else Booking.host_id
    conditions = [mine == ctx.actor.user_id]
    now = ctx.now(session)
    if statuses:
        conditions.append(Booking.status.in_(statuses))
    if when == "upcoming":
        conditions.append(Booking.ends_at > now)
    elif when == "past":
        conditions.append(Booking.ends_at <= now)
    total = count(session, select(Booking.id).where(*conditions))
    order = _SOONEST_FIRST if when == "upcoming" else _LATEST_FIRST
    return order.scalars(session, select(Booking).where(*conditions), window, total)
