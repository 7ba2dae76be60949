"""Providers' access tokens, kept sealed in PostgreSQL and renewed by one process at a time: Daraja's new one ends the last."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from domain.provider_errors import Unavailable
from domain.vault import Unopenable, Vault
from models.clock import Clock
from models.operations import ProviderToken
from models.sealed import place_of
from models.session import Database

#: A token is not used in the last part of its life.
SAFETY_MARGIN = timedelta(minutes=5)
#: Who renews has this long; longer than the fetch's own timeout.
RENEWAL = timedelta(seconds=10)
WAIT_SECONDS = 0.1


class SharedTokens:
    """A TokenStore for one provider."""

    def __init__(self, db: Database, clock: Clock, provider: str, vault: Vault):
        self._db = db
        self._clock = clock
        self._provider = provider
        self._vault = vault
        self._place = place_of(ProviderToken.token, provider)

    def get(self) -> str | None:
        with self._db.reading() as session:
            row = session.get(ProviderToken, self._provider)
            return self._usable(session, row)

    def renew(self, fetch: Callable[[], tuple[str, int]], stale: str | None) -> str:
        """See :class:`providers.payments.mpesa.TokenStore`. Raises Unavailable where the renewer does not get done."""
        deadline = time.monotonic() + 2 * RENEWAL.total_seconds()
        while time.monotonic() < deadline:
            token, is_ours = self._take_turn(stale)
            if token:
                return token
            if is_ours:
                return self._fetch(fetch)
            time.sleep(WAIT_SECONDS)
        raise Unavailable("somebody else is renewing the access token and does not get done", code="token_busy")

    def _take_turn(self, stale: str | None) -> tuple[str | None, bool]:
        """A token that somebody else has fetched meanwhile, or the right to fetch one, or neither."""
        with self._db.transaction() as session:
            session.execute(insert(ProviderToken).values(provider=self._provider).on_conflict_do_nothing())
            row = session.get_one(ProviderToken, self._provider, with_for_update=True)
            now = self._clock.now(session)
            token = self._usable(session, row)
            if token and token != stale:
                return token, False
            if row.renewing_until and row.renewing_until > now:
                return None, False
            row.renewing_until = now + RENEWAL
            return None, True

    def _fetch(self, fetch: Callable[[], tuple[str, int]]) -> str:
        token, seconds = None, 0
        try:
            token, seconds = fetch()
        finally:
            with self._db.transaction() as session:
                row = session.get_one(ProviderToken, self._provider, with_for_update=True)
                row.renewing_until = None
                if token:
                    row.token = self._vault.seal(token, self._place)
                    row.expires_at = self._clock.now(session) + timedelta(seconds=seconds)
        return token

    def _usable(self, session: Session, row: ProviderToken | None) -> str | None:
        if row is None or row.token is None or row.expires_at - SAFETY_MARGIN <= self._clock.now(session):
            return None
        try:
            return self._vault.open(row.token, self._place)
        except Unopenable:
            # Written under a key that is gone, or by a release that sealed otherwise; a new token is a call away.
            return None
