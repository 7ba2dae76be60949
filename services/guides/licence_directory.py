"""Licences as administrators look through them: those that wait, and those that end soon or have ended."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.errors import NotFound
from domain.licences import WARNED_BEFORE, LicenceState, RenewalState
from domain.users import MAY_SIGN_IN, UserStatus
from models.catalogue import Guide
from models.licences import LicenceRenewal
from models.media import Media
from models.users import User
from services.context import Context
from services.pages import Order, Page, Window, count, rising

#: Where those are whose list this is; each guide's own day decides about their listings.
_HOUSE = ZoneInfo("Africa/Nairobi")
_LONGEST_WAITING = Order(rising(LicenceRenewal.submitted_at), rising(LicenceRenewal.id))
_FIRST_TO_END = Order(rising(Guide.licence_expires_on), rising(Guide.id))


@dataclass(frozen=True, slots=True)
class SentLicence:
    """A licence that was sent, its guide, and what shows it where that is still there."""

    renewal: LicenceRenewal
    user: User
    guide: Guide
    document: Media | None = None


@dataclass(frozen=True, slots=True)
class EndingLicence:
    """A guide whose licence ends soon or has ended, and the one that waits to follow it."""

    user: User
    guide: Guide
    waiting: LicenceRenewal | None


def licences_sent(session: Session, state: RenewalState, window: Window) -> Page[SentLicence]:
    """Licences that were sent, those first that have waited longest. Who has deleted their account is left out."""
    there = (LicenceRenewal.state == state, User.status != UserStatus.DELETED)
    rows = (
        select(LicenceRenewal, User, Guide)
        .join(User, User.id == LicenceRenewal.user_id)
        .join(Guide, Guide.user_id == User.id)
        .where(*there)
    )
    found = _LONGEST_WAITING.page(session, rows, window, count(session, rows.with_only_columns(LicenceRenewal.id)))
    return Page([SentLicence(*row) for row in found.rows], found.total, found.is_capped, found.next_keys)


def licence_sent(session: Session, renewal_id: uuid.UUID) -> SentLicence:
    """One licence that was sent. Raises ``licence_not_found``."""
    row = session.execute(
        select(LicenceRenewal, User, Guide, Media)
        .join(User, User.id == LicenceRenewal.user_id)
        .join(Guide, Guide.user_id == User.id)
        .outerjoin(Media, Media.id == LicenceRenewal.document_id)
        .where(LicenceRenewal.id == renewal_id, User.status != UserStatus.DELETED)
    ).first()
    if row is None:
        raise unknown_licence()
    return SentLicence(*row)


def licences_ending(session: Session, ctx: Context, state: LicenceState, window: Window) -> Page[EndingLicence]:
    """Guides whose licence ends soon, or has ended, those first whose ends or ended first."""
    today = ctx.now(session).astimezone(_HOUSE).date()
    ending = {
        LicenceState.EXPIRING: Guide.licence_expires_on.between(today, today + WARNED_BEFORE),
        LicenceState.EXPIRED: Guide.licence_expires_on < today,
    }
    waits = (LicenceRenewal.user_id == Guide.user_id) & (LicenceRenewal.state == RenewalState.WAITING)
    rows = (
        select(Guide, User, LicenceRenewal)
        .join(User, User.id == Guide.user_id)
        .outerjoin(LicenceRenewal, waits)
        .where(User.status.in_(MAY_SIGN_IN), ending[state])
    )
    found = _FIRST_TO_END.page(session, rows, window, count(session, rows.with_only_columns(Guide.id)))
    shown = [EndingLicence(user, guide, waiting) for guide, user, waiting in found.rows]
    return Page(shown, found.total, found.is_capped, found.next_keys)


def unknown_licence() -> NotFound:
    return NotFound("licence_not_found", "There is no such licence.")
