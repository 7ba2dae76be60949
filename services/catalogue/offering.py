"""Taking what a host offers off the market while something stands against it, and bringing back exactly that."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.licences import LicenceState, local_day, state_on
from domain.listings import ListingStatus, Obstacle
from domain.users import UserStatus
from models.catalogue import Guide, Listing
from models.locks import lock_resources
from models.users import User
from services.context import Context


def obstacles_of(session: Session, host: User, now: datetime) -> frozenset[Obstacle]:
    """Everything that stands against offering what a host has, from facts that each hold by themselves.

    Who decides by it has locked the host's row: suspending, leaving and licences all change under that lock.
    """
    found = set()
    if host.status == UserStatus.SUSPENDED:
        found.add(Obstacle.SUSPENDED)
    if host.status == UserStatus.DELETED:
        found.add(Obstacle.LEFT)
    licence = select(Guide.licence_expires_on, Guide.licence_lapsed_for).where(Guide.user_id == host.id)
    expires_on, lapsed_for = session.execute(licence).one_or_none() or (None, None)
    # What has lapsed stays so, wherever its guide says to be from then on: its end is seen to once.
    has_lapsed = expires_on is not None and lapsed_for == expires_on
    if has_lapsed or state_on(local_day(now, host.timezone), expires_on) is LicenceState.EXPIRED:
        found.add(Obstacle.LICENCE_EXPIRED)
    return frozenset(found)


def withdraw_listings(session: Session, ctx: Context, host_id: uuid.UUID) -> int:
    """Withdraw everything that a host, whose row the caller has locked, offers; answers how much that was.

    It is neither found nor booked from the commit on; bookings that stand are left as they are.
    """
    return _move(session, ctx, host_id, ListingStatus.ACTIVE, ListingStatus.WITHDRAWN, "listing.withdrawn")


def offer_listings_again(session: Session, ctx: Context, host: User) -> int:
    """Offer again what :func:`withdraw_listings` withdrew of a host whose row the caller has locked, and nobody has hidden or
    archived since; answers how much that was. Nothing, where any obstacle is left: whoever removes the last one calls again."""
    session.flush()
    if obstacles_of(session, host, ctx.now(session)):
        return 0
    return _move(session, ctx, host.id, ListingStatus.WITHDRAWN, ListingStatus.ACTIVE, "listing.offered_again")


def _move(
    session: Session, ctx: Context, host_id: uuid.UUID, was: ListingStatus, becomes: ListingStatus, action: str
) -> int:
    theirs = select(Listing).where(Listing.host_id == host_id, Listing.status == was.value)
    # Whoever books holds the same lock, and looks at the listing only then.
    lock_resources(session, {listing.resource_id for listing in session.scalars(theirs)})
    now = ctx.now(session)
    moved = session.scalars(
        theirs.order_by(Listing.id).with_for_update(key_share=True).execution_options(populate_existing=True)
    ).all()
    for listing in moved:
        listing.appear_as(becomes)
        ctx.audit(session, action, listing, now=now)
    return len(moved)
