"""Asking for seats, and bookings as their parties see them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate, validates_schema

from api.schemas.base import Answer, Day, Instant, Request, Secret, Text, TimeOfDay, refuse_unwritable, whole_number
from api.schemas.money import MoneyAnswer
from api.schemas.pages import CursorQuery, Pagination
from api.schemas.refunds import RefundAnswer
from domain.bookings import BookingState
from domain.listings import LONGEST_TIER, MOST_GUESTS, MOST_TIERS
from domain.pricing import DEFAULT_TIER


class Guests(fields.Field):
    """How many come: a number of adults, or a map from kind of guest to number."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, int]:
        if not isinstance(value, Mapping):
            return {DEFAULT_TIER: _count(value, least=1)}
        if not 1 <= len(value) <= MOST_TIERS:
            raise ValidationError(f"Must name from 1 to {MOST_TIERS} kinds of guest.")
        return {_tier(name): _count(count, least=0) for name, count in value.items()}


class Party(fields.String):
    """The same in a query string: a number, or kinds of guest with their numbers, such as ``adult:2,child:1``."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int | dict[str, int]:
        if ":" not in str(value):
            return _count(value, least=1)
        kinds = [part.rpartition(":") for part in str(value).split(",")]
        guests = {_tier(name.strip()): _count(count, least=0) for name, _, count in kinds}
        if not len(guests) == len(kinds) <= MOST_TIERS:
            raise ValidationError(f"Must name from 1 to {MOST_TIERS} kinds of guest, each once.")
        return guests


def _tier(name: str) -> str:
    refuse_unwritable(name, "")
    if not 1 <= len(name) <= LONGEST_TIER:
        raise ValidationError(f"A kind of guest has from 1 to {LONGEST_TIER} characters.")
    return name


def _count(value: Any, *, least: int) -> int:
    count = whole_number(value)
    if not least <= count <= MOST_GUESTS:
        raise ValidationError(f"Must be from {least} to {MOST_GUESTS}.")
    return count


class QuoteRequest(Request):
    """What to book. The start is ``starts_at``, or ``date`` and ``time`` as the experience's clocks show them."""

    aliases: ClassVar = {
        "booking_date": "date",
        "start_time": "time",
        "booking_time": "time",
        "number_of_guests": "guests",
        "guest_count": "guests",
        "notes": "special_requests",
    }

    experience_id = Text(required=True, longest=200, metadata={"description": "Id or slug"})
    starts_at = Instant(
        load_default=None, metadata={"description": "One that the availability offers. Or date and time"}
    )
    date = Day(load_default=None, metadata={"description": "Local day, with time. Also: booking_date"})
    time = TimeOfDay(load_default=None, metadata={"description": "Local time. Also: start_time, booking_time"})
    guests = Guests(
        required=True,
        metadata={
            "description": "Adults, or a map from kind of guest to number. Also: number_of_guests, guest_count",
            "oneOf": [
                {"type": "integer", "minimum": 1, "maximum": MOST_GUESTS},
                {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0, "maximum": MOST_GUESTS}},
            ],
        },
    )
    currency = Text(load_default=None, longest=3, shortest=3)

    @validates_schema
    def _one_start(self, data: dict[str, Any], **_: object) -> None:
        local = [name for name in ("date", "time") if data[name] is not None]
        if data["starts_at"] is not None and local:
            raise ValidationError("Give either starts_at or date and time.", local[0])
        if data["starts_at"] is None and not local:
            raise ValidationError("Missing data for required field.", "starts_at")
        if len(local) == 1:
            missing = "time" if local == ["date"] else "date"
            raise ValidationError("Missing data for required field.", missing)


class BookingRequest(QuoteRequest):
    special_requests = Text(
        load_default=None,
        allow_none=True,
        shortest=0,
        longest=1000,
        multiline=True,
        metadata={"description": "Also: notes"},
    )
    quote = Secret(load_default=None, longest=4000, metadata={"description": "From a quote of the same wish"})


class CancelRequest(Request):
    reason = Text(load_default=None, allow_none=True, shortest=0, longest=500, multiline=True)


