"""The one way in which bookings and payments change state, so that whoever is concerned sees every change at once.

A change adds a job for each user concerned. The job asks what the user has not seen yet, so that changes which follow each
other quickly are shown as one, and none is shown as older than what was shown before.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from domain.bookings import KNOWN_TO_HOST, BookingState, BookingVerb
from domain.jobs import JobKind
from domain.live import LiveEvent
from domain.notices import ChangeKind
from domain.payments import PaymentState
from models.base import new_id
from models.bookings import Booking, Receivable
from models.locks import lock_user
from models.messages import Notification
from models.payments import Payment
from services import feed
from services.context import Context

#: In ``session.info``: which users will see which bookings anew once the transaction is committed.
_ASKED = "changes_asked"

#: What a user sees of one booking or payment: its kind, its id, and its state.
Seen = tuple[ChangeKind, str]


def move_booking(
    session: Session,
    ctx: Context,
    booking: Booking,
    verb: BookingVerb,
    now: datetime,
    *,
    actor_id: uuid.UUID | None = None,
) -> bool:
    """Apply a verb of the state table; False where the target state already holds. The row is locked.

    Raises :class:`domain.errors.Conflict` where the table refuses.
    """
    was = booking.state
    if not booking.move(session, verb, now, actor_id=actor_id):
        return False
    _ask(session, ctx, booking.customer_id, booking.id, now)
    if was in KNOWN_TO_HOST or booking.state in KNOWN_TO_HOST:
        _ask(session, ctx, booking.host_id, booking.id, now)
    return True


def move_payment(
    session: Session, ctx: Context, payment: Payment, state: PaymentState, failure_code: str | None, now: datetime
) -> bool:
    """Give a payment its state and what explains it; False where both hold already. The row is locked."""
    if not payment.become(state, failure_code):
        return False
    receivable = session.get_one(Receivable, payment.receivable_id)
    _ask(session, ctx, receivable.payer_id, receivable.booking_id, now)
    return True


def show_changes(session: Session, user_id: uuid.UUID, booking_id: uuid.UUID, *, key: str) -> list[LiveEvent]:
    """Write what is new to the user about a booking and its payments, as events; ``key`` makes theirs.

    The user's row is locked before anything is read, so a later number never carries an older state.
    """
    lock_user(session, user_id)
    shown = _shown(session, user_id, booking_id)
    news = [
        Notification(
            key=f"{key}:{data.get('payment_id', data['booking_id'])}",
            kind=kind.value,
            title="",
            body="",
            data=data,
            has_badge=False,
        )
        for kind, data in _states(session, user_id, booking_id)
        if shown.get(_subject(kind, data), _unseen(data)) != data
    ]
    return feed.append(session, user_id, news) if news else []


def _ask(session: Session, ctx: Context, user_id: uuid.UUID, booking_id: uuid.UUID, now: datetime) -> None:
    """One job for a user and a booking in a transaction, whatever changes in it."""
    transaction = session.get_transaction()
    current, asked = session.info.get(_ASKED, (None, set()))
    if current is not transaction:
        current, asked = transaction, set()
    if (user_id, booking_id) in asked:
        return
    session.info[_ASKED] = (current, asked | {(user_id, booking_id)})
    payload = {"user_id": user_id, "booking_id": booking_id}
    ctx.enqueue(session, JobKind.SHOW_CHANGES, f"show:{booking_id}:{new_id()}", payload, now=now)


def _states(session: Session, user_id: uuid.UUID, booking_id: uuid.UUID) -> Iterator[tuple[ChangeKind, dict[str, Any]]]:
    """How the payments that the user made, and the booking, stand now."""
    rows = session.execute(
        select(Booking.reference, Booking.status, Payment.id, Payment.state, Payment.failure_code)
        .outerjoin(Receivable, and_(Receivable.booking_id == Booking.id, Receivable.payer_id == user_id))
        .outerjoin(Payment, Payment.receivable_id == Receivable.id)
        .where(Booking.id == booking_id)
        .order_by(Payment.attempt)
    ).all()
    booking = {"booking_id": str(booking_id), "reference": rows[0].reference}
    for row in rows:
        if row.id is not None:
            payment = {"payment_id": str(row.id), "status": row.state, "failure_code": row.failure_code}
            yield ChangeKind.PAYMENT_UPDATED, booking | payment
    yield ChangeKind.BOOKING_UPDATED, booking | {"status": rows[0].status}


def _shown(session: Session, user_id: uuid.UUID, booking_id: uuid.UUID) -> dict[Seen, dict[str, Any]]:
    """What the user was last shown of the booking and of each payment."""
    payment_id = Notification.data["payment_id"].astext
    rows = session.execute(
        select(Notification.kind, Notification.data)
        .where(
            Notification.user_id == user_id,
            ~Notification.has_badge,
            Notification.data["booking_id"].astext == str(booking_id),
        )
        .ext(distinct_on(Notification.kind, payment_id))
        .order_by(Notification.kind, payment_id, Notification.seq.desc())
    )
    return {_subject(ChangeKind(row.kind), row.data): row.data for row in rows}


def _subject(kind: ChangeKind, data: dict[str, Any]) -> Seen:
    return kind, data.get("payment_id", data["booking_id"])


def _unseen(data: dict[str, Any]) -> dict[str, Any]:
    """Everything begins as pending, which the answer to the request that made it has said."""
    beginning = {"status": BookingState.PENDING.value, "failure_code": None}
    return data | {name: value for name, value in beginning.items() if name in data}
