"""A notification over REST: the live event's payload, and whether it has been read."""

from __future__ import annotations

from typing import Any

from domain.live import LiveEvent


def notification_answer(event: LiveEvent) -> dict[str, Any]:
    """One event, in the shape that sockets get."""
    return event.payload() | {"read_at": event.read_at}
