"""Copies of one's own data."""

from __future__ import annotations

from marshmallow import fields, validate

from api.schemas.base import Answer
from domain.exports import ExportState


class ExportAnswer(Answer):
    id = fields.UUID(required=True)
    status = fields.String(required=True, validate=validate.OneOf(list(ExportState)))
    requested_at = fields.AwareDateTime(required=True)
    message = fields.String(required=True, metadata={"description": "What happens now, in a sentence for people"})
