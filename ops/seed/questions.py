"""A question of the demo's traveller, and what its guide has answered, so that both have a conversation to look at."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models import Conversation, Listing, Message
from ops.seed.ids import fixed_id

QUESTION = "Habari! We are two and one of us eats no meat. Is that a problem on your walk?"
ANSWER = "Not at all. Six of the seven stops have something without meat. Just tell me on the day."
#: How long before the data was loaded.
_ASKED, _ANSWERED = timedelta(hours=20), timedelta(hours=19, minutes=40)


def add_question(
    session: Session, now: datetime, traveller: uuid.UUID, guide: uuid.UUID, listing: uuid.UUID
) -> dict[str, int]:
    """Rows added, by table; none where the experience is not there. Nobody is told of what is past."""
    if session.get(Listing, listing) is None:
        return {}
    lower, higher = sorted((traveller, guide))
    conversation = Conversation(
        id=fixed_id("conversation", "food walk"), lower_id=lower, higher_id=higher, last_message_at=now - _ANSWERED
    )
    session.add(conversation)
    session.flush()
    written = ((traveller, guide, QUESTION, _ASKED, listing), (guide, traveller, ANSWER, _ANSWERED, None))
    session.add_all(
        Message(
            id=fixed_id("message", body),
            conversation_id=conversation.id,
            sender_id=sender,
            receiver_id=receiver,
            listing_id=about,
            body=body,
            sent_at=now - ago,
        )
        for sender, receiver, body, ago, about in written
    )
    session.flush()
    return {"conversations": 1, "messages": len(written)}
