"""Applying to become a guide: what is sent, which of several applications counts, the link that confirms it, and accepting."""

from __future__ import annotations

import math
import uuid
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from domain.applications import CONFIRM_WITHIN, KEPT_RESTING, RESTING, ApplicationState, Milestone, years_in
from domain.errors import Busy, Conflict, Forbidden
from domain.jobs import JobKind
from domain.media import MediaState
from domain.notices import NoticeKind
from domain.one_time import Link, OneTimeTokens
from models.applications import ApplicationIntake, GuideApplication, take_in
from models.base import new_id
from models.catalogue import Guide
from models.locks import lock_application, lock_applications_of
from services import limits
from services.accounts.profiles import take_phone
from services.accounts.users import find_by_email, still_signed_in
from services.accounts.verification import confirm_email
from services.applications.records import (
    ask_for_files,
    drop,
    files_of,
    find_by_link,
    is_open,
    not_found,
    refused_files,
    tell_applicant,
    was_told,
)
from services.context import Context
from services.guides.onboarding import Profile, make_guide

#: From then on somebody who sends the same again misses the mail.
AGAIN_AFTER = timedelta(minutes=10)
#: What one sweep takes.
BATCH = 500
#: So long one may look up how much a day brought.
INTAKE_KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Details:
    """What an applicant writes."""

    full_name: str
    email: str
    phone: str
    location: str
    languages: list[str]
    experience_years: str
    bio: str
    social_emails: str | None = None
    facebook: str | None = None
    instagram: str | None = None
    twitter: str | None = None
    tiktok: str | None = None
    youtube: str | None = None


def begin_application(
    session: Session, ctx: Context, tokens: OneTimeTokens, details: Details, address: str, size: int
) -> GuideApplication:
    """The row of an application whose files are about to be stored; ``address`` is the network's that it comes from, ``size``
    what all of its files weigh. Nobody learns whether the address of mail is known: what depends on that is a job's.

    Raises ``too_many_applications`` and ``applications_full``.
    """
    limits.enforce(session, ctx, "applications", address, ctx.policy.limits.applications)
    claim_intake(session, ctx, size)
    now, application_id = ctx.now(session), new_id()
    application = GuideApplication(
        id=application_id,
        locale=ctx.locale,
        token_hash=tokens.hash(tokens.token(Link.GUIDE_APPLICATION, application_id)),
        submitted_at=now,
        changed_at=now,
        status=ApplicationState.SUBMITTED.value,
        **asdict(details),
    )
    session.add(application)
    session.flush()
    application.reach(session, Milestone.SUBMIT, now)
    return application


def finish_application(session: Session, ctx: Context, application_id: uuid.UUID) -> None:
    """All files are stored: a job goes on. Nothing happens where the application is gone."""
    application = lock_application(session, application_id)
    if application is not None:
        now = ctx.now(session)
        payload = {"application_id": application.id}
        ctx.enqueue(session, JobKind.OPEN_APPLICATION, f"open_application:{application.id}", payload, now=now)
        ctx.audit(session, "application.submitted", application, now=now)


def open_application(session: Session, ctx: Context, application_id: uuid.UUID) -> None:
    """Ask the applicant to confirm the address, unless this is none that counts: where one of that address is confirmed and open
    the new one goes and its owner hears of it; where the same was sent before and waits to be confirmed, that one stays."""
    named = session.get(GuideApplication, application_id)
    if named is None:
        return
    same = lock_applications_of(session, named.email)
    application = next((one for one in same if one.id == application_id), None)
    if application is None or application.confirmed_at is not None:
        return
    if known := next((one for one in same if is_open(one)), None):
        drop(session, ctx, application)
        _remind(session, ctx, known, NoticeKind.APPLICATION_KNOWN)
        return
    earlier = (one for one in same if one.id < application.id and one.confirmed_at is None)
    if twin := next((one for one in earlier if _says(one) == _says(application)), None):
        drop(session, ctx, application)
        # Who clicks twice gets one mail, and who sends it again because none came gets another.
        came_again = application.submitted_at - twin.submitted_at >= AGAIN_AFTER
        if came_again and was_told(session, twin, NoticeKind.APPLICATION_RECEIVED):
            _remind(session, ctx, twin, NoticeKind.APPLICATION_RECEIVED)
        return
    if not was_told(session, application, NoticeKind.APPLICATION_RECEIVED):
        _remind(session, ctx, application, NoticeKind.APPLICATION_RECEIVED)


def abandon_application(session: Session, ctx: Context, application_id: uuid.UUID, address: str) -> None:
    """Its files could not all be stored: nothing of it stays, and it does not count."""
    limits.give_back(session, "applications", address)
    application = lock_application(session, application_id)
    if application is not None:
        drop(session, ctx, application)


