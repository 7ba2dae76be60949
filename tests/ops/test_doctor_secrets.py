"""What the doctor says of sealed columns: that all of them open, or which rows no key opens and what helps."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import text

from domain.vault import Vault
from models import TwoFactor
from models.sealed import place_of
from ops.doctor import sealed
from ops.doctor.findings import Finding, Level

OURS, GONE = (base64.urlsafe_b64encode(bytes([byte]) * 32).decode() for byte in (1, 2))
SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.fixture
def ask(db, settings):
    def ask(*keys: str) -> list[Finding]:
        patient = SimpleNamespace(settings=replace(settings, encryption_keys=keys), database=db)
        findings = list(sealed.secrets(patient))
        assert all(finding.cure or finding.level is Level.GOOD for finding in findings)
        assert not any(secret in str(findings) for secret in (SEED, OURS, GONE, "v1."))
        return findings

    return ask


@pytest.fixture
def seal(db, make, ctx):
    """``seal(key, n)`` makes so many users with a seed, and that of a new phone, under a key."""

    def seal(key: str, count: int = 1) -> list:
        users, vault = [make.user().id for _ in range(count)], Vault([key])
        with db.transaction() as session:
            for user in users:
                session.add(
                    TwoFactor(
                        user_id=user,
                        secret=vault.seal(SEED, place_of(TwoFactor.secret, user)),
                        pending_secret=vault.seal(SEED, place_of(TwoFactor.pending_secret, user)),
                        pending_until=ctx.now(session) + timedelta(hours=1),
                    )
                )
        return users

    return seal


def test_what_opens_is_well_whichever_key_it_is_under(ask, seal):
    assert [(each.level, each.text) for each in ask(OURS)] == [(Level.GOOD, "0 opened, in 3 columns")]
    seal(OURS), seal(GONE)
    assert [(each.level, each.text) for each in ask(OURS, GONE)] == [(Level.GOOD, "4 opened, in 3 columns")]


def test_rows_that_no_key_opens_are_named_with_what_helps(ask, seal, monkeypatch):
    monkeypatch.setattr(sealed, "BATCH", 2)
    seal(OURS, 3)
    lost = seal(GONE, 9)

    secret, pending = ask(OURS)

    assert (secret.level, secret.text) == (Level.BROKEN, "no key opens two_factor.secret of 9 rows")
    assert secret.details == tuple(f"two_factor.secret of {user}" for user in lost[:8])
    for words in ("missing from ENCRYPTION_KEYS", "./elite rotate-keys", "./elite admin reset-2fa"):
        assert words in secret.cure
    assert (pending.level, pending.text) == (Level.LOOK, "no key opens two_factor.pending_secret of 9 rows")


def test_a_text_that_was_copied_from_another_row_is_found(ask, seal, db):
    mine, theirs = seal(OURS, 2)
    with db.transaction() as session:
        swap = "UPDATE two_factor SET secret = (SELECT secret FROM two_factor WHERE user_id = :a) WHERE user_id = :b"
        session.execute(text(swap), {"a": theirs, "b": mine})
    (finding,) = ask(OURS)
    assert (finding.level, finding.details) == (Level.BROKEN, (f"two_factor.secret of {mine}",))


def test_a_token_that_is_fetched_anew_by_itself_is_nobodys_trouble(ask, db):
    with db.transaction() as session:
        session.execute(
            text("INSERT INTO provider_tokens (provider, token, expires_at) VALUES ('mpesa', 'gAAAAA', now())")
        )
    (finding,) = ask(OURS)
    assert (finding.level, "a new one is fetched by itself" in finding.cure) == (Level.LOOK, True)


def test_of_very_many_rows_only_the_first_are_opened(ask, seal, monkeypatch):
    monkeypatch.setattr(sealed, "BATCH", 2)
    monkeypatch.setattr(sealed, "MOST", 4)
    seal(OURS, 6)
    assert [each.text for each in ask(OURS)] == ["8 opened, in 3 columns"]
