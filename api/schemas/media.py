"""An upload as its owner sees it."""

from __future__ import annotations

from marshmallow import fields, validate

from api.schemas.base import Answer
from domain.media import Format, MediaKind, MediaState, Refusal


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
        required=True, allow_none=True, metadata={"description": "Pixels, upright, once it is ready"}
    )
    height = fields.Integer(required=True, allow_none=True)
    url = fields.String(
        required=True, allow_none=True, metadata={"description": "The largest variant, once it is ready"}
    )
    variants = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": "WebP squares by their side in pixels: 96, 256 and 512; empty until it is ready"},
    )
    created_at = fields.AwareDateTime(required=True)
