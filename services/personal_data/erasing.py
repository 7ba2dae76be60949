"""Forgetting a person: what the registry calls personal goes, what it keeps stays whole behind a row without a name."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

import structlog
from sqlalchemy import ColumnElement, CursorResult, Select, Table, Text, delete, null, or_, select, tuple_, update
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import Session

from domain.daraja import MalformedCallback, parse_callback, subscriber_digits, without_subscriber
from domain.personal_data import PERSONAL, Side, Special
from models.base import Base
from models.bookings import Booking, Receivable
from models.conversations import Message
from models.inbox import WebhookEvent
from models.locks import lock_user
from models.messages import Delivery, DeliveryState, Notification
from models.payments import Payment
from models.users import User
from services import limits
from services.applications import records
from services.context import Context
from services.media import uploads
from services.personal_data.obligations import obligations_of
from services.personal_data.subjects import concerns

#: Rows of one table that one transaction changes at most.
BATCH = 1_000
#: Payments are looked into one by one.
PAYMENTS_AT_ONCE = 100

logger = structlog.get_logger("services.erasing")


def accounts_to_erase(session: Session, now: datetime, limit: int) -> Sequence[uuid.UUID]:
    """Deleted accounts whose grace is over, the longest first."""
    due = select(User.id).where(User.erased_at.is_(None), User.erase_at <= now).order_by(User.erase_at)
    return session.scalars(due.limit(limit)).all()


def erase_account(session: Session, ctx: Context, user_id: uuid.UUID) -> bool:
    """Erase a part of an account, at most so much as one transaction should; whether there is more to be done.

    An account that was taken back, is erased already or became entangled again is left as it is.
    """
    user = lock_user(session, user_id)
    now = ctx.now(session)
    if user.erased_at is not None or user.erase_at is None or now < user.erase_at:
        return False
    if entangled := obligations_of(session, user.id, now):
        logger.error("account.not_erased", user_id=str(user.id), open=[f"{one.kind} {one.id}" for one in entangled])
        return False
    _stop_deliveries(session, user)
    uploads.discard_all(session, ctx, user.id)
    records.drop_all(session, ctx, user.id)
    if any([_forget_payers(session, user), _untell_others(session, user), _erase_rows(session, user)]):
        return True
    limits.forget_everywhere(session, [name for name in (user.email, user.phone, str(user.id)) if name])
    (account,) = PERSONAL["users"].sides
    for name, value in account.erases.items():
        setattr(user, name, value)
    user.erased_at = now
    ctx.audit(session, "user.erased", user, now=now)
    return False


def _erase_rows(session: Session, user: User) -> bool:
    """One batch of every other table, children first; whether one of them was full."""
    full = False
    for table in reversed(Base.metadata.sorted_tables):
        personal = PERSONAL.get(table.name)
        for side in personal.sides if personal and table.name != "users" else ():
            full |= _erase_side(session, table, side, user.id) >= BATCH
    return full


def _erase_side(session: Session, table: Table, side: Side, user_id: uuid.UUID) -> int:
    values = {
        name: _value(table, value) for name, value in side.erases.items() if value is not Special.WITHOUT_SUBSCRIBER
    }
    if not (values or side.deletes):
        return 0
    theirs = concerns(table, side, user_id)
    if not side.deletes:
        theirs &= _differs(table, values)
    key = tuple_(*table.primary_key.columns)
    some = key.in_(select(*table.primary_key.columns).where(theirs).limit(BATCH))
    statement = delete(table).where(some) if side.deletes else update(table).where(some).values(values)
    return cast(CursorResult[Any], session.execute(statement)).rowcount


def _value(table: Table, value: Any) -> Any:
    """What a column becomes. None is SQL's NULL, also where a column holds JSON."""
    if value is Special.ROW_ID:
        return sql_cast(table.c.id, Text)
    return null() if value is None else value


def _differs(table: Table, values: Mapping[str, Any]) -> ColumnElement[bool]:
    """Whether a row still is to be erased, so that each is written once and a batch leads to the next."""
    return or_(*(table.c[name].is_distinct_from(value) for name, value in values.items()))


