"""Ingrid asks Amina before she books."""

from __future__ import annotations

from typing import Any

from api.examples.story import LISTING_ID, PAGINATION, USER_ID

GUIDE_ID = "0193f1a0-5001-7abc-8def-0123456789ab"
ASK = {"message": "Do you have something for vegetarians? We are two, on Saturday."}
ANSWER = {"receiver_id": USER_ID, "message": "Yes, six of the seven stops have something without meat."}
QUESTION: dict[str, Any] = {
    "id": "0193f1a1-4b1c-7e2d-8f3a-2b3c4d5e6f71",
    "conversation_id": "0193f1a1-4b1c-7e2d-8f3a-2b3c4d5e6f72",
    "sender_id": USER_ID,
    "receiver_id": GUIDE_ID,
    "experience_id": LISTING_ID,
    "booking_id": None,
    "body": ASK["message"],
    "sent_at": "2026-11-20T17:03:00Z",
    "delivered_at": None,
    "read_at": None,
}
ANSWERED = QUESTION | {
    "id": "0193f1a1-4b1c-7e2d-8f3a-2b3c4d5e6f73",
    "sender_id": GUIDE_ID,
    "receiver_id": USER_ID,
    "experience_id": None,
    "body": ANSWER["message"],
    "sent_at": "2026-11-20T17:20:00Z",
}
CONVERSATION = {
    "id": QUESTION["conversation_id"],
    "other": {"id": GUIDE_ID, "name": "Amina Warsame", "avatar_url": None},
    "last_message": QUESTION,
    "last_message_at": QUESTION["sent_at"],
    "created_at": QUESTION["sent_at"],
}
ENQUIRY = {"conversation": CONVERSATION, "message": QUESTION}
CONVERSATIONS = {"items": [CONVERSATION], "pagination": PAGINATION}
MESSAGES = {"items": [ANSWERED, QUESTION], "pagination": PAGINATION | {"total": 2}}
