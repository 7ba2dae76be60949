"""Taking what a host offers off the market while they cannot be reached, and bringing back exactly that."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.listings import ListingStatus
from models.catalogue import Listing
from models.locks import lock_resources
from services.context import Context


def withdraw_listings(session: Session, ctx: Context, host_id: uuid.UUID) -> int:
    """Withdraw everything that a host, whose row the caller has locked, offers; answers how much that was.

    It is neither found nor booked from the commit on; bookings that stand are left as they are.
    """
    return _move(session, ctx, host_id, ListingStatus.ACTIVE, ListingStatus.WITHDRAWN, "listing.withdrawn")


def offer_listings_again(session: Session, ctx: Context, host_id: uuid.UUID) -> int:
    """Offer again what :func:`withdraw_listings` withdrew of a host whose row the caller has locked, and nobody has hidden or
    archived since; answers how much that was."""
    return _move(session, ctx, host_id, ListingStatus.WITHDRAWN, ListingStatus.ACTIVE, "listing.offered_again")


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
