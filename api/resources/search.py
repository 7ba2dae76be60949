"""Searching experiences and guides: the same for everybody, so nobody is asked who they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response

from api.answers import answer, no_content
from api.answers import search as answers
from api.auth import SignedInView
from api.context import context
from api.edge import Edge, edge
from api.examples import search as examples
from api.openapi import IF_NONE_MATCH, operation
from api.paging import Asked
from api.parsing import Blueprint
from api.prices import prices_asked
from api.public import HotView, public
from api.schemas.pages import CursorQuery
from api.schemas.search import (
    TYPES,
    ForgetQuery,
    OwnSearchAnswer,
    OwnSearchPage,
    OwnSearchRequest,
    PopularAnswer,
    SearchAnswer,
    SearchQuery,
    SuggestAnswer,
    SuggestQuery,
)
from domain.tallies import FEWEST_SEARCHERS, MOST_POPULAR, POPULAR_DAYS
from services.search import history
from services.search.by_words import search
from services.search.matching import Filters
from services.search.popularity import popular_searches
from services.search.suggesting import suggest

blueprint = Blueprint("search", __name__, url_prefix="/api/search", description="Find experiences and guides by words")

_HOW_TO_SEARCH = (
    "What is found has all words of `q`, in any order and form; unknown words are mended, and `corrected_query` says what "
    "was searched for instead. Filters narrow it down or stand alone. The best 200 are put in order. The answer is the "
    "same for everybody and asks nobody who they are: a client keeps its user's searches by `POST /api/search/history`."
)
_WHAT_IS_SUGGESTED = (
    "At most three places, five experiences, three guides and three ways to finish the words. The last word is a "
    "beginning, those before it are whole; what is nowhere is mended by one slip of the finger. What has an `id` can be gone "
    "to; a place is for `location`, words are for `q`."
)
_WHAT_IS_POPULAR = (
    f"At most {MOST_POPULAR} searches. A search is among them where at least {FEWEST_SEARCHERS} network addresses searched "
    f"for it on one day (Kenya's) of the last {POPULAR_DAYS}, by `GET /api/search` with `q`, and it found something. One "
    "address counts once a day for each search, which counts as it was meant, its typos mended. Only searches are shown "
    "of which each word is in something that can be found. They are written down every five minutes, and this answer may "
    "be five minutes old. Until enough have searched, the list is empty."
)

#: Seconds for which an answer may be shown without asking again.
MAX_AGE, POPULAR_MAX_AGE = 60, 300


@blueprint.route("")
class Search(HotView):
    max_age = MAX_AGE
    asks = SearchQuery()

    @operation("search", "Search experiences and guides, the most relevant first", parameters=(IF_NONE_MATCH,))
    @blueprint.doc(description=_HOW_TO_SEARCH)
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
        # Whoever counts searches (api/tallies.py) reads what stands before the items.
        return {"query": q, "corrected_query": corrected} | asked.answer(items, found.page)

    @staticmethod
    def noted(house: Edge, body: bytes, address: str) -> None:
        house.tallies.searched(body, address)


@blueprint.route("/suggest")
class Suggest(HotView):
    max_age = MAX_AGE
    asks = SuggestQuery()

    @operation(
        "suggest", "Suggest places, experiences, guides and words while somebody types", parameters=(IF_NONE_MATCH,)
    )
    @blueprint.doc(description=_WHAT_IS_SUGGESTED)
    @blueprint.arguments(asks, location="query")
    @blueprint.response(200, SuggestAnswer, example=examples.SUGGESTED)
    def get(self, query: dict[str, Any]) -> Response:
        return public(self.payload(edge(), query), self.max_age)

    @staticmethod
    def payload(house: Edge, query: Mapping[str, Any]) -> dict[str, Any]:
        return answers.suggestions(suggest(house.db, query["q"]))


@blueprint.route("/popular")
class Popular(HotView):
    max_age = POPULAR_MAX_AGE

    @operation("listPopularSearches", "List what many search for, the most frequent first", parameters=(IF_NONE_MATCH,))
    @blueprint.doc(description=_WHAT_IS_POPULAR)
    @blueprint.response(200, PopularAnswer, example=examples.POPULAR)
    def get(self) -> Response:
        return public(self.payload(edge()), self.max_age)

    @staticmethod
    def payload(house: Edge) -> dict[str, Any]:
        return {"items": [{"query": query} for query in popular_searches(house.db)]}


@blueprint.route("/history")
class History(SignedInView):
    @operation("listOwnSearches", "List one's own searches, the last one first")
    @blueprint.arguments(CursorQuery, location="query")
    @blueprint.response(200, OwnSearchPage, example=examples.HISTORY)
    def get(self, query: dict[str, Any]) -> Response:
        user_id = context().actor.user_id
        asked = Asked(query, "searches", user_id)
        with edge().db.reading() as session:
            mine = history.searches_of(session, user_id, asked.window)
        return answer(asked.answer([answers.own_search(one) for one in mine.rows], mine))

    @operation("rememberSearch", "Remember a search as one's own: searching itself asks nobody who they are")
    @blueprint.arguments(OwnSearchRequest, example=examples.OWN_SEARCH_REQUEST)
    @blueprint.response(201, OwnSearchAnswer, example=examples.OWN_SEARCH)
    def post(self, body: dict[str, Any]) -> Response:
        with edge().db.transaction() as session:
            own = history.remember_search(session, context(), body["q"])
        return answer(answers.own_search(own), 201)

    @operation("forgetSearches", "Forget one's own searches: all of them, or the one that is named")
    @blueprint.arguments(ForgetQuery, location="query")
    @blueprint.response(204)
    def delete(self, query: dict[str, Any]) -> Response:
        with edge().db.transaction() as session:
            history.forget_searches(session, context(), query.get("q"))
        return no_content()


def _filters(query: Mapping[str, Any]) -> Filters:
    return Filters(
        kind=TYPES[query["type"]],
        category=query.get("category"),
        location=query.get("location"),
        min_rating=query.get("rating"),
        **prices_asked(query),
    )
