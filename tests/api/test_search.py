"""Searching over HTTP: what is found, what was searched for instead, what is marked, and what is refused by name."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from api.resources.search import SearchAnswer, SuggestAnswer
from models import PopularSearch
from tests.services.search.test_by_words import HOSTILE
from tests.support.http import refused

PATH = "/api/search"


@pytest.fixture
def town(make):
    host = make.guide(first_name="Baraka")
    make.listing(host, title="Nairobi <Food> Walk", slug="food-walk", price_minor=250_000, rating_average=4.5)
    make.listing(host, title="Forest run", category="nature", location="Karura", price_minor=100_000, max_guests=2)
    make.words_known()


def titles(response):
    body = response.get_json()
    assert (response.status_code, SearchAnswer().validate(body)) == (200, {}), body
    return [(item["experience"] or {}).get("title") or item["guide"]["name"].split()[0] for item in body["items"]]


def test_mistyped_words_find_what_was_meant_and_the_answer_says_so(http, town):
    response = http.get(f"{PATH}?q=fod+wlak")
    assert titles(response)[0] == "Nairobi <Food> Walk"
    body = response.get_json()
    assert (body["query"], body["corrected_query"]) == ("fod wlak", "food walk")
    assert body["items"][0]["highlights"]["title"] == "Nairobi &lt;<mark>Food</mark>&gt; <mark>Walk</mark>"
    assert body["pagination"]["total"] == len(body["items"])
    assert response.headers["Cache-Control"] == "public, max-age=60"
    again = http.get(f"{PATH}?q=fod+wlak", headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("type=guides", {"Baraka"}),
        ("type=experiences", {"Nairobi <Food> Walk", "Forest run"}),
        ("q=run", {"Forest run"}),
        ("q=baraka", {"Baraka"}),
        ("category=nature", {"Forest run"}),
        ("location=karura", {"Forest run"}),
        ("max_price=1000", {"Forest run"}),
        ("minPrice=1000.01&maxPrice=2500", {"Nairobi <Food> Walk"}),
        ("currency=USD&min_price=1", set()),
        ("rating=4.5", {"Nairobi <Food> Walk"}),
        ("q=food&rating=4.6", set()),
        ("q=%25", set()),
        ("colour=green&q=", {"Nairobi <Food> Walk", "Forest run", "Baraka"}),
    ],
)
def test_filters_narrow_a_search(http, town, query, found):
    assert set(titles(http.get(f"{PATH}?{query}"))) == found


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("q=%00", "q"),
        ("q=" + "x" * 201, "q"),
        ("type=hotels", "type"),
        ("category=crime", "category"),
        ("min_price=1.001", "min_price"),
        ("min_price=2&max_price=1", "max_price"),
        ("rating=6", "rating"),
        ("page=0", "page"),
        ("limit=101", "limit"),
        ("page=1&cursor=x", "cursor"),
    ],
)
def test_nonsense_is_refused_by_name(http, query, field):
    assert field in refused(http.get(f"{PATH}?{query}"), 422, "invalid_fields")["errors"]


def test_a_cursor_goes_on_and_belongs_to_its_search(http, town):
    first = http.get(f"{PATH}?limit=2")
    cursor = first.get_json()["pagination"]["next_cursor"]
    second = http.get(f"{PATH}?limit=2&cursor={cursor}")
    assert len({*titles(first), *titles(second)}) == 3
    assert second.get_json()["pagination"] | {"limit": 0} == {
        "page": None,
        "limit": 0,
        "total": 3,
        "total_is_capped": False,
        "total_pages": 2,
        "has_next": False,
        "has_prev": True,
        "next_cursor": None,
    }
    for query in (f"q=run&cursor={cursor}", "cursor=nonsense"):
        refused(http.get(f"{PATH}?limit=2&{query}"), 422, "invalid_field", "cursor")


def test_suggestions_begin_like_what_is_typed(http, town):
    response = http.get(f"{PATH}/suggest?q=food+wa")
    body = response.get_json()
    assert SuggestAnswer().validate(body) == {}
    assert [(item["type"], item["text"], item["slug"]) for item in body["items"]] == [
        ("experience", "Nairobi <Food> Walk", "food-walk"),
        ("words", "food walk", None),
    ]
    assert http.get(f"{PATH}/suggest?q=f").get_json() == {"items": []}
    assert "q" in refused(http.get(f"{PATH}/suggest"), 422, "invalid_fields")["errors"]


@pytest.mark.parametrize("q", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_somebody_types_is_answered(http, town, q):
    for path in (PATH, f"{PATH}/suggest", "/api/experiences"):
        for query in ({"q": q}, {"q": "food", "location": q}, {"q": "food", "sort": q}):
            assert http.get(f"{path}?{urlencode(query)}").status_code in (200, 422)


def test_what_many_search_for_is_listed_for_everybody(http, db):
    with db.transaction() as session:
        session.add_all(
            [PopularSearch(query=query, searcher_count=count) for query, count in (("dhow", 3), ("food", 9))]
        )
    response = http.get(f"{PATH}/popular")
    assert response.get_json() == {"items": [{"query": "food"}, {"query": "dhow"}]}
    assert response.headers["Cache-Control"] == "public, max-age=300"
