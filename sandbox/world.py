"""Everything one stand-in knows, handed to each provider's routes in one piece."""

from __future__ import annotations

import threading
from collections.abc import Callable

from flask import current_app

from sandbox.config import Config
from sandbox.faults import FaultBoard
from sandbox.google_keys import KeyRing
from sandbox.scheduler import Scheduler
from sandbox.state import Records
from sandbox.timeline import Timeline
from sandbox.tokens import TokenDesk


class World:
    """The books, the switches, the clockwork and the settings of one stand-in."""

    def __init__(self, config: Config):
        self.config = config
        self.records = Records()
        self.faults = FaultBoard()
        self.timeline = Timeline()
        self.scheduler = Scheduler()
        self.tokens = TokenDesk(config.token_seconds)
        self.google = KeyRing()
        self.c2b_urls: dict[str, str] = {}
        self.autopilot_seconds: float | None = None  # None: people answer their prompts themselves
        self.version = 1
        self.epoch = 1
        self._version_lock = threading.Lock()
        self._released = threading.Event()

    def touch(self) -> None:
        """Something the page shows has changed."""
        with self._version_lock:
            self.version += 1

    def note(self, provider: str, title: str, phone: str = "") -> None:
        """Tell the timeline what happened between two exchanges."""
        self.timeline.add(provider, "note", title, phone=phone)
        self.touch()

    def later(self, seconds: float, action: Callable[[], None]) -> None:
        self.scheduler.after(seconds, action)

    def hang(self, seconds: float) -> bool:
        """Keep the caller waiting; false where a reset or the end came first."""
        return not self._released.wait(seconds)

    def reset(self) -> None:
        """Forget records, faults, autopilot and what was still to come. Tokens, keys and registered URLs stay valid."""
        self._release()
        self._released = threading.Event()
        self.scheduler.clear()
        self.faults.clear()
        self.records.clear()
        self.timeline.clear()
        self.autopilot_seconds = None
        self.epoch += 1
        self.touch()

    def stop(self) -> None:
        self._release()
        self.scheduler.stop()

    def _release(self) -> None:
        self._released.set()


def here() -> World:
    """The world of the application that serves the present request."""
    return current_app.extensions["sandbox"]
