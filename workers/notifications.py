"""Turning news into numbered rows and live events: notifications with words and deliveries, changes with neither."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy.orm import Session

from documents import render_notice
from domain.jobs import JobKind
from domain.live import LiveEvent
from domain.notices import NoticeKind, is_overtaken
from models.jobs import Claim
from models.users import User
from services.bookings.changes import show_changes
from services.context import Context
from services.feed import event_of
from services.messages.conversations import show_message
from services.messages.notifications import notify
from workers.facts import facts_of
from workers.payload import uuid_of
from workers.running import DONE, Done, Outcome, transactional
from workers.runtime import Runtime


@transactional(JobKind.NOTIFY)
def write_notification(session: Session, ctx: Context, job: Claim, runtime: Runtime) -> Outcome:
    """Write one user's notification and what carries it out; the title and body are those of its mail."""
    kind = NoticeKind(job.payload["kind"])
    user = session.get_one(User, uuid_of(job, "user_id"))
    data = {name: value for name, value in job.payload.items() if name.endswith("_id") and name != "user_id"}
    facts = facts_of(session, ctx, runtime, kind, user.id, data)
    if is_overtaken(kind, facts):
        return DONE
    title, body = render_notice(kind, user.locale, facts)
    notification = notify(
        session,
        ctx,
        kind,
        user,
        key=f"job:{job.job_id}",
        title=title,
        body=body,
        data=data,
        now=ctx.now(session),
    )
    return _emitted(runtime, user.id, [event_of(notification)])


@transactional(JobKind.SHOW_CHANGES)
def write_changes(session: Session, ctx: Context, job: Claim, runtime: Runtime) -> Outcome:
    """Show one user how a booking and its payments stand now, where that is news."""
    user_id = uuid_of(job, "user_id")
    events = show_changes(session, user_id, uuid_of(job, "booking_id"), key=f"job:{job.job_id}")
    return _emitted(runtime, user_id, events)


@transactional(JobKind.SHOW_MESSAGE)
def write_message(session: Session, ctx: Context, job: Claim, runtime: Runtime) -> Outcome:
    """Show a message to whom it is for."""
    message_id = uuid_of(job, "message_id")
    receiver_id, events = show_message(session, message_id, key=f"job:{job.job_id}")
    return _emitted(runtime, receiver_id, events)


def _emitted(runtime: Runtime, user_id: uuid.UUID, events: Sequence[LiveEvent]) -> Done:
    """Done, and sent to the user's sockets once it is committed; whoever misses that asks for the numbers since."""

    def emit() -> None:
        for event in events:
            runtime.live.emit(user_id, event)

    return Done(then=emit)