def _stop_deliveries(session: Session, user: User) -> None:
    """What is still on its way to the person does not leave any more."""
    theirs = select(Notification.id).where(Notification.user_id == user.id)
    waiting = Delivery.state.in_([DeliveryState.QUEUED, DeliveryState.SENDING])
    stopped = {"state": DeliveryState.SUPPRESSED.value, "error_code": "account_erased"}
    session.execute(update(Delivery).where(Delivery.notification_id.in_(theirs), waiting).values(stopped))


def _untell_others(session: Session, user: User) -> bool:
    """What the other side of a booking or of a message was told names its people; the title and what it is about stay with
    them."""
    full = _emptied(
        session,
        select(Notification.id)
        .join(
            Message,
            (Notification.user_id == Message.receiver_id)
            & (Notification.data["message_id"].astext == sql_cast(Message.id, Text)),
        )
        .where(Message.sender_id == user.id, Notification.body != ""),
    )
    for mine, other in ((Booking.customer_id, Booking.host_id), (Booking.host_id, Booking.customer_id)):
        about = select(Notification.id).join(
            Booking,
            (Notification.user_id == other) & (Notification.data["booking_id"].astext == sql_cast(Booking.id, Text)),
        )
        full |= _emptied(session, about.where(mine == user.id, other != user.id, Notification.body != ""))
    return full


def _emptied(session: Session, ids: Select[tuple[uuid.UUID]]) -> bool:
    """Take the words out of one batch of notifications; whether it was full."""
    told = update(Notification).where(Notification.id.in_(ids.limit(BATCH))).values(body="")
    result = session.execute(told, execution_options={"synchronize_session": False})
    return cast(CursorResult[Any], result).rowcount >= BATCH


def _forget_payers(session: Session, user: User) -> bool:
    """Take the subscriber out of some payments and of what their provider said; whether there are more."""
    theirs = select(Payment).join(Receivable, Receivable.id == Payment.receivable_id)
    numbered = theirs.where(Receivable.payer_id == user.id, Payment.phone.is_not(None)).order_by(Payment.id)
    payments = session.scalars(numbered.limit(PAYMENTS_AT_ONCE).with_for_update(of=Payment)).all()
    for payment in payments:
        digits = subscriber_digits(payment.phone or "")
        for event in session.scalars(select(WebhookEvent).where(WebhookEvent.payment_id == payment.id)):
            event.body = nameless_callback(event.body, digits, payment)
        if payment.provider_reference:
            payment.provider_reference = without_subscriber(payment.provider_reference, digits, payment.id.hex)
        payment.phone = None
    session.flush()
    return len(payments) == PAYMENTS_AT_ONCE


def nameless_callback(body: bytes, digits: str, payment: Payment) -> bytes:
    """A callback of Daraja that still says what it said, of the same attempt, and not whose phone it was. ``digits`` are its
    payer's, and empty where that one is erased already."""
    text = bytes(body).decode(errors="surrogateescape")
    try:
        callback = parse_callback(json.loads(text))
    except (MalformedCallback, ValueError):
        sent = ""
    else:
        sent, reference = callback.phone or "", callback.checkout_request_id
        text = text.replace(reference, _nameless_reference(reference, digits, payment))
    if sent and not sent.isdigit():
        # Masked, and still telling some of it.
        text = text.replace(sent, "*")
    for each in {digits, subscriber_digits(sent)}:
        text = without_subscriber(text, each)
    return text.encode(errors="surrogateescape")


def _nameless_reference(reference: str, digits: str, payment: Payment) -> str:
    """M-Pesa's id of an attempt without its subscriber; the one that the payment has, or is to have, where it is its own."""
    if not digits and reference == payment.provider_reference:
        return reference
    digits = digits or subscriber_digits(reference)
    own = without_subscriber(reference, digits, payment.id.hex)
    return own if payment.provider_reference in (None, reference, own) else without_subscriber(reference, digits)
