"""One's own picture: sent in a form, checked by a worker, shown, and taken away."""

from __future__ import annotations

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
from api.uploads import FileField, file_body, file_refusals, largest_form, received_file, store
from domain.media import MediaKind
from services.media import uploads

blueprint = Blueprint("media", __name__, url_prefix="/api/users/me", description="One's own picture")

AVATAR = FileField("avatar", MediaKind.AVATAR, required=True)


@blueprint.route("/upload-avatar")
class UploadedAvatar(SignedInView):
    largest_body = largest_form(AVATAR)

    @operation(
        "uploadAvatar",
        "Send a picture of oneself: it is checked, cut to squares and then shown in place of the one before",
        refusals=file_refusals(AVATAR),
    )
    @blueprint.doc(requestBody=file_body(AVATAR))
    @blueprint.response(202, MediaAnswer, example=examples.PROCESSING, headers={"Location": LOCATION})
    def post(self) -> Response:
        with received_file(AVATAR) as upload:
            stored = store(upload)
        return answer(media_answer(stored), 202, {"Location": f"/api/upload/{stored.id}"})


@blueprint.route("/avatar")
class Avatar(SignedInView):
    @operation("removeAvatar", "Show no picture of oneself any more")
    @blueprint.response(204)
    def delete(self) -> Response:
        ctx = context()
        with edge().db.transaction() as session:
            uploads.remove_avatar(session, ctx, ctx.actor.user_id)
        return no_content()
