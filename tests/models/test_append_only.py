"""What was written down stays as it was, whoever asks."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from domain.audit import GENESIS
from models import AuditEntry, AuditLink, BookingEvent, PaymentEvent
from models.base import new_id
from tests.factories import utc

NOW = utc(2026, 6, 1, 9)
#: Table, and a change that would rewrite history.
HISTORY = [
    ("booking_events", "to_status = 'x'"),
    ("line_items", "description = 'x'"),
    ("payment_events", "code = 'x'"),
    ("guide_application_events", "reason = 'x'"),
    ("audit_logs", "action = 'x'"),
    ("audit_chain", "hash = sha256('x')"),
]
#: What nobody may empty either: with their rows would go what proves them.
KEPT = {"audit_logs", "audit_chain"}


@pytest.fixture
def history(db, make, applications):
    """A row in each table; booking a tour has written the price lines."""
    booking = make.booking()
    payment = make.payment(booking)
    applications.sent()
    with db.transaction() as session:
        session.add(
            BookingEvent(booking_id=booking.id, verb="cancel", from_status="pending", to_status="cancelled", at=NOW)
        )
        session.add(PaymentEvent(payment_id=payment.id, key="accepted", evidence="accepted", at=NOW))
        session.add(AuditEntry(at=NOW, actor_role="system", action="a", entity_type="bookings", entity_id=booking.id))
        session.add(link(1, GENESIS))


def link(number: int, previous: bytes) -> AuditLink:
    return AuditLink(
        number=number,
        entry_ids=[new_id()],
        digests=bytes(32),
        previous_hash=previous,
        hash=number.to_bytes(32),
        made_at=NOW,
    )


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize(("table", "change"), HISTORY)
@pytest.mark.parametrize("statement", ["UPDATE {table} SET {change}", "DELETE FROM {table}"])
def test_history_can_be_neither_changed_nor_deleted(db, table, change, statement):
    before = rows(db, table)
    assert before
    with pytest.raises(IntegrityError, match=f"{table} is append-only"), db.transaction() as session:
        session.execute(text(statement.format(table=table, change=change)))
    assert rows(db, table) == before


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize("table", sorted(KEPT))
def test_the_audit_log_and_its_chain_cannot_be_emptied(db, table):
    before = rows(db, table)
    with pytest.raises(IntegrityError, match=f"{table} is append-only"), db.transaction() as session:
        session.execute(text(f"TRUNCATE bookings, {table} CASCADE"))
    assert rows(db, table) == before != []


@pytest.mark.usefixtures("history")
def test_the_chain_of_the_audit_log_cannot_fork(db, refused):
    with refused("uq_audit_chain_previous_hash"), db.transaction() as session:
        session.add(link(2, GENESIS))
    with refused("pk_audit_chain"), db.transaction() as session:
        session.add(link(1, bytes([1] * 32)))


def rows(db, table: str) -> list:
    with db.reading() as session:
        return session.execute(text(f"SELECT * FROM {table} ORDER BY 1")).all()


def test_exactly_these_tables_are_append_only(db):
    query = "SELECT tgrelid::regclass::text, tgtype & 32 > 0 FROM pg_trigger WHERE tgfoid = 'refuse_change'::regproc"
    with db.reading() as session:
        found = {tuple(row) for row in session.execute(text(query))}
    assert found == {(table, False) for table, _ in HISTORY} | {(table, True) for table in KEPT}
