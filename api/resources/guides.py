"""Meeting guides and when they are free, the same for everybody, and a guide's own profile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response

from api.answers import answer
from api.answers import guides as answers
from api.answers.schedules import guide_times
from api.auth import GuideView
from api.context import context
from api.edge import Edge, edge
from api.examples import guides as examples
from api.examples.schedules import GUIDE_TIMES
from api.openapi import IF_NONE_MATCH, operation
from api.paging import Asked
from api.parsing import Blueprint, nameable
from api.public import HotView, public
from api.resources.experiences import AVAILABILITY_MAX_AGE
from api.schemas.guides import GuideDetail, GuidePage, GuideRequest, GuidesQuery, OwnGuideAnswer
from api.schemas.schedules import GuideTimesAnswer, GuideTimesQuery
from services.availability.guides import find_guides_free_times
from services.catalogue.guides import GuideQuery, find_guides, get_guide
from services.context import Context
from services.guides import profiles

blueprint = Blueprint("guides", __name__, url_prefix="/api/guides", description="Who shows you around")

#: Seconds for which an answer may be shown without asking again.
MAX_AGE = 60
_UNKNOWN = {404: ("guide_not_found", "There is no such guide.")}


@blueprint.route("")
class Guides(HotView):
    max_age = MAX_AGE
    is_kept = True
    asks = GuidesQuery()

    @operation("listGuides", "Find guides", parameters=(IF_NONE_MATCH,))
    @blueprint.arguments(asks, location="query")
    @blueprint.response(200, GuidePage, example=examples.CARDS)
    def get(self, query: dict[str, Any]) -> Response:
        return public(self.payload(edge(), query), self.max_age)

    @staticmethod
    def payload(house: Edge, query: Mapping[str, Any]) -> dict[str, Any]:
        asked = {name: query.get(name) for name in ("region", "specialization", "language", "min_rating")}
        page = Asked(query, "guides")
        found = find_guides(house.db, house.totals, GuideQuery(**asked, sort=query["sort"]), page.window)
        return page.answer(answers.cards(found.rows, house.settings.cdn_base_url), found)


@blueprint.route("/me")
class OwnGuide(GuideView):
    @operation(
        "getOwnGuide", "Read one's own profile as a guide: what is missing, and what is in the way of being booked"
    )
    @blueprint.response(200, OwnGuideAnswer, example=examples.OWN)
    def get(self) -> Response:
        with edge().db.reading() as session:
            return answer(_own(profiles.own_profile(session, context())))

    @operation("changeOwnGuide", "Change one's own profile as a guide: what is named; the rest stays")
    @blueprint.arguments(GuideRequest, example=examples.CHANGE)
    @blueprint.response(200, OwnGuideAnswer, example=examples.CHANGED)
    def put(self, body: dict[str, Any]) -> Response:
        with edge().db.transaction() as session:
            return answer(_own(profiles.change_profile(session, context(), None, body)))


@blueprint.route("/<id_or_slug>")
class Guide(HotView):
    max_age = MAX_AGE
    is_kept = True

    @operation("getGuide", "Read a guide's profile", refusals=_UNKNOWN, parameters=(IF_NONE_MATCH,))
    @blueprint.response(200, GuideDetail, example=examples.DETAIL)
    def get(self, id_or_slug: str) -> Response:
        return public(self.payload(edge(), id_or_slug), self.max_age)

    @staticmethod
    def payload(house: Edge, id_or_slug: str) -> Any:
        return answers.profile(get_guide(house.db, nameable(id_or_slug)), house.settings.cdn_base_url)


@blueprint.route("/<id_or_slug>")
class ChangedGuide(GuideView):
    @operation("changeGuide", "Change one's own profile by its id or slug; another's is not there", refusals=_UNKNOWN)
    @blueprint.arguments(GuideRequest, example=examples.CHANGE)
    @blueprint.response(200, OwnGuideAnswer, example=examples.CHANGED)
    def put(self, body: dict[str, Any], id_or_slug: str) -> Response:
        with edge().db.transaction() as session:
            return answer(_own(profiles.change_profile(session, context(), nameable(id_or_slug), body)))


@blueprint.route("/<id_or_slug>/availability")
class GuidesTimes(HotView):
    max_age = AVAILABILITY_MAX_AGE
    asks = GuideTimesQuery()

    @operation(
        "getGuidesAvailability",
        "Find free times of all that a guide offers",
        refusals=_UNKNOWN,
        parameters=(IF_NONE_MATCH,),
    )
    @blueprint.arguments(asks, location="query")
    @blueprint.response(200, GuideTimesAnswer, example=GUIDE_TIMES)
    def get(self, query: dict[str, Any], id_or_slug: str) -> Response:
        return public(self.payload(edge(), query, id_or_slug), self.max_age)

    @staticmethod
    def payload(house: Edge, query: Mapping[str, Any], id_or_slug: str) -> dict[str, Any]:
        ctx = Context(house.ports.policy, house.ports.clock)
        asked = query.get("first"), query.get("last")
        return guide_times(find_guides_free_times(house.db, ctx, nameable(id_or_slug), *asked))


def _own(profile: profiles.OwnProfile) -> dict[str, Any]:
    return answers.own_profile(profile, edge().settings.cdn_base_url)
