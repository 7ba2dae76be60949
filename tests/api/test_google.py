"""Signing in by Google over HTTP: whose word is taken, what it opens, and what is refused without a trace."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from domain.one_time import Purpose
from models import AuditEntry, ExternalIdentity, Job, OneTimeToken, RateLimit, User
from models.identities import UsedIdentityToken
from sandbox.google_keys import BAD, Person
from services.accounts.recovery import begin_reset
from tests.factories import PASSWORD
from tests.support.database import row_counts
from tests.support.google import CLIENT_ID, INGRID, NONCE, RING, google_sign_in, know_keys
from tests.support.http import refused

GOOGLE = "/api/auth/social/google"
#: Attempts are counted whatever comes of them; asking for keys is a job of its own.
COUNTED = {"rate_limits", "jobs"}


@pytest.fixture
def keys(db, ctx):
    know_keys(db, ctx)


@pytest.fixture
def told(db):
    def told() -> list[str]:
        with db.reading() as session:
            jobs = session.scalars(select(Job).where(Job.kind == "notifications.notify").order_by(Job.id))
            return [job.payload["kind"] for job in jobs]

    return told


def rows(db) -> dict[str, int]:
    return {table: count for table, count in row_counts(db.engine).items() if table not in COUNTED}


def one(db, model):
    with db.reading() as session:
        return session.scalars(select(model)).one()


def me(http, signed_in) -> dict:
    return http.get("/api/users/me", headers={"Authorization": f"Bearer {signed_in['access_token']}"}).get_json()


@pytest.mark.usefixtures("keys")
class TestWhoComes:
    def test_a_stranger_gets_an_account_without_a_password_that_is_confirmed(self, http, db, told):
        response = http.post(GOOGLE, google_sign_in() | {"user_type": "guide", "locale": "sw"})

        assert (response.status_code, response.headers["Location"]) == (201, "/api/users/me")
        account = me(http, response.get_json())
        assert {name: account[name] for name in ("email", "first_name", "last_name", "status", "locale")} == {
            "email": INGRID.email,
            "first_name": "Ingrid",
            "last_name": "Larsen",
            "status": "active",
            "locale": "sw",
        }
        assert (account["has_password"], account["identities"]) == (False, ["google"])
        assert (account["intends_to_guide"], account["email_verified"]) == (True, True)
        assert told() == ["welcome"]
        identity = one(db, ExternalIdentity)
        assert (identity.subject, identity.email) == (INGRID.subject, INGRID.email)
        with db.reading() as session:
            written = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        assert [entry.action for entry in written] == ["user.registered", "identity.linked", "session.opened"]
        assert INGRID.email not in str([entry.data for entry in written])

    def test_the_language_is_the_tokens_else_the_browsers(self, http):
        amina = Person("amina.otieno@gmail.com", "Amina", "Otieno", "sw-KE")
        other = Person("o@gmail.com", "O", "", "no")
        assert http.post(GOOGLE, google_sign_in(amina)).get_json()["user"]["locale"] == "sw"
        swahili = {"Accept-Language": "sw-KE"}
        assert http.post(GOOGLE, google_sign_in(other), headers=swahili).get_json()["user"]["locale"] == "sw"

    def test_who_comes_back_is_the_same_whatever_their_address_is_by_now(self, http, db, told):
        first = http.post(GOOGLE, google_sign_in()).get_json()["user"]
        moved = replace(INGRID, email="ingrid@example.com")
        token = RING.token(moved, CLIENT_ID, NONCE)
        with db.transaction() as session:
            session.execute(update(ExternalIdentity).values(subject=moved.subject))

        response = http.post(GOOGLE, google_sign_in() | {"id_token": token})

        assert (response.status_code, response.get_json()["user"]["id"]) == (200, first["id"])
        assert response.get_json()["user"]["email"] == INGRID.email
        assert told() == ["welcome"]

    def test_a_confirmed_account_is_linked_and_its_owner_told(self, http, make, told):
        user = make.user(email=INGRID.email.title(), password_hash=http.edge.passwords.hash(PASSWORD))

        response = http.post(GOOGLE, google_sign_in())

        assert (response.status_code, response.get_json()["user"]["id"]) == (200, str(user.id))
        assert told() == ["google_linked"]
        account = me(http, response.get_json())
        assert (account["has_password"], account["identities"]) == (True, ["google"])
        login = http.post("/api/auth/login", {"email": INGRID.email, "password": PASSWORD})
        assert login.status_code == 200

    def test_an_account_that_somebody_opened_with_the_address_before_is_taken_from_them(self, http, db, told):
        squatter = {"email": INGRID.email, "password": PASSWORD, "first_name": "Mallory", "last_name": "Smith"}
        theirs = http.post("/api/auth/register", squatter | {"phone": "0712345149"}).get_json()
        bearer = {"Authorization": f"Bearer {theirs['access_token']}"}
        device = {"token": "fGk3xq0bT6Y:APA91bHx3b8m7r2Q1t5w9y4u6i8o0pLkJhGfDsA", "platform": "android"}
        assert http.post("/api/users/me/devices", device, headers=bearer).status_code == 201
        link = http.edge.one_time_tokens.token(Purpose.EMAIL_VERIFICATION, one(db, OneTimeToken).id)

        response = http.post(GOOGLE, google_sign_in())

        assert (response.status_code, response.get_json()["user"]["id"]) == (200, theirs["user"]["id"])
        account = me(http, response.get_json())
        assert (account["first_name"], account["last_name"]) == (INGRID.given_name, INGRID.family_name)
        assert (account["phone"], account["has_password"]) == (None, False)
        assert (account["status"], account["identities"]) == ("active", ["google"])
        refused(http.get("/api/users/me", headers=bearer), 401, "session_ended")
        login = {"email": INGRID.email, "password": PASSWORD}
        refused(http.post("/api/auth/login", login), 401, "invalid_credentials")
        refresh = {"refresh_token": theirs["refresh_token"]}
        refused(http.post("/api/auth/refresh-token", refresh), 401, "invalid_refresh_token")
        refused(http.post("/api/auth/verify-email", {"token": link}), 422, "one_time_token_invalid")
        mine = {"Authorization": f"Bearer {response.get_json()['access_token']}"}
        assert http.get("/api/users/me/devices", headers=mine).get_json()["items"] == []
        assert told() == ["email_verification", "account_claimed"]

    def test_who_has_one_name_alone_may_send_back_what_is_stored(self, http, told):
        squatter = {"email": INGRID.email, "password": PASSWORD, "first_name": "Mallory", "last_name": "Smith"}
        http.post("/api/auth/register", squatter)
        response = http.post(GOOGLE, google_sign_in(replace(INGRID, family_name="")))
        account = me(http, response.get_json())
        names = {name: account[name] for name in ("first_name", "last_name")}
        assert names == {"first_name": "Ingrid", "last_name": ""}
        mine = {"Authorization": f"Bearer {response.get_json()['access_token']}"}

        changed = http.put("/api/users/me", names, headers=mine)

        assert (changed.status_code, changed.get_json()) == (200, account)

    @pytest.mark.parametrize(
        ("state", "status", "code"),
        [
            ("suspended", 403, "account_suspended"),
            ("deleted", 403, "account_deleted"),
            ("gone", 401, "invalid_credentials"),
        ],
    )
    @pytest.mark.parametrize("linked", [True, False])
    def test_who_may_not_sign_in_may_not_by_google_either(self, http, db, ctx, make, state, status, code, linked):
        user = make.user(email=INGRID.email)
        if linked:
            http.post(GOOGLE, google_sign_in())
        with db.transaction() as session:
            found, now = session.get_one(User, user.id), ctx.now(session)
            if state == "suspended":
                found.suspend("spam", now)
            else:
                found.delete(now, now + timedelta(days=30 if state == "deleted" else -1))
        before = rows(db)

        refused(http.post(GOOGLE, google_sign_in()), status, code)

        assert rows(db) == before

    def test_another_google_account_with_the_same_address_does_not_get_in(self, http, db):
        http.post(GOOGLE, google_sign_in())
        with db.transaction() as session:
            session.execute(update(ExternalIdentity).values(subject="somebody who had the address before"))
        before = rows(db)

        refused(http.post(GOOGLE, google_sign_in()), 409, "other_google_account")

        assert rows(db) == before


@pytest.mark.usefixtures("keys")
class TestRefusals:
    @pytest.mark.parametrize("bad", sorted(set(BAD) - {"unverified_email"}))
    def test_a_bad_token_is_refused_and_leaves_no_trace(self, http, db, bad):
        before = rows(db)

        refused(http.post(GOOGLE, google_sign_in(bad=bad)), 401, "google_token_invalid")

        assert rows(db) == before

    @pytest.mark.parametrize("token", ["x", "a.b.c", "e30.e30.e30", "eyJhbGciOiJSUzI1NiJ9.e30.AA", "é.é.é"])
    def test_what_is_no_token_is_refused_alike(self, http, db, token):
        before = rows(db)

        refused(http.post(GOOGLE, google_sign_in() | {"id_token": token}), 401, "google_token_invalid")

        assert rows(db) == before

    def test_another_nonce_than_the_tokens_is_refused(self, http, db):
        before = rows(db)
        refused(http.post(GOOGLE, google_sign_in() | {"nonce": "mine"}), 401, "google_token_invalid")
        assert rows(db) == before

    def test_a_token_works_once_and_is_forgotten_when_it_has_expired(self, http, db, clock):
        body = google_sign_in()
        assert http.post(GOOGLE, body).status_code == 201
        refused(http.post(GOOGLE, body), 401, "google_token_used")
        clock.offset += timedelta(hours=1, minutes=2)
        refused(http.post(GOOGLE, body), 401, "google_token_invalid")
        used = one(db, UsedIdentityToken)
        with db.reading() as session:
            assert used.expires_at < clock.now(session)

    def test_a_token_that_was_refused_for_something_else_still_works(self, http, db, make):
        user, body = make.user(email=INGRID.email, status="suspended"), google_sign_in()
        refused(http.post(GOOGLE, body), 403, "account_suspended")
        with db.transaction() as session:
            session.get_one(User, user.id).status = "active"
        assert http.post(GOOGLE, body).status_code == 200

    @pytest.mark.parametrize("status", [None, "active", "pending"])
    def test_an_address_that_google_has_not_verified_opens_and_links_nothing(self, http, db, make, status):
        if status:
            make.user(email=INGRID.email, status=status)
        before = rows(db)

        refused(http.post(GOOGLE, google_sign_in(bad="unverified_email")), 403, "google_email_unverified")

        assert rows(db) == before

    def test_whom_google_has_signed_in_before_needs_no_address(self, http):
        http.post(GOOGLE, google_sign_in())
        assert http.post(GOOGLE, google_sign_in(bad="unverified_email")).status_code == 200

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"id_token": ""}, "id_token"),
            ({"id_token": "x" * 8193}, "id_token"),
            ({"id_token": 1}, "id_token"),
            ({"nonce": ""}, "nonce"),
            ({"nonce": "x" * 201}, "nonce"),
            ({"nonce": None}, "nonce"),
            ({"user_type": "admin"}, "user_type"),
            ({"locale": "de"}, "locale"),
            ({"email": "a@b.example"}, "email"),
        ],
    )
    def test_bad_fields_are_refused_by_name(self, http, untouched, change, field):
        body = google_sign_in() | change
        with untouched():
            refused(http.post(GOOGLE, body), 422, "invalid_fields", field)

    def test_sign_ins_from_one_address_are_counted_together_with_those_by_password(self, http):
        for _ in range(100):
            http.post(GOOGLE, {"id_token": "x", "nonce": "n"})
        refused(http.post(GOOGLE, google_sign_in()), 429, "too_many_login_address")

    def test_whoever_comes_in_slows_no_neighbour_down(self, http, db):
        for _ in range(3):
            http.post(GOOGLE, {"id_token": "x", "nonce": "n"})
            assert http.post(GOOGLE, google_sign_in()).status_code in (200, 201)
        assert len(one(db, RateLimit).hits) == 3

    def test_where_it_is_not_offered_nothing_is_read(self, http, db, monkeypatch):
        before = rows(db)
        monkeypatch.setattr(http.edge.google, "_client_ids", ())
        refused(http.post(GOOGLE, google_sign_in()), 404, "google_not_offered")
        assert rows(db) == before


@pytest.mark.usefixtures("keys")
class TestLeaving:
    @pytest.fixture
    def ingrid(self, http, db):
        http.post(GOOGLE, google_sign_in())
        return http.signed_in_as(one(db, User))

    def test_the_only_way_in_stays(self, ingrid, untouched):
        with untouched():
            refused(ingrid.request("DELETE", GOOGLE), 409, "only_way_in")

    def test_who_has_no_password_gets_one_by_mail_and_may_then_leave_google(self, http, db, ctx, ingrid):
        with db.transaction() as session:
            begin_reset(session, ctx, http.edge.one_time_tokens, one(db, User).id)
        with db.reading() as session:
            asked = session.scalars(select(OneTimeToken)).one()
        token = http.edge.one_time_tokens.token(Purpose.PASSWORD_RESET, asked.id)
        reset = http.post("/api/auth/reset-password", {"token": token, "password": "three giraffes at dusk"})
        assert reset.status_code == 200
        login = {"email": INGRID.email, "password": "three giraffes at dusk"}
        signed_in = http.post("/api/auth/login", login).get_json()
        client = replace(http, token=signed_in["access_token"])
        assert client.get("/api/users/me").get_json()["has_password"] is True

        assert client.request("DELETE", GOOGLE).status_code == 204

        assert client.get("/api/users/me").get_json()["identities"] == []
        refused(client.request("DELETE", GOOGLE), 404, "google_not_linked")
        with db.reading() as session:
            assert "identity.unlinked" in session.scalars(select(AuditEntry.action)).all()

    def test_a_stranger_unlinks_nothing(self, http, ingrid, untouched):
        with untouched():
            refused(http.request("DELETE", GOOGLE), 401, "token_missing")
