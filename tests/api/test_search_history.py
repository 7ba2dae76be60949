"""One's own searches: remembered where one says so, seen by nobody else, forgotten one by one or all at once."""

from __future__ import annotations

import pytest

from services.search.history import MOST_KEPT
from tests.support.http import refused

PATH = "/api/search/history"


@pytest.fixture
def mine(http, make):
    return http.signed_in_as(make.user())


def queries(client):
    return [item["query"] for item in client.get(PATH).get_json()["items"]]


def test_searches_are_listed_the_last_one_first_once_each(mine, http, make):
    for q in ("food walk", "dhow", "food walk"):
        response = mine.post(PATH, {"q": q})
        assert (response.status_code, response.get_json()["query"]) == (201, q)
    assert queries(mine) == ["food walk", "dhow"]
    assert mine.get(PATH).headers["Cache-Control"] == "private, no-store"
    assert queries(http.signed_in_as(make.user())) == []


def test_searching_itself_remembers_nothing(mine):
    assert mine.get("/api/search?q=food").headers["Cache-Control"] == "public, max-age=60"
    assert queries(mine) == []


def test_one_is_forgotten_or_all(mine, http, make):
    other = http.signed_in_as(make.user())
    for client in (mine, other):
        for q in ("one", "two", "three"):
            client.post(PATH, {"q": q})
    assert mine.request("DELETE", f"{PATH}?q=two").status_code == 204
    assert queries(mine) == ["three", "one"]
    assert mine.request("DELETE", PATH).status_code == 204
    assert (queries(mine), len(queries(other))) == ([], 3)


def test_only_the_last_ones_are_kept(mine, monkeypatch):
    monkeypatch.setattr("services.search.history.MOST_KEPT", 3)
    for number in range(5):
        mine.post(PATH, {"q": str(number)})
    assert queries(mine) == ["4", "3", "2"]
    assert MOST_KEPT == 50


@pytest.mark.parametrize("body", [{}, {"q": ""}, {"q": "x" * 201}, {"q": 7}, {"q": "a\x00b"}, {"query": "a"}])
def test_nonsense_is_refused_by_name(mine, body):
    refused(mine.post(PATH, body), 422, "invalid_fields")
    assert queries(mine) == []
