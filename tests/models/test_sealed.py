"""Sealed columns: only what a vault made goes in, and no column is forgotten by whoever rotates keys."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import StatementError

from domain.vault import Vault
from models import ProviderToken, TwoFactor
from models.sealed import place_of, sealed_columns
from workers.tokens import SharedTokens

_TEXTS = """
    SELECT table_name, column_name, data_type FROM information_schema.columns
    WHERE table_schema = 'public' AND data_type IN ('text', 'ARRAY', 'jsonb', 'json', 'bytea')
"""


@pytest.fixture
def vault(settings) -> Vault:
    return Vault(settings.encryption_keys)


@pytest.fixture
def sealing(db, make, clock, vault):
    """Everything of ours that seals something has done so once; whoever adds another adds it here."""
    user = make.user()
    with db.transaction() as session:
        session.add(
            TwoFactor(
                user_id=user.id,
                secret=vault.seal("GEZDGNBVGY3TQOJQ", place_of(TwoFactor.secret, user.id)),
                pending_secret=vault.seal("GEZDGNBVGY3TQOJQ", place_of(TwoFactor.pending_secret, user.id)),
                pending_until=clock.now(session) + timedelta(hours=1),
            )
        )
    SharedTokens(db, clock, "mpesa", vault).renew(lambda: ("a-very-secret-token", 3_600), None)


@pytest.mark.usefixtures("sealing")
def test_every_column_that_holds_sealed_text_is_known(db):
    found = set()
    with db.reading() as session:
        for table, column, _ in session.execute(text(_TEXTS)).all():
            looks_sealed = text(rf"SELECT EXISTS (SELECT 1 FROM {table} WHERE {column}::text ~ 'v1\.[0-9a-f]{{16}}\.')")
            if session.scalar(looks_sealed):
                found.add(f"{table}.{column}")
    assert found == {sealed.name for sealed in sealed_columns()}
    assert found == {"two_factor.secret", "two_factor.pending_secret", "provider_tokens.token"}


def test_nothing_unsealed_gets_in(db, make):
    user = make.user()
    with pytest.raises(StatementError, match="only sealed text"), db.transaction() as session:
        session.add(TwoFactor(user_id=user.id, secret="GEZDGNBVGY3TQOJQ"))
    with db.reading() as session:
        assert session.scalars(select(TwoFactor)).all() == []


def test_a_text_is_sealed_for_its_table_its_column_and_its_row():
    assert place_of(TwoFactor.secret, "x") == "two_factor.secret:x"
    assert place_of(ProviderToken.token, "mpesa") == "provider_tokens.token:mpesa"


def test_operators_are_told_what_helps_where_one_is_lost():
    assert all(sealed.when_lost for sealed in sealed_columns())
