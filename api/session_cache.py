"""Remembering for three seconds who a session belongs to: a suspended user is out at once, a busy one costs no reads."""

from __future__ import annotations

import threading
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable

from services.accounts.sessions import Identity

REMEMBERED_SECONDS = 3.0
MOST = 10_000


class SessionCache:
    """A small cache of live sessions. Refusals are never remembered."""

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._clock = clock
        self._lock = threading.Lock()
        self._forgotten = 0
        self._known: OrderedDict[uuid.UUID, tuple[float, Identity]] = OrderedDict()

    def recall(self, session_id: uuid.UUID) -> Identity | None:
        """The identity if it was read less than three seconds ago."""
        with self._lock:
            read_at, identity = self._known.get(session_id, (0.0, None))
        return identity if identity and self._clock() - read_at < REMEMBERED_SECONDS else None

    @property
    def forgotten(self) -> int:
        """How often something was forgotten; to be read before an identity is, and handed to :meth:`remember`."""
        return self._forgotten

    def remember(self, identity: Identity, forgotten: int) -> None:
        """Keep an identity, unless sessions were forgotten since it was asked for: it may have ended meanwhile."""
        with self._lock:
            if forgotten != self._forgotten:
                return
            self._known[identity.session_id] = (self._clock(), identity)
            self._known.move_to_end(identity.session_id)
            if len(self._known) > MOST:
                self._known.popitem(last=False)

    def forget(self, *session_ids: uuid.UUID) -> None:
        """Read these sessions anew, at once in this process; to be called after the commit that ended them."""
        with self._lock:
            self._forgotten += 1
            for session_id in session_ids:
                self._known.pop(session_id, None)

    def forget_all(self) -> None:
        """Read every session anew."""
        with self._lock:
            self._forgotten += 1
            self._known.clear()
