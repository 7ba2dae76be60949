"""Whatever somebody who holds the database does to the audit log, the proof names it; nothing else does it name."""

from __future__ import annotations

import time
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import text

from domain.audit import link_hash, spell_instant
from models.base import new_id
from models.session import Database
from services.audit import proof as proving
from tests.support.tampering import AuditLog, entry

FORCED = "in no link and not waiting for one: inserted past the trigger, or its link was removed"


@pytest.fixture
def log(db: Database, ctx) -> AuditLog:
    """Three links of three entries."""
    log = AuditLog(db, ctx)
    for _ in range(3):
        log.write(3)
        log.chain()
    return log


@pytest.fixture
def ids(log) -> list[uuid.UUID]:
    return [entry_id for link in log.links() for entry_id in link.entry_ids]


def test_a_log_that_nobody_touched_is_proved(log):
    log.write(2)
    proof, faults = log.proof()
    assert faults == []
    assert (proof.entries, proof.links, proof.waiting, proof.faults) == (9, 3, 2, 0)
    assert (proof.head_number, proof.head) == (3, log.links()[-1].hash)


def test_an_empty_log_is_proved(db, ctx):
    proof, faults = AuditLog(db, ctx).proof()
    assert (proof.entries, proof.links, proof.head_number, faults) == (0, 0, 0, [])


@pytest.mark.parametrize(
    "change",
    [
        "at = at + interval '1 microsecond'",
        "at = 'infinity'",
        "actor_id = gen_random_uuid()",
        "actor_id = NULL",
        "actor_role = 'system'",
        "action = 'booking.confirmed'",
        "entity_type = 'payments'",
        "entity_id = gen_random_uuid()",
        "data = data || '{\"amount_minor\": 1}'",
        "data = '{}'",
        "ip = '197.232.1.3'",
        "ip = '197.232.1.2/31'",
        "request_id = 'r2'",
        "created_at = created_at - interval '1 day'",
    ],
)
def test_a_changed_column_names_its_entry_and_nothing_else(log, ids, change):
    log.forge(f"UPDATE audit_logs SET {change} WHERE id = :id", id=ids[4])
    assert log.faults() == [(2, ids[4], "changed")]


def test_a_changed_id_is_one_entry_missing_and_one_too_many(log, ids):
    other = new_id()
    log.forge("UPDATE audit_logs SET id = :other WHERE id = :id", id=ids[4], other=other)
    assert log.faults() == [(2, ids[4], "missing"), (None, other, FORCED)]


def test_a_removed_entry_is_missing(log, ids):
    log.forge("DELETE FROM audit_logs WHERE id IN (:one, :other)", one=ids[0], other=ids[8])
    assert log.faults() == [(1, ids[0], "missing"), (3, ids[8], "missing")]


def test_an_entry_inserted_between_others_is_in_no_link(log, ids, db):
    between = uuid.UUID(int=ids[4].int + 1)
    with log.forging() as session:
        session.add(entry(id=between, created_at=log.links()[1].made_at))
    log.write()
    assert log.faults() == [(None, between, FORCED)]
    log.chain()
    assert log.faults() == [(None, between, FORCED)]


def test_one_inserted_for_one_removed_is_both(log, ids):
    inserted = new_id()
    with log.forging() as session:
        session.add(entry(id=inserted))
        session.execute(text("DELETE FROM audit_logs WHERE id = :id"), {"id": ids[5]})
    assert log.faults() == [(2, ids[5], "missing"), (None, inserted, FORCED)]


def test_entries_without_links_are_found_on_every_page(log, ids, monkeypatch):
    monkeypatch.setattr(proving, "IDS_AT_ONCE", 2)
    inserted = [uuid.UUID(int=ids[at].int + 1) for at in (0, 4, 8)]
    with log.forging() as session:
        session.add_all(entry(id=each) for each in inserted)
    assert log.faults() == [(None, each, FORCED) for each in inserted]


def test_what_waits_too_long_is_named_and_what_waits_is_not(log):
    (waiting,) = log.write()
    assert log.faults() == []
    log.forge("UPDATE audit_logs SET created_at = created_at - interval '6 minutes' WHERE id = :id", id=waiting)
    said = "not chained, although it was written 6 min ago: the job does not run"
    assert log.faults() == [(None, waiting, said)]
    assert log.faults(grace=timedelta(minutes=10)) == []


def test_a_removed_link_is_named_and_so_is_what_it_held(log, ids):
    log.forge("DELETE FROM audit_chain WHERE number = 2")
    assert log.faults() == [(2, None, "missing"), *((None, each, FORCED) for each in ids[3:6])]


