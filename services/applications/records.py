"""What applicants and reviewers share: finding an application, its files and its history, telling its applicant, deleting it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from domain.applications import UNDECIDED, ApplicationState, ApplicationVerb
from domain.errors import NotFound
from domain.facts import ApplicationFacts, Person
from domain.jobs import JobKind
from domain.media import MediaState
from domain.notices import Channel, NoticeKind
from domain.one_time import Link, OneTimeTokens
from models.applications import GuideApplication, GuideApplicationEvent
from models.locks import lock_applications_by
from models.media import Media
from models.messages import Delivery, DeliveryState
from models.users import User
from services.context import Context
from services.media import uploads

#: The frontend's page to which all mails about an application lead.
_PAGE = "guide-application"
#: What an applicant has not said is told in the time of where they want to guide.
NAIROBI = "Africa/Nairobi"
#: The state in which each kind is still news.
_NEWS_IN = {
    NoticeKind.APPLICATION_IN_REVIEW: ApplicationState.IN_REVIEW,
    NoticeKind.APPLICATION_MORE_INFO: ApplicationState.MORE_INFO,
    NoticeKind.APPLICATION_APPROVED: ApplicationState.APPROVED,
    NoticeKind.APPLICATION_REJECTED: ApplicationState.REJECTED,
}


def find_by_link(session: Session, ctx: Context, token_hash: str) -> GuideApplication:
    """The application behind the link of a mail. Raises ``application_not_found``, also where it was not confirmed in time."""
    application = session.scalar(select(GuideApplication).where(GuideApplication.token_hash == token_hash))
    if application is None or application.is_over(ctx.now(session)):
        raise not_found()
    return application


def not_found() -> NotFound:
    return NotFound("application_not_found", "There is no such application, or it was deleted meanwhile.")


def files_of(session: Session, application: GuideApplication) -> Sequence[Media]:
    """Its files in the order in which they came, without those that are taken away."""
    theirs = select(Media).where(Media.application_id == application.id, Media.state != MediaState.REMOVED)
    return session.scalars(theirs.order_by(Media.id).execution_options(populate_existing=True)).all()


def refused_files(session: Session, application: GuideApplication) -> list[Media]:
    """Those of its files that came to nothing."""
    return [file for file in files_of(session, application) if file.state == MediaState.REFUSED]


def history_of(session: Session, application: GuideApplication) -> Sequence[GuideApplicationEvent]:
    """All that happened to it, the first first."""
    events = select(GuideApplicationEvent).where(GuideApplicationEvent.application_id == application.id)
    return session.scalars(events.order_by(GuideApplicationEvent.at, GuideApplicationEvent.id)).all()


def ask_for_files(session: Session, ctx: Context, application: GuideApplication) -> None:
    """Ask the applicant for other files in place of those that we could not take; the caller has locked the application. Until it
    is confirmed nobody is asked, and once it is decided nothing is wanted."""
    if application.confirmed_at is None or application.state not in UNDECIDED:
        return
    now = ctx.now(session)
    if application.state is not ApplicationState.MORE_INFO:
        application.reason = None
        application.move(session, ApplicationVerb.ASK, now)
        ctx.audit(session, "application.more_info", application, now=now, data={"because": "files_refused"})
    elif _is_waiting(session, application, NoticeKind.APPLICATION_MORE_INFO):
        # The mail that is about to leave will name this one, too.
        return
    tell_applicant(session, ctx, NoticeKind.APPLICATION_MORE_INFO, application, now)


def tell_applicant(
    session: Session, ctx: Context, kind: NoticeKind, application: GuideApplication, now: datetime
) -> None:
    """Write a mail to the applicant: to the address that they gave, whether it has an account or not."""
    delivery = Delivery(
        application_id=application.id,
        kind=kind.value,
        channel=Channel.EMAIL.value,
        address=application.email,
        locale=application.locale,
    )
    session.add(delivery)
    session.flush()
    ctx.enqueue(session, JobKind.SEND_EMAIL, f"deliver:{delivery.id}", {"delivery_id": delivery.id}, now=now)


def was_told(session: Session, application: GuideApplication, kind: NoticeKind) -> bool:
    """Whether a mail of a kind was ever written to the applicant."""
    told = select(Delivery.id).where(Delivery.application_id == application.id, Delivery.kind == kind.value)
    return session.scalar(told.limit(1)) is not None


def application_facts(
    session: Session,
    ctx: Context,
    kind: NoticeKind,
    application: GuideApplication,
    *,
    frontend_url: str,
    tokens: OneTimeTokens,
) -> ApplicationFacts:
    """What the applicant may be told; the link's token is derived here and nowhere kept."""
    return ApplicationFacts(
        Person(application.first_name, application.full_name),
        f"{frontend_url}/{_PAGE}?token={tokens.token(Link.GUIDE_APPLICATION, application.id)}",
        NAIROBI,
        until=application.confirm_until if kind is NoticeKind.APPLICATION_RECEIVED else None,
        reason=application.reason,
        refused=tuple((file.application_part, file.refusal) for file in refused_files(session, application)),
        is_over=not _is_news(kind, application, ctx.now(session)),
    )


def _is_news(kind: NoticeKind, application: GuideApplication, now: datetime) -> bool:
    if kind is NoticeKind.APPLICATION_RECEIVED:
        return application.confirmed_at is None and not application.is_over(now)
    if kind is NoticeKind.APPLICATION_KNOWN:
        return is_open(application)
    return application.state is _NEWS_IN[kind] and application.accepted_at is None


def is_open(application: GuideApplication) -> bool:
    """Whether its address is confirmed and something may still come of it: another one under that address is no new one."""
    waits = application.state in UNDECIDED or application.state is ApplicationState.APPROVED
    return application.confirmed_at is not None and waits and application.accepted_at is None


def drop(session: Session, ctx: Context, application: GuideApplication) -> None:
    """Delete a locked application with its history and its mails; its files follow, each before its row."""
    now = ctx.now(session)
    for file in files_of(session, application):
        uploads.discard(session, ctx, file, now)
    session.flush()
    session.delete(application)
    session.flush()


def claim(session: Session, user: User) -> None:
    """Let what was applied for under the address of a user, whose row is locked, be theirs: who applies first and opens the
    account later, or proves its address later, is one person."""
    if not user.has_confirmed_email:
        return
    theirs = GuideApplication.email == user.email, GuideApplication.confirmed_at.is_not(None)
    nobodys = update(GuideApplication).where(*theirs, GuideApplication.user_id.is_(None))
    session.execute(nobodys.values(user_id=user.id))


def drop_all(session: Session, ctx: Context, user_id: uuid.UUID) -> None:
    """Delete every application of a user whose row the caller has locked."""
    for application in lock_applications_by(session, user_id):
        drop(session, ctx, application)


def _is_waiting(session: Session, application: GuideApplication, kind: NoticeKind) -> bool:
    waiting = select(Delivery.id).where(
        Delivery.application_id == application.id,
        Delivery.kind == kind.value,
        Delivery.state == DeliveryState.QUEUED.value,
    )
    return session.scalar(waiting.limit(1)) is not None
