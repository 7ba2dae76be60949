"""What guides do with their own experiences: write, offer, change and archive them. What is sold already stays as it was sold."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.bookings import HOLDS_SEATS, KNOWN_TO_HOST, BookingState
from domain.errors import Conflict, RuleViolation, field_error
from domain.listings import ListingKind, ListingStatus, faults_of, missing_to_offer, slug_of
from domain.money import Money
from models.base import new_id
from models.bookings import Booking
from models.catalogue import Guide, Listing, Resource
from models.departures import Departure
from models.locks import lock_resources
from models.users import User
from services.accounts.users import still_signed_in
from services.bookings import seats
from services.catalogue.experiences import listing_id, unknown_listing
from services.catalogue.offering import obstacles_of
from services.context import Context
from services.guides.profiles import acting_guide
from services.pages import Order, Page, Window, count, falling
from services.search.index import note_listing

#: Of one guide, those that are not archived.
MOST_EXPERIENCES = 100
_NEWEST_FIRST = Order(falling(Listing.id))
#: More bookings are not named at once.
MOST_NAMED = 20
#: Tries to find a slug that nobody takes at the same moment.
_TRIES = 5
#: What a client writes that is kept under another name, or is no column at all.
_TRANSLATED = ("price", "tiers", "status")


def create_experience(session: Session, ctx: Context, wish: Mapping[str, Any]) -> Listing:
    """A new experience of the acting guide's: a draft, or offered at once where that is asked and nothing is missing.

    ``wish`` holds every field that :func:`change_experience` takes. Raises ``not_a_guide``, ``too_many_experiences``,
    ``invalid_fields`` and what offering raises.
    """
    host = still_signed_in(session, ctx)
    guide = acting_guide(session, ctx)
    (body,) = lock_resources(session, [_body_of(session, guide)])
    theirs = (Listing.host_id == guide.user_id, Listing.status != ListingStatus.ARCHIVED)
    if (session.scalar(select(func.count()).select_from(Listing).where(*theirs)) or 0) >= MOST_EXPERIENCES:
        raise Conflict("too_many_experiences", f"You have {MOST_EXPERIENCES} experiences. Archive one of them first.")
    columns = _columns(wish, wish["currency"])
    _check(columns)
    now = ctx.now(session)
    listing = Listing(
        id=new_id(),
        host_id=guide.user_id,
        resource_id=body.id,
        status=ListingStatus.DRAFT.value,
        version=1,
        rating_average=Decimal(0),
        rating_count=0,
        images=[],
        **columns,
    )
    if wish.get("status") == ListingStatus.ACTIVE:
        _offer(session, host, listing, now)
        listing.version = 1
    _save_under_free_slug(session, listing)
    ctx.audit(session, "listing.created", listing, now=now, data={"status": listing.status})
    note_listing(session, ctx, listing.id, now)
    return listing


def change_experience(
    session: Session, ctx: Context, id_or_slug: str, changes: Mapping[str, Any], version: int | None = None
) -> Listing:
    """Change some fields of one of the acting guide's experiences; what they are already is left as it is.

    Bookings keep their price, their time and their seats. ``version`` is the one that the guide has seen, if they say so.
    Raises ``experience_not_found``, ``experience_changed`` with the version there is now, ``invalid_fields``,
    ``experience_incomplete``, ``experience_hidden`` and what keeps a guide from offering anything.
    """
    host, listing = lock_own(session, ctx, id_or_slug)
    if version is not None and version != listing.version:
        raise Conflict(
            "experience_changed",
            "Somebody has changed this experience meanwhile. Read it again.",
            extra={"version": listing.version},
        )
    now = ctx.now(session)
    columns = _columns(changes, changes.get("currency", listing.currency), listing)
    changed = {name: value for name, value in columns.items() if getattr(listing, name) != value}
    was = listing.chosen_status
    becomes = ListingStatus(changes.get("status", was))
    _check(_values(listing) | changed)
    for name, value in changed.items():
        setattr(listing, name, value)
    if becomes is ListingStatus.ACTIVE and (was is not becomes or (listing.is_hidden and "status" in changes)):
        _offer(session, host, listing, now)
    elif becomes is not was:
        listing.choose(becomes, now)
    elif was in (ListingStatus.ACTIVE, ListingStatus.WITHDRAWN):
        _refuse_incomplete(listing)
    if not changed and becomes is was:
        return listing
    if becomes is was:
        listing.version += 1
    if "capacity" in changed:
        _resize_idle_departures(session, listing)
    if "title" in changed and not listing.keeps_slug:
        _save_under_free_slug(session, listing)
    data = {"fields": sorted(changed)} | ({"from": was, "to": becomes} if becomes is not was else {})
    ctx.audit(session, "listing.changed", listing, now=now, data=data)
    note_listing(session, ctx, listing.id, now)
    return listing


def archive_experience(session: Session, ctx: Context, id_or_slug: str) -> None:
    """Offer one of the acting guide's experiences no more; a second time changes nothing.

    Whoever books holds the same lock: they are seen here, or find it archived. Raises ``experience_not_found`` and
    ``experience_booked`` while bookings stand that are not over.
    """
    _, listing = lock_own(session, ctx, id_or_slug)
    if listing.chosen_status is ListingStatus.ARCHIVED:
        return
    now = ctx.now(session)
    _refuse_booked(session, ctx, listing, now)
    was = listing.chosen_status
    listing.choose(ListingStatus.ARCHIVED, now)
    ctx.audit(session, "listing.archived", listing, now=now, data={"from": was})
    note_listing(session, ctx, listing.id, now)


def own_experience(session: Session, ctx: Context, id_or_slug: str) -> Listing:
    """One of the actor's experiences, whatever has become of it. Raises ``experience_not_found``, for others' as well."""
    known = listing_id(id_or_slug)
    named = Listing.id == uuid.UUID(known) if known else Listing.slug == id_or_slug
    mine = (named, Listing.kind == ListingKind.EXPERIENCE, Listing.host_id == ctx.actor.user_id)
    listing = session.scalar(select(Listing).where(*mine))
    if listing is None:
        raise unknown_listing()
    return listing


def own_experiences(session: Session, ctx: Context, window: Window, *, status: str | None) -> Page[Listing]:
    """One page of the actor's experiences in every state, the newest first."""
    mine = [Listing.kind == ListingKind.EXPERIENCE, Listing.host_id == ctx.actor.user_id]
    if status is not None:
        mine.append(Listing.status == status)
    total = count(session, select(Listing.id).where(*mine))
    return _NEWEST_FIRST.scalars(session, select(Listing).where(*mine), window, total)


