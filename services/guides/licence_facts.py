"""Gathering what a guide may be told about their licence."""

from __future__ import annotations

import uuid

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.bookings import BookingState
from domain.facts import LicenceFacts
from domain.licences import LicenceState, RenewalState, local_day, state_on
from domain.listings import ListingStatus
from domain.notices import NoticeKind
from models.bookings import Booking
from models.catalogue import Guide, Listing
from models.licences import LicenceRenewal
from models.users import User
from services.context import Context

#: What is told of the licence that is the guide's, and how it must stand still for that to be news.
_STILL = {NoticeKind.LICENCE_EXPIRING: LicenceState.EXPIRING, NoticeKind.LICENCE_EXPIRED: LicenceState.EXPIRED}
#: What is told of a licence that was sent.
_ABOUT_SENT = frozenset({NoticeKind.LICENCE_CONFIRMED, NoticeKind.LICENCE_REFUSED})
KINDS = frozenset(_STILL) | _ABOUT_SENT
_STANDING = (BookingState.PENDING, BookingState.PAID, BookingState.CONFIRMED)


def licence_facts(
    session: Session, ctx: Context, kind: NoticeKind, user: User, renewal_id: uuid.UUID | None
) -> LicenceFacts | None:
    """The facts of a licence, None where it is no news any more: it stands otherwise by now, or is gone with its guide."""
    guide = session.scalar(select(Guide).where(Guide.user_id == user.id))
    sent = session.get(LicenceRenewal, renewal_id) if renewal_id else None
    if guide is None or not user.may_sign_in or (kind in _ABOUT_SENT and sent is None):
        return None
    now = ctx.now(session)
    state = state_on(local_day(now, user.timezone), guide.licence_expires_on)
    if kind in _STILL and state is not _STILL[kind]:
        return None
    theirs = select(LicenceRenewal.id).where(LicenceRenewal.user_id == user.id)
    ahead = Booking.host_id == user.id, Booking.status.in_(_STANDING), Booking.ends_at > now
    offered = Listing.host_id == user.id, Listing.status == ListingStatus.ACTIVE
    return LicenceFacts(
        number=(sent.number if sent else guide.licence_number) or "",
        expires_on=sent.expires_on if sent else guide.licence_expires_on,
        holds=state is not LicenceState.EXPIRED,
        bookings=session.scalar(select(func.count()).select_from(Booking).where(*ahead)) or 0,
        is_offering=session.scalar(select(Listing.id).where(*offered).limit(1)) is not None,
        waits=session.scalar(theirs.where(LicenceRenewal.state == RenewalState.WAITING)) is not None,
        reason=sent.reason if sent else None,
    )
