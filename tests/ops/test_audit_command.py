"""``./elite audit verify`` says what it read and where the chain ends, or names what was changed and fails."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from models.session import Database
from ops import audit, command
from ops.doctor import work
from ops.doctor.findings import Finding, Level
from ops.errors import OpsError
from tests.support.database import row_counts
from tests.support.tampering import AuditLog


@pytest.fixture
def verify(settings, monkeypatch, tmp_path, terminal, output):
    """Run the command against the tests' database; its exit code, and what it printed."""
    monkeypatch.setenv("APP_ENV", "test")
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    monkeypatch.setenv("ELITE_STATE", str(tmp_path))

    def run(*arguments: str) -> tuple[int, str]:
        return audit.run(command.parse("audit", ["verify", *arguments]), terminal), output.fresh()

    return run


@pytest.fixture
def log(db: Database, ctx) -> AuditLog:
    log = AuditLog(db, ctx)
    for count in (3, 2):
        log.write(count)
        log.chain()
    return log


def test_a_sound_log_is_told_with_its_head(verify, log, db):
    log.write()
    before = row_counts(db.engine)
    code, said = verify()
    head = log.links()[-1].hash.hex()
    assert code == 0
    assert "The audit log is as it was written: 5 entries in 2 links checked." in said
    assert "1 entry waits for the next link." in said
    assert f"Head: link 2, {head}" in said
    assert row_counts(db.engine) == before


def test_an_empty_log_is_sound(verify, db):
    code, said = verify()
    assert (code, "0 entries in 0 links" in said, "there is no link yet" in said) == (0, True, True)


def test_a_changed_entry_is_named_with_its_link(verify, log):
    entry_id = log.links()[1].entry_ids[0]
    log.forge("UPDATE audit_logs SET actor_role = 'system' WHERE id = :id", id=entry_id)
    code, said = verify()
    assert code == 1
    assert f"Link 2, entry {entry_id}: changed" in said
    assert "1 fault in the audit log; 5 entries in 2 links checked." in said


def test_a_removed_link_and_its_entries_are_named(verify, log):
    ids = log.links()[0].entry_ids
    log.forge("DELETE FROM audit_chain WHERE number = 1")
    code, said = verify()
    assert code == 1
    assert "Link 1: missing" in said
    assert all(f"Entry {entry_id}: in no link" in said for entry_id in ids)


def test_the_head_of_the_logs_has_to_be_in_the_chain(verify, log):
    one, two = log.links()
    assert verify("--head", one.hash.hex())[0] == 0
    code, said = verify("--head", f" {two.hash.hex().upper()} ")
    assert (code, "leads through the given one" in said) == (0, True)
    log.forge("DELETE FROM audit_chain WHERE number = 2")
    log.forge("DELETE FROM audit_logs WHERE id = ANY(:ids)", ids=two.entry_ids)
    assert verify()[0] == 0
    code, said = verify("--head", two.hash.hex())
    assert code == 1
    assert f"No link has the hash {two.hash.hex()}" in said


@pytest.mark.parametrize("head", ["", "abc", "g" * 64, "0" * 63])
def test_what_is_no_hash_is_refused(verify, head):
    with pytest.raises(OpsError, match="not the hash of a link"):
        verify("--head", head)


def test_without_a_database_it_says_so(verify, monkeypatch):
    monkeypatch.delenv("DATABASE_URL")
    with pytest.raises(OpsError, match="DATABASE_URL is not set"):
        verify()


def test_a_database_that_does_not_answer_is_told_and_never_sound(verify, monkeypatch, settings):
    monkeypatch.setenv("DATABASE_URL", settings.database_url + "_that_is_not_there")
    with pytest.raises(OpsError, match="The database did not answer"):
        verify()


def test_the_doctor_finds_an_entry_that_nobody_chains(log, db):
    def look() -> Finding:
        (finding,) = work.audit(SimpleNamespace(database=db))
        return finding

    assert (look().level, look().text) == (Level.GOOD, "every entry is chained")
    (entry_id,) = log.write()
    assert look().level is Level.GOOD
    log.forge("UPDATE audit_logs SET created_at = created_at - interval '10 minutes' WHERE id = :id", id=entry_id)
    found = look()
    assert (found.level, "10 min" in found.text, "periodic.chain_audit" in found.cure) == (Level.BROKEN, True, True)


def test_help_explains_the_verb_and_its_head(capsys):
    with pytest.raises(SystemExit):
        command.parse("audit", ["--help"])
    assert "--head HASH" in capsys.readouterr().out
