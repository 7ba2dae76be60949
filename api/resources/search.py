"""Searching experiences and guides: the same for everybody, so nobody is asked who they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response

from api.answers import search as answers
from api.edge import Edge, edge
from api.examples import search as examples
from api.openapi import IF_NONE_MATCH, operation
from api.paging import Asked
from api.parsing import Blueprint
from api.prices import prices_asked
from api.public import HotView, public
from api.schemas.search import TYPES, SearchAnswer, SearchQuery, SuggestAnswer, SuggestQuery
from services.search import search
from services.searching import Filters
from services.suggesting import suggest

blueprint = Blueprint("search", __name__, url_prefix="/api/search", description="Find experiences and guides by words")

#: Seconds for which an answer may be shown without asking again.
MAX_AGE = 60


@blueprint.route("")
class Search(HotView):
    max_age = MAX_AGE
    asks = SearchQuery()

    @operation("search", "Search experiences and guides, the most relevant first", parameters=(IF_NONE_MATCH,))
    @blueprint.arguments(asks, location="query")
    @blueprint.response(200, SearchAnswer, example=examples.FOUND)
    def get(self, query: dict[str, Any]) -> Response:
        return public(self.payload(edge(), query), self.max_age)

    @staticmethod
    def payload(house: Edge, query: Mapping[str, Any]) -> dict[str, Any]:
        asked, q = Asked(query, "search"), query.get("q")
        found = search(house.db, q, _filters(query), asked.window)
        words = found.understood.words if found.understood else None
        corrected = found.understood.corrected if found.understood else None
        items = answers.hits(found.page.rows, words, house.settings.cdn_base_url)
        return {"query": q, "corrected_query": corrected} | asked.answer(items, found.page)


@blueprint.route("/suggest")
class Suggest(HotView):
    max_age = MAX_AGE
    asks = SuggestQuery()

    @operation(
        "suggest", "Suggest places, experiences, guides and words while somebody types", parameters=(IF_NONE_MATCH,)
    )
    @blueprint.arguments(asks, location="query")
    @blueprint.response(200, SuggestAnswer, example=examples.SUGGESTED)
    def get(self, query: dict[str, Any]) -> Response:
        return public(self.payload(edge(), query), self.max_age)

    @staticmethod
    def payload(house: Edge, query: Mapping[str, Any]) -> dict[str, Any]:
        return answers.suggestions(suggest(house.db, query["q"]))


def _filters(query: Mapping[str, Any]) -> Filters:
    return Filters(
        kind=TYPES[query["type"]],
        category=query.get("category"),
        location=query.get("location"),
        min_rating=query.get("rating"),
        **prices_asked(query),
    )
