"""An upload as its owner sees it, and how one is begun that does not come through us."""

from __future__ import annotations

from marshmallow import fields, validate

from api.schemas.base import Answer
from domain.formats import Format
from domain.media import MediaKind, MediaState, Refusal


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
            "description": "Once it is ready: of an image the largest variant; of a video or document a link of one's own,"
            " which works for ten minutes"
        },
    )
    variants = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={
            "description": "WebP, empty until it is ready: of an avatar squares by their side in pixels (96, 256, 512),"
            " of an image the whole by its width (320, 800, 1600; never enlarged)"
        },
    )
    is_in_use = fields.Boolean(
        required=True,
        metadata={"description": "Whether something shows it; what is ready and not in use for 24 hours is deleted"},
    )
    created_at = fields.AwareDateTime(required=True)
