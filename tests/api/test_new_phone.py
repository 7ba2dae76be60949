"""Moving two-factor sign-in to a new phone: both factors ask for it, a code of the new one confirms it, and then the old one
is out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from models import AuditEntry, Job, TwoFactor, UserSession
from tests.factories import PASSWORD
from tests.support.http import refused
from tests.support.two_factor import App, person, switch_on

SETUP, ENABLE, DISABLE = "/api/auth/2fa/setup", "/api/auth/2fa/enable", "/api/auth/2fa/disable"
LOGIN, VERIFY, ME, ADMIN = "/api/auth/login", "/api/auth/2fa/verify", "/api/users/me", "/api/admin/users"
WITH_PASSWORD = {"password": PASSWORD}


@pytest.fixture
def grace(http):
    return person(http, email="grace@example.com", roles=["tourist", "admin"])


@pytest.fixture
def client(http, grace):
    return http.signed_in_as(grace)


@pytest.fixture
def old(http, client, clock):
    """The phone so far."""
    return switch_on(http, client, clock)


@pytest.fixture
def ask(http, client, old, clock):
    """Ask for a new seed with a code of the old phone; the new one."""

    def ask(code: str | None = None) -> App:
        answer = client.post(SETUP, WITH_PASSWORD | {"code": code or old.next_code()})
        assert answer.status_code == 200, answer.text
        return App(http.make.db, clock, answer.get_json()["secret"])

    return ask


@pytest.fixture
def verify(http):
    """The second step of a sign-in with this code; the answer."""

    def verify(code: str):
        challenge = http.post(LOGIN, {"email": "grace@example.com", "password": PASSWORD}).get_json()["challenge"]
        return http.post(VERIFY, {"challenge": challenge, "code": code})

    return verify


def row_of(db) -> tuple:
    with db.reading() as session:
        row = session.scalars(select(TwoFactor)).one()
        return row.secret, row.last_step, row.backup_hashes, row.pending_secret, row.pending_until


def told(db) -> list[str]:
    with db.reading() as session:
        jobs = select(Job).where(Job.key.startswith("tell:two")).order_by(Job.id)
        return [job.payload["kind"] for job in session.scalars(jobs)]


def test_an_administrator_moves_to_a_new_phone(client, old, ask, verify, db):
    new = ask()
    answer = client.post(ENABLE, {"code": new.code()})

    backup = answer.get_json()["backup_codes"]
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert len(set(backup) | set(old.backup_codes)) == 20
    assert client.get(ADMIN).status_code == 200
    assert client.get(ME).get_json()["two_factor_enabled"] is True
    for gone in (old.next_code(), old.backup_codes[0], new.code(-1)):
        refused(verify(gone), 401, "invalid_code")
    assert verify(new.next_code()).status_code == 200
    assert verify(backup[0]).status_code == 200
    assert told(db) == ["two_factor_on", "two_factor_moved"]
    with db.reading() as session:
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "user.two_factor_moved"))
    assert entry.data == {"sessions_ended": 0}


def test_every_other_device_is_signed_out_and_a_sign_in_half_way_ends(http, client, grace, ask, db):
    others, stranger = [http.signed_in_as(grace) for _ in range(2)], http.signed_in_as(http.make.user())
    new = ask()
    challenge = http.post(LOGIN, {"email": "grace@example.com", "password": PASSWORD}).get_json()["challenge"]
    assert [each.get(ME).status_code for each in (client, stranger, *others)] == [200] * 4

    assert client.post(ENABLE, {"code": new.code()}).status_code == 200

    for other in others:
        refused(other.get(ME), 401, "session_ended")
    assert [each.get(ME).status_code for each in (client, stranger)] == [200] * 2
    refused(http.post(VERIFY, {"challenge": challenge, "code": new.next_code()}), 401, "challenge_invalid")
    with db.reading() as session:
        reasons = session.scalars(select(UserSession.revoked_reason).where(UserSession.revoked_at.is_not(None)))
        assert set(reasons) == {"two_factor_moved"}


def test_until_a_code_confirms_it_the_old_phone_counts_and_the_new_one_does_not(client, old, ask, verify, db):
    new = ask()

    refused(verify(new.code()), 401, "invalid_code")
    assert verify(old.next_code()).status_code == 200
    assert verify(old.backup_codes[0]).status_code == 200
    refused(client.post(ENABLE, {"code": old.next_code()}), 422, "wrong_code", "code")
    assert "two_factor_moved" not in told(db)
    assert client.post(ENABLE, {"code": new.next_code()}).status_code == 200


def test_a_backup_code_asks_for_it_too_and_is_used_up(old, ask, client):
    new = ask(old.backup_codes[0])

    refused(client.post(SETUP, WITH_PASSWORD | {"code": old.backup_codes[0]}), 422, "wrong_code", "code")
    assert client.post(ENABLE, {"code": new.code()}).status_code == 200


def test_it_takes_the_password_and_a_code(client, old, db):
    before = row_of(db)

    said = refused(client.post(SETUP, WITH_PASSWORD), 422, "code_required", "code")
    assert "two-factor sign-in is on" in said["detail"]
    refused(client.post(SETUP, WITH_PASSWORD | {"code": "000000"}), 422, "wrong_code", "code")
    refused(client.post(SETUP, {"password": "not it", "code": old.next_code()}), 422, "wrong_password", "password")
    refused(client.post(SETUP, WITH_PASSWORD | {"code": "12345"}), 422, "invalid_fields", "code")
    refused(client.post(ENABLE, {"code": old.next_code()}), 409, "two_factor_on")

    assert row_of(db) == before


def test_codes_that_ask_for_it_are_counted(client, old, db):
    for _ in range(5):
        refused(client.post(SETUP, WITH_PASSWORD | {"code": "000000"}), 422, "wrong_code")
        with db.transaction() as session:
            session.execute(text("DELETE FROM rate_limits WHERE scope LIKE 'login%'"))
    refused(client.post(SETUP, WITH_PASSWORD | {"code": old.next_code()}), 429, "too_many_second_factor")


def test_a_second_request_replaces_the_first(ask, client):
    first, second = ask(), ask()

    refused(client.post(ENABLE, {"code": first.code()}), 422, "wrong_code", "code")
    assert client.post(ENABLE, {"code": second.code()}).status_code == 200
    refused(client.post(ENABLE, {"code": second.next_code()}), 409, "two_factor_on")


def test_after_an_hour_it_has_to_be_asked_for_again(ask, client, clock, old, verify):
    new = ask()
    clock.offset += timedelta(hours=1)

    refused(client.post(ENABLE, {"code": new.code()}), 409, "two_factor_on")
    assert verify(old.code()).status_code == 200


def test_another_password_ends_what_the_old_one_asked_for(ask, client):
    """Whoever knew it may have asked, and needs neither password nor code to confirm."""
    new = ask()
    body = {"current_password": PASSWORD, "new_password": "mwezi-na-nyota-kumi"}
    assert client.put("/api/auth/change-password", body).status_code == 204

    refused(client.post(ENABLE, {"code": new.code()}), 409, "two_factor_on")


def test_who_may_switch_it_off_while_it_moves_is_rid_of_both(http, clock, db):
    client = http.signed_in_as(person(http))
    old = switch_on(http, client, clock)
    secret = client.post(SETUP, WITH_PASSWORD | {"code": old.next_code()}).get_json()["secret"]

    assert client.post(DISABLE, WITH_PASSWORD | {"code": old.next_code()}).status_code == 204

    refused(client.post(ENABLE, {"code": App(db, clock, secret).code()}), 409, "two_factor_not_set_up")
    with db.reading() as session:
        assert session.scalars(select(TwoFactor)).all() == []


def test_a_code_where_it_is_off_is_refused(http):
    client = http.signed_in_as(person(http))
    refused(client.post(SETUP, WITH_PASSWORD | {"code": "000000"}), 409, "two_factor_off")


def test_a_dump_of_the_database_does_not_hold_the_new_seed(ask, db):
    new = ask()

    with db.reading() as session:
        dump = "".join(
            row
            for table in ("two_factor", "audit_logs", "jobs")
            for row in session.scalars(text(f"SELECT row_to_json(t)::text FROM {table} t"))
        )
    assert '"pending_secret":"v1.' in dump
    assert new.secret not in dump
