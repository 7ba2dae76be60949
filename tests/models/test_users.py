"""Accounts: roles as a set, addresses that are unique as people see them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models import Resource, User, UserSession
from tests.factories import utc

NOW = utc(2026, 6, 1, 9)


@pytest.mark.parametrize(
    ("roles", "user_type"),
    [
        (["tourist"], "tourist"),
        (["tourist", "guide"], "guide"),
        (["guide", "admin"], "admin"),
        (["super_admin", "admin", "tourist"], "super_admin"),
    ],
)
def test_the_user_type_is_the_strongest_role_and_follows_the_roles(db, make, roles, user_type):
    user = make.user(roles=roles)
    assert user.user_type == user_type
    with db.transaction() as session:
        session.get_one(User, user.id).roles = ["tourist"]
    assert make.reload(user).user_type == "tourist"


@pytest.mark.parametrize("roles", [[], ["king"], ["tourist", "king"]])
def test_roles_are_known_and_at_least_one(make, refused, roles):
    with refused("ck_users_roles_known"):
        make.user(roles=roles)


@pytest.mark.parametrize("phone", ["0712345678", "254712345678", "+0712345678", "+25471234567890123", "+254 712345678"])
def test_a_phone_number_that_is_not_e164_is_refused(make, refused, phone):
    with refused("ck_users_phone_e164"):
        make.user(phone=phone)


def test_an_address_belongs_to_one_account_however_it_is_written(make, refused):
    make.user(email="amina@example.com")
    with refused("uq_users_email"):
        make.user(email="Amina@Example.COM")


def test_accounts_may_lack_address_phone_and_password(make):
    first, second = make.user(email=None, phone=None), make.user(email=None, phone=None)
    assert (first.email, second.email, first.password_hash) == (None, None, None)


@pytest.mark.parametrize(
    ("status", "may"), [("pending", True), ("active", True), ("suspended", False), ("deleted", False)]
)
def test_who_may_sign_in(make, status, may):
    assert make.user(status=status).may_sign_in is may


def test_a_person_has_one_body(db, make, refused):
    guide = make.guide()
    with refused("uq_resources_person"), db.transaction() as session:
        session.add(Resource(user_id=guide.id))
    with refused("ck_resources_person_has_user"), db.transaction() as session:
        session.add(Resource())


@pytest.fixture
def signed_in(make):
    return UserSession(user_id=make.user().id, token_hash="one", rotated_at=NOW, expires_at=NOW + timedelta(days=1))


def test_a_session_lives_until_its_end_or_until_it_is_revoked(signed_in):
    assert signed_in.is_live(NOW)
    assert not signed_in.is_live(NOW + timedelta(days=1))
    signed_in.revoke("signed_out", NOW)
    signed_in.revoke("reused", NOW + timedelta(hours=1))
    assert not signed_in.is_live(NOW)
    assert (signed_in.revoked_reason, signed_in.revoked_at) == ("signed_out", NOW)


def test_a_session_remembers_the_token_before(signed_in):
    signed_in.rotate("two", NOW + timedelta(minutes=1))
    assert (signed_in.token_hash, signed_in.previous_token_hash) == ("two", "one")
    assert signed_in.rotated_at == NOW + timedelta(minutes=1)
