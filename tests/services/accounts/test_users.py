"""Accounts: opened once per address."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest
from sqlalchemy import select

from domain.errors import Conflict, NotFound
from models import AuditEntry
from services.accounts.users import NewAccount, find_by_email, get_user, register
from tests.support.refusals import refused

ACCOUNT = NewAccount(
    email="amina@example.com",
    password_hash="$2b$04$hash",
    first_name="Amina",
    last_name="Otieno",
    phone="+254712000020",
    intends_to_guide=True,
    locale="sw",
)


@pytest.fixture
def opened(db, ctx):
    def opened(account=ACCOUNT):
        with db.transaction() as session:
            return register(session, ctx, account)

    return opened


def test_an_account_is_opened_as_a_tourist_whatever_it_intends(db, opened):
    user = opened()
    with db.reading() as session:
        user = get_user(session, user.id)
        assert (user.email, user.roles, user.status, user.user_type) == (
            "amina@example.com",
            ["tourist"],
            "pending",
            "tourist",
        )
        assert (user.intends_to_guide, user.locale, user.phone) == (True, "sw", "+254712000020")
        entry = session.scalars(select(AuditEntry)).one()
        assert (entry.action, entry.entity_id, entry.data) == ("user.registered", user.id, {})


def test_an_address_is_taken_without_regard_to_case(db, opened):
    opened()
    with refused(db, "email_taken", Conflict) as refusal:
        opened(replace(ACCOUNT, email="Amina@Example.COM"))
    assert "email" in refusal.value.errors


def test_an_account_is_found_by_its_address_without_regard_to_case(db, opened):
    user = opened()
    with db.reading() as session:
        assert find_by_email(session, "AMINA@example.com").id == user.id
        assert find_by_email(session, "nobody@example.com") is None


def test_an_unknown_user_does_not_exist(db):
    with refused(db, "user_not_found", NotFound), db.reading() as session:
        get_user(session, uuid.uuid4())
