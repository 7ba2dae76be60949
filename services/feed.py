"""One person's numbered events: written in order, so that a client which was away can ask for what it missed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from domain.errors import NotFound
from domain.live import LiveEvent
from models.messages import Notification
from models.users import User
from services.context import Context
from services.pages import Order, Page, Window, count, falling, rising

#: One person's numbers are no other event's.
_NEWEST_FIRST, _OLDEST_FIRST = Order(falling(Notification.seq)), Order(rising(Notification.seq))
_UNREAD = (Notification.has_badge, Notification.read_at.is_(None))


def append(session: Session, user_id: uuid.UUID, rows: Sequence[Notification]) -> list[LiveEvent]:
    """Give rows the user's next numbers and write them. The user's row stays locked until the commit."""
    last = session.scalar(
        update(User)
        .where(User.id == user_id)
        .values(notification_seq=User.notification_seq + len(rows))
        .returning(User.notification_seq)
    )
    for seq, row in enumerate(rows, start=last - len(rows) + 1):
        row.user_id, row.seq = user_id, seq
    session.add_all(rows)
    session.flush()
    return [event_of(row) for row in rows]


def events_since(session: Session, user_id: uuid.UUID, seq: int, limit: int) -> list[LiveEvent]:
    """The user's events after number ``seq``, oldest first, at most ``limit`` of them."""
    mine = select(Notification).where(Notification.user_id == user_id, Notification.seq > seq)
    rows = session.scalars(mine.order_by(Notification.seq).limit(limit))
    return [event_of(row) for row in rows]


def notification_page(
    session: Session,
    user_id: uuid.UUID,
    window: Window,
    *,
    since: int | None = None,
    unread_only: bool = False,
) -> Page[Notification]:
    """One page of what the user was told, newest first. With ``since`` everything after that number, changes included,
    oldest first."""
    mine = [Notification.user_id == user_id]
    if since is not None:
        mine.append(Notification.seq > since)
    if unread_only:
        mine += _UNREAD
    elif since is None:
        mine.append(Notification.has_badge)
    total = count(session, select(Notification.id).where(*mine))
    order = _NEWEST_FIRST if since is None else _OLDEST_FIRST
    return order.scalars(session, select(Notification).where(*mine), window, total)


def unread_count(session: Session, user_id: uuid.UUID) -> int:
    """How many things with a badge the user has not read."""
    unread = select(func.count()).select_from(Notification).where(Notification.user_id == user_id, *_UNREAD)
    return session.scalar(unread) or 0


def mark_read(session: Session, ctx: Context, notification_id: uuid.UUID) -> LiveEvent:
    """Read one of the actor's; a second time changes nothing. Raises ``notification_not_found``."""
    mine = select(Notification).where(
        Notification.id == notification_id, Notification.user_id == ctx.actor.user_id, Notification.has_badge
    )
    row = session.scalar(mine.with_for_update())
    if row is None:
        raise NotFound("notification_not_found", "There is no such notification.")
    row.read_at = row.read_at or ctx.now(session)
    return event_of(row)


def mark_all_read(session: Session, ctx: Context, up_to: int | None) -> None:
    """Read everything of the actor's with a number of at most ``up_to``, so that what came meanwhile stays unread."""
    unread = select(Notification.id).where(Notification.user_id == ctx.actor.user_id, *_UNREAD)
    if up_to is not None:
        unread = unread.where(Notification.seq <= up_to)
    # In one order, so that two devices do this one after the other.
    ids = session.scalars(unread.order_by(Notification.seq).with_for_update()).all()
    session.execute(update(Notification).where(Notification.id.in_(ids)).values(read_at=ctx.now(session)))


def last_seq(session: Session, user_id: uuid.UUID) -> int:
    """The number of the user's latest event; 0 where there is none yet."""
    return session.scalar(select(User.notification_seq).where(User.id == user_id)) or 0


def event_of(row: Notification) -> LiveEvent:
    """A row as it goes out."""
    return LiveEvent(
        row.id, row.seq, row.kind, row.title, row.body, row.data, row.has_badge, row.created_at, row.read_at
    )
