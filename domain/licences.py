"""Guides' licences: until when one holds, and when its end is announced. A guide without one may offer all the same."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from domain.media import MediaKind

#: How long before its last day a guide is told that a licence ends.
WARNED_BEFORE = timedelta(days=30)


class LicenceState(StrEnum):
    """How a licence stands on a day."""

    #: None was ever given; it is no condition.
    NONE = "none"
    VALID = "valid"
    #: Valid, and its end is near.
    EXPIRING = "expiring"
    EXPIRED = "expired"


#: No licence is taken that is to hold for longer.
LONGEST = timedelta(days=10 * 366)
LONGEST_NUMBER, LONGEST_REASON = 60, 500
#: What may show a licence; images are for everybody to see.
PROOFS = frozenset({MediaKind.DOCUMENT, MediaKind.SCAN})


class RenewalState(StrEnum):
    """How far a licence that a guide has sent has come."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    #: Its guide sent another one before anybody had decided.
    REPLACED = "replaced"


class HeldAs(StrEnum):
    """How somebody comes by the number of a licence."""

    #: It is in a guide's profile.
    LICENCE = "licence"
    #: A guide has sent it, and it waits.
    SENT = "sent"
    #: It was noted for an applicant who is invited and has not accepted.
    INVITED = "invited"


def state_on(day: date, expires_on: date | None) -> LicenceState:
    """How a licence stands on a day of its guide's zone; it holds throughout its last day."""
    if expires_on is None:
        return LicenceState.NONE
    if day > expires_on:
        return LicenceState.EXPIRED
    return LicenceState.EXPIRING if day >= expires_on - WARNED_BEFORE else LicenceState.VALID


def local_day(now: datetime, timezone: str) -> date:
    """The day that it is in a zone."""
    return now.astimezone(ZoneInfo(timezone)).date()
