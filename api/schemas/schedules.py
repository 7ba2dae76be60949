"""Hours as guides write and read them, and the free times that follow from them for all that a guide offers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time, timedelta
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from api.schemas.base import Answer, Day, Query, Request, Text, TimeOfDay, YesNo
from api.schemas.experiences import SlotAnswer
from api.schemas.users import TimeZone
from domain.hours import DateException, WeeklyRule, days
from services.availability.guides import LONGEST_FOR_GUIDE
from services.listings.schedules import Dated

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
#: Hours of each kind in one request, and days of one exception.
MOST_AT_ONCE, LONGEST_EXCEPTION = 50, timedelta(days=366)
_NEXT_DAY = "No later than start_time: on the next day"


class Clock(TimeOfDay):
    """A local time to the minute."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> time:
        at = super()._deserialize(value, attr, data, **kwargs)
        if at.second:
            raise ValidationError("Must be a whole minute.")
        return at


class RuleRequest(Request):
    weekday = fields.String(
        required=True, validate=validate.OneOf(WEEKDAYS), metadata={"description": "On which the hours begin"}
    )
    start_time = Clock(required=True, metadata={"description": "Local time, such as 20:00"})
    end_time = Clock(required=True, metadata={"description": _NEXT_DAY})
    valid_from = Day(load_default=None, allow_none=True)
    valid_until = Day(load_default=None, allow_none=True, metadata={"description": "Included"})

    @validates_schema
    def _holds_once(self, data: dict[str, Any], **_: object) -> None:
        first, last = data["valid_from"], data["valid_until"]
        if first and last and first > last:
            raise ValidationError("Must not be before valid_from.", "valid_until")
        if first and last and data["weekday"] not in {WEEKDAYS[day.weekday()] for day in days(first, last)}:
            raise ValidationError(f"Must be late enough for a {data['weekday']}.", "valid_until")

    @post_load
    def _rule(self, data: dict[str, Any], **_: object) -> WeeklyRule:
        weekday = WEEKDAYS.index(data["weekday"])
        return WeeklyRule(weekday, data["start_time"], data["end_time"], data["valid_from"], data["valid_until"])


class ExceptionRequest(Request):
    date = Day(required=True)
    until = Day(
        load_default=None, allow_none=True, metadata={"description": "The last of several dates; a year at most"}
    )
    is_available = YesNo(
        required=True, metadata={"description": "true: extra hours; false: closed hours, or without times whole days"}
    )
    start_time = Clock(load_default=None, allow_none=True)
    end_time = Clock(load_default=None, allow_none=True, metadata={"description": _NEXT_DAY})
    note = Text(
        load_default=None, allow_none=True, shortest=0, longest=200, metadata={"description": "For yourself alone"}
    )

    @validates_schema
    def _whole(self, data: dict[str, Any], **_: object) -> None:
        first, last = data["date"], data["until"]
        if last and not timedelta(0) <= last - first <= LONGEST_EXCEPTION:
            raise ValidationError(
                f"Must not be before date, nor more than {LONGEST_EXCEPTION.days} days after it.", "until"
            )
        missing = [name for name in ("start_time", "end_time") if data[name] is None]
        if len(missing) == 1:
            raise ValidationError("Missing data for required field.", missing[0])
        if missing and data["is_available"]:
            raise ValidationError("Extra hours need their times.", "start_time")

    @post_load
    def _dated(self, data: dict[str, Any], **_: object) -> Dated:
        until = data["until"] if data["until"] != data["date"] else None
        hours = DateException(data["date"], data["is_available"], data["start_time"], data["end_time"], until)
        return Dated(hours, data["note"] or None)


class HoursRequest(Request):
    """All are added, or none."""

    rules = fields.List(fields.Nested(RuleRequest), load_default=list, validate=validate.Length(max=MOST_AT_ONCE))
    exceptions = fields.List(
        fields.Nested(ExceptionRequest), load_default=list, validate=validate.Length(max=MOST_AT_ONCE)
    )

    @validates_schema
    def _some(self, data: dict[str, Any], **_: object) -> None:
        if not data["rules"] and not data["exceptions"]:
            raise ValidationError("Give rules or exceptions.", "rules")


