"""What happens later (a callback, an expiry, a PIN by autopilot) happens here, off the request's thread."""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable

log = logging.getLogger(__name__)


class Scheduler:
    """Runs actions when they are due on a few daemon threads, so that one slow receiver delays no other callback."""

    def __init__(self, threads: int = 16):
        self._heap: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._wake = threading.Condition()
        self._stopped = False
        self._threads = [threading.Thread(target=self._work, name=f"later-{i}", daemon=True) for i in range(threads)]
        for thread in self._threads:
            thread.start()

    def after(self, seconds: float, action: Callable[[], None]) -> None:
        """Run the action in so many seconds."""
        with self._wake:
            heapq.heappush(self._heap, (time.monotonic() + max(seconds, 0), next(self._order), action))
            self._wake.notify()

    def clear(self) -> None:
        """Forget everything that has not started."""
        with self._wake:
            self._heap.clear()

    def stop(self) -> None:
        """Forget everything and end the threads that are idle."""
        with self._wake:
            self._heap.clear()
            self._stopped = True
            self._wake.notify_all()

    def _work(self) -> None:
        while (action := self._next()) is not None:
            try:
                action()
            except Exception:
                log.exception("A scheduled action failed")

    def _next(self) -> Callable[[], None] | None:
        with self._wake:
            while not self._stopped:
                if not self._heap:
                    self._wake.wait()
                    continue
                remaining = self._heap[0][0] - time.monotonic()
                if remaining <= 0:
                    return heapq.heappop(self._heap)[2]
                self._wake.wait(remaining)
            return None
