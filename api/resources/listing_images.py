"""The pictures of a guide's experience: added by id or as a file, described, put in order and taken away."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

import flask
from flask import Response

from api.answers import answer, no_content
from api.answers.own_experiences import picture_answer
from api.auth import GuideView
from api.context import context
from api.edge import edge
from api.examples import catalogue as examples
from api.forms import file_body, file_refusals
from api.openapi import operation
from api.parsing import Blueprint, nameable
from api.schemas.own_experiences import ImageOrder, ImageRequest, ImageTexts, OwnPicture, OwnPictures
from api.uploads import FileField, largest_form, received_form, store
from domain.media import MediaKind
from services.catalogue.pictures import pictures_of
from services.listings import images
from services.listings.own_experiences import own_experience

blueprint = Blueprint(
    "experience images",
    __name__,
    url_prefix="/api/experiences/<id_or_slug>/images",
    description="Pictures of experiences",
)

IMAGE = FileField("image", MediaKind.IMAGE, required=True)
_BY_ID = ImageRequest()
_UNKNOWN = {404: ("experience_not_found", "There is no such experience.")}
_TOO_MANY = ("too_many_images", "An experience has at most 12 pictures. Take one away first.")
_BODY = file_body(IMAGE)
_BODY["content"]["multipart/form-data"]["schema"]["properties"]["alt_text"] = {"type": "string"}
_BODY["content"]["application/json"] = {
    "schema": {
        "type": "object",
        "required": ["media_id"],
        "properties": {"media_id": {"type": "string", "format": "uuid"}, "alt_text": {"type": "string"}},
    },
    "example": examples.IMAGE_REQUEST,
}


@blueprint.route("")
class ListingImages(GuideView):
    largest_body = largest_form(IMAGE)

    @operation(
        "addExperienceImage",
        "Add a picture after the others: a checked upload by its id, or a file, which is shown once it is checked",
        refusals=file_refusals(IMAGE)
        | {
            404: (
                ("experience_not_found", "There is no such experience."),
                ("media_not_found", "There is no such upload."),
            ),
            409: (
                _TOO_MANY,
                ("media_not_ready", "The upload is not checked yet, or was refused.", {"state": "processing"}),
                ("media_in_use", "The upload is in use. Take it away from what shows it first."),
                ("media_no_image", "The upload is no image for a listing."),
            ),
        },
    )
    @blueprint.doc(requestBody=_BODY)
    @blueprint.response(201, OwnPicture, example=examples.OWN_PICTURE)
    @blueprint.alt_response(
        202, schema=OwnPicture, example=examples.OWN_PICTURE_COMING, description="The file came and waits to be checked"
    )
    def post(self, id_or_slug: str) -> Response:
        with edge().db.reading() as session:
            # Nobody's megabytes are taken for what is not theirs.
            listing_id = own_experience(session, context(), nameable(id_or_slug)).id
        if flask.request.mimetype == "multipart/form-data":
            return _sent(listing_id)
        body = blueprint.ARGUMENTS_PARSER.parse(_BY_ID, flask.request, location="json")
        with edge().db.transaction() as session:
            added = body["media_id"], body["alt_text"]
            picture = images.attach_image(session, context(), str(listing_id), *added)
            return answer(picture_answer(*picture), 201)

    @operation(
        "orderExperienceImages",
        "Put the pictures in order and say what they show; every one is named",
        refusals=_UNKNOWN | {409: ("images_changed", "These are not all pictures of this experience. Read it again.")},
    )
    @blueprint.arguments(ImageOrder, example=examples.IMAGE_ORDER)
    @blueprint.response(200, OwnPictures, example=examples.OWN_PICTURES)
    def put(self, body: dict[str, Any], id_or_slug: str) -> Response:
        wanted = [images.Placed(each["id"], each.get("alt_text")) for each in body["images"]]
        with edge().db.transaction() as session:
            pictures = images.order_images(session, context(), nameable(id_or_slug), wanted)
            return answer({"items": [picture_answer(*each) for each in pictures]})


@blueprint.route("/<uuid:image_id>")
class ListingImage(GuideView):
    @operation(
        "removeExperienceImage",
        "Take a picture away; its files are deleted",
        refusals={
            404: (
                ("experience_not_found", "There is no such experience."),
                ("image_not_found", "This experience has no such picture."),
            )
        },
    )
    @blueprint.response(204)
    def delete(self, id_or_slug: str, image_id: uuid.UUID) -> Response:
        with edge().db.transaction() as session:
            images.remove_image(session, context(), nameable(id_or_slug), image_id)
        return no_content()


def _sent(listing_id: uuid.UUID) -> Response:
    with received_form(IMAGE, texts=ImageTexts) as form:
        begin = partial(images.begin_image, id_or_slug=str(listing_id), alt_text=form.texts["alt_text"])
        stored = store(form.files[IMAGE.name][0], begin)
    with edge().db.reading() as session:
        (picture,) = [each for each in pictures_of(session, listing_id) if each[0].media_id == stored.id]
        return answer(picture_answer(*picture), 202)