class ChangeRequest(Request):
    """What a rule or an exception becomes, as a whole: either of the two, as it is one."""

    rule = fields.Nested(RuleRequest)
    exception = fields.Nested(ExceptionRequest)

    @validates_schema
    def _one(self, data: Mapping[str, Any], **_: object) -> None:
        if len(data) != 1:
            raise ValidationError("Give either rule or exception.", "rule")


class ZoneRequest(Request):
    timezone = TimeZone(required=True, metadata={"description": "An IANA name"})


class RuleAnswer(Answer):
    id = fields.UUID(required=True)
    weekday = fields.String(required=True, validate=validate.OneOf(WEEKDAYS))
    start_time = fields.String(required=True)
    end_time = fields.String(required=True)
    ends_next_day = fields.Boolean(required=True)
    valid_from = fields.Date(required=True, allow_none=True)
    valid_until = fields.Date(required=True, allow_none=True)


class ExceptionAnswer(Answer):
    id = fields.UUID(required=True)
    date = fields.Date(required=True)
    until = fields.Date(required=True, allow_none=True)
    is_available = fields.Boolean(required=True)
    start_time = fields.String(required=True, allow_none=True)
    end_time = fields.String(required=True, allow_none=True)
    ends_next_day = fields.Boolean(required=True)
    note = fields.String(required=True, allow_none=True)


class HoursAnswer(Answer):
    """One of the two, and null for the other."""

    rule = fields.Nested(RuleAnswer, required=True, allow_none=True)
    exception = fields.Nested(ExceptionAnswer, required=True, allow_none=True)


class BookingOutside(Answer):
    id = fields.UUID(required=True)
    reference = fields.String(required=True)
    experience_id = fields.UUID(required=True)
    status = fields.String(required=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)


class BookingsOutside(Answer):
    total = fields.Integer(required=True, metadata={"description": "Paid or confirmed"})
    holds = fields.Integer(required=True, metadata={"description": "That wait for money just now"})
    items = fields.List(fields.Nested(BookingOutside), required=True, metadata={"description": "The first 50"})


class ScheduleAnswer(Answer):
    experience_id = fields.UUID(
        required=True, allow_none=True, metadata={"description": "null: the guide's own hours, for all experiences"}
    )
    timezone = fields.String(required=True, metadata={"description": "In which these hours are read"})
    rules = fields.List(fields.Nested(RuleAnswer), required=True)
    exceptions = fields.List(
        fields.Nested(ExceptionAnswer), required=True, metadata={"description": "Those that are not over"}
    )
    bookings_outside = fields.Nested(
        BookingsOutside,
        required=True,
        metadata={"description": "Bookings ahead outside of these hours: they stand until somebody cancels them"},
    )


class GuideTimesQuery(Query):
    first = Day(data_key="from", metadata={"description": "First day; today where absent"})
    last = Day(data_key="to", metadata={"description": f"Last day, at most {LONGEST_FOR_GUIDE.days} days on"})

    @validates_schema
    def _bounded(self, data: dict, **_: object) -> None:
        first, last = data.get("first"), data.get("last")
        if first and last and not timedelta(0) <= last - first <= LONGEST_FOR_GUIDE:
            raise ValidationError(
                f"Must not be before from, nor more than {LONGEST_FOR_GUIDE.days} days after it.", "to"
            )


class OfferedExperience(Answer):
    id = fields.UUID(required=True)
    slug = fields.String(required=True)
    title = fields.String(required=True)
    timezone = fields.String(required=True)
    guests = fields.Integer(required=True, metadata={"description": "The smallest party: its slots have seats for it"})


class ExperiencesDay(Answer):
    experience_id = fields.UUID(required=True)
    slots = fields.List(fields.Nested(SlotAnswer), required=True)


class GuidesDay(Answer):
    date = fields.Date(required=True, metadata={"description": "As clocks show it where the experience is"})
    experiences = fields.List(fields.Nested(ExperiencesDay), required=True)


class GuideTimesAnswer(Answer):
    guide_id = fields.UUID(required=True)
    timezone = fields.String(required=True)
    first = fields.Date(required=True, data_key="from")
    last = fields.Date(required=True, data_key="to")
    experiences = fields.List(fields.Nested(OfferedExperience), required=True)
    days = fields.List(
        fields.Nested(GuidesDay), required=True, metadata={"description": "Every day, also without slots"}
    )
