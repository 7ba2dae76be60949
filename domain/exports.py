"""The states of a copy of somebody's data."""

from __future__ import annotations

from enum import StrEnum


class ExportState(StrEnum):
    WAITING = "waiting"
    READY = "ready"
    #: The file is to go: its time is over, or its owner has left.
    OVER = "over"
    DELETED = "deleted"
