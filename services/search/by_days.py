"""Experiences that have a free start in some days: looked at one by one, in the list's order, until the page is full."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import Date, literal_column, text, true

from domain.schedules import each_free_day, shown_days
from models.prepared import Question
from models.session import Database
from services.availability.experiences import SPAN, Written, followed_from, read_taken, read_timetable
from services.context import Context
from services.pages import Page, Window
from services.search.by_filters import LIST, Found, ListingQuery, parameters_of

#: For one page no more are looked at, in two questions: first twice as many as it needs, then the rest.
MOST_LOOKED_AT = 400
_ONE_DAY = timedelta(days=1)


def find_open_listings(
    db: Database, ctx: Context, query: ListingQuery, first: date, last: date, window: Window
) -> Page[Found]:
    """One page of live experiences with a start from ``first`` to ``last`` (local days, both included) that has seats for
    ``query.guests``, else for the smallest party that may come.

    What is shown is exact at this moment. What is not looked at is not counted: the total is the least there is, unless the
    list was looked through. Where little is free a page may be shorter than asked for, and the next one goes on behind it.
    """
    parameters = parameters_of(db, query)
    if parameters is None:
        return Page([], 0)
    asked, values = parameters
    values |= {"first": first, "last": last, "moved": ctx.clock.offset, "offset": 0}
    needed = window.offset + window.limit + 1
    met: list[_Candidate] = []
    after = window.after
    for size in _looks(needed):
        places = {} if after is None else LIST.bounds(query.sort, after)
        rows = db.hot.ask(_question(asked, query.sort, bool(places)), **values, **places, limit=size)
        candidates = [_Candidate._make([*row[:_LISTED], Found(*row[_LISTED:])]) for row in rows]
        if not candidates or _is_out_of_reach(ctx, candidates[0].now, first, last):
            return _page(met, window, None)
        met += _open(ctx, candidates, first, last, query.guests, needed - len(met))
        after = orjson.loads(candidates[-1].keys)
        if len(met) == needed:
            return _page(met, window, orjson.loads(met[-2].keys))
        if len(candidates) < size:
            return _page(met, window, None)
    return _page(met, window, after)


class _Candidate(NamedTuple):
    """An experience, and everything that its free times follow from."""

    keys: str
    id: str
    timezone: str
    duration_minutes: int
    buffer_minutes: int
    cut_off_hours: int
    capacity: int
    is_private: bool
    min_guests: int
    body_zone: str
    now: datetime
    rules: list[list[Any]] | None
    exceptions: list[list[Any]] | None
    taken: list[list[Any]] | None
    found: Found


_LISTED = len(_Candidate._fields) - 1
_ZONE, *_HOURS = followed_from("listings")
_COLUMNS = (*(f"listings.{name}" for name in Written._fields), "listings.min_guests", _ZONE, "span.now", *_HOURS)


@lru_cache(maxsize=512)
def _question(asked: tuple[str, ...], sort: str, by_cursor: bool) -> Question:
    """Candidates in the order of the list, with what :func:`services.availability.experiences.find_free_times` reads of one."""
    span = text(f"SELECT *, clock_timestamp() + CAST(:moved AS interval) AS now FROM ({SPAN}) AS days")  # noqa: S608
    days = span.columns(since=Date, until=Date).cte("span")
    found = LIST.found(asked, sort, by_cursor)
    rows = LIST.rows(found, asked, sort, *(literal_column(column) for column in _COLUMNS))
    return Question(rows.join(days, true()))


def _looks(needed: int) -> Sequence[int]:
    first = min(2 * needed, MOST_LOOKED_AT)
    return (first, MOST_LOOKED_AT - first) if first < MOST_LOOKED_AT else (first,)


def _is_out_of_reach(ctx: Context, now: datetime, first: date, last: date) -> bool:
    """Whether nothing can be booked in these days, wherever it is."""
    return last < now.date() - _ONE_DAY or first > (now + ctx.policy.horizon).date() + _ONE_DAY


def _open(
    ctx: Context, candidates: Sequence[_Candidate], first: date, last: date, guests: int | None, most: int
) -> list[_Candidate]:
    """The first ``most`` of them that have a free start."""
    met: list[_Candidate] = []
    for candidate in candidates:
        if len(met) == most:
            break
        if _has_free_start(ctx, candidate, first, last, guests or candidate.min_guests):
            met.append(candidate)
    return met


def _has_free_start(ctx: Context, candidate: _Candidate, first: date, last: date, party: int) -> bool:
    zone = ZoneInfo(candidate.timezone)
    since, until = shown_days(first, last, candidate.now.astimezone(zone).date())
    if since > until:
        return False
    written = Written._make(candidate[1 : 1 + len(Written._fields)])
    rules, exceptions = candidate.rules or (), candidate.exceptions or ()
    timetable = read_timetable(ctx, written, zone, candidate.body_zone, rules, exceptions)
    taken = [read_taken(*row) for row in candidate.taken or ()]
    return any(True for _ in each_free_day(timetable, since, until, taken, candidate.now, party))


def _page(met: Sequence[_Candidate], window: Window, next_keys: Sequence[Any] | None) -> Page[Found]:
    """What is shown of those that are met. By cursor nobody knows how many came before."""
    shown = [each.found for each in met[window.offset : window.offset + window.limit]]
    is_least = next_keys is not None or window.after is not None
    return Page(shown, len(met), is_least, None if next_keys is None else tuple(next_keys))
