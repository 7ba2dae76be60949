"""The list of accounts: for administrators only, by status and kind, page by page."""

from __future__ import annotations

import pytest

from models import User
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
    http.edge.identities.forget_all()

    refused(admin.get(USERS), 403, "admins_only")
