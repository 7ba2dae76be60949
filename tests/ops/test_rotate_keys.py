"""``./elite rotate-keys``: afterwards the old key may go, and what nobody can open is named."""

from __future__ import annotations

import base64

import pytest
from sqlalchemy import text

from domain.vault import Unopenable, Vault
from models import TwoFactor
from models.sealed import place_of
from ops import command, rotate_keys

OLD, NEW, OTHER = (base64.urlsafe_b64encode(bytes([byte]) * 32).decode() for byte in (1, 2, 3))
SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.fixture
def rotate(settings, db, tmp_path, monkeypatch, terminal, output):
    """Run the command with these keys; its exit code and what it printed."""
    for name, value in {"APP_ENV": "test", "DATABASE_URL": settings.database_url, "ELITE_STATE": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)

    def rotate(*keys: str) -> tuple[int, str]:
        monkeypatch.setenv("ENCRYPTION_KEYS", ",".join(keys))
        return rotate_keys.run(command.parse("rotate-keys", []), terminal), output.fresh()

    return rotate


@pytest.fixture
def sealed(db, make):
    """``sealed(key, n)`` makes so many users with a seed under a key."""

    def sealed(key: str, count: int) -> list:
        users = [make.user().id for _ in range(count)]
        with db.transaction() as session:
            for user in users:
                text_ = Vault([key]).seal(SEED, place_of(TwoFactor.secret, user))
                session.add(TwoFactor(user_id=user, secret=text_))
        return users

    return sealed


def opened(db, key: str, user) -> str:
    with db.reading() as session:
        return Vault([key]).open(session.get_one(TwoFactor, user).secret, place_of(TwoFactor.secret, user))


def test_everything_comes_under_the_first_key_and_the_old_one_may_go(db, rotate, sealed, monkeypatch):
    monkeypatch.setattr(rotate_keys, "BATCH", 2)
    before, after = sealed(OLD, 5), sealed(NEW, 2)

    code, said = rotate(NEW, OLD)

    assert code == 0
    assert "two_factor.secret: 5 sealed anew." in said
    assert "Start again once every process runs with these" in said
    assert {opened(db, NEW, user) for user in before + after} == {SEED}
    with pytest.raises(Unopenable):
        opened(db, OLD, before[0])
    code, said = rotate(NEW, OLD)
    assert (code, "two_factor.secret: 0 sealed anew." in said) == (0, True)
    assert "Then take the others away." in said
    code, said = rotate(NEW)
    assert (code, "under the one key" in said) == (0, True)


def test_who_was_interrupted_goes_on_where_they_were(db, rotate, sealed, monkeypatch):
    monkeypatch.setattr(rotate_keys, "BATCH", 2)
    users, real, batches = sealed(OLD, 5), rotate_keys.reseal, []

    def break_off(*arguments):
        batches.append(arguments)
        if len(batches) == 3:
            raise KeyboardInterrupt
        return real(*arguments)

    monkeypatch.setattr(rotate_keys, "reseal", break_off)
    with pytest.raises(KeyboardInterrupt):
        rotate(NEW, OLD)
    monkeypatch.setattr(rotate_keys, "reseal", real)

    _, said = rotate(NEW, OLD)

    sealed_before = 5 - int(said.partition("two_factor.secret: ")[2].partition(" ")[0])
    assert 0 < sealed_before < 5
    assert {opened(db, NEW, user) for user in users} == {SEED}


def test_rows_that_no_key_opens_are_named_and_left_as_they_are(db, rotate, sealed):
    (fine,), (lost,), (swapped,) = sealed(OLD, 1), sealed(OTHER, 1), sealed(OLD, 1)
    with db.transaction() as session:
        swap = "UPDATE two_factor SET secret = (SELECT secret FROM two_factor WHERE user_id = :a) WHERE user_id = :b"
        session.execute(text(swap), {"a": fine, "b": swapped})
        kept = "INSERT INTO provider_tokens (provider, token, expires_at) VALUES ('mpesa', 'gAAAAA', now())"
        session.execute(text(kept))

    code, said = rotate(NEW, OLD)

    words = " ".join(said.split())
    assert code == 1
    for user in (lost, swapped):
        assert f"two_factor.secret of {user}: no key opens it" in words
    assert "provider_tokens.token of mpesa: no key opens it; a new one is fetched by itself" in words
    assert "Take no key away yet" in words
    assert SEED not in said
    assert opened(db, NEW, fine) == opened(db, OTHER, lost) == SEED


def test_what_is_sealed_meanwhile_is_not_overwritten(db, rotate, sealed, monkeypatch):
    (user,) = sealed(OLD, 1)
    newer = Vault([NEW]).seal("ANOTHERSEED234567", place_of(TwoFactor.secret, user))
    real = rotate_keys.reseal

    def overtaken(session, vault, column, after, limit):
        if column.name == "two_factor.secret":
            rows = column.batch(session, after, limit)
            monkeypatch.setattr(type(column), "batch", lambda *_: rows if column.name == "two_factor.secret" else [])
            with db.transaction() as other:
                other.get_one(TwoFactor, user).secret = newer
        return real(session, vault, column, after, limit)

    monkeypatch.setattr(rotate_keys, "reseal", overtaken)
    _, said = rotate(NEW, OLD)

    assert "two_factor.secret: 0 sealed anew." in said
    assert opened(db, NEW, user) == "ANOTHERSEED234567"
