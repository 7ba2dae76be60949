"""Files that one sends to use them somewhere: through us or past us, and what became of them."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response

from api.answers import answer, no_content
from api.answers.media import media_answer, on_its_way, presigned_answer
from api.auth import SignedInView
from api.context import context
from api.direct import arrived
from api.edge import edge
from api.examples import media as examples
from api.forms import takes
from api.idempotency import once
from api.openapi import IDEMPOTENCY_KEY, LOCATION, REPLAYED, operation
from api.parsing import Blueprint
from api.schemas.media import MediaAnswer, PresignedAnswer, PresignRequest
from api.uploads import FileField, largest_form, received_file, store
from domain.formats import Format
from domain.media import DIRECT_WITHIN, MediaKind
from services.media import uploads

blueprint = Blueprint("uploads", __name__, url_prefix="/api/upload", description="Uploads and what became of them")

IMAGE, VIDEO, DOCUMENT, SCAN = (
    FileField(kind.value, kind, required=True)
    for kind in (MediaKind.IMAGE, MediaKind.VIDEO, MediaKind.DOCUMENT, MediaKind.SCAN)
)
_NOT_FOUND = ("media_not_found", "There is no such upload.")


def _received(file: FileField) -> Response:
    with received_file(file) as upload:
        return on_its_way(store(upload))


@blueprint.route("/image")
class UploadedImage(SignedInView):
    largest_body = largest_form(IMAGE)

    @takes(
        blueprint,
        IMAGE,
        "uploadImage",
        "Send an image: it is checked and drawn anew in three widths, to be used within 24 hours",
        examples.IMAGE,
    )
    def post(self) -> Response:
        return _received(IMAGE)


@blueprint.route("/video")
class UploadedVideo(SignedInView):
    largest_body = largest_form(VIDEO)

    @takes(
        blueprint,
        VIDEO,
        "uploadVideo",
        "Send a video: it is checked and kept for whoever gets a link; above 5 MB it is better sent past us",
        examples.VIDEO,
    )
    def post(self) -> Response:
        return _received(VIDEO)


@blueprint.route("/document")
class UploadedDocument(SignedInView):
    largest_body = largest_form(DOCUMENT)

    @takes(
        blueprint,
        DOCUMENT,
        "uploadDocument",
        "Send a document: it is checked and kept for whoever gets a link",
        examples.DOCUMENT,
    )
    def post(self) -> Response:
        return _received(DOCUMENT)


@blueprint.route("/scan")
class UploadedScan(SignedInView):
    largest_body = largest_form(SCAN)

    @takes(
        blueprint,
        SCAN,
        "uploadScan",
        "Send a photo of a document: it is checked and drawn anew without what the camera adds, for whoever gets a link",
        examples.SCAN,
    )
    def post(self) -> Response:
        return _received(SCAN)


@blueprint.route("/presign")
class PresignedUpload(SignedInView):
    @operation(
        "presignUpload",
        "Begin an upload that a browser sends to the storage by itself, the way for what is larger than 5 MB",
        refusals={
            429: (
                ("too_many_uploads", "Too many attempts. Try again in 10 minutes."),
                ("too_many_upload_bytes", "You have sent as much as one may within a day. Send more tomorrow."),
            )
        },
        parameters=(IDEMPOTENCY_KEY,),
    )
    @blueprint.arguments(PresignRequest, example=examples.PRESIGN_REQUEST)
    @blueprint.response(
        201,
        PresignedAnswer,
        example=examples.PRESIGNED,
        headers={"Location": LOCATION, "Idempotent-Replayed": REPLAYED},
    )
    def post(self, body: dict[str, Any]) -> Response:
        ctx, sent = context(), (MediaKind(body["kind"]), Format(body["content_type"]), body["size"])
        with once(ctx) as effect:
            if effect.resource_id is None:
                begun = uploads.begin_upload(effect.session, ctx, *sent, direct_for=DIRECT_WITHIN)
                effect.complete(begun.id, 201, f"/api/upload/{begun.id}")
            begun, now = uploads.own_media(effect.session, ctx, effect.resource_id), ctx.now(effect.session)
        headers = effect.headers | {"Location": f"/api/upload/{begun.id}"}
        return answer(presigned_answer(begun, now), 201, headers)


@blueprint.route("/<uuid:media_id>/complete")
class CompletedUpload(SignedInView):
    @operation(
        "completeUpload",
        "Say that a browser has sent the file to the storage, which has it checked",
        refusals={
            404: _NOT_FOUND,
            409: ("upload_not_sent", "The file has not arrived. Send it to the storage first."),
            503: ("storage_unavailable", "We cannot take files right now. Try again."),
        },
    )
    @blueprint.response(202, MediaAnswer, example=examples.VIDEO, headers={"Location": LOCATION})
    def post(self, media_id: uuid.UUID) -> Response:
        return on_its_way(arrived(media_id))


@blueprint.route("/<uuid:media_id>")
class UploadedMedia(SignedInView):
    @operation("getUpload", "Learn what became of an upload", refusals={404: _NOT_FOUND})
    @blueprint.response(200, MediaAnswer, example=examples.IMAGE_READY)
    def get(self, media_id: uuid.UUID) -> Response:
        with edge().db.reading() as session:
            found = uploads.own_media(session, context(), media_id)
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
            uploads.remove_upload(session, context(), media_id)
        return no_content()
