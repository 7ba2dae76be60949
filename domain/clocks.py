"""Between instants and what clocks on the wall show, in zones that change their clocks and even skip days."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

MIDNIGHT, ONE_DAY, ONE_SECOND = time(0), timedelta(days=1), timedelta(seconds=1)


@lru_cache(maxsize=8192)
def offset_on(zone: ZoneInfo, day: date) -> timedelta | None:
    """How far the clocks of a zone are ahead of UTC throughout a day; None on days that change it."""
    first = datetime.combine(day, MIDNIGHT, tzinfo=zone).utcoffset()
    # Not the day's last moment, which some clocks skip.
    after = datetime.combine(day + ONE_DAY, MIDNIGHT, tzinfo=zone).utcoffset()
    return first if first == after else None


def even_midnight(day: date, zone: ZoneInfo) -> datetime | None:
    """The first instant (UTC) of a day about which the clocks run evenly, on the day before and the day after as well: it is
    the 24 hours from there, and no other instant is shown on it. None for any other day."""
    offset = offset_on(zone, day)
    if offset is None or not offset_on(zone, day - ONE_DAY) == offset == offset_on(zone, day + ONE_DAY):
        return None
    return datetime.combine(day, MIDNIGHT, UTC) - offset


def first_shown(day: date, at: time, zone: ZoneInfo) -> datetime | None:
    """The first instant (UTC) at which the clocks show this local time; None where they skip it."""
    offset = offset_on(zone, day)
    if offset is not None:
        return datetime.combine(day, at, UTC) - offset
    local = datetime.combine(day, at, tzinfo=zone)
    instant = local.astimezone(UTC)
    return instant if instant.astimezone(zone).replace(fold=0) == local.replace(fold=0) else None


def first_past(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The first instant (UTC) at which the clocks show this local time, or a later one where they skip it."""
    return first_shown(day, at, zone) or _jump_over(datetime.combine(day, at, tzinfo=zone), zone)


def _jump_over(skipped: datetime, zone: ZoneInfo) -> datetime:
    """When the clocks jump over a local time: between the instants that either of their two offsets would make of it."""
    before, after = (skipped.replace(fold=fold).astimezone(UTC) for fold in (1, 0))
    offset = before.astimezone(zone).utcoffset()
    while after - before > ONE_SECOND:
        middle = before + (after - before) // 2 // ONE_SECOND * ONE_SECOND
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after


def local_instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The instant (UTC) of a local time, the first where it happens twice; raises ValueError where the clock skips it."""
    instant = first_shown(day, at, zone)
    if instant is None:
        raise ValueError("this local time does not exist on that day")
    return instant


def shown_by_clocks(instant: datetime, zone: ZoneInfo) -> tuple[date, int]:
    """What the clocks of a zone show at an instant (in UTC): the day, and the minutes since its midnight."""
    offset = offset_on(zone, instant.date())
    if offset is not None:
        local = instant + offset
        day = local.date()
        if local.day == instant.day or offset_on(zone, day) == offset:
            return day, local.hour * 60 + local.minute
    local = instant.astimezone(zone)
    return local.date(), local.hour * 60 + local.minute
