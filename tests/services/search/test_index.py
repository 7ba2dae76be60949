"""What is searched follows what is offered, and the words that there are are counted, whoever else is at it."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from models import Guide, Listing, SearchDocument, SearchWord, User
from models.jobs import Job
from models.search import is_any_uncounted, take_turn
from models.session import Database
from services.catalogue.offering import withdraw_listings
from services.search import index
from services.search.index import count_words, note_guide, note_listing, rank_documents


@pytest.fixture
def counted(db: Database):
    """The words and their counts, once everything is counted."""

    def counted() -> dict[str, int]:
        with db.transaction() as session:
            while count_words(session):
                pass
        with db.reading() as session:
            return dict(session.execute(select(SearchWord.word, SearchWord.document_count)).all())

    return counted


@pytest.fixture
def found(db: Database):
    """The ids of what can be found by a lexeme."""

    def found(lexeme: str) -> set:
        with db.reading() as session:
            query = select(SearchDocument.id).where(SearchDocument.vector.op("@@")(text("CAST(:q AS tsquery)")))
            return set(session.scalars(query, {"q": lexeme}))

    return found


def change(db: Database, model: type, id_: object, **values: object) -> None:
    with db.transaction() as session:
        session.execute(update(model).where(model.id == id_).values(**values))


def guide_of(db: Database, user: User) -> Guide:
    with db.reading() as session:
        return session.scalars(select(Guide).where(Guide.user_id == user.id)).one()


def test_a_listing_is_searched_from_its_commit_on_and_no_longer_than_it_is_offered(db, make, found):
    listing = make.listing(title="Ng'ombe & Château", location="Kîlifi")
    for lexeme in (
        "chateau",
        "ngomb",
        "'^ngombe'",
        "'@kilifi'",
        "'#food'",
        "'#experience'",
        "'#KES35'",
        "'#food KES35'",
    ):
        assert found(lexeme) == {listing.id}, lexeme
    change(db, Listing, listing.id, title="Camel ride")
    assert (found("chateau"), found("camel")) == (set(), {listing.id})
    change(db, Listing, listing.id, status="hidden")
    assert found("camel") == set()


def test_a_guide_is_searched_by_name_region_and_words_while_the_account_is_active(db, make, found):
    host = make.guide(first_name="Wanjirũ")
    guide = guide_of(db, host)
    assert found("wanjiru") == found("'@nairobi'") == found("born") == {guide.id}
    change(db, User, host.id, first_name="Akinyi")
    assert (found("wanjiru"), found("akinyi")) == (set(), {guide.id})
    for status in ("suspended", "deleted"):
        change(db, User, host.id, status=status)
        assert found("akinyi") == set()
        change(db, User, host.id, status="active")
        assert found("akinyi") == {guide.id}
    change(db, User, host.id, roles=["tourist"])
    assert found("akinyi") == set()


def test_what_a_host_withdraws_is_not_found_from_that_commit_on(db, ctx, make, found):
    listing = make.listing()
    with db.transaction() as session:
        withdraw_listings(session, ctx, listing.host_id)
        session.flush()
        inside = session.scalars(select(SearchDocument.id).where(SearchDocument.id == listing.id)).all()
    assert (inside, found("'#experience'")) == ([], set())


def test_words_are_counted_once_a_document_and_forgotten_with_the_last_one(db, make, counted):
    guide = make.guide()
    first = make.listing(guide, title="Dhow dhow", summary="", description="")
    make.listing(guide, title="Dhow sail", summary="", description="")
    words = counted()
    assert (words["dhow"], words["sail"], words["nairobi"]) == (2, 1, 3)
    change(db, Listing, first.id, title="Camel")
    words = counted()
    assert (words["dhow"], words["camel"]) == (1, 1)
    change(db, Listing, first.id, status="archived")
    assert "camel" not in counted()
    assert counted() == counted()


def test_a_guides_name_goes_with_the_guide(db, make, counted):
    host = make.guide(first_name="Zakayo", last_name="Mwinyi")
    assert {"zakayo", "mwinyi"} <= counted().keys()
    with db.transaction() as session:
        session.execute(text("DELETE FROM guides WHERE user_id = :id"), {"id": host.id})
    assert counted() == {}
    with db.reading() as session:
        assert session.execute(text("SELECT count(*) FROM search_counted")).scalar() == 0


def test_counting_in_batches_comes_to_the_same(db, make, counted, monkeypatch):
    monkeypatch.setattr(index, "BATCH", 2)
    guide = make.guide()
    for _ in range(5):
        make.listing(guide)
    assert counted()["tastings"] == 5


def test_two_who_count_at_once_count_nothing_twice(db, make, counted):
    guide = make.guide()
    for _ in range(20):
        make.listing(guide)
    barrier = threading.Barrier(4)

    def work() -> None:
        barrier.wait()
        with db.transaction() as session:
            if take_turn(session):
                count_words(session)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counted()["tastings"] == 20


def test_what_changes_while_it_is_counted_is_counted_again(db, make, counted):
    listing = make.listing(title="Camel")
    with db.transaction() as session:
        take_turn(session)
        count_words(session)
        late = threading.Thread(target=change, args=(db, Listing, listing.id), kwargs={"title": "Dhow"})
        late.start()
        late.join(0.3)
    late.join()
    words = counted()
    assert ("camel" in words, words["dhow"]) == (False, 1)


def test_noting_a_change_adds_the_job_that_counts(db, ctx, make):
    listing = make.listing()
    guide = guide_of(db, make.reload_user(listing.host_id))
    with db.transaction() as session:
        now = ctx.now(session)
        note_listing(session, ctx, listing.id, now)
        note_listing(session, ctx, listing.id, now)
        note_guide(session, ctx, guide.id, now + timedelta(seconds=1))
    with db.reading() as session:
        jobs = session.scalars(select(Job).where(Job.kind == "periodic.count_words")).all()
        assert (len(jobs), is_any_uncounted(session)) == (2, True)


def test_the_best_come_into_the_first_band_and_give_way_to_better_ones(db, make, monkeypatch):
    monkeypatch.setattr(index, "BAND_SIZES", (1, 2, 9, 9, 9))
    guide = make.guide()
    listings = [make.listing(guide, rating_average=stars, rating_count=100) for stars in (5, 4, 3, 2, 1)]

    def bands() -> list[int]:
        with db.transaction() as session:
            rank_documents(session)
        with db.reading() as session:
            rows = dict(session.execute(select(SearchDocument.id, SearchDocument.band)).all())
        return [rows[listing.id] for listing in listings]

    # The guide without a review stands between three and four stars.
    assert bands() == [0, 1, 2, 2, 2]
    change(db, Listing, listings[4].id, rating_average=5, rating_count=200)
    assert bands() == [1, 1, 2, 2, 0]
    change(db, Listing, listings[0].id, status="hidden")
    with db.transaction() as session:
        rank_documents(session)
    with db.reading() as session:
        assert Counter(session.scalars(select(SearchDocument.band))) == {0: 1, 1: 2, 2: 2}
