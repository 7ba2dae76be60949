"""Lists behind a narrow price: put in order where few cost so much, gone through where many do, and the same either way."""

from __future__ import annotations

import pytest

from models.prepared import HotReads
from services.catalogue.experiences import Card
from services.catalogue.lists import Totals
from services.pages import Window
from services.search import by_filters
from services.search.by_filters import ListingQuery, find_listings

NARROW = {"category": "food", "currency": "KES", "min_price_minor": 200, "max_price_minor": 700}


@pytest.fixture
def prices(make):
    guide = make.guide()
    for price in range(1, 10):
        make.listing(guide, title=f"At {price}", price_minor=100 * price, rating_average=price % 3)
    make.listing(guide, title="Other", category="nature", price_minor=300)
    make.listing(guide, title="Dollars", currency="USD", price_minor=300)


def leafed(db, query: ListingQuery) -> tuple[list[int], set[int]]:
    """Prices of all pages by cursor, and what they said of the total."""
    window, seen, totals = Window(2), [], set()
    while True:
        page = find_listings(db, Totals(), query, window)
        seen += [Card.read(found.card).price_minor // 100 for found in page.rows]
        totals.add(page.total)
        if page.next_keys is None:
            return seen, totals
        window = Window(2, after=page.next_keys)


@pytest.mark.parametrize("many", [0, 5_000])
@pytest.mark.parametrize(
    ("sort", "expected"),
    [("price", [2, 3, 4, 5, 6, 7]), ("newest", [7, 6, 5, 4, 3, 2]), ("rating", [5, 2, 7, 4, 6, 3])],
)
def test_few_and_many_are_found_alike(db, prices, monkeypatch, many, sort, expected):
    monkeypatch.setattr(by_filters, "_MANY_PRICED", many)
    seen, totals = leafed(db, ListingQuery(**NARROW, sort=sort))
    assert (seen, totals) == (expected, {6})


@pytest.mark.parametrize(
    ("many", "name"), [(0, "coalesce(listings.price_minor >="), (5_000, "AND listings.price_minor >=")]
)
def test_many_are_not_looked_up_by_their_price(db, prices, monkeypatch, many, name):
    asked = []
    ask = HotReads.ask
    monkeypatch.setattr(HotReads, "ask", lambda self, one, **given: asked.append(one.text) or ask(self, one, **given))
    monkeypatch.setattr(by_filters, "_MANY_PRICED", many)
    find_listings(db, Totals(), ListingQuery(**NARROW), Window(2))
    counted, found = asked
    assert "price_minor >=" in counted
    assert name in found


def test_beyond_the_end_is_nothing_and_the_total_is_told(db, prices):
    page = find_listings(db, Totals(), ListingQuery(**NARROW), Window(2, offset=20))
    assert (page.rows, page.total, page.next_keys) == ([], 6, None)
