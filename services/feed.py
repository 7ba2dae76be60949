"""What a user may have missed: the numbered events of one person, in the order in which they were written."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.live import LiveEvent
from models.messages import Notification
from models.users import User


def events_since(session: Session, user_id: uuid.UUID, seq: int, limit: int) -> list[LiveEvent]:
    """The user's events after number ``seq``, oldest first, at most ``limit`` of them."""
    mine = select(Notification).where(Notification.user_id == user_id, Notification.seq > seq)
    rows = session.scalars(mine.order_by(Notification.seq).limit(limit))
    return [event_of(row) for row in rows]


def last_seq(session: Session, user_id: uuid.UUID) -> int:
    """The number of the user's latest event; 0 where there is none yet."""
    return session.scalar(select(User.notification_seq).where(User.id == user_id)) or 0


def event_of(row: Notification) -> LiveEvent:
    """A row as it goes out."""
    return LiveEvent(
        row.id, row.seq, row.kind, row.title, row.body, row.data, row.has_badge, row.created_at, row.read_at
    )
