"""Demo data: accounts to sign in with, forty guides and two hundred experiences, so that a fresh start has a story."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from composition import clock_from, database_from, policy_from
from domain.one_time import OneTimeTokens
from domain.vault import Vault
from ops.errors import OpsError
from ops.seed.applications import add_applications
from ops.seed.loading import add_missing
from ops.seed.people import ACCOUNTS, ADMIN, PASSWORD, Account
from settings import Settings

__all__ = ["ACCOUNTS", "ADMIN", "Account", "Loaded", "load"]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load added: rows by table, all zero where everything was there."""

    counts: Mapping[str, int]


def load(settings: Settings) -> Loaded:
    """Add what is missing, in one transaction; rows that exist are never changed.

    Raises :class:`OpsError` in production, where accounts with a published password have no business.
    """
    if settings.is_production:
        raise OpsError(
            "Demo data is not for production: its accounts have a password that everybody can read.",
            "Set APP_ENV=development, or start without demo data.",
        )
    database = database_from(settings, pool_size=1)
    try:
        with database.transaction() as session:
            now = clock_from(settings).now(session)
            vault = Vault(settings.encryption_keys)
            counts = add_missing(session, policy_from(settings), vault, now, lambda: _hashed(settings))
            tokens = OneTimeTokens(settings.jwt_refresh_secret)
            return Loaded(counts | add_applications(session, tokens, now))
    finally:
        database.dispose()


def _hashed(settings: Settings) -> str:
    # Brings the whole web application with it, which a second load has no need to wait for.
    from api.passwords import Passwords

    return Passwords(rounds=settings.bcrypt_rounds, slots=1, queue=0).hash(PASSWORD)
