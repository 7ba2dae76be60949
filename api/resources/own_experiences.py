"""What guides do with their experiences, beside what everybody reads at the same addresses."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import flask
from flask import Response
from sqlalchemy.orm import Session

from api.answers import answer, no_content
from api.answers.own_experiences import own_card, own_experience_answer
from api.auth import GuideView
from api.context import context
from api.edge import edge
from api.examples import catalogue as examples
from api.idempotency import once
from api.openapi import IDEMPOTENCY_KEY, LOCATION, REPLAYED, operation
from api.paging import Asked
from api.parsing import Blueprint, nameable
from api.schemas.own_experiences import (
    ExperienceChange,
    ExperienceForm,
    ExperienceRequest,
    OwnExperienceAnswer,
    OwnExperiencePage,
    OwnExperiencesQuery,
    TierRequest,
)
from api.uploads import FileField, largest_form, received_form, store
from domain.formats import FORMATS
from domain.listings import MOST_IMAGES
from domain.media import MediaKind
from models.catalogue import Listing
from services.catalogue.pictures import pictures_of
from services.listings import own_experiences
from services.listings.hours_ahead import without_hours
from services.listings.images import adopt_images

blueprint = Blueprint(
    "own experiences", __name__, url_prefix="/api", description="What guides do with their experiences"
)

IMAGES = FileField("images", MediaKind.IMAGE, most=MOST_IMAGES)
_REQUEST = ExperienceRequest()
_BODY = {
    "required": True,
    "content": {
        "application/json": {"schema": ExperienceRequest, "example": examples.EXPERIENCE_REQUEST},
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["title", "category", "price", "duration_minutes", "max_guests"],
                "properties": {
                    "tiers": {
                        "type": "array",
                        "items": TierRequest,
                        "description": "JSON in one part; or several parts of this name, each one tier in JSON",
                    },
                    IMAGES.name: {
                        "type": "array",
                        "maxItems": MOST_IMAGES,
                        "items": {"type": "string", "format": "binary"},
                        "description": "At most 5 MB each; shown once they are checked",
                    },
                },
                "additionalProperties": {
                    "description": "Every field of the JSON; a list is several parts of its name, or one part with it in JSON"
                },
            },
            "encoding": {
                "tiers": {"contentType": "application/json"},
                IMAGES.name: {"contentType": ", ".join(FORMATS[MediaKind.IMAGE])},
            },
            "example": {
                **{name: str(value) for name, value in examples.EXPERIENCE_REQUEST.items() if name != "inclusions"},
                "inclusions": examples.EXPERIENCE_REQUEST["inclusions"],
                "tiers": examples.TIERS,
                "images": ["(the bytes of smokies.jpg)"],
            },
        },
    },
}
_UNKNOWN = {404: ("experience_not_found", "There is no such experience.")}
_INCOMPLETE = (
    "experience_incomplete",
    "Before it is offered, the experience needs: summary.",
    {"errors": {"summary": ["Is needed before the experience is offered."]}},
)
_CANNOT_OFFER = (
    "cannot_offer",
    "Nothing of yours can be offered now: licence expired.",
    {"obstacles": ["licence_expired"]},
)
_INVALID = (
    "invalid_fields",
    "Some fields are not valid; see errors.",
    {"errors": {"max_guests": ["Must not be below min_guests."]}},
)


@blueprint.route("/experiences")
class OwnExperiences(GuideView):
    largest_body = largest_form(IMAGES)

    @operation(
        "createExperience",
        "Write an experience: a draft, or offered at once with status active",
        refusals={
            409: (
                ("too_many_experiences", "You have 100 experiences. Archive one of them first."),
                _CANNOT_OFFER,
            ),
            422: (_INVALID, _INCOMPLETE),
            503: ("storage_unavailable", "We cannot take files right now. Try again."),
        },
        parameters=(IDEMPOTENCY_KEY,),
    )
    @blueprint.doc(requestBody=_BODY)
    @blueprint.response(
        201,
        OwnExperienceAnswer,
        example=examples.OWN_DRAFT,
        headers={"Location": LOCATION, "Idempotent-Replayed": REPLAYED},
    )
    def post(self) -> Response:
        if flask.request.mimetype != "multipart/form-data":
            body = blueprint.ARGUMENTS_PARSER.parse(_REQUEST, flask.request, location="json")
            return _created(body)
        with received_form(IMAGES, texts=ExperienceForm) as form:
            sent = form.files[IMAGES.name]
            media = [store(image).id for image in sent]
        return _created(form.texts, media, [form.texts, [image.checksum for image in sent]])


@blueprint.route("/experiences/<id_or_slug>")
class WritableExperience(GuideView):
    @operation(
        "changeExperience",
        "Change one of one's experiences, offer it (status active) or take it back (draft); bookings stay as they are",
        refusals=_UNKNOWN
        | {
            409: (
                (
                    "experience_changed",
                    "Somebody has changed this experience meanwhile. Read it again.",
                    {"version": 4},
                ),
                ("experience_hidden", "An administrator has hidden this experience. Write to us."),
                _CANNOT_OFFER,
            ),
            422: (_INVALID, _INCOMPLETE),
        },
    )
    @blueprint.arguments(ExperienceChange, example=examples.EXPERIENCE_CHANGE)
    @blueprint.response(200, OwnExperienceAnswer, example=examples.OWN_DETAIL)
    def put(self, body: dict[str, Any], id_or_slug: str) -> Response:
        version = body.pop("version", None)
        with edge().db.transaction() as session:
            listing = own_experiences.change_experience(session, context(), nameable(id_or_slug), body, version)
            session.flush()
            shown = _shown(session, listing)
        return answer(shown)

    @operation(
        "archiveExperience",
        "Offer one of one's experiences no more; a second time changes nothing",
        refusals=_UNKNOWN
        | {
            409: (
                "experience_booked",
                "This experience is booked and not over: B7K2M9QX.",
                {
                    "bookings": [
                        {
                            "id": examples.BOOKED["id"],
                            "reference": "B7K2M9QX",
                            "starts_at": examples.BOOKED["starts_at"],
                        }
                    ],
                    "holds": 0,
                },
            )
        },
    )
    @blueprint.response(204)
    def delete(self, id_or_slug: str) -> Response:
        with edge().db.transaction() as session:
            own_experiences.archive_experience(session, context(), nameable(id_or_slug))
        return no_content()


@blueprint.route("/guides/me/experiences")
class MyExperiences(GuideView):
    @operation("listOwnExperiences", "List one's experiences in every state, the newest first")
    @blueprint.arguments(OwnExperiencesQuery, location="query")
    @blueprint.response(200, OwnExperiencePage, example=examples.OWN_CARDS)
    def get(self, query: dict[str, Any]) -> Response:
        ctx = context()
        asked = Asked(query, "own experiences", ctx.actor.user_id)
        with edge().db.reading() as session:
            found = own_experiences.own_experiences(session, ctx, asked.window, status=query.get("status"))
            closed = without_hours(session, ctx, found.rows)
        cards = [own_card(listing, has_hours=listing.id not in closed) for listing in found.rows]
        return answer(asked.answer(cards, found))


@blueprint.route("/guides/me/experiences/<id_or_slug>")
class MyExperience(GuideView):
    @operation("getOwnExperience", "Read one of one's experiences, drafts included", refusals=_UNKNOWN)
    @blueprint.response(200, OwnExperienceAnswer, example=examples.OWN_DETAIL)
    def get(self, id_or_slug: str) -> Response:
        with edge().db.reading() as session:
            listing = own_experiences.own_experience(session, context(), nameable(id_or_slug))
            return answer(_shown(session, listing))


def _created(body: Mapping[str, Any], media: Sequence[uuid.UUID] = (), asked: Any = None) -> Response:
    """Pictures that came along are there by now, waiting to be checked; of a repeated request nobody uses them."""
    ctx = context()
    with once(ctx, asked) as effect:
        if effect.resource_id is None:
            listing = own_experiences.create_experience(effect.session, ctx, body)
            adopt_images(effect.session, ctx, listing, media)
            effect.complete(listing.id, 201, _address(listing.id))
        shown = _shown(effect.session, own_experiences.own_experience(effect.session, ctx, str(effect.resource_id)))
    return answer(shown, 201, effect.headers | {"Location": _address(effect.resource_id)})


def _shown(session: Session, listing: Listing) -> dict[str, Any]:
    has_hours = not without_hours(session, context(), [listing])
    return own_experience_answer(listing, pictures_of(session, listing.id), has_hours=has_hours)


def _address(listing_id: object) -> str:
    return f"/api/guides/me/experiences/{listing_id}"
