"""Taking experiences off our pages and putting them back, for administrators."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response

from api.answers import answer
from api.auth import AdminView
from api.context import context
from api.edge import edge
from api.examples import admin as examples
from api.openapi import operation
from api.parsing import Blueprint
from api.schemas.admin_experiences import HideRequest, ModeratedExperience
from models.catalogue import Listing
from services.listings import hiding

blueprint = Blueprint(
    "admin experiences", __name__, url_prefix="/api/admin/experiences", description="Experiences, for administrators"
)

_REFUSALS = {
    404: ("experience_not_found", "There is no such experience."),
    409: ("own_experience", "This experience is your own. Ask another administrator."),
}


@blueprint.route("/<uuid:experience_id>/hide")
class Hide(AdminView):
    @operation(
        "hideExperience",
        "Show an experience to nobody but its guide, who is told why; bookings stay",
        refusals=_REFUSALS,
    )
    @blueprint.arguments(HideRequest, example=examples.HIDE)
    @blueprint.response(200, ModeratedExperience, example=examples.HIDDEN)
    def put(self, body: dict[str, Any], experience_id: uuid.UUID) -> Response:
        with edge().db.transaction() as session:
            hidden = _moderated(hiding.hide_experience(session, context(), experience_id, body["reason"]))
        edge().kept.let_go()
        return answer(hidden)


@blueprint.route("/<uuid:experience_id>/unhide")
class Unhide(AdminView):
    @operation(
        "unhideExperience", "Let an experience be again what its guide has made of it meanwhile", refusals=_REFUSALS
    )
    @blueprint.response(200, ModeratedExperience, example=examples.SHOWN)
    def put(self, experience_id: uuid.UUID) -> Response:
        with edge().db.transaction() as session:
            return answer(_moderated(hiding.show_experience(session, context(), experience_id)))


def _moderated(listing: Listing) -> dict[str, Any]:
    return {
        "id": listing.id,
        "slug": listing.slug,
        "title": listing.title,
        "host_id": listing.host_id,
        "status": listing.status,
        "hidden_reason": listing.hidden_reason,
        "version": listing.version,
    }
