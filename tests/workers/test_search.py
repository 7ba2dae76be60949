"""The jobs that count words and keep the best in front."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from beat.schedule import RUNS
from domain.jobs import JobKind
from domain.provider_errors import Unavailable
from models import SearchDocument, SearchWord, ViewCount
from models.base import new_id
from models.jobs import Job
from providers.tallies import DayTally
from services.search.index import note_listing
from services.search.popularity import popular_searches
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


@pytest.fixture
def tallied(runtime, monkeypatch):
    """Lets Redis hold these counts for today, and a worker write them."""

    def tallied(views: dict[str, int], searchers: dict[str, int]) -> None:
        held = {"views": views, "searchers": searchers}
        monkeypatch.setattr(type(runtime.tallies), "read", lambda self, days: {days[-1]: DayTally(**held)})

    return tallied


def write(db, ctx, hands, clock):
    kind = JobKind.WRITE_TALLIES
    with db.transaction() as session:
        periodic.tick(session, ctx, kind.value, RUNS[kind.value])
    hands.work("periodic")
    clock.offset += RUNS[kind.value]


def test_counts_are_written_as_they_stand_however_often(db, ctx, make, hands, clock, tallied):
    listing = make.listing()
    for views in (3, 3, 5, 2):
        # The last is a Redis that has lost some.
        tallied({str(listing.id): views, str(new_id()): 9}, {})
        write(db, ctx, hands, clock)
    with db.reading() as session:
        assert session.scalars(select(ViewCount.view_count)).all() == [5]


def test_popular_is_what_several_search_for_in_words_of_what_there_is(db, ctx, make, hands, clock, tallied):
    make.listing(title="Food walk")
    make.words_known()
    tallied({}, {"food walk": 5, "walk": 3, "food": 2, "seven": 1, "call 0712345678": 90, "badword food": 40})
    for _ in range(2):
        write(db, ctx, hands, clock)
    assert popular_searches(db) == ["food walk", "walk"]
    clock.offset += timedelta(days=8)
    tallied({}, {})
    write(db, ctx, hands, clock)
    assert popular_searches(db) == []


def test_a_redis_that_is_away_is_asked_again(db, ctx, hands, clock, runtime, monkeypatch):
    def away(self, days):
        raise Unavailable("away", code="ConnectionError")

    monkeypatch.setattr(type(runtime.tallies), "read", away)
    kind = JobKind.WRITE_TALLIES
    with db.transaction() as session:
        periodic.tick(session, ctx, kind.value, RUNS[kind.value])
    hands.do(hands.due("periodic")[0])
    with db.reading() as session:
        job = session.scalars(select(Job).where(Job.kind == kind)).one()
        assert (job.done_at, job.dead_at, job.failures) == (None, None, 1)
