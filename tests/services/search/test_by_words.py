"""Searching: what is found, in which order, with typos mended and filters kept, whatever somebody types."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from domain.errors import DomainError
from domain.searching import CANDIDATES
from models.search import FoundKind
from models.session import Database
from services.catalogue.experiences import Card
from services.catalogue.guides import GuideCard
from services.pages import Window
from services.search.by_words import Found, search
from services.search.matching import Filters
from tests.factories import Factory


def find(db: Database, q: str | None = None, window: Window = Window(), **filters: object) -> Found:  # noqa: B008
    return search(db, q, Filters(**filters), window)


def names(found: Found) -> list[str]:
    read = {
        FoundKind.EXPERIENCE: lambda row: Card.read(row).title,
        FoundKind.GUIDE: lambda row: GuideCard.read(row).first_name,
    }
    return [read[hit.kind](hit.row) for hit in found.page.rows]


@pytest.fixture
def town(make: Factory):
    """Some of what there is, and a guide who offers it."""
    guide = make.guide(first_name="Baraka")
    plain = {"summary": "A day out.", "description": "By somebody from here.", "location": "Nairobi"}
    for values in (
        {"title": "Nairobi Food Walk", "rating_average": 4, "rating_count": 40},
        {"title": "Lamu Dhow Sunset Sail", "location": "Shela, Lamu", "category": "nature", "price_minor": 900_000},
        {"title": "Karura Forest Dawn Walk", "category": "nature", "max_guests": 2},
        {
            "title": "Story night",
            "description": "After the walk there is food.",
            "rating_average": 5,
            "rating_count": 90,
        },
    ):
        make.listing(guide, **plain | values)
    make.words_known()
    return guide


@pytest.mark.parametrize(
    ("q", "found", "corrected"),
    [
        ("food walk", ["Nairobi Food Walk", "Story night"], None),
        ("fod wlak", ["Nairobi Food Walk", "Story night"], "food walk"),
        ("FOOD, Wälk!", ["Nairobi Food Walk", "Story night"], None),
        ("walks", ["Nairobi Food Walk", "Karura Forest Dawn Walk", "Story night"], None),
        ("lamu", ["Lamu Dhow Sunset Sail"], None),
        ("lmau dhow", ["Lamu Dhow Sunset Sail"], "lamu dhow"),
        ("nairobbbi food", ["Nairobi Food Walk", "Story night"], "nairobi food"),
        ("baraka", ["Baraka"], None),
        ("zzyzx dhow", ["Lamu Dhow Sunset Sail"], "dhow"),
        ("zzyzx", [], None),
        ("the", [], None),
        ("!!!", [], None),
    ],
)
def test_words_find_and_typos_are_mended(db, town, q, found, corrected):
    answer = find(db, q)
    assert names(answer) == found
    assert (answer.understood.corrected, answer.page.total) == (corrected, len(found))


def test_what_is_newer_than_the_counted_words_is_found(db, town, make):
    make.listing(title="Quokka watching")
    answer = find(db, "quokka")
    assert (names(answer), answer.understood.corrected) == (["Quokka watching"], None)


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"category": "nature"}, {"Lamu Dhow Sunset Sail", "Karura Forest Dawn Walk"}),
        ({"kind": FoundKind.GUIDE}, {"Baraka"}),
        ({"location": "lamu"}, {"Lamu Dhow Sunset Sail"}),
        ({"location": "Lam"}, {"Lamu Dhow Sunset Sail"}),
        ({"location": "%"}, set()),
        ({"currency": "KES", "min_price_minor": 900_000}, {"Lamu Dhow Sunset Sail"}),
        ({"currency": "KES", "min_price_minor": 900_001}, set()),
        ({"currency": "USD", "max_price_minor": 900_001}, set()),
        (
            {"category": "nature", "currency": "KES", "min_price_minor": 900_000, "max_price_minor": 900_000},
            {"Lamu Dhow Sunset Sail"},
        ),
        ({"category": "food", "currency": "KES", "min_price_minor": 900_000, "max_price_minor": 900_000}, set()),
        ({"category": "nature", "currency": "KES", "min_price_minor": 900_001, "max_price_minor": 950_000}, set()),
        ({"min_rating": 4.5}, {"Story night"}),
        ({"guests": 3, "category": "nature"}, {"Lamu Dhow Sunset Sail"}),
    ],
)
def test_filters_narrow_with_words_and_without(db, town, filters, found):
    assert set(names(find(db, **filters))) == found
    for name in found:
        assert name in names(find(db, name, **filters))
    assert names(find(db, "camel", **filters)) == []


def test_a_title_counts_for_more_than_a_description_and_stars_tell_those_alike_apart(db, make):
    guide = make.guide()
    plain = {"summary": "Out.", "description": "Here."}
    make.listing(guide, **plain | {"title": "Jazz", "rating_average": 2, "rating_count": 50})
    make.listing(guide, **plain | {"title": "Jazz", "rating_average": 5, "rating_count": 50, "slug": "best"})
    make.listing(guide, title="Night", summary="Out.", description="With jazz.", rating_average=5, rating_count=500)
    cards = [Card.read(hit.row) for hit in find(db, "jazz").page.rows]
    assert [(card.title, card.rating_average) for card in cards] == [("Jazz", 5), ("Jazz", 2), ("Night", 5)]


def test_pages_go_on_where_the_last_one_ended(db, make):
    guide = make.guide()
    for number in range(5):
        make.listing(guide, title=f"Jazz {number}")
    first = find(db, "jazz", Window(2))
    second = find(db, "jazz", Window(2, after=first.page.next_keys))
    third = find(db, "jazz", Window(2, offset=4))
    assert [first.page.total, second.page.total, third.page.next_keys] == [5, 5, None]
    assert sorted(names(first) + names(second) + names(third)) == [f"Jazz {number}" for number in range(5)]
    beyond = find(db, "jazz", Window(2, offset=20))
    assert (beyond.page.rows, beyond.page.total) == ([], 5)


@pytest.mark.parametrize("after", [["x"], [], [1, 2], [0], [-3], [CANDIDATES + 1], [True], [None], [1.5]])
def test_a_place_that_is_none_is_refused_by_name(db, town, after):
    with pytest.raises(DomainError) as refusal:
        find(db, "walk", Window(2, after=after))
    assert "cursor" in str(refusal.value.errors)


def test_no_more_than_some_hundred_are_looked_at(db, make):
    make.listing(title="Jazz")
    with db.transaction() as session:
        copy = "SELECT gen_random_uuid(), kind, vector, quality, rating_average FROM search_documents, generate_series(1, 400)"
        session.execute(text(f"INSERT INTO search_documents (id, kind, vector, quality, rating_average) {copy}"))
    found = find(db, "jazz").page
    assert (found.total, found.is_capped) == (CANDIDATES, True)


def spread(db: Database, copies: dict[int, int]) -> None:
    """Copies of the only document, so many in each band, of words that are all over the place."""
    with db.transaction() as session:
        copy = "INSERT INTO search_documents (id, kind, vector, quality, rating_average, band)"
        for band, many in copies.items():
            session.execute(
                text(
                    f"{copy} SELECT gen_random_uuid(), kind, vector, quality, rating_average, :band"
                    " FROM search_documents, generate_series(1, :many) WHERE id IN (SELECT id FROM listings)"
                ),
                {"band": band, "many": many},
            )
        session.execute(text("UPDATE search_words SET document_count = 5000"))


def pages(db: Database, q: str) -> list[tuple[int, int, bool]]:
    """What each page shows and says of all, gone through by cursor."""
    window, told = Window(20), []
    while True:
        page = find(db, q, window).page
        told.append((len(page.rows), page.total, page.is_capped))
        if page.next_keys is None:
            return told
        window = Window(20, after=page.next_keys)


def test_a_search_reads_no_further_than_its_page_needs_and_every_page_can_be_reached(db, make):
    make.listing(title="Night", description="Jazz")
    make.words_known()
    spread(db, {0: 24, 4: 20, 5: 10})
    assert pages(db, "jazz") == [(20, 24, True), (20, 44, True), (15, 55, False)]
    # Found by their titles they are found wherever they are.
    assert pages(db, "night") == [(20, 55, True), (20, 55, True), (15, 55, False)]


def test_the_first_hundred_are_looked_at_before_the_second_and_each_is_shown_once(db, make):
    guide = make.guide()
    for number in range(130):
        make.listing(guide, title=f"Night {number}", rating_average=number % 5, rating_count=number)
    make.words_known()
    spread(db, {})
    assert pages(db, "night") == [(20, 100, True)] * 4 + [(20, 130, False)] * 2 + [(10, 130, False)]
    shown = [name for offset in range(0, 130, 10) for name in names(find(db, "night", Window(10, offset=offset)))]
    assert sorted(shown) == sorted(f"Night {number}" for number in range(130))


def test_of_few_that_are_more_than_can_be_leafed_through_the_best_are_told(db, make):
    make.listing(title="Night", description="Jazz and zither")
    make.words_known()
    spread(db, {5: 250})
    with db.transaction() as session:
        session.execute(text("UPDATE search_words SET document_count = 251 WHERE word = 'zither'"))
    assert pages(db, "jazz zither") == [(20, CANDIDATES, True)] * 10


def test_what_is_found_further_away_comes_behind_what_was_found_before(db, make):
    make.listing(title="Night", description="Jazz")
    make.words_known()
    spread(db, {4: 30, 0: 10})
    with db.transaction() as session:
        session.execute(text("UPDATE search_documents SET quality = 5000 WHERE band = 4"))
        session.execute(text("UPDATE search_documents SET kind = 'guide' WHERE band = 0"))
    window = Window(20)
    assert [hit.kind for hit in find(db, "jazz", window).page.rows] == [FoundKind.GUIDE] * 10 + [
        FoundKind.EXPERIENCE
    ] * 10


def test_a_small_catalogue_is_counted_to_the_end(db, make):
    make.listing(title="Night", description="Jazz")
    make.words_known()
    spread(db, {0: 24, 5: 10})
    assert pages(db, "jazz") == [(20, 35, False), (15, 35, False)]


def test_a_word_that_is_in_few_is_found_wherever_these_are_with_all_else_that_is_asked(db, make):
    make.listing(title="Night", description="Jazz")
    make.words_known()
    spread(db, {0: 300})
    make.listing(title="Night of zither", description="Jazz", category="nature")
    make.listing(title="Zithers", category="nature")
    make.words_known()
    assert names(find(db, "jazz zither")) == ["Night of zither"]
    assert names(find(db, "zither night", category="nature")) == ["Night of zither"]
    assert names(find(db, "zither", category="food", kind=FoundKind.EXPERIENCE)) == []
    assert not find(db, "zither").page.is_capped
    assert find(db, "zither").page.total == 2


HOSTILE = (
    "'; DROP TABLE listings; --", "' OR '1'='1", "a & !b | (c)", "food:*", "%", "_", "\\", "'", '"', "food' & 'x", "((((", ":A",
    "<script>alert(1)</script>", "💃🏾 🎉", "سفاري", "שלום", "\u202eklaw doof", "x" * 200, "a " * 100, "1e400", "-", "#guide",
    "^food",
    "@nairobi", "$1", "%s", "{}", "NULL", "\ufeff", "é" * 100, "\u0301" * 50, "0x00", "1;SELECT pg_sleep(9)", "food -walk", "İ",
)  # fmt: skip


@pytest.mark.parametrize("q", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_somebody_types_is_words_and_nothing_else(db, town, q):
    for filters in ({}, {"location": q}):
        assert find(db, q, **filters).page.total <= 5
