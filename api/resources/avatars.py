"""One's own picture: sent in a form, checked by a worker, shown, and taken away."""

from __future__ import annotations

from flask import Response

from api.answers import no_content
from api.answers.media import on_its_way
from api.auth import SignedInView
from api.context import context
from api.edge import edge
from api.examples import media as examples
from api.forms import takes
from api.openapi import operation
from api.parsing import Blueprint
from api.uploads import FileField, largest_form, received_file, store
from domain.media import MediaKind
from services.media import uploads

blueprint = Blueprint("avatars", __name__, url_prefix="/api/users/me", description="One's own picture")

AVATAR = FileField("avatar", MediaKind.AVATAR, required=True)


@blueprint.route("/upload-avatar")
class UploadedAvatar(SignedInView):
    largest_body = largest_form(AVATAR)

    @takes(
        blueprint,
        AVATAR,
        "uploadAvatar",
        "Send a picture of oneself: it is checked, cut to squares and then shown in place of the one before",
        examples.PROCESSING,
    )
    def post(self) -> Response:
        with received_file(AVATAR) as upload:
            return on_its_way(store(upload))


@blueprint.route("/avatar")
class Avatar(SignedInView):
    @operation("removeAvatar", "Show no picture of oneself any more")
    @blueprint.response(204)
    def delete(self) -> Response:
        ctx = context()
        with edge().db.transaction() as session:
            uploads.remove_avatar(session, ctx, ctx.actor.user_id)
        return no_content()
