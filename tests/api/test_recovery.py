"""Links from mails: confirming an address, and a new password for whoever reads the mailbox."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from domain.one_time import Purpose
from models import AuditEntry, Job, OneTimeToken, User, UserSession
from services.accounts.recovery import begin_reset
from tests.factories import PASSWORD
from tests.support.http import refused

ACCOUNT = {"email": "amina@example.com", "password": PASSWORD, "first_name": "Amina", "last_name": "Otieno"}
NEW = "three giraffes at dusk"


@pytest.fixture
def link(http, db):
    """The token of the newest mail of a purpose, as its reader has it."""

    def link(purpose: Purpose) -> str:
        with db.reading() as session:
            newest = select(OneTimeToken.id).where(OneTimeToken.purpose == purpose.value).order_by(OneTimeToken.id)
            return http.edge.one_time_tokens.token(purpose, session.scalars(newest).all()[-1])

    return link


@pytest.fixture
def reset_link(http, db, ctx, link):
    """Ask for a new password as nobody in particular, and open the mail that comes."""

    def reset_link(email: str) -> str:
        assert http.post("/api/auth/forgot-password", {"email": email}).status_code == 202
        with db.transaction() as session:
            user_id = session.scalar(select(User.id).where(User.email == email))
            begin_reset(session, ctx, http.edge.one_time_tokens, user_id)
        return link(Purpose.PASSWORD_RESET)

    return reset_link


@pytest.fixture
def told(db):
    """The kinds of mails that are on their way."""

    def told() -> list[str]:
        with db.reading() as session:
            jobs = session.scalars(select(Job).where(Job.kind == "notifications.notify").order_by(Job.id))
            return [job.payload["kind"] for job in jobs]

    return told


def test_registering_sends_a_link_that_confirms_the_address(http, db, link, told):
    signed_in = http.post("/api/auth/register", ACCOUNT).get_json()
    assert told() == ["email_verification"]
    token = link(Purpose.EMAIL_VERIFICATION)

    response = http.post("/api/auth/verify-email", {"token": token})

    assert response.status_code == 200
    me = http.get("/api/users/me", headers={"Authorization": f"Bearer {signed_in['access_token']}"}).get_json()
    assert (me["status"], me["email_verified"]) == ("active", True)
    with db.reading() as session:
        assert "user.email_verified" in {entry.action for entry in session.scalars(select(AuditEntry))}


def test_a_second_click_is_answered_as_the_first_and_changes_nothing(http, link, untouched):
    http.post("/api/auth/register", ACCOUNT)
    token = link(Purpose.EMAIL_VERIFICATION)
    first = http.post("/api/auth/verify-email", {"token": token})
    with untouched():
        second = http.post("/api/auth/verify-email", {"token": token})
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.get_json() == second.get_json()


def test_an_invented_token_is_refused_and_changes_nothing(http, link, untouched):
    http.post("/api/auth/register", ACCOUNT)
    token = link(Purpose.EMAIL_VERIFICATION)
    with untouched():
        response = http.post("/api/auth/verify-email", {"token": token[:-1] + "!"})
    said = refused(response, 422, "one_time_token_invalid", "token")
    assert said["detail"].endswith("Ask for a new one.")


def test_no_row_or_job_holds_a_token(http, db, link, reset_link):
    http.post("/api/auth/register", ACCOUNT)
    tokens = {link(Purpose.EMAIL_VERIFICATION), reset_link(ACCOUNT["email"])}
    with db.engine.connect() as connection:
        tables = connection.exec_driver_sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").scalars()
        for table in tables.all():
            rows = connection.exec_driver_sql(f'SELECT t::text FROM "{table}" t').scalars().all()
            assert not [row for row in rows for token in tokens if token in row], table


def test_a_new_link_can_be_asked_for_three_times_an_hour(http, db, link):
    http.post("/api/auth/register", ACCOUNT)
    first = link(Purpose.EMAIL_VERIFICATION)
    with db.reading() as session:
        client = http.signed_in_as(session.scalars(select(User)).one())
    for _ in range(3):
        assert client.post("/api/auth/resend-verification").status_code == 202
    refused(client.post("/api/auth/resend-verification"), 429, "too_many_verification_user")
    refused(http.post("/api/auth/verify-email", {"token": first}), 422, "one_time_token_invalid")
    assert http.post("/api/auth/verify-email", {"token": link(Purpose.EMAIL_VERIFICATION)}).status_code == 200


def test_who_is_confirmed_gets_no_other_link(http, make, untouched):
    client = http.signed_in_as(make.user())
    with untouched():
        response = client.post("/api/auth/resend-verification")
    refused(response, 409, "email_already_verified")


def test_the_owner_of_a_taken_address_is_told_once_a_day(http, make, clock, told):
    make.user(email=ACCOUNT["email"])
    for _ in range(3):
        refused(http.post("/api/auth/register", ACCOUNT), 409, "email_taken", "email")
    assert told() == ["email_taken"]
    clock.offset += timedelta(days=1)
    refused(http.post("/api/auth/register", ACCOUNT), 409, "email_taken", "email")
    assert told() == ["email_taken"] * 2


@pytest.mark.parametrize("status", ["suspended", "deleted"])
def test_nobody_is_told_who_may_not_sign_in(http, make, told, status):
    make.user(email=ACCOUNT["email"], status=status)
    refused(http.post("/api/auth/register", ACCOUNT), 409, "email_taken", "email")
    assert told() == []


def test_asking_for_a_new_password_is_the_same_work_whoever_asks(http, db, make):
    make.user(email="known@example.com")
    make.user(email="suspended@example.com", status="suspended")
    make.user(email="social@example.com", password_hash=None)
    http.post("/api/auth/forgot-password", {"email": "first@example.com"})
    seen = {}
    for email in ("known@example.com", "suspended@example.com", "social@example.com", "nobody@example.com"):
        statements: list[str] = []

        def note(_connection, _cursor, statement, *_, noted=statements):
            noted.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            response = http.post("/api/auth/forgot-password", {"email": email})
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        headers = sorted(set(response.headers.keys()))
        seen[email] = (response.status_code, response.get_json(), headers, statements)
    with db.reading() as session:
        jobs = session.scalars(select(Job).where(Job.kind == "accounts.begin_reset")).all()
        assert session.scalars(select(OneTimeToken)).all() == []

    assert all(answer == seen["nobody@example.com"] for answer in seen.values())
    assert seen["nobody@example.com"][0] == 202
    assert len(jobs) == 5
    assert {tuple(job.payload) for job in jobs} == {("user_id",)}
    assert len({(len(job.key), len(job.payload["user_id"])) for job in jobs}) == 1


def test_nobody_is_refused_a_mail_for_what_others_asked_and_the_newest_link_still_works(
    http, make, clock, db, told, reset_link
):
    make.user(email=ACCOUNT["email"])
    for _ in range(3):
        newest = reset_link(ACCOUNT["email"])
    clock.offset += timedelta(minutes=59)
    # The owner asks at last, and gets no fourth mail; what is in the mailbox must do.
    assert reset_link(ACCOUNT["email"]) == newest
    assert told() == ["password_reset"] * 3
    clock.offset += timedelta(minutes=59)
    assert http.post("/api/auth/reset-password", {"token": newest, "password": NEW}).status_code == 200


def test_an_owner_who_used_the_newest_link_gets_another_at_once(http, make, reset_link):
    make.user(email=ACCOUNT["email"])
    for _ in range(3):
        newest = reset_link(ACCOUNT["email"])
    assert http.post("/api/auth/reset-password", {"token": newest, "password": NEW}).status_code == 200
    again = reset_link(ACCOUNT["email"])
    assert again != newest
    assert http.post("/api/auth/reset-password", {"token": again, "password": NEW + "!"}).status_code == 200


def test_after_an_hour_another_mail_is_sent(clock, make, told, reset_link):
    make.user(email=ACCOUNT["email"])
    for _ in range(5):
        reset_link(ACCOUNT["email"])
    clock.offset += timedelta(hours=1)
    reset_link(ACCOUNT["email"])
    assert told() == ["password_reset"] * 4


def test_asking_is_limited_by_address(http):
    for number in range(20):
        assert http.post("/api/auth/forgot-password", {"email": f"{number}@example.com"}).status_code == 202
    refused(http.post("/api/auth/forgot-password", {"email": "one@example.com"}), 429, "too_many_reset_address")


def test_a_new_password_signs_everybody_out_and_forgives_the_wrong_ones(http, db, told, reset_link):
    signed_in = http.post("/api/auth/register", ACCOUNT).get_json()
    for _ in range(5):
        http.post("/api/auth/login", {"email": ACCOUNT["email"], "password": "not the password"})
    bearer = {"Authorization": f"Bearer {signed_in['access_token']}"}
    assert http.get("/api/users/me", headers=bearer).status_code == 200

    response = http.post("/api/auth/reset-password", {"token": reset_link(ACCOUNT["email"]), "password": NEW})

    assert response.status_code == 200
    refused(http.get("/api/users/me", headers=bearer), 401, "session_ended")
    renewal = http.post("/api/auth/refresh-token", {"refresh_token": signed_in["refresh_token"]})
    refused(renewal, 401, "invalid_refresh_token")
    refused(http.post("/api/auth/login", {"email": ACCOUNT["email"], "password": PASSWORD}), 401, "invalid_credentials")
    again = http.post("/api/auth/login", {"email": ACCOUNT["email"], "password": NEW})
    assert (again.status_code, again.get_json()["user"]["email_verified"]) == (200, True)
    assert told() == ["email_verification", "password_reset", "password_changed"]
    with db.reading() as session:
        done = session.scalars(select(AuditEntry).where(AuditEntry.action == "user.password_reset")).one()
        assert done.data == {"sessions_ended": 1}
        assert {one.revoked_reason for one in session.scalars(select(UserSession))} == {"password_reset", None}


def test_whose_mailbox_it_is_gets_rid_of_a_strangers_phone(http, make, reset_link):
    squatter = http.post("/api/auth/register", ACCOUNT | {"phone": "0712345149"}).get_json()
    theirs = http.signed_in_as(make.reload_user(squatter["user"]["id"]))
    assert theirs.post("/api/auth/phone/send-code", {"phone": "0722000111"}).status_code == 202
    body = {"token": reset_link(ACCOUNT["email"]), "password": NEW}

    assert http.post("/api/auth/reset-password", body).status_code == 200

    signed_in = http.post("/api/auth/login", {"email": ACCOUNT["email"], "password": NEW}).get_json()
    assert signed_in["user"]["phone"] is None
    owner = http.signed_in_as(make.reload_user(squatter["user"]["id"]))
    refused(owner.post("/api/auth/phone/verify", {"code": "000000"}), 422, "phone_code_over")


def test_whoever_has_proved_their_mailbox_keeps_their_phone(http, make, reset_link):
    phone = make.user(email=ACCOUNT["email"]).phone
    assert http.post("/api/auth/reset-password", {"token": reset_link(ACCOUNT["email"]), "password": NEW})

    signed_in = http.post("/api/auth/login", {"email": ACCOUNT["email"], "password": NEW}).get_json()
    assert signed_in["user"]["phone"] == phone


def test_a_reset_token_works_once_and_for_two_hours(http, make, clock, untouched, reset_link):
    make.user(email=ACCOUNT["email"])
    token = reset_link(ACCOUNT["email"])
    assert http.post("/api/auth/reset-password", {"token": token, "password": NEW}).status_code == 200
    late = reset_link(ACCOUNT["email"])
    with untouched():
        again = http.post("/api/auth/reset-password", {"token": token, "password": NEW + "!"})
        clock.offset += timedelta(hours=2)
        expired = http.post("/api/auth/reset-password", {"token": late, "password": NEW})
    refused(again, 422, "one_time_token_invalid", "token")
    refused(expired, 422, "one_time_token_invalid", "token")


@pytest.mark.parametrize("password", ["short", "password123", "x" * 201, "amina@example.com", "amina.otieno", None])
def test_a_bad_password_is_refused_as_at_registration_and_keeps_the_link(http, make, untouched, reset_link, password):
    make.user(email="amina@example.com" if password != "amina.otieno" else "amina.otieno@example.com")
    token = reset_link("amina@example.com" if password != "amina.otieno" else "amina.otieno@example.com")
    with untouched():
        response = http.post("/api/auth/reset-password", {"token": token, "password": password})
    assert (response.status_code, list(response.get_json()["errors"])) == (422, ["password"])
    assert http.post("/api/auth/reset-password", {"token": token, "password": NEW}).status_code == 200


def test_an_invented_reset_token_costs_no_hash(http, monkeypatch, untouched):
    monkeypatch.setattr(type(http.edge.passwords), "hash", lambda *_: pytest.fail("hashed"))
    with untouched():
        response = http.post("/api/auth/reset-password", {"token": "x" * 43, "password": NEW})
    refused(response, 422, "one_time_token_invalid", "token")


def test_a_password_that_changes_while_somebody_signs_in_with_the_old_one_lets_nobody_in(
    http, db, make, monkeypatch, reset_link
):
    user = make.user(email=ACCOUNT["email"], password_hash=http.edge.passwords.hash(PASSWORD))
    token = reset_link(ACCOUNT["email"])
    original = type(http.edge.passwords).matches

    def meanwhile(self, *given):
        found = original(self, *given)
        with ThreadPoolExecutor(1) as other:
            body = {"token": token, "password": NEW}
            assert other.submit(http.post, "/api/auth/reset-password", body).result().status_code == 200
        return found

    monkeypatch.setattr(type(http.edge.passwords), "matches", meanwhile)
    response = http.post("/api/auth/login", {"email": ACCOUNT["email"], "password": PASSWORD})

    refused(response, 401, "invalid_credentials")
    with db.reading() as session:
        assert session.scalars(select(UserSession).where(UserSession.user_id == user.id)).all() == []