def lock_own(session: Session, ctx: Context, id_or_slug: str) -> tuple[User, Listing]:
    """The acting guide and one of their experiences, with everything locked that a booking of it locks. Raises
    ``not_a_guide`` and ``experience_not_found``."""
    host = still_signed_in(session, ctx)
    acting_guide(session, ctx)
    found = own_experience(session, ctx, id_or_slug)
    lock_resources(session, [found.resource_id])
    listing = session.get_one(Listing, found.id, with_for_update={"key_share": True}, populate_existing=True)
    return host, listing


def _body_of(session: Session, guide: Guide) -> uuid.UUID:
    return session.execute(select(Resource.id).where(Resource.user_id == guide.user_id)).scalar_one()


def _columns(wish: Mapping[str, Any], currency: str, listing: Listing | None = None) -> dict[str, Any]:
    """What a client writes as the table keeps it: amounts in minor units of the currency."""
    columns = {name: value for name, value in wish.items() if name not in _TRANSLATED}
    if listing is not None and currency != listing.currency:
        # 2,500 shillings are not 2,500 dollars.
        for name in ("price", *(["tiers"] if listing.tiers else [])):
            if name not in wish:
                raise field_error(name, "is needed anew, in the new currency")
    if "price" in wish:
        columns["price_minor"] = _minor("price", wish["price"], currency)
    if "tiers" in wish:
        columns["tiers"] = [
            {
                "name": tier["name"],
                "price_minor": _minor(f"tiers.{index}.price", tier["price"], currency),
                "takes_seat": tier["takes_seat"],
            }
            for index, tier in enumerate(wish["tiers"])
        ]
    return columns


