"""Who is connected to this process, and how far each of them has been told: the state behind every live event."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import metrics

#: More than this waiting for one client, and it had better load everything anew.
MOST_WAITING = 200
#: Events that we do not know, from one client, before it is cut.
MOST_UNKNOWN = 20


@dataclass(slots=True, eq=False)
class Client:
    """One socket of a signed-in user. ``seq`` is the last event it was sent, None until it has caught up."""

    sid: str
    eio_sid: str
    user_id: uuid.UUID
    session_id: uuid.UUID
    room: str
    seq: int | None = None
    #: Events that came before their turn, by number: (name, payload).
    waiting: dict[int, tuple[str, Any]] = field(default_factory=dict)
    is_catching_up: bool = False
    unknown_events: int = 0

    def receive(self, seq: int, name: str, payload: Any) -> list[tuple[str, Any]]:
        """What can be sent now that an event has arrived: nothing twice, nothing before its turn."""
        if self.seq is not None and seq <= self.seq:
            return []
        self.waiting[seq] = (name, payload)
        return self.due()

    def due(self) -> list[tuple[str, Any]]:
        """Take what is next in line out of what waits."""
        due = []
        while self.seq is not None and self.seq + 1 in self.waiting:
            self.seq += 1
            due.append(self.waiting.pop(self.seq))
        return due

    def move_to(self, seq: int) -> None:
        """Everything up to ``seq`` has been sent or is not wanted."""
        self.seq = seq
        self.waiting = {number: event for number, event in self.waiting.items() if number > seq}

    @property
    def is_behind(self) -> bool:
        """Whether an event before those that wait has not come."""
        return self.seq is not None and bool(self.waiting)


class Clients:
    """All clients of this process, by socket and by room, and the connections of each address."""

    def __init__(self) -> None:
        self._by_sid: dict[str, Client] = {}
        self._by_room: dict[str, dict[str, Client]] = defaultdict(dict)
        self._addresses: dict[str, str] = {}
        self._connections: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._by_sid)

    def __iter__(self) -> Iterator[Client]:
        return iter(list(self._by_sid.values()))

    def get(self, sid: str) -> Client | None:
        return self._by_sid.get(sid)

    def add(self, client: Client) -> None:
        self._by_sid[client.sid] = client
        self._by_room[client.room][client.sid] = client
        metrics.SOCKETS.set(len(self))

    def remove(self, sid: str) -> Client | None:
        """Forget a client; the one that was forgotten."""
        client = self._by_sid.pop(sid, None)
        if client is not None:
            room = self._by_room[client.room]
            del room[sid]
            if not room:
                del self._by_room[client.room]
            metrics.SOCKETS.set(len(self))
        return client

    def in_room(self, room: str) -> list[Client]:
        """The clients of one user, the oldest first."""
        return list(self._by_room[room].values()) if room in self._by_room else []

    @property
    def connections(self) -> int:
        """Open connections, those of strangers included."""
        return len(self._addresses)

    def connections_of(self, address: str) -> int:
        return self._connections[address]

    def opened(self, eio_sid: str, address: str) -> None:
        """A connection was opened, by whomever."""
        self._addresses[eio_sid] = address
        self._connections[address] += 1

    def closed(self, eio_sid: str) -> None:
        """A connection is gone."""
        address = self._addresses.pop(eio_sid, None)
        if address is not None:
            self._connections[address] -= 1
            if not self._connections[address]:
                del self._connections[address]
