"""Conversations and messages as either of the two sees them."""

from __future__ import annotations

from typing import Any

from api.answers.media import address
from models.conversations import Message
from services.messages.conversations import ConversationDetails


def message_answer(message: Message) -> dict[str, Any]:
    """One message."""
    return {
        "id": message.id,
        "conversation_id": message.conversation_id,
        "sender_id": message.sender_id,
        "receiver_id": message.receiver_id,
        "experience_id": message.listing_id,
        "booking_id": message.booking_id,
        "body": message.body,
        "sent_at": message.sent_at,
        "delivered_at": message.delivered_at,
        "read_at": message.read_at,
    }


def conversation_answer(details: ConversationDetails) -> dict[str, Any]:
    """A conversation with its other side."""
    other = details.other
    return {
        "id": details.conversation.id,
        "other": {"id": other.id, "name": other.full_name, "avatar_url": address(other.avatar_url)},
        "last_message": message_answer(details.last_message),
        "last_message_at": details.conversation.last_message_at,
        "created_at": details.conversation.created_at,
    }
