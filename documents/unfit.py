"""How a check says that a file of a stranger's is not taken, and why."""

from __future__ import annotations

from domain.media import Refusal


class Unfit(Exception):
    """The file is not taken; ``reason`` says why."""

    def __init__(self, reason: Refusal):
        self.reason = reason
        super().__init__(reason.value)
