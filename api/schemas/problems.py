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
    payment_id = fields.UUID(metadata={"description": "prompt_on_phone, payment_under_review: the payment in the way"})
    booking_id = fields.UUID(metadata={"description": "already_held: the booking that holds the seats"})
    booking_ids = fields.List(
        fields.UUID(), metadata={"description": "too_many_holds: the bookings that wait for money"}
    )
    attempts_left = fields.Integer(metadata={"description": "phone_code_wrong: how often the code may still be tried"})
    erase_at = fields.AwareDateTime(metadata={"description": "account_deleted: until then it can be taken back"})
    blockers = fields.List(
        fields.Dict(keys=fields.String(), values=fields.String()),
        metadata={"description": "account_in_use: what stands in the way: kind, id, reference and reason of each"},
    )
    seats_free = fields.Integer(metadata={"description": "seats_sold_out: how many are left"})
    version = fields.Integer(metadata={"description": "experience_changed: the one that it has by now"})
    bookings = fields.List(
        fields.Dict(keys=fields.String(), values=fields.String()),
        metadata={"description": "experience_booked: those that stand: id, reference and starts_at of each"},
    )
    holds = fields.Integer(metadata={"description": "experience_booked: how many more wait for money just now"})
    obstacles = fields.List(
        fields.String(), metadata={"description": "cannot_offer: what stands against it, such as licence_expired"}
    )
