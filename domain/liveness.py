"""Who has been heard from, and what a silence says: a queue is asked by canaries, and owes no answer where none was sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import Enum

from domain.jobs import QUEUE_NAMES

#: The heartbeat that tells when canaries were last sent.
CANARIES = "canaries"
RELAY_SILENCE, OTHERS_SILENCE = timedelta(seconds=15), timedelta(seconds=60)
#: Who has to be heard from, and how recently.
SILENCES = {"relay": RELAY_SILENCE, "beat": OTHERS_SILENCE} | {f"queue:{name}": OTHERS_SILENCE for name in QUEUE_NAMES}

#: Who is listed and may be silent: without sockets everything still works, clients only learn of it later.
HINTS = {"realtime": timedelta(seconds=20)}


class Pulse(Enum):
    """What is known of somebody."""

    HEARD = "heard"
    #: A queue that answered the last canary it was sent: nobody has asked since, so nothing newer is known.
    NOT_ASKED = "not_asked"
    SILENT = "silent"
    NEVER_HEARD = "never_heard"

    @property
    def is_well(self) -> bool:
        return self in (Pulse.HEARD, Pulse.NOT_ASKED)


def pulse_of(name: str, seen: Mapping[str, datetime], now: datetime) -> Pulse:
    """What the heartbeats ``seen`` say of ``name``, one of SILENCES or HINTS, at ``now``."""
    at, asked_at = seen.get(name), seen.get(CANARIES)
    if at is None:
        return Pulse.NEVER_HEARD
    if now - at < (SILENCES | HINTS)[name]:
        return Pulse.HEARD
    answered = name.startswith("queue:") and asked_at is not None and at >= asked_at
    return Pulse.NOT_ASKED if answered else Pulse.SILENT
