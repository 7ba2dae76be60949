"""Accounts in administrators' hands: found, suspended and let back in; by nobody else."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from domain.one_time import Purpose
from models import User
from models.locks import lock_user
from models.users import SOUGHT
from services.accounts.one_time_tokens import issue
from tests.factories import PASSWORD
from tests.support.http import refused

USERS = "/api/admin/users"


@pytest.fixture
def grace(make):
    return make.user(first_name="Grace", roles=["tourist", "admin"])


@pytest.fixture
def admin(http, grace):
    return http.signed_in_as(grace)


def listed(response) -> list[str]:
    assert response.status_code == 200, response.get_json()
    return [user["id"] for user in response.get_json()["items"]]


def test_accounts_are_listed_newest_first_by_the_page(admin, grace, make):
    users = [grace, *(make.user() for _ in range(3))]

    first, second = admin.get(f"{USERS}?limit=3"), admin.get(f"{USERS}?limit=3&page=2")

    assert listed(first) + listed(second) == [str(user.id) for user in reversed(users)]
    assert second.get_json()["pagination"] | {"total": 4, "has_next": False} == second.get_json()["pagination"]
    assert first.headers["Cache-Control"] == "private, no-store"


def test_accounts_are_filtered_by_status_and_kind(admin, grace, make):
    guide, gone = make.guide(), make.user(status="suspended")
    also_gone = make.guide(status="suspended")

    assert listed(admin.get(f"{USERS}?status=suspended")) == [str(also_gone.id), str(gone.id)]
    assert listed(admin.get(f"{USERS}?userType=guide")) == [str(also_gone.id), str(guide.id)]
    assert listed(admin.get(f"{USERS}?status=active&user_type=guide")) == [str(guide.id)]
    assert listed(admin.get(f"{USERS}?user_type=admin")) == [str(grace.id)]


def test_no_secret_of_an_account_is_shown(admin, make):
    make.user(password_hash="$2b$04$not-for-anybodys-eyes")

    assert "anybodys" not in admin.get(USERS).text


@pytest.mark.parametrize(
    ("query", "field"),
    [("status=gone", "status"), ("user_type=boss", "user_type"), ("limit=101", "limit"), ("page=0", "page")],
)
def test_bad_filters_are_refused_by_name(admin, query, field):
    refused(admin.get(f"{USERS}?{query}"), 422, "invalid_fields", field)


def test_only_administrators_see_the_list(http, make, untouched):
    with untouched():
        refused(http.get(USERS), 401, "token_missing")
    for user in (make.user(), make.guide()):
        client = http.signed_in_as(user)
        with untouched():
            # Before anything else of the request is looked at.
            refused(client.get(f"{USERS}?limit=101"), 403, "admins_only")
    assert http.signed_in_as(make.user(roles=["super_admin"])).get(USERS).status_code == 200


def test_who_is_no_administrator_any_more_is_refused(http, admin, grace, db):
    assert admin.get(USERS).status_code == 200
    with db.transaction() as session:
        session.get_one(User, grace.id).roles = ["tourist"]
    http.edge.sessions.forget_all()

    refused(admin.get(USERS), 403, "admins_only")


def test_accounts_are_found_by_part_of_a_name_or_an_address(admin, make):
    amina = make.user(first_name="Amina", last_name="Wanjiku", email="amina.w@example.com")
    kamau = make.user(first_name="Kamau", last_name="50%_off", email="kamau@example.org")

    for q in ("wanji", "AMINA WAN", "amina.w@", "a wanjiku"):
        assert str(amina.id) in listed(admin.get(USERS, query_string={"q": q})), q
    assert listed(admin.get(USERS, query_string={"q": "50%_"})) == [str(kamau.id)]
    assert listed(admin.get(USERS, query_string={"q": "example.org", "status": "active"})) == [str(kamau.id)]
    for q in ("%%%", "___", "\\\\\\", "'; --", "nobody"):
        assert listed(admin.get(USERS, query_string={"q": q})) == [], q
    for q in ("am", "x" * 101, "a\u0000mina"):
        refused(admin.get(USERS, query_string={"q": q}), 422, "invalid_fields", "q")


def test_an_index_answers_the_search(db):
    with db.transaction() as session:
        session.execute(text("SET LOCAL enable_seqscan = off"))
        plan = session.scalars(text(f"EXPLAIN SELECT id FROM users WHERE {SOUGHT} LIKE lower('%wanji%')")).all()

    assert any("ix_users_sought" in line for line in plan), plan


def suspend(client, user, reason="Reported three times."):
    return client.put(f"{USERS}/{user.id}/suspend", {"reason": reason})


def test_a_suspended_user_is_out_at_once_and_back_when_let(http, admin, make, db):
    amina = make.user(password_hash=http.edge.passwords.hash(PASSWORD))
    client = http.signed_in_as(amina)
    assert client.get("/api/users/me").status_code == 200

    body = suspend(admin, amina).get_json()

    assert (body["status"], body["suspension"]["reason"]) == ("suspended", "Reported three times.")
    refused(client.get("/api/users/me"), 401, "session_ended")
    credentials = {"email": amina.email, "password": PASSWORD}
    refused(http.post("/api/auth/login", credentials), 403, "account_suspended")
    assert listed(admin.get(f"{USERS}?status=suspended")) == [str(amina.id)]
    assert suspend(admin, amina, "Again.").get_json() == body

    body = admin.put(f"{USERS}/{amina.id}/unsuspend").get_json()

    assert (body["status"], body["suspension"]) == ("active", None)
    assert http.post("/api/auth/login", credentials).status_code == 200
    refused(client.get("/api/users/me"), 401, "session_ended")
    assert admin.put(f"{USERS}/{amina.id}/unsuspend").get_json() == body


@pytest.mark.parametrize("reason", [None, "", "  ", "x" * 501, 7, "a\u0000b"])
def test_a_reason_is_asked_for(admin, make, untouched, reason):
    amina = make.user()
    with untouched():
        refused(suspend(admin, amina, reason), 422, "invalid_fields", "reason")
        refused(admin.put(f"{USERS}/{amina.id}/suspend", {}), 422, "invalid_fields", "reason")
        refused(
            admin.put(f"{USERS}/{amina.id}/suspend", {"reason": "x", "status": "deleted"}),
            422,
            "invalid_fields",
            "status",
        )
    assert make.reload(amina).status == "active"


def test_what_the_rules_refuse_changes_nothing(http, admin, grace, make, untouched):
    owner, gone = make.user(roles=["super_admin"]), make.user(status="deleted")
    nobody = "0193f1a0-52b7-7c1e-9a64-0a1b2c3d4e5f"
    with untouched():
        refused(suspend(admin, grace), 403, "own_account")
        refused(suspend(admin, owner), 403, "super_admins_only")
        refused(suspend(admin, gone), 409, "account_deleted")
        for verb in ("suspend", "unsuspend"):
            refused(
                admin.put(f"{USERS}/{nobody}/{verb}", {"reason": "x"} if verb == "suspend" else None),
                404,
                "user_not_found",
            )
    tourist = http.signed_in_as(make.user())
    with untouched():
        refused(suspend(tourist, grace), 403, "admins_only")
    assert make.reload(grace).status == "active"


@pytest.mark.parametrize("purpose", [Purpose.EMAIL_VERIFICATION, Purpose.PASSWORD_RESET])
def test_no_link_of_a_suspended_user_works(http, admin, make, db, purpose):
    amina, tokens = make.user(status="pending"), http.edge.one_time_tokens
    with db.transaction() as session:
        issued = issue(session, make.acting(amina), tokens, lock_user(session, amina.id), purpose)
        token = tokens.token(purpose, issued.id)
    suspend(admin, amina)

    if purpose is Purpose.EMAIL_VERIFICATION:
        answer = http.post("/api/auth/verify-email", {"token": token})
    else:
        answer = http.post("/api/auth/reset-password", {"token": token, "password": "three giraffes at noon"})

    refused(answer, 422, "one_time_token_invalid")
    assert make.reload(amina).password_hash is None
