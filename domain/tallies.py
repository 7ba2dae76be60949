"""What is counted on the way of public reads, and where it lies until a job has written it down: by day, never by person."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

#: Days are Kenya's, which keeps no summer time.
KENYA = timezone(timedelta(hours=3))
#: Popular is what was searched for within so many days, by so many different addresses on one of them.
POPULAR_DAYS, FEWEST_SEARCHERS, MOST_POPULAR = 7, 3, 20
#: Searches are forgotten after so many days.
KEPT_DAYS = 30
#: A day's counts lie in Redis for so many seconds: longer than any job could wait.
LIFETIME_SECONDS = 3 * 24 * 3600
#: Of one day no more searches are counted, whoever makes them up.
MOST_SEARCHES = 100_000
#: And of one address no more: there may be thousands of people behind it, but nobody takes all the room.
MOST_OF_ONE = 1_000
#: Between what was searched for and the mark of who did.
SEPARATOR = "\t"


def views_key(day: date) -> str:
    """A hash: how often each experience was looked at."""
    return f"tallies:views:{day.isoformat()}"


def searches_key(day: date) -> str:
    """A set of what was searched for, once for each mark."""
    return f"tallies:searches:{day.isoformat()}"


def searchers_key(day: date) -> str:
    """A hash: how many different searches were counted of each address, by a mark."""
    return f"tallies:searchers:{day.isoformat()}"


def days_to_write(now: datetime) -> tuple[date, date]:
    """Today and yesterday, whose last counts may just have come in."""
    today = now.astimezone(KENYA).date()
    return today - timedelta(days=1), today
