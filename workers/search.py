"""Keeping the words that can be searched counted, and the best in front."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from domain.jobs import JobKind
from domain.provider_errors import ProviderError
from domain.tallies import days_to_write
from models.jobs import Claim
from models.search import take_turn
from providers.tallies import DayTally
from services.context import Context
from services.search.counting import sum_up
from services.search.index import count_words, rank_documents
from services.search.popularity import choose_popular, write_searches, write_views
from workers.running import DONE, Outcome, provider_steps, retry_after, transactional
from workers.runtime import Runtime

#: What one run does at most, far within its time; the next tick goes on.
BATCHES_A_RUN = 10


@transactional(JobKind.COUNT_WORDS)
def count(session: Session, ctx: Context, job: Claim, runtime: Runtime) -> None:
    """Count the words of what has changed, and sum up what is offered. Where another run is at it, that or the next tick does
    this one's work too."""
    if not take_turn(session):
        return
    for _ in range(BATCHES_A_RUN):
        if not count_words(session):
            break
    sum_up(session)


@transactional(JobKind.RANK_DOCUMENTS)
def rank(session: Session, ctx: Context, job: Claim, runtime: Runtime) -> None:
    """Bring everything that can be found into the band of its quality."""
    for _ in range(BATCHES_A_RUN):
        if not rank_documents(session):
            break


@provider_steps(JobKind.WRITE_TALLIES)
class WriteTallies:
    """What the edge has counted in Redis becomes rows. It is read and not taken: a run that died is simply done again."""

    def prepare(self, session: Session, ctx: Context, job: Claim, runtime: Runtime) -> Sequence[date]:
        return days_to_write(ctx.now(session))

    def call(self, runtime: Runtime, days: Sequence[date]) -> dict[date, DayTally]:
        return runtime.tallies.read(days)

    def record(
        self,
        session: Session,
        ctx: Context,
        job: Claim,
        days: Sequence[date],
        answer: dict[date, DayTally] | ProviderError,
    ) -> Outcome:
        if isinstance(answer, ProviderError):
            return retry_after(ctx, session, job, answer)
        for day, tally in answer.items():
            write_views(session, day, tally.views)
            write_searches(session, day, tally.searchers)
        choose_popular(session, days[-1])
        return DONE
