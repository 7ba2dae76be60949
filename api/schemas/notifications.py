"""Notifications and live events as their reader sees them."""

from __future__ import annotations

from marshmallow import fields, validate

from api.schemas.base import Answer, Request, Whole
from api.schemas.pages import CursorQuery, Pagination
from domain.notices import ChangeKind, NoticeKind

KINDS = [*NoticeKind, *ChangeKind]
#: Beyond what anybody is ever told.
LAST_SEQ = 10**12 - 1


class NotificationsQuery(CursorQuery):
    since = Whole(
        least=0,
        most=LAST_SEQ,
        metadata={"description": "Everything after this number, changes included, oldest first"},
    )
    unread = fields.Boolean(load_default=False, metadata={"description": "Only what has a badge and is not read"})


class ReadAllRequest(Request):
    up_to = Whole(
        least=0,
        most=LAST_SEQ,
        load_default=None,
        allow_none=True,
        metadata={"description": "The last number that was shown; what came later stays unread"},
    )


class NotificationAnswer(Answer):
    id = fields.UUID(required=True)
    seq = fields.Integer(required=True, metadata={"description": "Increases by one for each of the user's events"})
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    title = fields.String(required=True, metadata={"description": "Empty for a change"})
    body = fields.String(required=True, metadata={"description": "Empty for a change"})
    data = fields.Dict(
        keys=fields.String(),
        values=fields.String(allow_none=True),
        required=True,
        metadata={
            "description": "Ids: booking_id, payment_id, refund_id, message_id, listing_id. booking_updated adds reference and "
            "status, payment_updated reference, status and failure_code, new_message conversation_id and sender_id"
        },
    )
    has_badge = fields.Boolean(required=True, metadata={"description": "false for a change"})
    created_at = fields.AwareDateTime(required=True)
    read_at = fields.AwareDateTime(required=True, allow_none=True)


class NotificationPage(Answer):
    items = fields.List(fields.Nested(NotificationAnswer), required=True)
    pagination = fields.Nested(Pagination, required=True)


class UnreadAnswer(Answer):
    unread_count = fields.Integer(required=True)
    last_seq = fields.Integer(required=True, metadata={"description": "From where to ask on with since"})
