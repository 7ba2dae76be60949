"""What travellers say of experiences and guides, for everybody to read."""

from __future__ import annotations

from typing import Any

from flask import Response

from api.answers.reviews import review_page
from api.auth import PublicView
from api.edge import edge
from api.examples import catalogue as examples
from api.openapi import IF_NONE_MATCH, operation
from api.paging import Asked
from api.parsing import Blueprint, nameable
from api.public import public
from api.schemas.reviews import ReviewPageAnswer, ReviewsQuery
from services.catalogue.reviews import reviews_of_experience, reviews_of_guide

blueprint = Blueprint("reviews", __name__, url_prefix="/api/reviews", description="What travellers say")

#: Seconds for which reviews may be shown without asking again.
MAX_AGE = 60
_NO_EXPERIENCE = ("experience_not_found", "There is no such experience.")
_NO_GUIDE = ("guide_not_found", "There is no such guide.")


@blueprint.route("/experience/<id_or_slug>")
class ExperienceReviews(PublicView):
    limited_by = "limit_public_reads"

    @operation(
        "listExperienceReviews",
        "Read an experience's reviews",
        refusals={404: _NO_EXPERIENCE},
        parameters=(IF_NONE_MATCH,),
    )
    @blueprint.arguments(ReviewsQuery, location="query")
    @blueprint.response(200, ReviewPageAnswer, example=examples.REVIEWS)
    def get(self, query: dict[str, Any], id_or_slug: str) -> Response:
        asked = Asked(query, "experience reviews", id_or_slug)
        with edge().db.reading() as session:
            found = reviews_of_experience(session, nameable(id_or_slug), query["sort"], asked.window)
        return public(review_page(found, asked), MAX_AGE)


@blueprint.route("/guide/<id_or_slug>")
class GuideReviews(PublicView):
    limited_by = "limit_public_reads"

    @operation("listGuideReviews", "Read a guide's reviews", refusals={404: _NO_GUIDE}, parameters=(IF_NONE_MATCH,))
    @blueprint.arguments(ReviewsQuery, location="query")
    @blueprint.response(200, ReviewPageAnswer, example=examples.REVIEWS)
    def get(self, query: dict[str, Any], id_or_slug: str) -> Response:
        asked = Asked(query, "guide reviews", id_or_slug)
        with edge().db.reading() as session:
            found = reviews_of_guide(session, nameable(id_or_slug), query["sort"], asked.window)
        return public(review_page(found, asked), MAX_AGE)
