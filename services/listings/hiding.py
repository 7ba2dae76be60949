"""Taking somebody's experience off our pages because of what it says, and showing it again."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.errors import Conflict
from domain.listings import ListingStatus
from domain.notices import NoticeKind
from models.base import new_id
from models.catalogue import Listing
from models.locks import lock_resources, lock_users
from models.users import User
from services.accounts.suspension import check_still_admin
from services.catalogue.experiences import unknown_listing
from services.catalogue.offering import obstacles_of
from services.context import Context
from services.search.index import note_listing
from services.telling import tell_owner


def hide_experience(session: Session, ctx: Context, listing_id: uuid.UUID, reason: str) -> Listing:
    """Show an experience to nobody but its guide, who is told why. Bookings stay. Where it is hidden already, nothing is
    done. Raises ``experience_not_found`` and ``own_experience``."""
    _, listing = _locked(session, ctx, listing_id)
    if listing.is_hidden:
        return listing
    was, now = listing.status, ctx.now(session)
    listing.hide(reason)
    # The words stay with the experience; they may name people, and the log is for ever.
    ctx.audit(session, "listing.hidden", listing, now=now, data={"from": was})
    note_listing(session, ctx, listing.id, now)
    ids = {"listing_id": listing.id}
    tell_owner(session, ctx, NoticeKind.EXPERIENCE_HIDDEN, listing.host_id, now=now, about=new_id(), **ids)
    return listing


def show_experience(session: Session, ctx: Context, listing_id: uuid.UUID) -> Listing:
    """Let an experience be again what its guide has made of it meanwhile; where something stands against its host, it waits
    withdrawn. Where it is not hidden, nothing is done. Raises ``experience_not_found`` and ``own_experience``."""
    host, listing = _locked(session, ctx, listing_id)
    if not listing.is_hidden:
        return listing
    now, becomes = ctx.now(session), ListingStatus(listing.hidden_from or ListingStatus.DRAFT)
    if becomes in (ListingStatus.ACTIVE, ListingStatus.WITHDRAWN):
        becomes = ListingStatus.WITHDRAWN if obstacles_of(session, host, now) else ListingStatus.ACTIVE
    listing.show(becomes)
    ctx.audit(session, "listing.shown_again", listing, now=now, data={"to": becomes})
    note_listing(session, ctx, listing.id, now)
    ids = {"listing_id": listing.id}
    tell_owner(session, ctx, NoticeKind.EXPERIENCE_SHOWN, listing.host_id, now=now, about=new_id(), **ids)
    return listing


def _locked(session: Session, ctx: Context, listing_id: uuid.UUID) -> tuple[User, Listing]:
    """An experience and its host, with everything locked that a booking of it locks, where the actor may decide about it."""
    found = session.execute(select(Listing.host_id, Listing.resource_id).where(Listing.id == listing_id)).first()
    if found is None:
        raise unknown_listing()
    actor_id = ctx.actor.user_id
    users = {user.id: user for user in lock_users(session, {found.host_id, actor_id})}
    check_still_admin(session, ctx, users[actor_id])
    if found.host_id == actor_id:
        raise Conflict("own_experience", "This experience is your own. Ask another administrator.")
    lock_resources(session, [found.resource_id])
    listing = session.get_one(Listing, listing_id, with_for_update={"key_share": True}, populate_existing=True)
    return users[found.host_id], listing
