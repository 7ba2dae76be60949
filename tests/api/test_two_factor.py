"""Two-factor sign-in over HTTP: set up, switched on and off, and who may do what without it."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import unquote

import pyotp
import pytest
from sqlalchemy import select, text

from models import AuditEntry, Job, RateLimit, TwoFactor, User, UserSession
from tests.factories import PASSWORD
from tests.support.http import refused
from tests.support.two_factor import App, person, switch_on

SETUP, ENABLE, DISABLE = "/api/auth/2fa/setup", "/api/auth/2fa/enable", "/api/auth/2fa/disable"
CODES, ME, ADMIN = "/api/auth/2fa/backup-codes", "/api/users/me", "/api/admin/users"
WITH_PASSWORD = {"password": PASSWORD}


@pytest.fixture
def amina(http):
    return person(http, email="amina.otieno@example.com")


@pytest.fixture
def client(http, amina):
    return http.signed_in_as(amina, two_factor=False)


@pytest.fixture
def app_of(http, clock):
    """``app_of(client)`` switches two-factor sign-in on; the app that was set up."""
    return lambda client: switch_on(http, client, clock)


def audited(db) -> list[str]:
    with db.reading() as session:
        actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    return [action for action in actions if action.startswith("user.")]


def told(db) -> list[str]:
    with db.reading() as session:
        return [
            job.payload["kind"]
            for job in session.scalars(select(Job).where(Job.key.startswith("tell:")).order_by(Job.id))
        ]


def test_setting_up_shows_a_code_to_scan_and_asks_for_nothing_yet(client, db, amina):
    response = client.post(SETUP, WITH_PASSWORD)

    shown = response.get_json()
    assert response.headers["Cache-Control"] == "private, no-store"
    parsed = pyotp.parse_uri(shown["otpauth_uri"])
    assert (parsed.secret, parsed.name, parsed.issuer) == (shown["secret"], amina.email, "Elite Events Kenya")
    assert shown["qr_code"].startswith("data:image/svg+xml")
    assert "<svg" in unquote(shown["qr_code"])
    assert client.get(ME).get_json()["two_factor_enabled"] is False
    assert audited(db) == ["user.two_factor_setup"]


def test_a_code_of_the_app_switches_it_on_and_shows_ten_backup_codes_once(client, db, app_of):
    app = app_of(client)

    assert len(set(app.backup_codes)) == 10
    me = client.get(ME).get_json()
    assert (me["two_factor_enabled"], me["must_set_up_two_factor"]) == (True, False)
    assert audited(db) == ["user.two_factor_setup", "user.two_factor_enabled"]
    assert told(db) == ["two_factor_on"]
    with db.reading() as session:
        assert session.scalars(select(UserSession.two_factor_at)).one() is not None


def test_a_dump_of_the_database_holds_neither_seed_nor_backup_codes(client, db, app_of):
    app = app_of(client)

    with db.reading() as session:
        dump = "".join(
            row
            for table in ("two_factor", "users", "sessions", "audit_logs", "jobs", "rate_limits", "one_time_tokens")
            for row in session.scalars(text(f"SELECT t::text || row_to_json(t)::text FROM {table} t"))
        )
    assert "v1." in dump
    seed = pyotp.TOTP(app.secret).byte_secret()
    for secret in (app.secret, seed.hex(), *app.backup_codes, *(code.replace("-", "") for code in app.backup_codes)):
        assert secret not in dump


def test_a_second_setup_replaces_one_that_nobody_confirmed(client, http, clock):
    first, second = (client.post(SETUP, WITH_PASSWORD).get_json()["secret"] for _ in range(2))

    assert first != second
    refused(client.post(ENABLE, {"code": App(http.make.db, clock, first).code()}), 422, "wrong_code", "code")
    assert client.post(ENABLE, {"code": App(http.make.db, clock, second).code()}).status_code == 200


def test_switching_on_needs_a_setup_and_the_right_code(client, db):
    refused(client.post(ENABLE, {"code": "000000"}), 409, "two_factor_not_set_up")
    client.post(SETUP, WITH_PASSWORD)
    refused(client.post(ENABLE, {"code": "7kqpw-m3xhd"}), 422, "invalid_fields", "code")
    refused(client.post(ENABLE, {"code": "000000"}), 422, "wrong_code", "code")
    assert client.get(ME).get_json()["two_factor_enabled"] is False
    assert "user.two_factor_enabled" not in audited(db)


@pytest.mark.parametrize("with_backup_code", [False, True])
def test_it_is_switched_off_with_password_and_a_code(client, db, app_of, amina, with_backup_code):
    app = app_of(client)
    code = app.backup_codes[3].upper() if with_backup_code else app.next_code()

    assert client.post(DISABLE, {"password": PASSWORD, "code": code}).status_code == 204

    assert client.get(ME).get_json()["two_factor_enabled"] is False
    assert audited(db)[-1] == "user.two_factor_disabled"
    assert "two_factor_off" in told(db)
    with db.reading() as session:
        assert session.scalars(select(TwoFactor)).all() == []
        assert session.scalars(select(UserSession.two_factor_at)).all() == [None]
    refused(client.post(DISABLE, {"password": PASSWORD, "code": code}), 409, "two_factor_off")


def test_neither_password_nor_code_alone_switches_it_off(client, db, app_of):
    app = app_of(client)
    code = app.next_code()

    refused(client.post(DISABLE, {"password": "not it", "code": code}), 422, "wrong_password", "password")
    refused(client.post(DISABLE, {"password": PASSWORD, "code": "000000"}), 422, "wrong_code", "code")
    refused(client.post(DISABLE, {"password": PASSWORD, "code": "aaaaa-aaaaa"}), 422, "wrong_code", "code")

    assert client.get(ME).get_json()["two_factor_enabled"] is True


def test_new_backup_codes_end_the_old_ones(client, db, app_of):
    app = app_of(client)

    response = client.post(CODES, {"password": PASSWORD, "code": app.next_code()})

    new = response.get_json()["backup_codes"]
    assert len(set(new) | set(app.backup_codes)) == 20
    assert audited(db)[-1] == "user.backup_codes_replaced"
    refused(client.post(DISABLE, {"password": PASSWORD, "code": app.backup_codes[0]}), 422, "wrong_code")
    assert client.post(DISABLE, {"password": PASSWORD, "code": new[0]}).status_code == 204


def test_what_is_off_has_no_backup_codes(client):
    refused(client.post(CODES, {"password": PASSWORD, "code": "000000"}), 409, "two_factor_off")


def test_codes_of_somebody_signed_in_are_counted_and_the_right_one_comes_too_late(client, app_of, db, clock):
    app = app_of(client)
    for _ in range(5):
        refused(client.post(DISABLE, {"password": PASSWORD, "code": "000000"}), 422, "wrong_code")
        with db.transaction() as session:
            session.execute(text("DELETE FROM rate_limits WHERE scope LIKE 'login%'"))

    response = client.post(DISABLE, {"password": PASSWORD, "code": app.next_code()})

    refused(response, 429, "too_many_second_factor")
    assert 800 < int(response.headers["Retry-After"]) <= 900
    clock.offset += timedelta(minutes=16)
    assert client.post(DISABLE, {"password": PASSWORD, "code": app.next_code()}).status_code == 204
    with db.reading() as session:
        scopes = set(session.scalars(select(RateLimit.scope)))
    assert not scopes & {"second_factor", "second_factor_day"}


def test_an_administrator_without_it_is_told_what_to_do(http):
    admin = http.signed_in_as(person(http, roles=["tourist", "admin"]), two_factor=False)

    assert "set up two-factor sign-in" in refused(admin.get(ADMIN), 403, "two_factor_required")["detail"]
    me = admin.get(ME).get_json()
    assert (me["two_factor_enabled"], me["must_set_up_two_factor"]) == (False, True)
    refused(http.signed_in_as(http.make.user()).get(ADMIN), 403, "admins_only")


def test_switching_it_on_opens_admin_routes_to_this_session_and_no_other(http, app_of):
    user = person(http, roles=["tourist", "admin"])
    admin, elsewhere = (http.signed_in_as(user, two_factor=False) for _ in range(2))
    refused(admin.get(ADMIN), 403, "two_factor_required")

    app_of(admin)

    assert admin.get(ADMIN).status_code == 200
    refused(elsewhere.get(ADMIN), 403, "two_factor_required")


def test_what_another_process_has_switched_on_opens_admin_routes_at_once(http, db, ctx):
    user = person(http, roles=["tourist", "admin"])
    admin = http.signed_in_as(user, two_factor=False)
    refused(admin.get(ADMIN), 403, "two_factor_required")

    with db.transaction() as session:
        now = ctx.now(session)
        session.get_one(User, user.id).two_factor_since = session.scalars(select(UserSession)).one().two_factor_at = now

    assert admin.get(ADMIN).status_code == 200


def test_an_administrator_cannot_switch_it_off(http, app_of, db):
    admin = http.signed_in_as(person(http, roles=["tourist", "super_admin"]), two_factor=False)
    app = app_of(admin)

    refused(admin.post(DISABLE, {"password": PASSWORD, "code": app.next_code()}), 403, "admins_need_two_factor")

    assert admin.get(ADMIN).status_code == 200
    assert told(db) == ["two_factor_on"]


def test_whoever_switched_it_off_and_becomes_an_administrator_has_to_switch_it_on_again(http, app_of, db):
    user = person(http)
    client = http.signed_in_as(user)
    app = app_of(client)
    client.post(DISABLE, {"password": PASSWORD, "code": app.next_code()})
    with db.transaction() as session:
        session.get_one(User, user.id).roles = ["tourist", "admin"]
    http.edge.sessions.forget_all()

    refused(client.get(ADMIN), 403, "two_factor_required")


def test_an_account_without_a_password_is_told_to_choose_one(http):
    client = http.signed_in_as(http.make.user(password_hash=None))
    refused(client.post(SETUP, WITH_PASSWORD), 409, "password_not_set")


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        (SETUP, {}, "password"),
        (SETUP, {"password": 7}, "password"),
        (SETUP, {"password": PASSWORD, "code": 287082}, "code"),
        (SETUP, {"password": PASSWORD, "role": "admin"}, "role"),
        (ENABLE, {}, "code"),
        (ENABLE, {"code": "12345"}, "code"),
        (ENABLE, {"code": 123456}, "code"),
        (ENABLE, {"code": "12345a"}, "code"),
        (DISABLE, {"password": PASSWORD}, "code"),
        (DISABLE, {"password": PASSWORD, "code": "x" * 500}, "code"),
        (DISABLE, {"code": "000000"}, "password"),
        (CODES, {"password": PASSWORD, "code": None}, "code"),
        (CODES, {"password": PASSWORD, "code": "000000", "role": "admin"}, "role"),
    ],
)
def test_fields_are_refused_by_name(client, untouched, path, body, field):
    with untouched():
        refused(client.post(path, body), 422, "invalid_fields", field)


def test_strangers_do_none_of_it(http, untouched):
    with untouched():
        for path in (SETUP, ENABLE, DISABLE, CODES):
            refused(http.post(path, {"password": PASSWORD, "code": "000000"}), 401, "token_missing")


def test_an_address_that_nobody_confirmed_gets_no_second_factor(http, db):
    """Else whoever registers with somebody's address could keep them out for good."""
    squatter = person(http, email="theirs@example.com", status="pending")
    refused(http.signed_in_as(squatter).post(SETUP, WITH_PASSWORD), 409, "email_not_verified")
    with db.reading() as session:
        assert session.scalars(select(TwoFactor)).all() == []
