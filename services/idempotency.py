"""POSTs that a client may safely send again: the key is written in the same transaction as the effect."""

from __future__ import annotations

import uuid

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from domain.errors import RuleViolation
from models.operations import IdempotencyKey


def begin(session: Session, user_id: uuid.UUID, route: str, key: str, fingerprint: str) -> IdempotencyKey:
    """The key's row, new or replayed (then it has a ``status``).

    A twin whose effect is still uncommitted is waited for by the unique index, up to the lock timeout. Raises
    ``idempotency_key_reused`` where the key came with another body.
    """
    session.execute(
        insert(IdempotencyKey)
        .values(user_id=user_id, route=route, key=key, fingerprint=fingerprint)
        .on_conflict_do_nothing()
    )
    row = session.get_one(IdempotencyKey, (user_id, route, key))
    if row.fingerprint != fingerprint:
        raise RuleViolation(
            "idempotency_key_reused",
            "This Idempotency-Key was used with another request body. Use a new key for a new request.",
        )
    return row


def complete(row: IdempotencyKey, *, status: int, location: str | None, resource_id: uuid.UUID) -> None:
    """Remember what the effect was, for replays."""
    row.status, row.location, row.resource_id = status, location, resource_id
