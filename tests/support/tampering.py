"""What somebody does to the audit log who holds the database: switch the triggers off, and write."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models import AuditEntry, AuditLink
from models.base import new_id
from models.session import Database
from services.audit.chain import extend_chain
from services.audit.proof import Fault, Proof, prove
from services.context import Context
from tests.factories import utc

NOW = utc(2026, 6, 1, 9)


class AuditLog:
    """The audit log with its chain, as tests write it, chain it, forge it and prove it."""

    def __init__(self, db: Database, ctx: Context):
        self.db = db
        self.ctx = ctx

    def write(self, count: int = 1, **values: object) -> list[uuid.UUID]:
        """Entries of one transaction; their ids, in order."""
        with self.db.transaction() as session:
            return self.write_in(session, count, **values)

    def write_in(self, session: Session, count: int = 1, **values: object) -> list[uuid.UUID]:
        """Entries of a transaction that is still open."""
        entries = [entry(**values) for _ in range(count)]
        session.add_all(entries)
        session.flush()
        return [each.id for each in entries]

    def chain(self, limit: int = 1_000) -> list[AuditLink]:
        """Make links until nothing waits."""
        links: list[AuditLink] = []
        with self.db.transaction() as session:
            while link := extend_chain(session, self.ctx.now(session), limit):
                links.append(link)
        return links

    def links(self) -> list[AuditLink]:
        with self.db.reading() as session:
            return list(session.scalars(select(AuditLink).order_by(AuditLink.number)))

    def proof(self, **options: object) -> tuple[Proof, list[Fault]]:
        """What a proof says, and each fault that it told."""
        told: list[Fault] = []
        with self.db.reading() as session:
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            return prove(session, told.append, **options), told

    def faults(self, **options: object) -> list[tuple[int | None, uuid.UUID | None, str]]:
        """The faults alone, as link, entry and words."""
        return [(fault.link, fault.entry, fault.what) for fault in self.proof(**options)[1]]

    def forge(self, statement: str, **values: object) -> None:
        """Do it past the triggers, as a superuser can; it must hit something."""
        with self.forging() as session:
            assert session.execute(text(statement), values).rowcount

    @contextmanager
    def forging(self) -> Iterator[Session]:
        with self.db.transaction() as session:
            session.execute(text("SET LOCAL session_replication_role = replica"))
            yield session


def entry(at: datetime = NOW, **values: object) -> AuditEntry:
    """An entry with something in every column."""
    defaults = {
        "id": new_id(),
        "actor_id": new_id(),
        "actor_role": "admin",
        "action": "booking.cancelled",
        "entity_type": "bookings",
        "entity_id": new_id(),
        "data": {"status": "cancelled", "fields": ["b", "a"], "amount_minor": 250_000},
        "ip": "197.232.1.2",
        "request_id": "r1",
    }
    return AuditEntry(at=at, **{**defaults, **values})
