"""One live event as it goes out, over a socket and over REST alike, so that a client reads both with the same code."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from domain.notices import ChangeKind

#: The socket event of everything that has words; a change goes by the name of its kind.
NOTIFICATION = "notification"


@dataclass(frozen=True, slots=True)
class LiveEvent:
    """Something that one user sees at once. ``seq`` increases by one for each of the user's events, so a gap shows.

    ``title`` and ``body`` are empty for a change, whose ``data`` says the new state.
    """

    id: uuid.UUID
    seq: int
    kind: str
    title: str
    body: str
    data: Mapping[str, Any]
    has_badge: bool
    created_at: datetime
    read_at: datetime | None = None

    @property
    def name(self) -> str:
        """The name of the socket event."""
        return self.kind if self.kind in set(ChangeKind) else NOTIFICATION

    def payload(self) -> dict[str, Any]:
        """What the event carries, in JSON's own types; the same for every name."""
        return {
            "id": str(self.id),
            "seq": self.seq,
            "kind": self.kind,
            "title": self.title,
            "body": self.body,
            "data": dict(self.data),
            "has_badge": self.has_badge,
            "created_at": _instant(self.created_at),
        }


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
