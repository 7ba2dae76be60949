"""Uploads: one's own picture, and what became of what was sent."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response

from api.answers import answer, no_content
from api.answers.media import media_answer
from api.auth import SignedInView
from api.context import context
from api.edge import edge
from api.examples import media as examples
from api.openapi import LOCATION, operation
from api.parsing import Blueprint
from api.schemas.media import MediaAnswer
from api.uploads import FRAMING, received_file, store
from domain.media import LARGEST_IMAGE, Format, MediaKind
from services import media

blueprint = Blueprint("media", __name__, url_prefix="/api", description="Uploads and what became of them")

_FORM: dict[str, Any] = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["avatar"],
                "additionalProperties": False,
                "properties": {"avatar": {"type": "string", "format": "binary", "description": "At most 5 MB"}},
            },
            "example": {"avatar": "(the bytes of ingrid.jpg)"},
            "encoding": {"avatar": {"contentType": ", ".join(Format)}},
        }
    },
}


@blueprint.route("/users/me/upload-avatar")
class UploadedAvatar(SignedInView):
    largest_body = LARGEST_IMAGE + FRAMING

    @operation(
        "uploadAvatar",
        "Send a picture of oneself: it is checked, cut to squares and then shown in place of the one before",
        refusals={
            400: ("malformed_request", "The body is not a whole multipart form."),
            413: ("body_too_large", "The body is larger than this address takes."),
            415: ("unsupported_media_type", "Send the file as multipart/form-data."),
            422: (
                "invalid_field",
                "avatar: Missing data for required field.",
                {"errors": {"avatar": ["Missing data for required field."]}},
            ),
            429: ("too_many_uploads", "Too many attempts. Try again in 10 minutes."),
            503: ("storage_unavailable", "We cannot take files right now. Try again."),
        },
    )
    @blueprint.doc(requestBody=_FORM)
    @blueprint.response(202, MediaAnswer, example=examples.PROCESSING, headers={"Location": LOCATION})
    def post(self) -> Response:
        with received_file("avatar", Format, LARGEST_IMAGE) as upload:
            stored = store(upload, MediaKind.AVATAR)
        return answer(media_answer(stored), 202, {"Location": f"/api/upload/{stored.id}"})


@blueprint.route("/users/me/avatar")
class Avatar(SignedInView):
    @operation("removeAvatar", "Show no picture of oneself any more")
    @blueprint.response(204)
    def delete(self) -> Response:
        ctx = context()
        with edge().db.transaction() as session:
            media.remove_avatar(session, ctx, ctx.actor.user_id)
        return no_content()


@blueprint.route("/upload/<uuid:media_id>")
class UploadedMedia(SignedInView):
    @operation(
        "getUpload",
        "Learn what became of an upload",
        refusals={404: ("media_not_found", "There is no such upload.")},
    )
    @blueprint.response(200, MediaAnswer, example=examples.READY)
    def get(self, media_id: uuid.UUID) -> Response:
        with edge().db.reading() as session:
            return answer(media_answer(media.own_media(session, context(), media_id)))