def test_several_removed_links_are_one_gap(log):
    log.forge("DELETE FROM audit_chain WHERE number < 3")
    log.forge("DELETE FROM audit_logs WHERE id < (SELECT first_id FROM audit_chain)")
    assert log.faults() == [(1, None, "missing, with all up to link 2")]


def test_renumbered_links_do_not_hide_a_removed_one(log, ids):
    log.forge("DELETE FROM audit_chain WHERE number = 2")
    log.forge("UPDATE audit_chain SET number = 2 WHERE number = 3")
    log.forge("DELETE FROM audit_logs WHERE id = ANY(:ids)", ids=ids[3:6])
    assert log.faults() == [
        (2, None, "does not follow link 1: one of the two was changed"),
        (2, None, "was changed: its hash is not that of what it holds"),
    ]


@pytest.mark.parametrize(
    "change",
    ["made_at = made_at - interval '1 day'", "entry_ids = ARRAY[entry_ids[1], entry_ids[3], entry_ids[2]]"],
)
def test_a_changed_link_is_named(log, change):
    log.forge(f"UPDATE audit_chain SET {change} WHERE number = 2")
    assert (2, None, "was changed: its hash is not that of what it holds") in log.faults()


def test_the_digest_of_a_changed_entry_cannot_be_put_right_in_its_link(log, ids):
    log.forge(
        "UPDATE audit_chain SET digests = set_byte(digests, 33, 1 + get_byte(digests, 33) % 255) WHERE number = 2"
    )
    assert log.faults() == [
        (2, None, "was changed: its hash is not that of what it holds"),
        (2, ids[4], "differs from what its changed link says"),
    ]


def test_a_link_made_anew_does_not_fit_the_next_one(log):
    _make_anew(log, 2)
    assert log.faults() == [(3, None, "does not follow link 2: one of the two was changed")]


def test_a_changed_hash_is_named_at_both_of_its_ends(log):
    log.forge("UPDATE audit_chain SET hash = sha256('x') WHERE number = 2")
    assert log.faults() == [
        (2, None, "was changed: its hash is not that of what it holds"),
        (3, None, "does not follow link 2: one of the two was changed"),
    ]


def test_links_that_were_cut_off_at_the_end_leave_their_entries(log, ids):
    log.forge("DELETE FROM audit_chain WHERE number = 3")
    assert log.faults() == [(None, each, FORCED) for each in ids[6:]]


def test_a_tail_cut_off_with_its_entries_is_only_seen_by_the_head(log, ids):
    head = log.links()[-1].hash.hex()
    log.forge("DELETE FROM audit_chain WHERE number = 3")
    log.forge("DELETE FROM audit_logs WHERE id = ANY(:ids)", ids=ids[6:])
    assert log.faults() == []
    assert log.faults(head=head) == [
        (None, None, f"no link has the hash {head}: the chain was cut off at its end, or made anew")
    ]


def test_a_chain_made_anew_from_the_start_is_only_seen_by_the_head(log):
    middle, head = (link.hash.hex() for link in log.links()[1:])
    assert log.faults(head=middle) == log.faults(head=head) == []
    _make_anew(log, 3)
    assert log.faults() == []
    assert log.faults(head=middle) == []
    assert [what for _, _, what in log.faults(head=head)] == [
        f"no link has the hash {head}: the chain was cut off at its end, or made anew"
    ]


def test_who_writes_and_chains_meanwhile_is_no_fault(log, db):
    told = []
    with db.reading() as session:
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        session.execute(text("SELECT 1 FROM audit_logs"))
        log.write(5)
        log.chain()
        proof = proving.prove(session, told.append)
    assert (proof.entries, told) == (9, [])


def test_ten_thousand_entries_are_chained_and_proved_in_seconds(db, ctx):
    log = AuditLog(db, ctx)
    log.write(10_000)
    started = time.monotonic()
    assert len(log.chain()) == 10
    proof, faults = log.proof()
    assert (proof.entries, proof.links, faults) == (10_000, 10, [])
    assert time.monotonic() - started < 20


def _make_anew(log: AuditLog, number: int) -> None:
    """Change a link and give it the hash that fits, as who knows how it is worked out."""
    link = log.links()[number - 1]
    made_at = link.made_at - timedelta(days=1)
    values = {"made_at": made_at, "hash": link_hash(number, link.previous_hash, spell_instant(made_at), link.entries)}
    log.forge("UPDATE audit_chain SET made_at = :made_at, hash = :hash WHERE number = :number", number=number, **values)
