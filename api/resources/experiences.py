"""Finding experiences and their free times: the same for everybody, so nobody is asked who they are."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import Response

from api import examples
from api.answers import experiences as answers
from api.answers import page_of
from api.auth import PublicView
from api.context import context
from api.edge import edge
from api.openapi import IF_NONE_MATCH, operation
from api.parsing import Blueprint, nameable
from api.public import public
from api.schemas.experiences import (
    AvailabilityAnswer,
    AvailabilityQuery,
    ExperienceDetail,
    ExperiencePage,
    ListQuery,
)
from domain.errors import field_error
from domain.money import Money
from services.availability import find_free_times
from services.catalogue import ListingQuery, find_listings, get_listing

blueprint = Blueprint("experiences", __name__, url_prefix="/api/experiences", description="What can be booked")

#: Seconds for which an answer may be shown without asking again.
LISTING_MAX_AGE, AVAILABILITY_MAX_AGE = 60, 10
DEFAULT_CURRENCY = "KES"
_UNKNOWN = {404: ("experience_not_found", "There is no such experience.")}


@blueprint.route("")
class Experiences(PublicView):
    limited_by = "limit_public_reads"

    @operation("listExperiences", "Find experiences", parameters=(IF_NONE_MATCH,))
    @blueprint.arguments(ListQuery, location="query")
    @blueprint.response(200, ExperiencePage, example=examples.CARDS)
    def get(self, query: dict[str, Any]) -> Response:
        rows, total = find_listings(edge().db, _listing_query(query))
        return public(page_of(answers.cards(rows), total, query["page"], query["limit"]), LISTING_MAX_AGE)


@blueprint.route("/<id_or_slug>")
class Experience(PublicView):
    limited_by = "limit_public_reads"

    @operation("getExperience", "Read an experience", refusals=_UNKNOWN, parameters=(IF_NONE_MATCH,))
    @blueprint.response(200, ExperienceDetail, example=examples.DETAIL)
    def get(self, id_or_slug: str) -> Response:
        return public(answers.detail(*get_listing(edge().db, nameable(id_or_slug))), LISTING_MAX_AGE)


@blueprint.route("/<id_or_slug>/availability")
class Availability(PublicView):
    limited_by = "limit_public_reads"

    @operation("getAvailability", "Find free times", refusals=_UNKNOWN, parameters=(IF_NONE_MATCH,))
    @blueprint.arguments(AvailabilityQuery, location="query")
    @blueprint.response(200, AvailabilityAnswer, example=examples.AVAILABILITY)
    def get(self, query: dict[str, Any], id_or_slug: str) -> Response:
        days = query.get("first"), query.get("last")
        free = find_free_times(edge().db, context(), nameable(id_or_slug), *days, query.get("guests"))
        return public(answers.availability(free), AVAILABILITY_MAX_AGE)


def _listing_query(query: dict[str, Any]) -> ListingQuery:
    priced = "min_price" in query or "max_price" in query
    currency = query.get("currency") or (DEFAULT_CURRENCY if priced else None)
    return ListingQuery(
        q=query.get("q"),
        category=query.get("category"),
        location=query.get("location"),
        currency=currency,
        min_price_minor=_minor(query.get("min_price"), currency, "min_price"),
        max_price_minor=_minor(query.get("max_price"), currency, "max_price"),
        min_rating=query.get("rating"),
        guests=query.get("guests"),
        sort=query["sort"],
        limit=query["limit"],
        offset=(query["page"] - 1) * query["limit"],
    )


def _minor(amount: Decimal | None, currency: str | None, field: str) -> int | None:
    if amount is None or currency is None:
        return None
    try:
        return Money.parse(amount, currency).minor
    except ValueError as error:
        raise field_error(field, str(error)) from error