def _minor(field: str, amount: Decimal, currency: str) -> int:
    try:
        return Money.parse(amount, currency).minor
    except ValueError as error:
        raise field_error(field, str(error)) from error


def _values(listing: Listing) -> dict[str, Any]:
    return {column.key: getattr(listing, column.key) for column in Listing.__table__.columns if column.key != "search"}


def _check(values: Mapping[str, Any]) -> None:
    if faults := faults_of(values):
        raise RuleViolation("invalid_fields", "Some fields are not valid; see errors.", errors=faults)


def _offer(session: Session, host: User, listing: Listing, now: datetime) -> None:
    if listing.is_hidden:
        raise Conflict("experience_hidden", "An administrator has hidden this experience. Write to us.")
    _refuse_incomplete(listing)
    if obstacles := sorted(obstacles_of(session, host, now)):
        raise Conflict(
            "cannot_offer",
            f"Nothing of yours can be offered now: {', '.join(each.replace('_', ' ') for each in obstacles)}.",
            extra={"obstacles": [each.value for each in obstacles]},
        )
    listing.choose(ListingStatus.ACTIVE, now)


def _refuse_incomplete(listing: Listing) -> None:
    if missing := missing_to_offer(_values(listing)):
        raise RuleViolation(
            "experience_incomplete",
            f"Before it is offered, the experience needs: {', '.join(missing)}.",
            errors={name: ["Is needed before the experience is offered."] for name in missing},
        )


def _refuse_booked(session: Session, ctx: Context, listing: Listing, now: datetime) -> None:
    """Holds of which the host has not heard are counted and not named."""
    ahead = select(Booking).where(
        Booking.listing_id == listing.id, Booking.status.in_(HOLDS_SEATS), Booking.ends_at > now
    )
    standing = [
        booking
        for booking in session.scalars(ahead.order_by(Booking.starts_at, Booking.id))
        if booking.state is not BookingState.PENDING or seats.hold_end(session, ctx, booking) > now
    ]
    if not standing:
        return
    known = [booking for booking in standing if booking.state in KNOWN_TO_HOST]
    named = ", ".join(booking.reference for booking in known[:MOST_NAMED])
    raise Conflict(
        "experience_booked",
        f"This experience is booked and not over: {named}." if named else "Somebody is paying for seats just now.",
        extra={
            "bookings": [
                {"id": str(booking.id), "reference": booking.reference, "starts_at": booking.starts_at}
                for booking in known[:MOST_NAMED]
            ],
            "holds": len(standing) - len(known),
        },
    )


def _resize_idle_departures(session: Session, listing: Listing) -> None:
    """Runs on which nobody has a seat are as large as the experience is now; the others stay as they were sold."""
    idle = (Departure.listing_id == listing.id, Departure.seats_taken == 0)
    session.execute(update(Departure).where(*idle).values(capacity=listing.capacity))


def _save_under_free_slug(session: Session, listing: Listing) -> None:
    """Write the listing under a slug of its title that nobody has. Who takes the same one at this moment is waited for, and
    then the next is tried."""
    for _ in range(_TRIES):
        slug = _free_slug(session, listing)
        try:
            with session.begin_nested():
                listing.slug = slug
                session.add(listing)
                session.flush()
            return
        except IntegrityError as error:
            if "uq_listings_slug" not in str(error):
                raise
    raise Conflict("busy_try_again", "Many experiences of this name are being written. Try again.", retry_after=1)


def _free_slug(session: Session, listing: Listing) -> str:
    """The slug of the title, or the first of ``-2``, ``-3`` … that is free."""
    base = slug_of(listing.title)
    with session.no_autoflush:
        alike = select(Listing.slug).where(Listing.slug.startswith(base, autoescape=True), Listing.id != listing.id)
        taken = set(session.scalars(alike))
    number, slug = 1, base
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug
