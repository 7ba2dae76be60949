"""Finding experiences and their free times: the same for everybody, so nobody is asked who they are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from flask import Response

from api.answers import experiences as answers
from api.edge import Edge, edge
from api.examples import catalogue as examples
from api.openapi import IF_NONE_MATCH, operation
from api.paging import Asked
from api.parsing import Blueprint, nameable
from api.prices import prices_asked
from api.public import HotView, public
from api.schemas.experiences import (
    LONGEST_SEARCH,
    USUAL_RADIUS,
    AvailabilityAnswer,
    AvailabilityQuery,
    ExperienceDetail,
    ExperiencePage,
    ListQuery,
)
from domain.geography import Circle
from services.availability.experiences import find_free_times
from services.catalogue.experiences import get_listing
from services.context import Context
from services.search.by_days import find_open_listings
from services.search.by_filters import ListingQuery, find_listings

blueprint = Blueprint("experiences", __name__, url_prefix="/api/experiences", description="What can be booked")

#: Seconds for which an answer may be shown without asking again.
LISTING_MAX_AGE, AVAILABILITY_MAX_AGE = 60, 10
#: What stands before the id in an experience's own page.
_ID_BEFORE = b'{"id":"'
_UNKNOWN = {404: ("experience_not_found", "There is no such experience.")}


@blueprint.route("")
class Experiences(HotView):
    max_age = LISTING_MAX_AGE
    is_kept = True
    asks = ListQuery()

    @operation("listExperiences", "Find experiences", parameters=(IF_NONE_MATCH,))
    @blueprint.arguments(asks, location="query")
    @blueprint.response(200, ExperiencePage, example=examples.CARDS)
    def get(self, query: dict[str, Any]) -> Response:
        return public(self.payload(edge(), query), self.lasts(query))

    @classmethod
    def lasts(cls, *asked: Mapping[str, Any]) -> int:
        """What is free may be gone in a moment."""
        return cls.max_age if _days(*asked) is None else AVAILABILITY_MAX_AGE

    @staticmethod
    def payload(house: Edge, query: Mapping[str, Any]) -> dict[str, Any]:
        asked, wanted, days = Asked(query, "experiences"), _listing_query(query), _days(query)
        if days is None:
            found = find_listings(house.db, house.totals, wanted, asked.window)
        else:
            ctx = Context(house.ports.policy, house.ports.clock)
            found = find_open_listings(house.db, ctx, wanted, *days, asked.window)
        return asked.answer(answers.found_cards(found.rows, house.settings.cdn_base_url), found)


@blueprint.route("/<id_or_slug>")
class Experience(HotView):
    max_age = LISTING_MAX_AGE
    is_kept = True

    @operation("getExperience", "Read an experience", refusals=_UNKNOWN, parameters=(IF_NONE_MATCH,))
    @blueprint.response(200, ExperienceDetail, example=examples.DETAIL)
    def get(self, id_or_slug: str) -> Response:
        return public(self.payload(edge(), id_or_slug), self.max_age)

    @staticmethod
    def payload(house: Edge, id_or_slug: str) -> Any:
        return answers.detail(get_listing(house.db, nameable(id_or_slug)), house.settings.cdn_base_url)

    @staticmethod
    def noted(house: Edge, body: bytes, _address: str) -> None:
        # An experience begins with its id.
        house.tallies.viewed(body[len(_ID_BEFORE) : len(_ID_BEFORE) + 36].decode())


@blueprint.route("/<id_or_slug>/availability")
class Availability(HotView):
    # Never kept: between a client and the seats stands nothing that could be wrong about them.
    max_age = AVAILABILITY_MAX_AGE
    asks = AvailabilityQuery()

    @operation("getAvailability", "Find free times", refusals=_UNKNOWN, parameters=(IF_NONE_MATCH,))
    @blueprint.arguments(asks, location="query")
    @blueprint.response(200, AvailabilityAnswer, example=examples.AVAILABILITY)
    def get(self, query: dict[str, Any], id_or_slug: str) -> Response:
        return public(self.payload(edge(), query, id_or_slug), self.max_age)

    @staticmethod
    def payload(house: Edge, query: Mapping[str, Any], id_or_slug: str) -> dict[str, Any]:
        asked = query.get("first"), query.get("last"), query.get("guests")
        ctx = Context(house.ports.policy, house.ports.clock)
        return answers.availability(find_free_times(house.db, ctx, nameable(id_or_slug), *asked))


def _days(query: Mapping[str, Any]) -> tuple[date, date] | None:
    """The first and the last day on which there should be a free start."""
    first = query.get("date") or query.get("date_from")
    if first is None:
        return None
    return first, query.get("date") or query.get("date_to") or first + LONGEST_SEARCH - timedelta(days=1)


def _listing_query(query: Mapping[str, Any]) -> ListingQuery:
    return ListingQuery(
        q=query.get("q"),
        category=query.get("category"),
        location=query.get("location"),
        **prices_asked(query),
        min_rating=query.get("rating"),
        guests=query.get("guests"),
        near=Circle(query["lat"], query["lon"], query.get("radius", USUAL_RADIUS)) if "lat" in query else None,
        sort=query["sort"],
    )
