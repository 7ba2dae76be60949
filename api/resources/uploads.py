"""Files that one sends to use them somewhere: through us, and what became of them."""

from __future__ import annotations

import uuid

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
from services import media

blueprint = Blueprint("uploads", __name__, url_prefix="/api/upload", description="Uploads and what became of them")

IMAGE, VIDEO, DOCUMENT = (
    FileField(kind.value, kind, required=True) for kind in (MediaKind.IMAGE, MediaKind.VIDEO, MediaKind.DOCUMENT)
)
_NOT_FOUND = ("media_not_found", "There is no such upload.")


def _received(file: FileField) -> Response:
    with received_file(file) as upload:
        stored = store(upload)
    return answer(media_answer(stored), 202, {"Location": f"/api/upload/{stored.id}"})


@blueprint.route("/image")
class UploadedImage(SignedInView):
    largest_body = largest_form(IMAGE)

    @operation(
        "uploadImage",
        "Send an image: it is checked and drawn anew in three widths, to be used within 24 hours",
        refusals=file_refusals(IMAGE),
    )
    @blueprint.doc(requestBody=file_body(IMAGE))
    @blueprint.response(202, MediaAnswer, example=examples.IMAGE, headers={"Location": LOCATION})
    def post(self) -> Response:
        return _received(IMAGE)


@blueprint.route("/video")
class UploadedVideo(SignedInView):
    largest_body = largest_form(VIDEO)

    @operation(
        "uploadVideo",
        "Send a video: it is checked and kept for whoever gets a link",
        refusals=file_refusals(VIDEO),
    )
    @blueprint.doc(requestBody=file_body(VIDEO))
    @blueprint.response(202, MediaAnswer, example=examples.VIDEO, headers={"Location": LOCATION})
    def post(self) -> Response:
        return _received(VIDEO)


@blueprint.route("/document")
class UploadedDocument(SignedInView):
    largest_body = largest_form(DOCUMENT)

    @operation(
        "uploadDocument",
        "Send a document: it is checked and kept for whoever gets a link",
        refusals=file_refusals(DOCUMENT),
    )
    @blueprint.doc(requestBody=file_body(DOCUMENT))
    @blueprint.response(202, MediaAnswer, example=examples.DOCUMENT, headers={"Location": LOCATION})
    def post(self) -> Response:
        return _received(DOCUMENT)


@blueprint.route("/<uuid:media_id>")
class UploadedMedia(SignedInView):
    @operation("getUpload", "Learn what became of an upload", refusals={404: _NOT_FOUND})
    @blueprint.response(200, MediaAnswer, example=examples.IMAGE_READY)
    def get(self, media_id: uuid.UUID) -> Response:
        with edge().db.reading() as session:
            found = media.own_media(session, context(), media_id)
        return answer(media_answer(found))

    @operation(
        "deleteUpload",
        "Take an upload away that nothing uses",
        refusals={
            404: _NOT_FOUND,
            409: ("media_in_use", "The upload is in use. Take it away from what shows it first."),
        },
    )
    @blueprint.response(204)
    def delete(self, media_id: uuid.UUID) -> Response:
        with edge().db.transaction() as session:
            media.remove_upload(session, context(), media_id)
        return no_content()
