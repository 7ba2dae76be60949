"""Remembering for three seconds who a session belongs to: a suspended user is out at once, a busy one costs no reads."""

from __future__ import annotations

import threading
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable

from services.sessions import Identity

REMEMBERED_SECONDS = 3.0
MOST = 10_000


class Identities:
    """A small cache of live sessions. Refusals are never remembered."""

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._clock = clock
        self._lock = threading.Lock()
        self._known: OrderedDict[uuid.UUID, tuple[float, Identity]] = OrderedDict()

    def recall(self, session_id: uuid.UUID) -> Identity | None:
        """The identity if it was read less than three seconds ago."""
        with self._lock:
            read_at, identity = self._known.get(session_id, (0.0, None))
        return identity if identity and self._clock() - read_at < REMEMBERED_SECONDS else None

    def remember(self, identity: Identity) -> None:
        with self._lock:
            self._known[identity.session_id] = (self._clock(), identity)
            self._known.move_to_end(identity.session_id)
            if len(self._known) > MOST:
                self._known.popitem(last=False)

    def forget(self) -> None:
        """Read every session anew."""
        with self._lock:
            self._known.clear()
