"""What was written down stays as it was, whoever asks."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from models import AuditEntry, BookingEvent, PaymentEvent
from tests.factories import utc

NOW = utc(2026, 6, 1, 9)
#: Table, and a column whose change would rewrite history.
HISTORY = [
    ("booking_events", "to_status"),
    ("line_items", "description"),
    ("payment_events", "code"),
    ("audit_logs", "action"),
]


@pytest.fixture
def history(db, make):
    """A row in each table; booking a tour has written the price lines."""
    booking = make.booking()
    payment = make.payment(booking)
    with db.transaction() as session:
        session.add(
            BookingEvent(booking_id=booking.id, verb="cancel", from_status="pending", to_status="cancelled", at=NOW)
        )
        session.add(PaymentEvent(payment_id=payment.id, key="accepted", evidence="accepted", at=NOW))
        session.add(AuditEntry(at=NOW, actor_role="system", action="a", entity_type="bookings", entity_id=booking.id))


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize(("table", "column"), HISTORY)
@pytest.mark.parametrize("statement", ["UPDATE {table} SET {column} = 'x'", "DELETE FROM {table}"])
def test_history_can_be_neither_changed_nor_deleted(db, table, column, statement):
    with db.reading() as session:
        before = session.execute(text(f"SELECT * FROM {table} ORDER BY id")).all()
    assert before
    with pytest.raises(IntegrityError, match=f"{table} is append-only"), db.transaction() as session:
        session.execute(text(statement.format(table=table, column=column)))
    with db.reading() as session:
        assert session.execute(text(f"SELECT * FROM {table} ORDER BY id")).all() == before


def test_exactly_these_tables_are_append_only(db):
    query = "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgfoid = 'refuse_change'::regproc"
    with db.reading() as session:
        assert set(session.scalars(text(query))) == {table for table, _ in HISTORY}