def confirm(session: Session, ctx: Context, token_hash: str) -> GuideApplication:
    """Note that the applicant reads the address; a second time changes nothing. Others that wait under it go, so that what
    somebody else sent in this one's name is never read. Raises ``application_not_found``."""
    named = find_by_link(session, ctx, token_hash)
    same = lock_applications_of(session, named.email)
    application, now = next((one for one in same if one.id == named.id), None), ctx.now(session)
    if application is None or application.is_over(now):
        raise not_found()
    if application.confirmed_at is not None:
        return application
    application.confirmed_at = now
    application.reach(session, Milestone.CONFIRM, now)
    user = find_by_email(session, application.email)
    if user is not None and user.may_sign_in and user.has_confirmed_email:
        application.user_id = user.id
    ctx.audit(session, "application.confirmed", application, now=now)
    for other in same:
        if other.confirmed_at is None and not _is_arriving(session, other):
            drop(session, ctx, other)
    if refused_files(session, application):
        ask_for_files(session, ctx, application)
    return application


def accept(session: Session, ctx: Context, token_hash: str) -> tuple[GuideApplication, Guide]:
    """Make a guide of the actor, who was invited and follows the link of that mail; a second time changes nothing.

    Raises ``application_not_found``, ``application_not_approved``, ``not_your_invitation`` and ``session_ended``.
    """
    named = find_by_link(session, ctx, token_hash)
    user = still_signed_in(session, ctx)
    application = lock_application(session, named.id)
    if application is None:
        raise not_found()
    if not application.is_from(user.email):
        raise Forbidden(
            "not_your_invitation",
            "This invitation went to another e-mail address. Sign in with the account of that address, or open one.",
        )
    if application.state is not ApplicationState.APPROVED:
        raise Conflict(
            "application_not_approved",
            "This application is not approved.",
            extra={"application_status": application.status},
        )
    if application.accepted_at is not None:
        return application, session.scalars(select(Guide).where(Guide.user_id == user.id)).one()
    # Whoever brings the token reads the mailbox.
    confirm_email(session, ctx, user)
    take_phone(session, ctx, user, application.phone)
    guide, now = make_guide(session, ctx, user, _profile(application)), ctx.now(session)
    application.user_id, application.accepted_at = user.id, now
    application.reach(session, Milestone.ACCEPT, now, user.id)
    ctx.audit(session, "application.accepted", application, now=now)
    return application, guide


def sweep(session: Session, ctx: Context) -> None:
    """Delete what nobody confirmed in time, and what rested for so long that nobody will come back to it."""
    now = ctx.now(session)
    unconfirmed = GuideApplication.confirmed_at.is_(None) & (GuideApplication.submitted_at <= now - CONFIRM_WITHIN)
    rested = (
        GuideApplication.accepted_at.is_(None)
        & GuideApplication.status.in_(sorted(RESTING))
        & (GuideApplication.changed_at <= now - KEPT_RESTING)
    )
    over = select(GuideApplication).where(or_(unconfirmed, rested)).order_by(GuideApplication.id).limit(BATCH)
    # Whoever holds one is about to change it.
    for application in session.scalars(over.with_for_update(skip_locked=True)).all():
        why = "unconfirmed" if application.confirmed_at is None else application.status
        ctx.audit(session, "application.erased", application, now=now, data={"was": why})
        drop(session, ctx, application)
    session.execute(delete(ApplicationIntake).where(ApplicationIntake.on_date < (now - INTAKE_KEPT).date()))


def claim_intake(session: Session, ctx: Context, size: int) -> None:
    """Count the bytes of an application towards what all may bring in a day. Raises ``applications_full``."""
    now = ctx.now(session).astimezone(UTC)
    if not take_in(session, now.date(), size, ctx.policy.application_bytes):
        tomorrow = datetime.combine(now.date() + timedelta(days=1), time(), UTC)
        raise Busy(
            "applications_full",
            "We have taken in all the files that we can today. Please send your application again tomorrow.",
            retry_after=math.ceil((tomorrow - now).total_seconds()),
        )


def _remind(session: Session, ctx: Context, application: GuideApplication, kind: NoticeKind) -> None:
    """Write to an applicant, or to whomever somebody else made one: no more often than a mailbox bears."""
    if limits.admits(session, ctx, "application_mail", application.email, ctx.policy.limits.application_mail):
        tell_applicant(session, ctx, kind, application, ctx.now(session))


def _says(application: GuideApplication) -> tuple[object, ...]:
    """The applicant's own words."""
    return tuple(getattr(application, name) for name in Details.__slots__)


def _is_arriving(session: Session, application: GuideApplication) -> bool:
    """Whether its files are on their way: once they are here, its own job finds that another one counts."""
    return any(file.state == MediaState.RECEIVING for file in files_of(session, application))


def _profile(application: GuideApplication) -> Profile:
    return Profile(
        name=application.full_name,
        bio=application.bio,
        region=application.location,
        languages=tuple(application.languages),
        years_experience=years_in(application.experience_years),
        licence_number=application.licence_number,
        licence_expires_on=application.licence_expires_on,
    )
