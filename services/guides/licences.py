"""Guides' licences: warned of in time, gone from our pages when they have ended, and renewed by a guide and an administrator."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from domain.errors import Conflict, Forbidden, field_error
from domain.licences import LONGEST, PROOFS, WARNED_BEFORE, LicenceState, RenewalState, local_day, state_on
from domain.notices import NoticeKind
from domain.users import MAY_SIGN_IN, UserStatus
from models.base import new_id
from models.catalogue import Guide
from models.licences import LicenceRenewal
from models.locks import lock_media, lock_user, lock_users
from models.users import User
from services.accounts.suspension import check_still_admin
from services.accounts.users import still_signed_in
from services.catalogue.offering import offer_listings_again, withdraw_listings
from services.context import Context
from services.guides.licence_directory import unknown_licence
from services.guides.profiles import acting_guide
from services.media import uploads
from services.telling import tell_owner

#: Every zone's day is within so much of the one in UTC.
_A_DAY = timedelta(days=1)


def licences_to_settle(session: Session, now: datetime, most: int) -> Sequence[uuid.UUID]:
    """Guides whose licence ends soon or has ended, and who have not been told, those first whose ended first.

    Zones are Python's here and everywhere: of one that PostgreSQL does not know the whole question would fail.
    """
    today = now.date()
    soon = (
        select(User.id, User.timezone, Guide)
        .join(User, User.id == Guide.user_id)
        .where(
            User.status.in_(MAY_SIGN_IN),
            Guide.licence_expires_on <= today + WARNED_BEFORE + _A_DAY,
            or_(
                and_(
                    Guide.licence_expires_on >= today - _A_DAY,
                    Guide.licence_warned_for.is_distinct_from(Guide.licence_expires_on),
                ),
                and_(
                    Guide.licence_expires_on <= today + _A_DAY,
                    Guide.licence_lapsed_for.is_distinct_from(Guide.licence_expires_on),
                ),
            ),
        )
        .order_by(Guide.licence_expires_on, Guide.id)
    )
    rows = session.execute(soon)
    return [user_id for user_id, timezone, guide in rows if _news(guide, local_day(now, timezone))][:most]


def settle_licence(session: Session, ctx: Context, user_id: uuid.UUID) -> None:
    """Tell a guide that their licence ends soon, or withdraw what they offer where it has ended, and tell them that; each once
    for each last day. Who cannot be reached is told when they are back."""
    host = lock_user(session, user_id)
    guide = _guide_of(session, host.id)
    if guide is None or not host.may_sign_in:
        return
    now = ctx.now(session)
    news = _news(guide, local_day(now, host.timezone))
    if news is LicenceState.EXPIRED:
        withdrawn = withdraw_listings(session, ctx, host.id)
        guide.licence_lapsed_for = guide.licence_expires_on
        guide.version += 1
        ctx.audit(session, "guide.licence_expired", guide, now=now, data={"listings_withdrawn": withdrawn})
        tell_owner(session, ctx, NoticeKind.LICENCE_EXPIRED, host.id, now=now, about=new_id())
    elif news is LicenceState.EXPIRING:
        guide.licence_warned_for = guide.licence_expires_on
        ctx.audit(session, "guide.licence_expiring", guide, now=now)
        tell_owner(session, ctx, NoticeKind.LICENCE_EXPIRING, host.id, now=now, about=new_id())


def send_licence(
    session: Session, ctx: Context, *, number: str, expires_on: date, document_id: uuid.UUID
) -> LicenceRenewal:
    """A licence of the acting guide's, for an administrator to confirm; one that waits already is replaced.

    Raises ``not_a_guide``, ``session_ended``, ``invalid_field`` of a last day that is over or too far off, ``media_not_found``
    and what attaching the document raises.
    """
    user = still_signed_in(session, ctx)
    guide = acting_guide(session, ctx)
    now = ctx.now(session)
    today = local_day(now, user.timezone)
    if not today <= expires_on <= today + LONGEST:
        raise field_error("expires_on", "must be from today to ten years from now")
    document = uploads.own_media(session, ctx, document_id)
    if document.kind not in PROOFS:
        raise field_error(
            "document_id",
            "must be a document or a photo of one: send it by POST /api/upload/document or /api/upload/scan",
        )
    before = session.scalar(_waiting(guide.user_id))
    if before is not None:
        before.decide(RenewalState.REPLACED, now)
        if before.document_id != document.id:
            _discard_document(session, ctx, before, now)
        session.flush()
    if before is None or before.document_id != document.id:
        uploads.attach(session, ctx, document, now)
    sent = LicenceRenewal(
        user_id=guide.user_id, number=number, expires_on=expires_on, document_id=document.id, submitted_at=now
    )
    session.add(sent)
    session.flush()
    ctx.audit(session, "licence.sent", sent, now=now, data={"replaced": before is not None})
    return sent


def confirm_licence(session: Session, ctx: Context, renewal_id: uuid.UUID) -> LicenceRenewal:
    """Let a licence that waits be its guide's: what its end took off our pages is offered again, unless something else stands
    against it. Once more changes nothing.

    Raises ``licence_not_found``, ``own_account``, ``licence_decided``, and ``licence_over`` where it ended while it waited.
    """
    host, renewal = _locked(session, ctx, renewal_id)
    if renewal.state == RenewalState.CONFIRMED:
        return renewal
    _check_waiting(renewal)
    now = ctx.now(session)
    if state_on(local_day(now, host.timezone), renewal.expires_on) is LicenceState.EXPIRED:
        raise Conflict("licence_over", "This licence ended while it waited. Refuse it, and ask for the next one.")
    guide = _guide_of(session, host.id)
    if guide is None:
        raise unknown_licence()
    for earlier in session.scalars(_confirmed(host.id)):
        _discard_document(session, ctx, earlier, now)
    renewal.decide(RenewalState.CONFIRMED, now)
    guide.licence_number, guide.licence_expires_on = renewal.number, renewal.expires_on
    guide.version += 1
    offered = offer_listings_again(session, ctx, host)
    ctx.audit(session, "licence.confirmed", renewal, now=now, data={"listings_offered_again": offered})
    _tell(session, ctx, NoticeKind.LICENCE_CONFIRMED, renewal, now)
    return renewal


def refuse_licence(session: Session, ctx: Context, renewal_id: uuid.UUID, reason: str) -> LicenceRenewal:
    """Refuse a licence that waits, and tell its guide why. Once more changes nothing. Raises ``licence_not_found``,
    ``own_account`` and ``licence_decided``."""
    _, renewal = _locked(session, ctx, renewal_id)
    if renewal.state == RenewalState.REFUSED:
        return renewal
    _check_waiting(renewal)
    now = ctx.now(session)
    renewal.decide(RenewalState.REFUSED, now, reason)
    _discard_document(session, ctx, renewal, now)
    ctx.audit(session, "licence.refused", renewal, now=now)
    _tell(session, ctx, NoticeKind.LICENCE_REFUSED, renewal, now)
    return renewal


def _news(guide: Guide, today: date) -> LicenceState | None:
    """What a guide has not been told of their licence yet."""
    state = state_on(today, guide.licence_expires_on)
    told = {LicenceState.EXPIRING: guide.licence_warned_for, LicenceState.EXPIRED: guide.licence_lapsed_for}
    return state if state in told and told[state] != guide.licence_expires_on else None


def _locked(session: Session, ctx: Context, renewal_id: uuid.UUID) -> tuple[User, LicenceRenewal]:
    """A licence that was sent and its guide, who is locked together with the administrator."""
    host_id = session.scalar(select(LicenceRenewal.user_id).where(LicenceRenewal.id == renewal_id))
    if host_id is None:
        raise unknown_licence()
    found = {user.id: user for user in lock_users(session, {host_id, ctx.actor.user_id} - {None})}
    if ctx.actor.user_id is not None:
        check_still_admin(session, ctx, found[ctx.actor.user_id])
    if host_id == ctx.actor.user_id:
        raise Forbidden("own_account", "Nobody decides about their own account. Ask another administrator.")
    renewal = session.get(LicenceRenewal, renewal_id, populate_existing=True)
    if renewal is None or found[host_id].status == UserStatus.DELETED:
        raise unknown_licence()
    return found[host_id], renewal


def _guide_of(session: Session, user_id: uuid.UUID) -> Guide | None:
    theirs = select(Guide).where(Guide.user_id == user_id)
    return session.scalar(theirs.execution_options(populate_existing=True))


def _waiting(user_id: uuid.UUID):
    return select(LicenceRenewal).where(LicenceRenewal.user_id == user_id, LicenceRenewal.state == RenewalState.WAITING)


def _confirmed(user_id: uuid.UUID):
    kept = LicenceRenewal.document_id.is_not(None)
    theirs = select(LicenceRenewal).where(LicenceRenewal.user_id == user_id, kept)
    return theirs.where(LicenceRenewal.state == RenewalState.CONFIRMED).order_by(LicenceRenewal.id)


def _check_waiting(renewal: LicenceRenewal) -> None:
    if renewal.state != RenewalState.WAITING:
        raise Conflict(
            "licence_decided",
            f"This licence does not wait any more: it is {renewal.state}.",
            extra={"state": renewal.state},
        )


def _discard_document(session: Session, ctx: Context, renewal: LicenceRenewal, now: datetime) -> None:
    """Keep what shows a licence no longer than it proves anything."""
    document = lock_media(session, renewal.document_id) if renewal.document_id else None
    renewal.document_id = None
    if document is not None:
        uploads.discard(session, ctx, document, now)


def _tell(session: Session, ctx: Context, kind: NoticeKind, renewal: LicenceRenewal, now: datetime) -> None:
    tell_owner(session, ctx, kind, renewal.user_id, now=now, about=renewal.id, licence_renewal_id=renewal.id)
