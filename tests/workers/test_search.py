"""The jobs that count words and keep the best in front."""

from __future__ import annotations

from sqlalchemy import select

from beat.schedule import RUNS
from domain.jobs import JobKind
from models import SearchDocument, SearchWord
from models.jobs import Job
from services.search_index import note_listing
from workers import periodic


def test_a_noted_change_is_counted_by_a_worker(db, ctx, make, hands):
    listing = make.listing()
    with db.transaction() as session:
        note_listing(session, ctx, listing.id, ctx.now(session))
    hands.work("periodic")
    with db.reading() as session:
        assert session.get(SearchWord, "tastings").document_count == 1


def test_a_tick_counts_what_nobody_noted_and_adds_no_job_where_nothing_waits(db, ctx, make, hands, clock):
    make.listing()
    kind = JobKind.COUNT_WORDS
    for expected in (1, 1):
        with db.transaction() as session:
            periodic.tick(session, ctx, kind.value, RUNS[kind.value])
        hands.work("periodic")
        clock.offset += RUNS[kind.value]
        with db.reading() as session:
            assert len(session.scalars(select(Job).where(Job.kind == kind)).all()) == expected
            assert session.get(SearchWord, "tastings") is not None


def test_a_tick_brings_everything_into_its_band(db, ctx, make, hands):
    make.listing()
    with db.transaction() as session:
        periodic.tick(session, ctx, JobKind.RANK_DOCUMENTS.value, RUNS["periodic.rank_documents"])
    hands.work("periodic")
    with db.reading() as session:
        assert set(session.scalars(select(SearchDocument.band))) == {0}
