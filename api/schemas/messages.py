"""Asking guides, answering, and what two people have written to each other."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from api.schemas.base import Answer, Request, Text
from api.schemas.pages import CursorQuery, Pagination

LONGEST_MESSAGE = 2000


class EnquiryRequest(Request):
    aliases: ClassVar = {"text": "message", "body": "message"}

    message = Text(required=True, longest=LONGEST_MESSAGE, multiline=True, metadata={"description": "Also: text, body"})


class MessageRequest(EnquiryRequest):
    receiver_id = fields.UUID(required=True, metadata={"description": "Whom the conversation is with"})


class MessagesQuery(CursorQuery):
    pass


class Correspondent(Answer):
    id = fields.UUID(required=True)
    name = fields.String(required=True)
    avatar_url = fields.String(required=True, allow_none=True)


class LetterAnswer(Answer):
    id = fields.UUID(required=True)
    conversation_id = fields.UUID(required=True)
    sender_id = fields.UUID(required=True)
    receiver_id = fields.UUID(required=True)
    experience_id = fields.UUID(required=True, allow_none=True, metadata={"description": "Of a question: about what"})
    booking_id = fields.UUID(required=True, allow_none=True)
    body = fields.String(required=True, metadata={"description": "Empty once either of the two has left for good"})
    sent_at = fields.AwareDateTime(required=True)
    delivered_at = fields.AwareDateTime(required=True, allow_none=True)
    read_at = fields.AwareDateTime(required=True, allow_none=True)


class ConversationAnswer(Answer):
    id = fields.UUID(required=True)
    other = fields.Nested(Correspondent, required=True)
    last_message = fields.Nested(LetterAnswer, required=True)
    last_message_at = fields.AwareDateTime(required=True)
    created_at = fields.AwareDateTime(required=True)


class EnquiryAnswer(Answer):
    conversation = fields.Nested(ConversationAnswer, required=True)
    message = fields.Nested(LetterAnswer, required=True)


class ConversationPage(Answer):
    items = fields.List(fields.Nested(ConversationAnswer), required=True)
    pagination = fields.Nested(Pagination, required=True)


class MessagePage(Answer):
    items = fields.List(fields.Nested(LetterAnswer), required=True)
    pagination = fields.Nested(Pagination, required=True)
