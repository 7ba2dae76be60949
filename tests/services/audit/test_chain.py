"""Every entry gets into the chain exactly once, however transactions overlap, and its spelling depends on no setting."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text

from domain.audit import GENESIS, MISSING, entry_digest, spell_instant
from models import AuditEntry, UnchainedEntry
from models.audit import SPELLED, entry_digests, take_turn
from services.audit.chain import extend_chain
from tests.factories import utc
from tests.support.tampering import AuditLog


@pytest.fixture
def log(db, ctx) -> AuditLog:
    return AuditLog(db, ctx)


def test_a_link_holds_what_waited_and_follows_the_one_before(log):
    first = log.write(3)
    log.chain()
    second = log.write(2)
    log.chain()
    one, two = log.links()
    assert (one.number, one.entry_ids, one.previous_hash) == (1, first, GENESIS)
    assert (two.number, two.entry_ids, two.previous_hash) == (2, second, one.hash)
    assert (two.first_id, two.last_id) == (second[0], second[1])
    assert log.chain() == []
    assert log.faults() == []


def test_no_link_holds_more_than_it_may(log):
    ids = log.write(5)
    assert [len(link.entry_ids) for link in log.chain(limit=2)] == [2, 2, 1]
    assert [entry_id for link in log.links() for entry_id in link.entry_ids] == ids


def test_an_entry_that_commits_later_than_a_younger_one_is_chained(log, db):
    with db.transaction() as slow:
        (older,) = log.write_in(slow)
        (younger,) = log.write()
        (link,) = log.chain()
        assert link.entry_ids == [younger]
        assert older < younger
    (late,) = log.chain()
    assert late.entry_ids == [older]
    proof, faults = log.proof()
    assert (proof.entries, proof.links, proof.waiting, faults) == (2, 2, 0, [])


def test_an_entry_that_is_rolled_back_leaves_nothing_to_chain(log, db):
    with db.reading() as session:
        log.write_in(session)
        session.rollback()
        assert session.scalars(select(UnchainedEntry)).all() == []
    assert log.chain() == []


def test_links_that_are_rolled_back_leave_their_entries_waiting(log, db, ctx):
    ids = log.write(2)
    with db.reading() as session:
        assert extend_chain(session, ctx.now(session)).entry_ids == ids
        session.rollback()
    (link,) = log.chain()
    assert (link.number, link.entry_ids) == (1, ids)


def test_only_one_transaction_at_a_time_has_the_turn(db):
    with db.transaction() as one, db.transaction() as other:
        assert (take_turn(one), take_turn(other)) == (True, False)
        one.commit()
        assert take_turn(other)


def test_an_entry_that_was_removed_before_it_was_chained_stays_named(log):
    kept, removed = log.write(2)
    log.forge("DELETE FROM audit_logs WHERE id = :id", id=removed)
    assert log.faults() == [(None, removed, "removed before it was chained")]
    (link,) = log.chain()
    assert dict(link.entries)[removed] == MISSING != dict(link.entries)[kept]
    assert log.faults() == [(1, removed, "removed before it was chained")]


def test_when_an_entry_was_written_is_what_the_database_says(log, db):
    (entry_id,) = log.write(created_at=utc(2020, 1, 1))
    with db.reading() as session:
        assert session.get_one(AuditEntry, entry_id).created_at > utc(2026, 1, 1)


def test_every_column_of_an_entry_is_covered():
    assert list(SPELLED) == [column.name for column in AuditEntry.__table__.columns]


def test_the_digest_depends_on_no_setting_of_the_session(log, db):
    full = log.write(ip="2001:db8::1", data={"b": 1.10, "a": {"ü": "€", "x": 1e30}})
    ids = [*full, *log.write(ip=None, actor_id=None, request_id=None, data={})]
    with db.reading() as session:
        usual = entry_digests(session, ids)
    with db.reading() as session:
        for setting in (
            "timezone = 'Asia/Kathmandu'",
            "datestyle = 'SQL, DMY'",
            "intervalstyle = 'sql_standard'",
            "extra_float_digits = 0",
            "bytea_output = 'escape'",
        ):
            session.execute(text(f"SET LOCAL {setting}"))
        assert entry_digests(session, ids) == usual
    assert set(usual) == set(ids)


def test_python_and_postgresql_spell_alike(log, db):
    at = utc(2026, 6, 1, 9, 30, 1, 20)
    (entry_id,) = log.write(at=at, data={"a": 1})
    with db.reading() as session:
        entry = session.get_one(AuditEntry, entry_id)
        told = {
            "id": str(entry.id),
            "at": spell_instant(at),
            "actor_id": str(entry.actor_id),
            "actor_role": "admin",
            "action": "booking.cancelled",
            "entity_type": "bookings",
            "entity_id": str(entry.entity_id),
            "data": '{"a":1}',
            "ip": "197.232.1.2/32",
            "request_id": "r1",
            "created_at": spell_instant(entry.created_at),
        }
        assert entry_digests(session, [entry_id]) == {entry_id: entry_digest(told)}
