"""When a guide can be booked at all: the free times of all that they offer, read in one question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import text

from domain.schedules import free_days, shown_days
from domain.weeks import FreeDay
from models.prepared import Question
from models.session import Database
from services.availability.experiences import (
    EXCEPTION,
    RULE,
    SPAN,
    TAKEN,
    Written,
    busy,
    reached,
    read_taken,
    read_timetable,
)
from services.catalogue.experiences import listing_id
from services.catalogue.guides import MET, unknown_guide
from services.context import Context

#: The most days that are shown at once.
LONGEST_FOR_GUIDE = timedelta(days=31)
#: The most experiences that are looked at: more than a guide can have.
MOST_OFFERED = 100


class Offered(NamedTuple):
    """One of a guide's experiences, and the smallest party that may come."""

    written: Written
    zone: ZoneInfo
    slug: str
    title: str
    guests: int


@dataclass(frozen=True, slots=True)
class GuideTimes:
    """The free starts of a guide from ``first`` to ``last``, both included: of each experience, by its own local days."""

    guide_id: str
    timezone: str
    first: date
    last: date
    free: list[tuple[Offered, list[FreeDay]]]


def find_guides_free_times(
    db: Database, ctx: Context, id_or_slug: str, first: date | None, last: date | None
) -> GuideTimes:
    """Starts with seats free for the smallest party of each live experience. One question, however many days and experiences.
    Raises ``guide_not_found``."""
    known = listing_id(id_or_slug)
    question = BY_ID if known else BY_SLUG
    rows = db.hot.ask(question, name=known or id_or_slug, first=first, last=last, moved=ctx.clock.offset)
    if not rows:
        raise unknown_guide()
    found = _Found._make(rows[0])
    today = found.now.astimezone(ZoneInfo(found.timezone)).date()
    first, last = shown_days(first, last, today, LONGEST_FOR_GUIDE)
    rules, exceptions = _by_listing(found.rules or ()), _by_listing(found.exceptions or ())
    taken = [read_taken(*row) for row in found.taken or ()]
    free = []
    for offered in map(_offered, found.listings or ()):
        theirs = [*rules[None], *rules[offered.written.id]], [*exceptions[None], *exceptions[offered.written.id]]
        timetable = read_timetable(ctx, offered.written, offered.zone, found.timezone, *theirs)
        free.append((offered, free_days(timetable, first, last, taken, found.now, offered.guests)))
    return GuideTimes(found.id, found.timezone, first, last, free)


class _Found(NamedTuple):
    id: str
    timezone: str
    now: datetime
    listings: list[list[Any]] | None
    rules: list[list[Any]] | None
    exceptions: list[list[Any]] | None
    taken: list[list[Any]] | None


def _offered(row: list[Any]) -> Offered:
    written = Written._make(row[: len(Written._fields)])
    return Offered(written, ZoneInfo(written.timezone), *row[len(Written._fields) :])


def _by_listing(rows: Iterable[list[Any]]) -> dict[str | None, list[list[Any]]]:
    """Rules or exceptions by the listing whose own they are, None for the guide's; each then says whether it is one's own."""
    grouped: dict[str | None, list[list[Any]]] = defaultdict(list)
    for listing, *rest in rows:
        grouped[listing].append([listing is not None, *rest])
    return grouped


#: The longest of what is offered, in minutes.
_LONGEST = "(SELECT max(duration_minutes) FROM offered)"


def _question(column: str) -> Question:
    return Question(
        text(
            f"""
            WITH guide AS (
              SELECT guides.id, guides.user_id, b.id AS body_id, b.timezone,
                clock_timestamp() + CAST(:moved AS interval) AS now
              FROM guides JOIN users ON users.id = guides.user_id
                JOIN resources b ON b.user_id = guides.user_id AND b.kind = 'person'
              WHERE guides.{column} = :name AND {MET.text}
            ), span AS ({SPAN}), offered AS (
              SELECT l.id, l.timezone, l.duration_minutes, l.buffer_minutes, l.cut_off_hours, l.capacity, l.is_private,
                l.slug, l.title, l.min_guests
              FROM listings l JOIN guide ON l.host_id = guide.user_id AND l.resource_id = guide.body_id
              WHERE l.kind = 'experience' AND l.status = 'active'
              ORDER BY l.id LIMIT {MOST_OFFERED}
            )
            SELECT guide.id, guide.timezone, guide.now,
              (SELECT json_agg(json_build_array(o.id, o.timezone, o.duration_minutes, o.buffer_minutes, o.cut_off_hours,
                  o.capacity, o.is_private, o.slug, o.title, o.min_guests) ORDER BY o.id) FROM offered o),
              (SELECT json_agg(json_build_array(r.listing_id, {RULE})) FROM schedule_rules r
                WHERE r.resource_id = guide.body_id OR r.listing_id IN (SELECT id FROM offered)),
              (SELECT json_agg(json_build_array(e.listing_id, {EXCEPTION})) FROM availability_calendar e
                WHERE (e.resource_id = guide.body_id OR e.listing_id IN (SELECT id FROM offered)) AND {reached(_LONGEST)}),
              (SELECT json_agg(json_build_array({TAKEN}))
                FROM departures d JOIN listings l ON l.id = d.listing_id
                WHERE d.resource_id = guide.body_id AND {busy(_LONGEST)})
            FROM guide, span
            """  # noqa: S608 - the column is one of the two below
        )
    )


BY_ID, BY_SLUG = _question("id"), _question("slug")
