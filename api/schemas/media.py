"""An upload as its owner sees it, and how one is begun that does not come through us."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from api.schemas.base import Answer, Request, Whole
from domain.formats import FORMATS, LARGEST, Format
from domain.media import MediaKind, MediaState, Refusal

_DIRECT = (MediaKind.IMAGE, MediaKind.VIDEO, MediaKind.DOCUMENT, MediaKind.SCAN)


class PresignRequest(Request):
    kind = fields.String(required=True, validate=validate.OneOf(_DIRECT))
    content_type = fields.String(required=True, validate=validate.OneOf(list(Format)))
    size = Whole(
        required=True,
        least=1,
        most=max(LARGEST.values()),
        metadata={"description": "Bytes: at most 5 MB of an image, scan or document, 50 MB of a video"},
    )

    @validates_schema(skip_on_field_errors=True)
    def _fits(self, data: dict[str, Any], **_: Any) -> None:
        kind = MediaKind(data["kind"])
        if data["content_type"] not in FORMATS[kind]:
            raise ValidationError(f"Must be one of {', '.join(FORMATS[kind])}.", "content_type")
        if data["size"] > LARGEST[kind]:
            raise ValidationError(f"Must be at most {LARGEST[kind]}.", "size")


class MediaAnswer(Answer):
    id = fields.UUID(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(list(MediaKind)))
    state = fields.String(
        required=True,
        validate=validate.OneOf([state for state in MediaState if state is not MediaState.REMOVED]),
        metadata={"description": "It ends as ready or refused; ask again every second until then"},
    )
    refusal = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf([*Refusal, None]),
        metadata={"description": "Why it was refused; after lost and not_finished the same file may be sent again"},
    )
    content_type = fields.String(required=True, validate=validate.OneOf(list(Format)))
    size = fields.Integer(required=True, allow_none=True, metadata={"description": "Bytes, as it came"})
    width = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "Pixels of an image or video, upright, once it is ready"},
    )
    height = fields.Integer(required=True, allow_none=True)
    url = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "Once it is ready: of an image the largest variant; of a video, document or scan a link of one's own,"
            " which works for ten minutes"
        },
    )
    variants = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={
            "description": "WebP, empty until it is ready: of an avatar squares by their side in pixels (96, 256, 512),"
            " of an image the whole by its width (320, 800, 1600; never enlarged); of what is private none"
        },
    )
    is_in_use = fields.Boolean(
        required=True,
        metadata={"description": "Whether something shows it; what is ready and not in use for 24 hours is deleted"},
    )
    created_at = fields.AwareDateTime(required=True)


class DirectAnswer(Answer):
    """Where and how a browser sends the file by itself."""

    method = fields.String(required=True, validate=validate.OneOf(["POST"]))
    url = fields.String(required=True)
    fields_ = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        data_key="fields",
        metadata={"description": "Fields of the form, to be sent before its part `file`"},
    )
    expires_at = fields.AwareDateTime(required=True)
    complete_url = fields.String(required=True, metadata={"description": "POST here once the storage has answered 204"})


class PresignedAnswer(Answer):
    upload = fields.Nested(MediaAnswer, required=True)
    send_to = fields.Nested(DirectAnswer, required=True)
