"""What the doctor can say about one thing: it is well, it deserves a look, it is broken, or it could not be looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Level(StrEnum):
    GOOD = "good"
    LOOK = "look"
    BROKEN = "broken"
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence about ``subject``; what is not well has a ``cure``, and ``details`` hold the evidence."""

    subject: str
    level: Level
    text: str
    cure: str = ""
    details: tuple[str, ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


Check = Callable[..., Iterator[Finding]]


def good(subject: str, text: str) -> Finding:
    """It is well."""
    return Finding(subject, Level.GOOD, text)


def look(subject: str, text: str, cure: str, *details: str) -> Finding:
    """It works, and somebody should see to it before it does not."""
    return Finding(subject, Level.LOOK, text, cure, details)


def broken(subject: str, text: str, cure: str, *details: str) -> Finding:
    """It does not work."""
    return Finding(subject, Level.BROKEN, text, cure, details)


def unseen(subject: str, text: str) -> Finding:
    """Something else that is broken hides it."""
    return Finding(subject, Level.UNSEEN, text)
