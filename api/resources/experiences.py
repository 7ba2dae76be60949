"""Finding experiences and their free times: the same for everybody, so nobody is asked who they are."""

from __future__ import annotations

from datetime import date, timedelta
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
    LONGEST_WINDOW,
    AvailabilityAnswer,
    AvailabilityQuery,
    ExperienceDetail,
    ExperiencePage,
    ListQuery,
)
from domain.errors import field_error
from domain.money import Money
from services.availability import free_slots
from services.catalogue import ListingQuery, find_listings, get_listing, get_live_listing

blueprint = Blueprint("experiences", __name__, url_prefix="/api/experiences", description="What can be booked")

#: Seconds for which an answer may be shown without asking again.
LISTING_MAX_AGE, AVAILABILITY_MAX_AGE = 60, 10
DEFAULT_CURRENCY = "KES"
#: Without an end, the next so many days are shown.
DEFAULT_WINDOW = timedelta(days=30)
_UNKNOWN = {404: ("experience_not_found", "There is no such experience.")}


@blueprint.route("")
class Experiences(PublicView):
    limited_by = "limit_public_reads"

    @operation("listExperiences", "Find experiences", parameters=(IF_NONE_MATCH,))
    @blueprint.arguments(ListQuery, location="query")
    @blueprint.response(200, ExperiencePage, example=examples.CARDS)
    def get(self, query: dict[str, Any]) -> Response:
        with edge().db.reading() as session:
            rows, total = find_listings(session, _listing_query(query))
        cards = [answers.card(row) for row in rows]
        return public(page_of(cards, total, query["page"], query["limit"]), LISTING_MAX_AGE)


@blueprint.route("/<id_or_slug>")
class Experience(PublicView):
    limited_by = "limit_public_reads"

    @operation("getExperience", "Read an experience", refusals=_UNKNOWN, parameters=(IF_NONE_MATCH,))
    @blueprint.response(200, ExperienceDetail, example=examples.DETAIL)
    def get(self, id_or_slug: str) -> Response:
        with edge().db.reading() as session:
            return public(answers.detail(get_listing(session, nameable(id_or_slug))), LISTING_MAX_AGE)


@blueprint.route("/<id_or_slug>/availability")
class Availability(PublicView):
    limited_by = "limit_public_reads"

    @operation("getAvailability", "Find free times", refusals=_UNKNOWN, parameters=(IF_NONE_MATCH,))
    @blueprint.arguments(AvailabilityQuery, location="query")
    @blueprint.response(200, AvailabilityAnswer, example=examples.AVAILABILITY)
    def get(self, query: dict[str, Any], id_or_slug: str) -> Response:
        ctx = context()
        with edge().db.reading() as session:
            listing = get_live_listing(session, nameable(id_or_slug))
            first, last = _window(query, ctx.now(session).astimezone(listing.zone).date())
            guests = query.get("guests", listing.min_guests)
            slots = free_slots(session, ctx, listing, first, last, guests)
        return public(answers.availability(listing, first, last, guests, slots), AVAILABILITY_MAX_AGE)


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


def _window(query: dict[str, Any], today: date) -> tuple[date, date]:
    """The local days to look at; the past is left out, for nothing there can be booked."""
    first = max(query.get("first") or today, today)
    last = query.get("last") or first + DEFAULT_WINDOW
    return first, min(last, first + LONGEST_WINDOW)
