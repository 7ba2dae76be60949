"""The one shape of everything that goes wrong."""

from __future__ import annotations

from marshmallow import INCLUDE, Schema, fields


class Problem(Schema):
    """RFC 9457 problem details. Some codes bring more members, such as seats_free or booking_id."""

    class Meta:
        unknown = INCLUDE

    type = fields.String(required=True, metadata={"description": "A URN that ends in the code"})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True, metadata={"description": "A sentence for people"})
    message = fields.String(required=True, metadata={"description": "The detail again"})
    code = fields.String(required=True, metadata={"description": "Stable; clients may test it"})
    errors = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        required=True,
        metadata={"description": "By field, what is wrong with it"},
    )
    request_id = fields.String(required=True)
