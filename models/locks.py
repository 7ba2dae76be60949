"""Row locks in one order (user → resources → departures → bookings → payments), so that no two transactions deadlock."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from typing import TypeVar

from sqlalchemy import ColumnElement, ScalarResult, Select, select
from sqlalchemy.orm import Session

from domain.users import Role
from models.applications import GuideApplication
from models.bookings import Booking, Receivable
from models.catalogue import Resource
from models.departures import Departure
from models.media import Media
from models.payments import Payment
from models.users import User, UserSession

ORDER = (User, Resource, Departure, Booking, Payment)
_TAKEN = "locks_taken"
Row = TypeVar("Row", User, Resource, Departure, Booking, Payment)


class LockOrderViolation(Exception):
    """A lock was asked for after one that comes later in the order: a deadlock waiting for its day."""


def lock_user(session: Session, user_id: uuid.UUID) -> User:
    return _lock(session, User, select(User).where(User.id == user_id))[0]


def lock_users(session: Session, ids: Collection[uuid.UUID]) -> Sequence[User]:
    return _lock(session, User, select(User).where(User.id.in_(ids)))


def lock_super_admins(session: Session) -> Sequence[User]:
    """All of them, for who may not be the last one to go."""
    return _lock(session, User, select(User).where(User.user_type == Role.SUPER_ADMIN))


def lock_resources(session: Session, ids: Collection[uuid.UUID]) -> Sequence[Resource]:
    return _lock(session, Resource, select(Resource).where(Resource.id.in_(ids)))


def lock_departures(session: Session, ids: Collection[uuid.UUID]) -> Sequence[Departure]:
    return _lock(session, Departure, select(Departure).where(Departure.id.in_(ids)))


def lock_bookings(session: Session, ids: Collection[uuid.UUID]) -> Sequence[Booking]:
    return _lock(session, Booking, select(Booking).where(Booking.id.in_(ids)))


def lock_payments(session: Session, booking_ids: Collection[uuid.UUID]) -> Sequence[Payment]:
    """All payments of these bookings; the receivables are guarded by their bookings' locks."""
    receivables = select(Receivable.id).where(Receivable.booking_id.in_(booking_ids))
    return _lock(session, Payment, select(Payment).where(Payment.receivable_id.in_(receivables)))


def lock_session(session: Session, session_id: uuid.UUID) -> UserSession | None:
    """A family of refresh tokens; nothing is locked after it, so it needs no place in the order."""
    query = select(UserSession).where(UserSession.id == session_id).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def lock_sessions(session: Session, user_id: uuid.UUID) -> Sequence[UserSession]:
    """Every family of a user that is not revoked. Taken after the user's row, under which no new one begins."""
    query = select(UserSession).where(UserSession.user_id == user_id, UserSession.revoked_at.is_(None))
    ordered = query.order_by(UserSession.id).with_for_update()
    return session.scalars(ordered.execution_options(populate_existing=True)).all()


def lock_application(session: Session, application_id: uuid.UUID) -> GuideApplication | None:
    """One application. Taken after its applicant's or reviewer's row where both are; only its files are locked after it."""
    return _lock_applications(session, GuideApplication.id == application_id).first()


def lock_applications_of(session: Session, email: str) -> Sequence[GuideApplication]:
    """All that came under one address of mail, the first one first: of which two cannot both become the one that counts."""
    return _lock_applications(session, GuideApplication.email == email).all()


def lock_applications_by(session: Session, user_id: uuid.UUID) -> Sequence[GuideApplication]:
    """All of one account."""
    return _lock_applications(session, GuideApplication.user_id == user_id).all()


def lock_media(session: Session, media_id: uuid.UUID) -> Media | None:
    """One upload. Taken after its owner's row where both are; nothing is locked after it."""
    query = select(Media).where(Media.id == media_id).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def _lock_applications(session: Session, which: ColumnElement[bool]) -> ScalarResult[GuideApplication]:
    query = select(GuideApplication).where(which).order_by(GuideApplication.id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True))


def _lock(session: Session, model: type[Row], query: Select[tuple[Row]]) -> Sequence[Row]:
    """``FOR NO KEY UPDATE`` in id order, read anew; foreign keys to the row stay possible meanwhile."""
    rank = ORDER.index(model)
    # A session's first statement would begin its transaction only after we have looked.
    current = session.get_transaction() or session.begin()
    transaction, reached = session.info.get(_TAKEN, (None, -1))
    if transaction is current and reached > rank:
        raise LockOrderViolation(f"{model.__name__} after {ORDER[reached].__name__}")
    session.info[_TAKEN] = (current, rank)
    locked = query.order_by(model.id).with_for_update(key_share=True).execution_options(populate_existing=True)
    return session.scalars(locked).all()
