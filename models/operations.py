"""What keeps the house in order: audit, idempotency, limits, periodic runs, heartbeats and shared provider tokens."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import (
    DateTime,
    ForeignKey,
    Index,
    SmallInteger,
    bindparam,
    delete,
    func,
    or_,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, INET, JSONB, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from domain.policy import DelayPolicy, Limit
from models.base import Base, Created, Instant, WithId
from models.sealed import SealedText


class AuditEntry(WithId, Created, Base):
    """Who did what to which row; append-only. ``data`` holds field names, states and amounts, never personal values, and
    ``ip`` the network that the actor was in."""

    __tablename__ = "audit_logs"
    __table_args__ = (Index(None, "entity_type", "entity_id"), Index(None, "actor_id"))

    at: Mapped[Instant]
    actor_id: Mapped[uuid.UUID | None]
    actor_role: Mapped[str]
    action: Mapped[str]
    entity_type: Mapped[str]
    entity_id: Mapped[uuid.UUID]
    data: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    ip: Mapped[str | None] = mapped_column(INET)
    request_id: Mapped[str | None]


class IdempotencyKey(Created, Base):
    """A POST that was carried out under a client's key, in the same transaction as its effect."""

    __tablename__ = "idempotency_keys"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    route: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    status: Mapped[int | None] = mapped_column(SmallInteger)
    location: Mapped[str | None]
    resource_id: Mapped[uuid.UUID | None]


class RateLimit(Base):
    """The recent hits of one subject under one limit: exact, in one row, and independent of Redis."""

    __tablename__ = "rate_limits"

    scope: Mapped[str] = mapped_column(primary_key=True)
    #: A digest, never the phone number or address itself.
    subject: Mapped[str] = mapped_column(primary_key=True)
    hits: Mapped[list[datetime]] = mapped_column(ARRAY(DateTime(timezone=True)))


#: Writes the hit only where there is room for it; where there is none it writes nothing, but holds the row's lock.
_HIT = text(
    """
    INSERT INTO rate_limits AS r (scope, subject, hits) VALUES (:scope, :subject, ARRAY[:now])
    ON CONFLICT (scope, subject) DO UPDATE
    SET hits = (SELECT coalesce(array_agg(h), '{}') FROM unnest(r.hits) h WHERE h > :now - :window) || ARRAY[:now]
    WHERE (SELECT count(*) FROM unnest(r.hits) h WHERE h > :now - :window) < :count
    RETURNING true
    """
).bindparams(bindparam("now", type_=DateTime(timezone=True)))
_OLDEST = text(
    """
    SELECT min(h) FROM rate_limits r, unnest(r.hits) h
    WHERE r.scope = :scope AND r.subject = :subject AND h > :now - :window
    """
)


def hit(session: Session, scope: str, subject: str, limit: Limit, now: datetime) -> float | None:
    """Count one hit; None where it is within the limit, else the seconds until one would be."""
    values = {"scope": scope, "subject": subject, "now": now, "window": limit.window}
    if session.scalar(_HIT, {**values, "count": limit.count}):
        return None
    oldest: datetime = session.scalar(_OLDEST, values)
    return max((oldest + limit.window - now).total_seconds(), 1.0)


#: When the next guess may be made: at once while some are free, else after a delay that doubles with each; never later than
#: when so many have left the window that one is free again.
_OPENS = """
    SELECT CASE WHEN count(*) < :count THEN :now ELSE least(
        max(h) + least(:first * power(CAST(2 AS float8), least(count(*) - :count, 30)), :longest),
        (array_agg(h ORDER BY h DESC))[:count] + :window
    ) END
    FROM unnest(r.hits) h WHERE h > :now - :window
"""
_GUESS = text(
    f"""
    INSERT INTO rate_limits AS r (scope, subject, hits) VALUES (:scope, :subject, ARRAY[:now])
    ON CONFLICT (scope, subject) DO UPDATE
    SET hits = (SELECT coalesce(array_agg(h), '{{}}') FROM unnest(r.hits) h WHERE h > :now - :window) || ARRAY[:now]
    WHERE ({_OPENS}) <= :now
    RETURNING true
    """  # noqa: S608 - a fragment of our own
).bindparams(bindparam("now", type_=DateTime(timezone=True)))
_NEXT_GUESS = text(
    f"SELECT ({_OPENS}) FROM rate_limits r WHERE r.scope = :scope AND r.subject = :subject"  # noqa: S608
).bindparams(bindparam("now", type_=DateTime(timezone=True)))


def guess(session: Session, scope: str, subject: str, free: Limit, delays: DelayPolicy, now: datetime) -> float | None:
    """Count one guess; None where it may be made now, else the seconds until it may. One that may not is not counted."""
    values = {"scope": scope, "subject": subject, "now": now, "count": free.count, "window": free.window}
    values |= {"first": delays.first, "longest": delays.longest}
    if session.scalar(_GUESS, values):
        return None
    opens: datetime = session.scalar(_NEXT_GUESS, values)
    return max((opens - now).total_seconds(), 1.0)


def give_back(session: Session, scope: str, subject: str) -> None:
    """Take one hit of a subject back, the newest."""
    taken = func.trim_array(RateLimit.hits, 1, type_=RateLimit.hits.type)
    mine = RateLimit.scope == scope, RateLimit.subject == subject
    session.execute(update(RateLimit).where(*mine, func.cardinality(RateLimit.hits) > 0).values(hits=taken))


def forget(session: Session, scope: str, subject: str) -> None:
    """Drop what was counted of one subject."""
    session.execute(delete(RateLimit).where(RateLimit.scope == scope, RateLimit.subject == subject))


def forget_old_hits(session: Session, before: datetime, most: int) -> None:
    """Drop subjects that were last counted before then, at most so many. One that is being counted now is left alone."""
    # Hits are appended, so the last one is the newest; where the only one was given back there is none.
    newest = RateLimit.hits[func.cardinality(RateLimit.hits)]
    old = (
        select(RateLimit.scope, RateLimit.subject)
        .where(or_(newest < before, func.cardinality(RateLimit.hits) == 0))
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    session.execute(delete(RateLimit).where(tuple_(RateLimit.scope, RateLimit.subject).in_(old)))


class PeriodicRun(Base):
    """One run of a periodic task: whoever writes the row first does the work, so two beats are harmless."""

    __tablename__ = "periodic_runs"

    name: Mapped[str] = mapped_column(primary_key=True)
    bucket: Mapped[Instant] = mapped_column(primary_key=True)
    claimed_at: Mapped[Instant]


class Heartbeat(Base):
    """When a process was last seen at its work."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[Instant]


def beat(session: Session, name: str, now: datetime) -> None:
    """Note that ``name`` is alive."""
    session.execute(
        insert(Heartbeat)
        .values(name=name, at=now)
        .on_conflict_do_update(index_elements=["name"], set_={"at": func.greatest(Heartbeat.at, now)})
    )


def heartbeats(session: Session) -> dict[str, datetime]:
    """Every process that was ever seen, and when last."""
    return dict(session.execute(select(Heartbeat.name, Heartbeat.at)).all())


class ProviderToken(Base):
    """A provider's access token, sealed, shared by all processes because fetching a new one kills the old."""

    __tablename__ = "provider_tokens"

    provider: Mapped[str] = mapped_column(primary_key=True)
    token: Mapped[str | None] = mapped_column(
        SealedText("a new one is fetched by itself when it is needed", heals=True)
    )
    expires_at: Mapped[Instant | None]
    #: Somebody is fetching a new one and should be done by then.
    renewing_until: Mapped[Instant | None]
