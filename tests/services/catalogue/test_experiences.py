"""Finding experiences: filters, order, typos, and what is not shown."""

from __future__ import annotations

import pytest

from domain.errors import NotFound
from models.prepared import HotReads, Question
from models.session import Database
from services.catalogue.experiences import Card, Detail, get_listing, get_live_listing
from services.catalogue.lists import Totals
from services.pages import Window
from services.search.by_filters import ListingQuery, find_listings
from tests.factories import Factory


def titles(db: Database, **query: object) -> list[str]:
    page = find_listings(db, Totals(), ListingQuery(**query), Window())
    assert page.total == len(page.rows)
    return [Card.read(row.card).title for row in page.rows]


def test_mistyped_words_find_the_title_they_meant(db: Database, make: Factory) -> None:
    guide = make.guide()
    for title in ("Nairobi Food Walk", "Lamu Dhow Sunset Sail", "Karura Forest Dawn Walk"):
        make.listing(guide, title=title, summary="An honest day out.", description="By somebody from here.")
    make.words_known()
    assert titles(db, q="fod wlak") == ["Nairobi Food Walk"]


def test_words_of_the_description_find_it_too(db: Database, make: Factory) -> None:
    guide = make.guide()
    make.listing(guide, title="Nairobi Food Walk", description="Seven tastings of nyama choma.")
    make.listing(guide, title="Lamu Dhow Sail", description="Wind and water.", summary="On the sea.")
    assert titles(db, q="nyama choma") == ["Nairobi Food Walk"]


def test_filters_narrow_and_prices_are_compared_in_their_currency(db: Database, make: Factory) -> None:
    guide = make.guide()
    make.listing(guide, title="Cheap", price_minor=100_000, location="Old Town, Mombasa")
    make.listing(guide, title="Dear", price_minor=900_000, category="nature", max_guests=2)
    assert titles(db, max_price_minor=500_000, currency="KES") == ["Cheap"]
    assert titles(db, min_price_minor=500_000, currency="KES") == ["Dear"]
    assert titles(db, currency="USD") == []
    assert titles(db, category="nature") == ["Dear"]
    assert titles(db, location="mombasa") == ["Cheap"]
    assert titles(db, guests=3) == ["Cheap"]


@pytest.mark.parametrize(("sort", "first"), [("price", "Cheap"), ("-price", "Dear"), ("rating", "Loved")])
def test_the_order_is_the_one_asked_for(db: Database, make: Factory, sort: str, first: str) -> None:
    guide = make.guide()
    make.listing(guide, title="Cheap", price_minor=100_000)
    make.listing(guide, title="Dear", price_minor=900_000)
    make.listing(guide, title="Loved", price_minor=500_000, rating_average=5)
    assert titles(db, sort=sort)[0] == first


@pytest.mark.parametrize("status", ["draft", "archived", "hidden"])
def test_what_is_not_live_does_not_exist(db: Database, make: Factory, status: str) -> None:
    listing = make.listing(status=status)
    assert titles(db) == []
    for name in (str(listing.id), listing.slug):
        with pytest.raises(NotFound):
            get_listing(db, name)
        with db.reading() as session, pytest.raises(NotFound):
            get_live_listing(session, name)


def test_a_location_is_text_and_never_a_pattern(db: Database, make: Factory) -> None:
    make.listing(location="Nairobi")
    assert titles(db, location="%") == []
    assert titles(db, location="N_irobi") == []


@pytest.mark.parametrize("place", ["İzmir", "ΠΕΙΡΑΙΑΣ", "Lamu (Shela)", "CHÂTEAU", "Straße"])
def test_a_place_finds_itself_in_any_script(db: Database, make: Factory, place: str) -> None:
    listing = make.listing(location=place)
    assert titles(db, location=place) == titles(db, location=place[1:]) == [listing.title]


def test_a_page_beyond_the_last_still_knows_the_count(db: Database, make: Factory) -> None:
    make.listing()
    beyond = Window(20, offset=20)
    assert find_listings(db, Totals(), ListingQuery(), beyond).total == 1
    assert find_listings(db, Totals(), ListingQuery(category="nature"), beyond).total == 0


def test_a_count_is_told_again_for_some_seconds_and_what_is_seen_corrects_it(db: Database, make: Factory) -> None:
    now, guide = [0.0], make.guide()
    totals = Totals(lambda: now[0])

    def total(**window: int) -> int:
        return find_listings(db, totals, ListingQuery(), Window(**window)).total

    for _ in range(3):
        make.listing(guide)
    assert total(limit=2) == 3
    for _ in range(2):
        make.listing(guide)
    assert (total(limit=2), total(limit=2, offset=90)) == (3, 3)
    assert total(limit=2, offset=2) == 5, "a row behind the page is seen"
    assert total(limit=2) == 5
    make.listing(guide)
    assert total(limit=5, offset=5) == 6, "the end of the list is its count"
    make.listing(guide)
    now[0] = 11.0
    assert total(limit=2) == 7


@pytest.mark.parametrize("spelled", ["{}", "{{{}}}", "urn:uuid:{}"])
def test_an_id_is_known_however_it_is_written(db: Database, make: Factory, spelled: str) -> None:
    listing = make.listing()
    for written in (str(listing.id), str(listing.id).upper(), listing.id.hex):
        card, _detail = Detail.read(get_listing(db, spelled.format(written)))
        assert card.id == str(listing.id)


@pytest.mark.parametrize("query", [{}, {"category": "food"}, {"guests": 2, "sort": "price"}, {"sort": "-price"}])
def test_a_page_and_its_count_are_one_question(db: Database, make: Factory, asked: list[str], query: dict) -> None:
    guide = make.guide()
    for _ in range(3):
        make.listing(guide)
    asked.clear()
    find_listings(db, Totals(), ListingQuery(**query), Window(2))
    assert len(asked) == 1


def test_a_page_with_its_guide_is_one_question(db: Database, make: Factory, asked: list[str]) -> None:
    listing = make.listing()
    asked.clear()
    get_listing(db, listing.slug)
    assert len(asked) == 1


@pytest.fixture
def asked(db: Database, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The hot questions that were put to the database."""
    texts: list[str] = []
    ask = HotReads.ask

    def listening(self: HotReads, question: Question, **values: object) -> list:
        texts.append(question.text)
        return ask(self, question, **values)

    monkeypatch.setattr(HotReads, "ask", listening)
    return texts
