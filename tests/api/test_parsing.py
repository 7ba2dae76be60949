"""What a query string means is found out once, and nobody can tell."""

from __future__ import annotations

import pytest
from flask import Flask

from api import parsing
from api.schemas.experiences import AvailabilityQuery, ListQuery


@pytest.fixture
def read():
    """A parser of its own, reading query strings."""
    app, parser = Flask(__name__), parsing.StrictParser()

    def ask(schema, query: str):
        with app.test_request_context(f"/?{query}"):
            return parser.parse(schema, location="query")

    ask.parser = parser
    return ask


def test_a_query_that_comes_again_means_the_same_whatever_was_done_with_the_first(read):
    schema = ListQuery()
    first = read(schema, "guests=2&maxPrice=10")
    wanted = dict(first)
    first["guests"] = 99
    first.pop("max_price")
    assert read(schema, "guests=2&maxPrice=10") == wanted


def test_the_same_query_means_to_each_route_what_its_own_schema_says(read):
    assert "sort" in read(ListQuery(), "guests=2")
    assert read(AvailabilityQuery(), "guests=2") == {"guests": 2}


def test_refusals_are_not_remembered_nor_long_queries_nor_very_many(read, monkeypatch):
    schema = ListQuery()
    monkeypatch.setattr(parsing, "MOST_REMEMBERED", 3)
    for query in ("guests=none", "guests=none"):
        with pytest.raises(Exception, match="422"):
            read(schema, query)
    read(schema, f"unknown={'x' * parsing.LONGEST_REMEMBERED}")
    assert not read.parser._read
    for number in range(1, 12):
        assert read(schema, f"guests={number}")["guests"] == number
        assert len(read.parser._read) <= 3
