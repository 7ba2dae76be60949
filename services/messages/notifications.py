"""What a user is told, as a numbered row, and one delivery for each channel that reaches them and is wanted."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.jobs import JobKind
from domain.notices import NOTICES, Channel, NoticeKind
from models.bookings import Receivable
from models.messages import Delivery, Notification
from models.one_time_tokens import OneTimeToken
from models.payments import Payment
from models.users import User
from services import feed, limits
from services.accounts.preferences import channels_for
from services.context import Context

_SEND = {Channel.EMAIL: JobKind.SEND_EMAIL, Channel.SMS: JobKind.SEND_SMS}


def notify(
    session: Session,
    ctx: Context,
    kind: NoticeKind,
    user: User,
    *,
    key: str,
    title: str,
    body: str,
    data: Mapping[str, str],
    now: datetime,
) -> Notification:
    """Write one notification with the user's next number, and the deliveries and jobs that carry it out of the house."""
    notification = Notification(key=key, kind=kind.value, title=title, body=body, data=dict(data))
    notification.has_badge = NOTICES[kind].has_badge
    feed.append(session, user.id, [notification])
    for channel in channels_for(session, user.id, NOTICES[kind]):
        address = _address(session, user, channel, data)
        if address and _is_bearable(session, ctx, kind, user, channel, data):
            _deliver(session, ctx, notification, channel, address, user.locale, now)
    return notification


def _deliver(
    session: Session,
    ctx: Context,
    notification: Notification,
    channel: Channel,
    address: str,
    locale: str,
    now: datetime,
) -> None:
    delivery = Delivery(notification_id=notification.id, channel=channel.value, address=address, locale=locale)
    session.add(delivery)
    session.flush()
    ctx.enqueue(session, _SEND[channel], f"deliver:{delivery.id}", {"delivery_id": delivery.id}, now=now)


def _is_bearable(
    session: Session, ctx: Context, kind: NoticeKind, user: User, channel: Channel, data: Mapping[str, str]
) -> bool:
    """Whether the mailbox may get another mail. Anybody opens an account with anybody's address, and what they do there again
    and again would be as many mails to a stranger. Links are asked for, and have limits of their own."""
    is_a_strangers = channel is Channel.EMAIL and not user.has_confirmed_email
    if not is_a_strangers or not NOTICES[kind].is_about_account or "one_time_token_id" in data:
        return True
    return limits.admits(session, ctx, "unconfirmed_mail", str(user.id), ctx.policy.limits.unconfirmed_mail)


def _address(session: Session, user: User, channel: Channel, data: Mapping[str, str]) -> str | None:
    """Where a channel reaches the user; a code goes to the phone that it is for, and a payer without a number of their own is
    reached on the one that paid."""
    if channel is Channel.EMAIL:
        return user.email
    if "one_time_token_id" in data:
        return session.get_one(OneTimeToken, uuid.UUID(data["one_time_token_id"])).phone
    if user.phone or "payment_id" not in data:
        return user.phone
    return session.scalar(
        select(Payment.phone)
        .join(Receivable, Receivable.id == Payment.receivable_id)
        .where(Payment.id == uuid.UUID(data["payment_id"]), Receivable.payer_id == user.id)
    )
