"""Reviewing applications, for administrators: the list, one of them, and what is decided."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from domain.applications import ApplicationVerb
from domain.errors import Conflict, Forbidden, field_error
from domain.licences import LicenceState, local_day, state_on
from domain.notices import NoticeKind
from models.applications import SOUGHT, GuideApplication
from models.locks import lock_application
from models.users import User
from services.accounts.directory import pattern_of
from services.accounts.users import still_signed_in
from services.applications.records import NAIROBI, not_found, tell_applicant
from services.context import Context
from services.pages import Order, Page, Window, count, falling, rising

#: Ids follow time.
SORTS = {"newest": Order(falling(GuideApplication.id)), "oldest": Order(rising(GuideApplication.id))}
_TOLD = {
    ApplicationVerb.START: NoticeKind.APPLICATION_IN_REVIEW,
    ApplicationVerb.ASK: NoticeKind.APPLICATION_MORE_INFO,
    ApplicationVerb.APPROVE: NoticeKind.APPLICATION_APPROVED,
    ApplicationVerb.REJECT: NoticeKind.APPLICATION_REJECTED,
}


@dataclass(frozen=True, slots=True)
class ApplicationQuery:
    """What a reviewer filters by. Without ``is_confirmed`` those are there as well whose address nobody has confirmed yet."""

    status: str | None = None
    is_confirmed: bool | None = None
    #: Part of a name or of an e-mail address.
    q: str | None = None
    #: One of :data:`SORTS`.
    sort: str = "newest"


@dataclass(frozen=True, slots=True)
class Review:
    """What a reviewer decides. ``reason`` are words to the applicant; a licence is noted on approval only."""

    verb: ApplicationVerb
    reason: str | None = None
    licence_number: str | None = None
    licence_expires_on: date | None = None


def find_applications(session: Session, query: ApplicationQuery, window: Window) -> Page[GuideApplication]:
    """One page of applications, those that came last or those that wait longest first."""
    wanted = []
    if query.status is not None:
        wanted.append(GuideApplication.status == query.status)
    if query.is_confirmed is not None:
        wanted.append(GuideApplication.confirmed_at.is_not(None) == query.is_confirmed)
    if query.q is not None:
        wanted.append(text(f"{SOUGHT} LIKE lower(:sought)").bindparams(sought=pattern_of(query.q)))
    total = count(session, select(GuideApplication.id).where(*wanted))
    return SORTS[query.sort].scalars(session, select(GuideApplication).where(*wanted), window, total)


def get_application(session: Session, application_id: uuid.UUID) -> GuideApplication:
    """Raises ``application_not_found``."""
    application = session.get(GuideApplication, application_id)
    if application is None:
        raise not_found()
    return application


def names_of(session: Session, user_ids: set[uuid.UUID]) -> dict[uuid.UUID, str]:
    """What reviewers are called."""
    return {user.id: user.full_name for user in session.scalars(select(User).where(User.id.in_(user_ids)))}


def review(session: Session, ctx: Context, application_id: uuid.UUID, decided: Review) -> GuideApplication:
    """Decide about an application and tell its applicant; where that state holds already, nothing is done.

    Raises ``application_not_found``, ``application_unconfirmed``, ``own_application``, a refusal of a licence that is
    over, what the table of states refuses, and what refuses somebody who is no administrator any more.
    """
    reviewer = _still_admin(session, ctx)
    application = lock_application(session, application_id)
    if application is None:
        raise not_found()
    if application.user_id == reviewer.id or application.is_from(reviewer.email):
        raise Forbidden("own_application", "Nobody decides about their own application. Ask another administrator.")
    if application.confirmed_at is None:
        raise Conflict(
            "application_unconfirmed",
            "The applicant has not confirmed the address yet. Where nobody does so within a day, the application is deleted.",
        )
    was, now = application.status, ctx.now(session)
    _refuse_expired(decided, now)
    if not application.move(session, decided.verb, now, actor_id=reviewer.id, reason=decided.reason):
        return application
    application.reason = decided.reason
    application.reviewer_id, application.reviewed_at = reviewer.id, now
    if decided.verb is ApplicationVerb.APPROVE:
        application.licence_number = decided.licence_number
        application.licence_expires_on = decided.licence_expires_on
    # The words stay with the application; they may name people, and the log is for ever.
    changed = {"from": was, "to": application.status, "has_licence": application.licence_number is not None}
    ctx.audit(session, "application.reviewed", application, now=now, data=changed)
    tell_applicant(session, ctx, _TOLD[decided.verb], application, now)
    return application


def _refuse_expired(decided: Review, now: datetime) -> None:
    today = local_day(now, NAIROBI)
    if state_on(today, decided.licence_expires_on) is LicenceState.EXPIRED:
        raise field_error("licence_expires_on", "The licence is over already.")


def _still_admin(session: Session, ctx: Context) -> User:
    # Who was suspended or lost the role a moment ago is remembered elsewhere.
    reviewer = still_signed_in(session, ctx)
    if not reviewer.is_admin:
        raise Forbidden("admins_only", "This is for administrators.")
    return reviewer
