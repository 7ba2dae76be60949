"""Keeping the words that can be searched counted, and the best in front."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.jobs import JobKind
from models.jobs import Claim
from models.search import take_turn
from services.context import Context
from services.search_index import count_words, rank_documents
from workers.running import transactional
from workers.runtime import Runtime

#: What one run does at most, far within its time; the next tick goes on.
BATCHES_A_RUN = 10


@transactional(JobKind.COUNT_WORDS)
def count(session: Session, ctx: Context, job: Claim, runtime: Runtime) -> None:
    """Count the words of what has changed. Where another run is at it, that or the next tick does this one's work too."""
    if not take_turn(session):
        return
    for _ in range(BATCHES_A_RUN):
        if not count_words(session):
            break


@transactional(JobKind.RANK_DOCUMENTS)
def rank(session: Session, ctx: Context, job: Claim, runtime: Runtime) -> None:
    """Bring everything that can be found into the band of its quality."""
    for _ in range(BATCHES_A_RUN):
        if not rank_documents(session):
            break
