"""``./elite admin create``: the first administrator comes in under the rules of registration, and is written down."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from datetime import timedelta

import pytest
from sqlalchemy import select

from models import AuditEntry, Job, User
from ops import admin, command
from ops.errors import OpsError
from ops.venv import ROOT
from tests.factories import PASSWORD as FACTORY_PASSWORD
from tests.structure.test_settings import PRODUCTION
from tests.support.database import row_counts
from tests.support.two_factor import person, switch_on

PASSWORD = "two zebras at dawn"
GRACE = ("create", "--email", "Grace@Example.com", "--first-name", "Grace", "--last-name", "Nyambura")


class Typed(io.StringIO):
    """Lines that somebody pipes in."""


@pytest.fixture
def environ(settings, db, tmp_path) -> dict[str, str]:
    return {
        "APP_ENV": "test",
        "DATABASE_URL": settings.database_url,
        "ELITE_STATE": str(tmp_path),
        "BCRYPT_ROUNDS": "4",
    }


@pytest.fixture
def create(environ, monkeypatch, terminal, output):
    """Run the command with these lines on standard input; what it printed."""
    for name, value in environ.items():
        monkeypatch.setenv(name, value)

    def run(lines: str, *arguments: str) -> str:
        monkeypatch.setattr(sys, "stdin", Typed(lines))
        assert admin.run(command.parse("admin", list(arguments or GRACE)), terminal) == 0
        return output.fresh()

    return run


def account(db, email: str = "grace@example.com") -> User | None:
    with db.reading() as session:
        return session.scalar(select(User).where(User.email == email))


def audited(db) -> list[tuple[str, dict]]:
    with db.reading() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.request_id == "elite-admin-create"))
        return [(entry.action, entry.data) for entry in entries]


@pytest.mark.parametrize(("more", "user_type"), [((), "admin"), (("--super",), "super_admin")])
def test_an_administrator_is_created_and_can_sign_in(create, http, db, more, user_type):
    said = create(f"{PASSWORD}\n", *GRACE, *more)

    assert "grace@example.com is" in said
    assert PASSWORD not in said
    assert audited(db) == [("user.registered", {}), ("user.role_added", {"role": user_type})]
    signed_in = http.post("/api/auth/login", {"email": "grace@example.com", "password": PASSWORD})
    assert signed_in.status_code == 200
    user = signed_in.get_json()["user"]
    assert (user["user_type"], user["roles"]) == (user_type, ["tourist", user_type])
    assert (user["first_name"], user["last_name"]) == ("Grace", "Nyambura")


@pytest.mark.parametrize(
    ("password", "arguments", "says"),
    [
        ("short", GRACE, "password: Length must be between 8 and 200"),
        ("password123", GRACE, "password: is too easy to guess"),
        ("grace@example.com", GRACE, "password: is too easy to guess"),
        ("", GRACE, "password: Length"),
        (PASSWORD, (*GRACE[:2], "nobody", *GRACE[3:]), "email: Not a valid email address"),
        (PASSWORD, (*GRACE[:4], "http://grace", *GRACE[5:]), "first_name: Must be a name"),
    ],
)
def test_what_registration_refuses_is_refused_here(create, db, password, arguments, says):
    before = row_counts(db.engine)

    with pytest.raises(OpsError) as refusal:
        create(f"{password}\n", *arguments)

    assert any(detail.startswith(says) for detail in refusal.value.details)
    assert row_counts(db.engine) == before


def test_an_existing_account_keeps_everything_and_gets_the_role(create, make, db):
    amina = make.user(email="grace@example.com", first_name="Amina", password_hash="x")

    said = create("yes\n")

    assert "is an account already: Amina" in said
    assert "confirmed" not in said
    after = account(db)
    assert (after.id, after.first_name, after.password_hash) == (amina.id, "Amina", "x")
    assert after.roles == ["tourist", "admin"]
    assert audited(db) == [("user.role_added", {"role": "admin"})]


def test_who_promotes_is_told_that_the_address_may_be_somebody_elses(create, make):
    make.user(email="grace@example.com", status="pending")

    assert "Nobody has confirmed that this address is theirs" in create("yes\n")


@pytest.mark.parametrize(
    ("values", "typed", "says"),
    [
        ({}, "no\n", "left as it is"),
        ({}, "", "left as it is"),
        ({}, f"{PASSWORD}\n", "left as it is"),
        ({"roles": ["tourist", "admin"]}, "yes\n", "has this role already"),
        ({"roles": ["tourist", "super_admin"]}, "yes\n", "has this role already"),
        ({"status": "suspended"}, "yes\n", "is suspended"),
        ({"status": "deleted"}, "yes\n", "is deleted"),
    ],
)
def test_an_account_is_not_promoted(create, make, db, values, typed, says):
    user = make.user(email="grace@example.com", **values)
    before = row_counts(db.engine)

    with pytest.raises(OpsError, match=says):
        create(typed)

    assert row_counts(db.engine) == before
    assert account(db).roles == user.roles


def test_an_administrator_may_become_a_super_administrator(create, make, db):
    make.user(email="grace@example.com", roles=["tourist", "admin"])

    create("yes\n", *GRACE, "--super")

    assert account(db).roles == ["tourist", "admin", "super_admin"]


def test_on_a_terminal_the_password_is_asked_for_twice(create, db, monkeypatch):
    monkeypatch.setattr(Typed, "isatty", lambda _: True)
    answers = iter([PASSWORD, "two zebras at dusk", PASSWORD, PASSWORD])
    monkeypatch.setattr("getpass.getpass", lambda _: next(answers))

    with pytest.raises(OpsError, match="differ"):
        create("")
    assert account(db) is None
    create("")
    assert account(db).user_type == "admin"


def test_it_runs_in_a_container_of_production(environ, db):
    production = PRODUCTION | {name: environ[name] for name in ("DATABASE_URL", "ELITE_STATE", "BCRYPT_ROUNDS")}

    def python_m(line: str) -> subprocess.CompletedProcess[str]:
        command_line = [sys.executable, "-m", "ops.admin", *GRACE]
        env = os.environ | production
        return subprocess.run(command_line, cwd=ROOT, env=env, input=line, capture_output=True, text=True, check=False)

    assert python_m("12345678\n").returncode == 1
    assert account(db) is None
    answer = python_m(f"{PASSWORD}\n")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert account(db).user_type == "admin"


def test_an_account_is_suspended_and_opened_again(create, http, make, db):
    amina = make.user(email="amina@example.com", roles=["tourist", "super_admin"])
    client = http.signed_in_as(amina)

    said = create("", "suspend", "Amina@Example.com", "--reason", "Lost her phone.")

    assert "amina@example.com is suspended. Sessions ended: 1." in said
    assert "Goes on" not in said
    assert client.get("/api/users/me").status_code == 401
    assert account(db, "amina@example.com").suspension_reason == "Lost her phone."
    assert "may sign in" in create("", "unsuspend", "amina@example.com")
    assert account(db, "amina@example.com").status == "active"


def test_whoever_suspends_a_guide_is_told_of_the_bookings_that_go_on(create, make):
    amina = make.guide(email="amina@example.com")
    booking = make.booking(listing=make.listing(amina))

    said = create("", "suspend", "amina@example.com", "--reason", "Guests report fraud.")

    assert f"booking {booking.reference}" in said
    assert "Suspending somebody" in said


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("suspend", "nobody@example.com", "--reason", "x"), "no account"),
        (("unsuspend", "nobody@example.com"), "no account"),
        (("suspend", "gone@example.com", "--reason", "x"), "deleted"),
        (("suspend", "amina@example.com", "--reason", " "), "cannot be done"),
        (("suspend", "amina@example.com", "--reason", "x" * 501), "cannot be done"),
        (("suspend", "amina", "--reason", "x"), "cannot be done"),
    ],
)
def test_what_the_service_refuses_is_said_at_the_terminal(create, make, db, arguments, says):
    make.user(email="amina@example.com")
    make.user(email="gone@example.com", status="deleted")
    before = row_counts(db.engine)

    with pytest.raises(OpsError, match=says):
        create("", *arguments)

    assert row_counts(db.engine) == before
    assert account(db, "amina@example.com").status == "active"


@pytest.fixture
def deleted(db, make, clock):
    """Somebody who has deleted their account."""
    user = make.user(email="grace@example.com")
    with db.transaction() as session:
        now = clock.now(session)
        session.get_one(User, user.id).delete(now, now + timedelta(days=30))
    return user


@pytest.mark.usefixtures("deleted")
def test_a_deleted_account_is_taken_back_and_that_is_written_down(create, db):
    said = create("", "restore", "Grace@Example.com")

    assert "grace@example.com is back" in said
    assert account(db).status == "active"
    with db.reading() as session:
        (entry,) = session.scalars(select(AuditEntry))
    assert (entry.action, entry.actor_role, entry.request_id) == ("user.restored", "system", "elite-admin-restore")


@pytest.mark.parametrize(
    ("address", "says"), [("nobody@example.com", "no account"), ("grace@example.com", "is active")]
)
def test_what_is_not_deleted_is_not_taken_back(create, make, db, address, says):
    make.user(email="grace@example.com")
    before = row_counts(db.engine)

    with pytest.raises(OpsError, match=says):
        create("", "restore", address)

    assert row_counts(db.engine) == before


def test_who_creates_an_administrator_is_told_that_two_factors_are_needed(create, make):
    assert "Admin routes open once two-factor sign-in is set up" in " ".join(create(f"{PASSWORD}\n").split())


@pytest.fixture
def reset(environ, monkeypatch, terminal, output):
    """Run ``reset-2fa`` for Grace with this answer; what it printed."""
    for name, value in environ.items():
        monkeypatch.setenv(name, value)

    def run(answer: str, email: str = "Grace@example.com") -> str:
        monkeypatch.setattr(sys, "stdin", Typed(answer))
        assert admin.run(command.parse("admin", ["reset-2fa", email]), terminal) == 0
        return output.fresh()

    return run


def test_an_administrator_who_lost_phone_and_codes_comes_in_again(reset, http, clock, db):
    grace = person(http, email="grace@example.com", roles=["tourist", "admin"])
    client = http.signed_in_as(grace)
    switch_on(http, client, clock)

    said = " ".join(reset("yes\n").split())

    assert "off for grace@example.com. Sessions ended: 1." in said
    http.edge.sessions.forget_all()
    assert client.get("/api/users/me").status_code == 401
    login = http.post("/api/auth/login", {"email": "grace@example.com", "password": FACTORY_PASSWORD}).get_json()
    assert login["user"]["must_set_up_two_factor"] is True
    with db.reading() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.request_id == "elite-admin-reset-2fa"))
        assert {entry.action for entry in entries} == {"user.two_factor_reset", "session.revoked"}
        mails = select(Job).where(Job.key.startswith("tell:")).order_by(Job.id)
        told = [job.payload["kind"] for job in session.scalars(mails)]
    assert told == ["two_factor_on", "two_factor_off"]


def test_nothing_is_reset_for_nobody_without_a_yes_or_where_it_is_off(reset, http, clock, db):
    with pytest.raises(OpsError, match="There is no account"):
        reset("yes\n")
    grace = person(http, email="grace@example.com")
    with pytest.raises(OpsError, match="is not on"):
        reset("yes\n")
    switch_on(http, http.signed_in_as(grace), clock)
    before = row_counts(db.engine)
    with pytest.raises(OpsError, match="left as it is"):
        reset("no\n")
    assert row_counts(db.engine) == before
    assert account(db).has_two_factor
