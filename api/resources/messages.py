"""Asking a guide about an experience, answering, and reading what was written."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from sqlalchemy.orm import Session

from api.answers import answer
from api.answers.messages import conversation_answer, message_answer
from api.auth import SignedInView
from api.context import context
from api.edge import edge
from api.examples import messages as examples
from api.idempotency import once
from api.openapi import IDEMPOTENCY_KEY, LOCATION, REPLAYED, operation
from api.paging import Asked
from api.parsing import Blueprint, nameable
from api.schemas.messages import (
    ConversationPage,
    EnquiryAnswer,
    EnquiryRequest,
    LetterAnswer,
    MessagePage,
    MessageRequest,
    MessagesQuery,
)
from services.context import Context
from services.messages import conversations

blueprint = Blueprint("messages", __name__, url_prefix="/api", description="What travellers ask and guides answer")

_NO_CONVERSATION = {404: ("conversation_not_found", "You have not written to each other.")}


@blueprint.route("/experiences/<id_or_slug>/enquiries")
class Enquiries(SignedInView):
    @operation(
        "askGuide",
        "Ask the guide of an experience something: opens a conversation, and goes to the guide by mail as well",
        refusals={
            404: ("experience_not_found", "There is no such experience."),
            409: (
                ("own_experience", "This experience is your own."),
                ("email_not_verified", "Confirm your e-mail address first: the answer goes there."),
            ),
            429: ("too_many_enquiries_user", "Too many attempts. Try again in 3 hours."),
        },
        parameters=(IDEMPOTENCY_KEY,),
    )
    @blueprint.arguments(EnquiryRequest, example=examples.ASK)
    @blueprint.response(
        201, EnquiryAnswer, example=examples.ENQUIRY, headers={"Location": LOCATION, "Idempotent-Replayed": REPLAYED}
    )
    def post(self, body: dict[str, Any], id_or_slug: str) -> Response:
        ctx = context()
        with once(ctx) as effect:
            if effect.resource_id is None:
                message = conversations.ask(effect.session, ctx, nameable(id_or_slug), body["message"])
                effect.complete(message.id, 201, _address(message.receiver_id))
            shown = _enquiry(effect.session, ctx, effect.resource_id)
        address = _address(shown["message"]["receiver_id"])
        return answer(shown, 201, effect.headers | {"Location": address})


@blueprint.route("/messages")
class Messages(SignedInView):
    @operation(
        "sendMessage",
        "Write in an open conversation",
        refusals=_NO_CONVERSATION
        | {
            409: ("receiver_gone", "They cannot be written to any more."),
            429: ("too_many_messages_user", "Too many attempts. Try again in 20 minutes."),
        },
        parameters=(IDEMPOTENCY_KEY,),
    )
    @blueprint.arguments(MessageRequest, example=examples.ANSWER)
    @blueprint.response(
        201, LetterAnswer, example=examples.ANSWERED, headers={"Location": LOCATION, "Idempotent-Replayed": REPLAYED}
    )
    def post(self, body: dict[str, Any]) -> Response:
        ctx = context()
        with once(ctx) as effect:
            if effect.resource_id is None:
                sent = conversations.send(effect.session, ctx, body["receiver_id"], body["message"])
                effect.complete(sent.id, 201, _address(sent.receiver_id))
            _, message = conversations.conversation_of(effect.session, effect.resource_id)
            shown = message_answer(message)
        return answer(shown, 201, effect.headers | {"Location": _address(body["receiver_id"])})


@blueprint.route("/messages/conversations")
class Conversations(SignedInView):
    @operation("listConversations", "List one's conversations, the one with the latest message first")
    @blueprint.arguments(MessagesQuery, location="query")
    @blueprint.response(200, ConversationPage, example=examples.CONVERSATIONS)
    def get(self, query: dict[str, Any]) -> Response:
        ctx = context()
        asked = Asked(query, "conversations", ctx.actor.user_id)
        with edge().db.reading() as session:
            found = conversations.conversations_of(session, ctx, asked.window)
            items = [conversation_answer(each) for each in conversations.details_of(session, ctx, found.rows)]
        return answer(asked.answer(items, found))


@blueprint.route("/messages/conversation/<uuid:user_id>")
class OneConversation(SignedInView):
    @operation(
        "listMessages", "Read what one and somebody wrote to each other, the newest first", refusals=_NO_CONVERSATION
    )
    @blueprint.arguments(MessagesQuery, location="query")
    @blueprint.response(200, MessagePage, example=examples.MESSAGES)
    def get(self, query: dict[str, Any], user_id: uuid.UUID) -> Response:
        ctx = context()
        asked = Asked(query, "messages", ctx.actor.user_id, user_id)
        with edge().db.reading() as session:
            found = conversations.messages_with(session, ctx, user_id, asked.window)
        return answer(asked.answer([message_answer(message) for message in found.rows], found))


def _enquiry(session: Session, ctx: Context, message_id: uuid.UUID | None) -> dict[str, Any]:
    conversation, message = conversations.conversation_of(session, message_id)
    (details,) = conversations.details_of(session, ctx, [conversation])
    return {"conversation": conversation_answer(details), "message": message_answer(message)}


def _address(user_id: object) -> str:
    return f"/api/messages/conversation/{user_id}"