class BookingsQuery(CursorQuery):
    role = fields.String(load_default="tourist", validate=validate.OneOf(["tourist", "guide"]))
    status = Text(longest=200, metadata={"description": "One or several, by commas"})
    when = fields.String(validate=validate.OneOf(["upcoming", "past"]))

    @validates_schema
    def _known(self, data: dict[str, Any], **_: object) -> None:
        known = ", ".join(BookingState)
        if "status" in data and not set(data["status"].split(",")) <= set(BookingState):
            raise ValidationError(f"Must be of: {known}.", "status")


class BookedExperience(Answer):
    id = fields.UUID(required=True)
    title = fields.String(required=True)
    slug = fields.String(required=True)
    timezone = fields.String(required=True)
    location = fields.String(required=True)
    meeting_point = fields.String(required=True)
    images = fields.List(fields.String(), required=True)


class PersonAnswer(Answer):
    name = fields.String(required=True)
    phone = fields.String(
        required=True, allow_none=True, metadata={"description": "From the confirmation until 48 h after the end"}
    )


class LineAnswer(Answer):
    kind = fields.String(required=True, validate=validate.OneOf(["base", "fee"]))
    description = fields.String(required=True)
    quantity = fields.Integer(required=True)
    unit_amount = fields.Nested(MoneyAnswer, required=True)
    amount = fields.Nested(MoneyAnswer, required=True)


class ReceivableAnswer(Answer):
    purpose = fields.String(required=True)
    amount = fields.Nested(MoneyAnswer, required=True)
    due_at = fields.AwareDateTime(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["open", "settled", "void"]))


class RefundTierAnswer(Answer):
    until = fields.AwareDateTime(required=True)
    refund_percent = fields.Integer(required=True)


class CancellationAnswer(Answer):
    tiers = fields.List(fields.Nested(RefundTierAnswer), required=True)
    cancelled_at = fields.AwareDateTime(required=True, allow_none=True)
    cancelled_by = fields.String(required=True, allow_none=True, metadata={"description": "tourist, guide or admin"})
    reason = fields.String(required=True, allow_none=True)


class _Priced(Answer):
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    seats = fields.Integer(required=True)
    guests = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    lines = fields.List(fields.Nested(LineAnswer), required=True)
    total = fields.Nested(MoneyAnswer, required=True)
    amount_due_now = fields.Nested(MoneyAnswer, required=True)


class BookingAnswer(_Priced):
    id = fields.UUID(required=True)
    reference = fields.String(required=True)
    status = fields.String(required=True, validate=validate.OneOf(list(BookingState)))
    experience = fields.Nested(BookedExperience, required=True)
    guide = fields.Nested(PersonAnswer, required=True)
    tourist = fields.Nested(PersonAnswer, required=True)
    payment_schedule = fields.List(fields.Nested(ReceivableAnswer), required=True)
    refunds = fields.List(fields.Nested(RefundAnswer), required=True)
    hold_expires_at = fields.AwareDateTime(
        required=True, allow_none=True, metadata={"description": "While pending: until when the seats wait for money"}
    )
    confirmation = fields.String(required=True, validate=validate.OneOf(["instant", "manual"]))
    cancellation = fields.Nested(CancellationAnswer, required=True)
    special_requests = fields.String(required=True, allow_none=True)
    booked_at = fields.AwareDateTime(required=True)


class BookingPage(Answer):
    items = fields.List(fields.Nested(BookingAnswer), required=True)
    pagination = fields.Nested(Pagination, required=True)


class QuoteAnswer(_Priced):
    experience_id = fields.UUID(required=True)
    quote = fields.String(required=True, metadata={"description": "Signed; send it along when booking"})
    expires_at = fields.AwareDateTime(required=True)


class CancellationQuoteAnswer(Answer):
    booking_id = fields.UUID(required=True)
    status = fields.String(required=True, validate=validate.OneOf(list(BookingState)))
    refund_percent = fields.Integer(required=True)
    refund = fields.Nested(MoneyAnswer, required=True, allow_none=True)
    tiers = fields.List(fields.Nested(RefundTierAnswer), required=True)
