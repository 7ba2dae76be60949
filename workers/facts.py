"""The facts that a notification is told from, gathered alike when it is written and when it is sent."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from sqlalchemy.orm import Session

from domain.facts import ExperienceFacts, Facts
from domain.notices import NOTICES, NoticeKind
from models.applications import GuideApplication
from models.messages import Delivery, Notification
from services.applications.records import application_facts
from services.context import Context
from services.messages.facts import account_facts, booking_facts, experience_facts
from workers.runtime import Runtime


def facts_of_delivery(session: Session, ctx: Context, runtime: Runtime, delivery: Delivery) -> tuple[NoticeKind, Facts]:
    """What a delivery tells: a user's notification, or an applicant straight from the application."""
    if delivery.application_id is None:
        notification = session.get_one(Notification, delivery.notification_id)
        kind = NoticeKind(notification.kind)
        return kind, facts_of(session, ctx, runtime, kind, notification.user_id, notification.data)
    kind, application = NoticeKind(delivery.kind), session.get_one(GuideApplication, delivery.application_id)
    links = {"frontend_url": runtime.frontend_url, "tokens": runtime.one_time_tokens}
    return kind, application_facts(session, ctx, kind, application, **links)


def facts_of(
    session: Session, ctx: Context, runtime: Runtime, kind: NoticeKind, reader_id: uuid.UUID, data: Mapping[str, str]
) -> Facts:
    """What ``reader_id`` may be told; ``data`` holds the ids of what it is about, as text."""
    ids = {name: uuid.UUID(value) for name, value in data.items()}
    if NOTICES[kind].is_about_account:
        return account_facts(
            session,
            ctx,
            kind,
            reader_id,
            frontend_url=runtime.frontend_url,
            tokens=runtime.one_time_tokens,
            token_id=ids.get("one_time_token_id"),
            session_id=ids.get("session_id"),
            licence_renewal_id=ids.get("licence_renewal_id"),
        )
    if NOTICES[kind].facts is ExperienceFacts:
        return experience_facts(session, kind, reader_id, frontend_url=runtime.frontend_url, **ids)
    return booking_facts(
        session,
        ctx,
        ids["booking_id"],
        reader_id,
        frontend_url=runtime.frontend_url,
        payment_id=ids.get("payment_id"),
        refund_id=ids.get("refund_id"),
    )
