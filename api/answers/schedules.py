"""Hours as their guide reads them, and a guide's free times as everybody does."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import orjson

from api.answers.experiences import slots_of_day
from api.schemas.schedules import WEEKDAYS
from domain.hours import days, is_overnight
from models.bookings import Booking
from models.catalogue import AvailabilityException, ScheduleRule
from services.availability.guides import GuideTimes
from services.listings.schedules import MOST_NAMED, Hours, Schedule


def schedule_answer(schedule: Schedule) -> dict[str, Any]:
    """All hours of a guide or an experience."""
    keeper = schedule.keeper
    return {
        "experience_id": keeper.listing.id if keeper.listing else None,
        "timezone": keeper.zone.key,
        "rules": [_rule(rule) for rule in schedule.rules],
        "exceptions": [_exception(each) for each in schedule.exceptions],
        "bookings_outside": {
            "total": len(schedule.outside),
            "holds": schedule.holds,
            "items": [_outside(booking) for booking in schedule.outside[:MOST_NAMED]],
        },
    }


def hours_answer(hours: Hours) -> dict[str, Any]:
    """A rule or an exception."""
    if isinstance(hours, ScheduleRule):
        return {"rule": _rule(hours), "exception": None}
    return {"rule": None, "exception": _exception(hours)}


def guide_times(times: GuideTimes) -> dict[str, Any]:
    """The free starts of all that a guide offers, by day."""
    by_day: dict[date, list[bytes]] = {day: [] for day in days(times.first, times.last)}
    for offered, free in times.free:
        for one in free:
            slots = slots_of_day(one, offered.zone)
            by_day[one.day].append(b'{"experience_id":"%s","slots":[%s]}' % (offered.written.id.encode(), slots))
    return {
        "guide_id": times.guide_id,
        "timezone": times.timezone,
        "from": times.first,
        "to": times.last,
        "experiences": [
            {
                "id": offered.written.id,
                "slug": offered.slug,
                "title": offered.title,
                "timezone": offered.zone.key,
                "guests": offered.guests,
            }
            for offered, _ in times.free
        ],
        "days": [
            {"date": day, "experiences": orjson.Fragment(b"[" + b",".join(found) + b"]")}
            for day, found in by_day.items()
        ],
    }


def _rule(rule: ScheduleRule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "weekday": WEEKDAYS[rule.weekday],
        "start_time": _clock(rule.start_time),
        "end_time": _clock(rule.end_time),
        "ends_next_day": is_overnight(rule.start_time, rule.end_time),
        "valid_from": rule.valid_from,
        "valid_until": rule.valid_until,
    }


def _exception(each: AvailabilityException) -> dict[str, Any]:
    start, end = each.start_time, each.end_time
    return {
        "id": each.id,
        "date": each.on_date,
        "until": each.until_on,
        "is_available": each.is_available,
        "start_time": _clock(start) if start is not None else None,
        "end_time": _clock(end) if end is not None else None,
        "ends_next_day": start is not None and end is not None and is_overnight(start, end),
        "note": each.note,
    }


def _outside(booking: Booking) -> dict[str, Any]:
    return {
        "id": booking.id,
        "reference": booking.reference,
        "experience_id": booking.listing_id,
        "status": booking.status,
        "starts_at": booking.starts_at,
        "ends_at": booking.ends_at,
    }


def _clock(at: time) -> str:
    return f"{at:%H:%M}"
