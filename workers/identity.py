"""Fetching the keys of those who vouch for our users, so that the edge never has to ask anybody."""

from __future__ import annotations

from datetime import timedelta

import structlog
from sqlalchemy.orm import Session

from domain.identities import Provider
from domain.jobs import JobKind
from domain.provider_errors import ProviderError
from models.identities import keep_keys
from models.jobs import Claim
from providers.identity.google import KeySet
from services.accounts.identities import ask_for_google_keys
from services.context import Context
from workers.running import DONE, Done, Outcome, provider_steps, retry_after, transactional
from workers.runtime import Runtime

#: A set is read again when Google says so, at least and at most this often.
SOONEST, LATEST = timedelta(minutes=5), timedelta(hours=1)
#: A key that has left the set is kept so long after it was last seen there: an hour until we look, and the hour that a
#: token lives.
GRACE = timedelta(hours=2)

logger = structlog.get_logger(__name__)


@transactional(JobKind.REFRESH_GOOGLE_KEYS)
def refresh_google_keys(session: Session, ctx: Context, job: Claim, runtime: Runtime) -> None:
    """Have the keys fetched where signing in by Google is offered and nobody has asked for it yet."""
    if runtime.google is not None:
        ask_for_google_keys(session, ctx)


@provider_steps(JobKind.FETCH_GOOGLE_KEYS)
class FetchGoogleKeys:
    """Google's whole set takes the place of the one before; while Google is away, what is known stays."""

    def prepare(self, session: Session, ctx: Context, job: Claim, runtime: Runtime) -> Done | None:
        """There is nothing to claim: asking twice changes nothing."""
        return DONE if runtime.google is None else None

    def call(self, runtime: Runtime, prepared: None) -> KeySet:
        return runtime.google.fetch()

    def record(
        self, session: Session, ctx: Context, job: Claim, prepared: None, answer: KeySet | ProviderError
    ) -> Outcome:
        if isinstance(answer, ProviderError):
            return retry_after(ctx, session, job, answer)
        now = ctx.now(session)
        holds = LATEST if answer.max_age is None else timedelta(seconds=answer.max_age)
        fresh_until = now + min(max(holds, SOONEST), LATEST)
        keep_keys(session, Provider.GOOGLE, answer.keys, now=now, fresh_until=fresh_until, grace=GRACE)
        logger.info("identity.keys_fetched", provider=Provider.GOOGLE.value, keys=len(answer.keys))
        return DONE
