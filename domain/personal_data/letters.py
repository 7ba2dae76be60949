"""What is known of whoever wrote to somebody, or was written to."""

from __future__ import annotations

from collections.abc import Mapping

from domain.personal_data.kinds import INNER, OTHERS, SHELL, Personal, Side, names

TABLES: Mapping[str, Personal] = {
    "conversations": Personal(
        sides=(Side("conversations", (("lower_id",), ("higher_id",)), names("id last_message_at created_at")),),
        keeps={SHELL: names("id lower_id higher_id last_message_at created_at")},
        withholds={OTHERS: names("lower_id higher_id")},
    ),
    "messages": Personal(
        sides=(
            Side(
                "messages_sent",
                (("sender_id",),),
                names("id conversation_id listing_id booking_id body sent_at delivered_at read_at"),
                erases={"body": ""},
            ),
            # Whoever writes to somebody names them; so do the answers to what is erased.
            Side(
                "messages_received",
                (("receiver_id",),),
                names("id conversation_id listing_id booking_id body sent_at read_at"),
                erases={"body": ""},
            ),
        ),
        keeps={
            SHELL: names(
                "id conversation_id sender_id receiver_id listing_id booking_id sent_at delivered_at read_at created_at"
            )
        },
        withholds={OTHERS: names("sender_id receiver_id"), INNER: ("created_at",)},
    ),
}
