"""What those who sign in to the demo were told of their latest bookings, so that a first look at the list finds something."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from documents import render_notice
from domain.bookings import BookingState
from domain.listings import Confirmation
from domain.notices import NoticeKind
from domain.policy import Policy
from models import Booking, Notification, Payment, User
from models.bookings import Receivable
from models.clock import Clock
from ops.seed.ids import dated_id
from services import feed
from services.context import Context
from services.messages.facts import booking_facts

_BOOKINGS, _UNREAD = 4, 3
_AS_TOURIST = (NoticeKind.BOOKING_CONFIRMED, NoticeKind.PAYMENT_RECEIPT)
_AS_GUIDE = (NoticeKind.NEW_BOOKING,)


def add_notices(session: Session, policy: Policy, reader: User) -> int:
    """Notifications of the latest bookings that money confirmed, read but for the last ones; how many. Nothing is sent."""
    latest = (
        select(Booking, Payment.id, Payment.paid_at)
        .join(Receivable, Receivable.booking_id == Booking.id)
        .join(Payment, Payment.receivable_id == Receivable.id)
        .where(or_(Booking.customer_id == reader.id, Booking.host_id == reader.id), Payment.settles)
        .where(Booking.status == BookingState.CONFIRMED, Booking.confirmation == Confirmation.INSTANT)
        .order_by(Payment.paid_at.desc())
    )
    ctx = Context(policy, Clock())
    rows = [
        _told(session, ctx, kind, reader, booking, payment_id, paid_at)
        for booking, payment_id, paid_at in reversed(session.execute(latest.limit(_BOOKINGS)).all())
        for kind in (_AS_TOURIST if booking.customer_id == reader.id else _AS_GUIDE)
    ]
    for row in rows[:-_UNREAD]:
        row.read_at = row.created_at + timedelta(minutes=5)
    return len(feed.append(session, reader.id, rows)) if rows else 0


def _told(
    session: Session, ctx: Context, kind: NoticeKind, to: User, booking: Booking, payment_id: uuid.UUID, at: datetime
) -> Notification:
    facts = booking_facts(session, ctx, booking.id, to.id, frontend_url="", payment_id=payment_id)
    title, body = render_notice(kind, to.locale, facts)
    key = f"demo:{kind}:{booking.id}"
    data = {"booking_id": str(booking.id), "payment_id": str(payment_id)}
    return Notification(
        id=dated_id("notice", key, at), key=key, kind=kind.value, title=title, body=body, data=data, created_at=at
    )
