"""How much is offered at which price: told without counting, and always what counting would say."""

from __future__ import annotations

import itertools

import pytest
from sqlalchemy import delete, func, select, text

from domain.price_steps import step_of
from models.catalogue import Listing
from models.listing_counts import ListingCount
from services.catalogue.lists import Totals
from services.pages import Window
from services.search.by_filters import ListingQuery, find_listings
from services.search.counting import sum_up

PRICES = (0, 1, 99, 100, 104, 2_500, 2_550, 2_600, 9_999, 10_000, 10_500, 250_000, 259_900, 260_000)


def told(db, query: ListingQuery) -> int:
    # Of one row a page is full, so that it has to be counted.
    return find_listings(db, Totals(), query, Window(1)).total


def counts(db) -> dict[tuple[str, str, int], int]:
    key = (ListingCount.category, ListingCount.currency, ListingCount.price_step)
    with db.reading() as session:
        rows = session.execute(select(*key, func.sum(ListingCount.listings)).group_by(*key)).all()
    return {tuple(row[:3]): row[3] for row in rows if row[3]}


def change(db, **values) -> None:
    with db.transaction() as session:
        listing = session.scalars(select(Listing).order_by(Listing.id).limit(1)).one()
        for name, value in values.items():
            setattr(listing, name, value)


@pytest.fixture
def offered(make):
    guide = make.guide()
    for price in PRICES:
        make.listing(guide, price_minor=price)
    make.listing(guide, price_minor=2_500, category="nature")
    make.listing(guide, price_minor=2_500, currency="USD")
    make.listing(guide, price_minor=2_500, status="hidden")


@pytest.mark.parametrize("is_summed_up", [False, True])
def test_it_is_what_counting_says(db, offered, is_summed_up):
    if is_summed_up:
        with db.transaction() as session:
            sum_up(session)
    assert told(db, ListingQuery()) == len(PRICES) + 2
    assert told(db, ListingQuery(category="food")) == len(PRICES) + 1
    assert told(db, ListingQuery(currency="KES")) == len(PRICES) + 1
    for least, most in itertools.combinations(sorted((*PRICES, 2_501, 12_345, 10**8)), 2):
        wanted = {"category": "food", "currency": "KES"}
        between = sum(least <= price <= most for price in PRICES)
        assert told(db, ListingQuery(**wanted, min_price_minor=least, max_price_minor=most)) == between, (least, most)
        above = sum(least <= price for price in PRICES)
        assert told(db, ListingQuery(**wanted, min_price_minor=least)) == above
        assert told(db, ListingQuery(**wanted, max_price_minor=least)) == sum(price <= least for price in PRICES)


def test_more_than_anybody_is_told_are_not_counted_any_further(db, make):
    make.listing()
    make.listing()
    with db.transaction() as session:
        session.execute(text("UPDATE listing_counts SET listings = 20000"))
    page = find_listings(db, Totals(), ListingQuery(category="food"), Window(1))
    assert (page.total, page.is_capped) == (10_000, True)


def test_whatever_changes_a_listing_changes_the_counts(db, make):
    make.listing(price_minor=2_550, rules=False, images=[])
    assert counts(db) == {("food", "KES", 2_500): 1}
    change(db, price_minor=2_590)
    change(db, title="Elsewhere", rating_average=5)
    assert counts(db) == {("food", "KES", 2_500): 1}
    change(db, price_minor=99_999, category="nature", currency="USD")
    assert counts(db) == {("nature", "USD", 99_000): 1}
    change(db, status="hidden")
    change(db, price_minor=10)
    assert counts(db) == {}
    change(db, status="active")
    assert counts(db) == {("nature", "USD", 10): 1}
    with db.transaction() as session:
        session.execute(delete(Listing))
    assert counts(db) == {}


def test_rows_of_a_step_become_one_and_those_of_nothing_none(db, make):
    guide = make.guide()
    for price in (2_510, 2_520, 5_000):
        make.listing(guide, price_minor=price, rules=False, images=[])
    change(db, status="hidden")
    change(db, status="active")
    before = counts(db)
    with db.transaction() as session:
        session.execute(delete(Listing).where(Listing.price_minor == 5_000))
        sum_up(session)
    with db.reading() as session:
        rows = session.execute(select(ListingCount.price_step, ListingCount.listings)).all()
    assert [tuple(row) for row in rows] == [(2_500, 2)]
    assert before == {("food", "KES", 2_500): 2, ("food", "KES", 5_000): 1}


def test_a_step_is_the_same_for_the_database(db):
    with db.reading() as session:
        for price in (*PRICES, 7, 10**9, 123_456_789):
            assert session.scalar(text("SELECT price_step(:price)"), {"price": price}) == step_of(price)
