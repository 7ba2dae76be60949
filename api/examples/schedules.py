"""Amina's hours: food walks by day, a night tour until two in the morning, and two weeks at home in December."""

from __future__ import annotations

from typing import Any

from api.examples.catalogue import AVAILABILITY, CARD, DETAIL
from api.examples.story import BOOKING_ID, LISTING_ID

_SATURDAY = {"weekday": "saturday", "start_time": "09:00", "end_time": "18:00"}
_NIGHT = {"weekday": "friday", "start_time": "20:00", "end_time": "02:00", "valid_from": "2026-12-01"}
_HOLIDAY = {"date": "2026-12-20", "until": "2027-01-02", "is_available": False, "note": "At home in Garissa"}
_EXTRA = {"date": "2026-12-12", "is_available": True, "start_time": "19:00", "end_time": "22:00"}
HOURS_REQUEST = {"rules": [_SATURDAY, _NIGHT], "exceptions": [_HOLIDAY, _EXTRA]}
RULE_ID, EXCEPTION_ID = "0193f1a0-7a10-7c2d-8e3f-4a5b6c7d8e9f", "0193f1a0-7a11-7d3e-9f40-5b6c7d8e9fa0"
RULE: dict[str, Any] = {
    "id": RULE_ID,
    **_NIGHT,
    "ends_next_day": True,
    "valid_until": None,
}
EXCEPTION: dict[str, Any] = {
    "id": EXCEPTION_ID,
    **_HOLIDAY,
    "start_time": None,
    "end_time": None,
    "ends_next_day": False,
}
HOURS = {"rule": RULE, "exception": None}
CHANGE = {"rule": {"weekday": "friday", "start_time": "20:00", "end_time": "02:00", "valid_from": "2026-12-01"}}
ZONE = {"timezone": "Africa/Nairobi"}
SCHEDULE: dict[str, Any] = {
    "experience_id": None,
    "timezone": "Africa/Nairobi",
    "rules": [RULE],
    "exceptions": [EXCEPTION],
    "bookings_outside": {
        "total": 1,
        "holds": 0,
        "items": [
            {
                "id": BOOKING_ID,
                "reference": "B7K2M9QX",
                "experience_id": LISTING_ID,
                "status": "confirmed",
                "starts_at": "2026-12-22T06:00:00Z",
                "ends_at": "2026-12-22T09:00:00Z",
            }
        ],
    },
}
EXPERIENCES_SCHEDULE = SCHEDULE | {"experience_id": LISTING_ID}
GUIDE_TIMES = {
    "guide_id": DETAIL["guide"]["id"],
    "timezone": "Africa/Nairobi",
    "from": "2026-12-05",
    "to": "2026-12-05",
    "experiences": [
        {
            "id": LISTING_ID,
            "slug": CARD["slug"],
            "title": CARD["title"],
            "timezone": "Africa/Nairobi",
            "guests": 1,
        }
    ],
    "days": [{"date": "2026-12-05", "experiences": [{"experience_id": LISTING_ID, "slots": AVAILABILITY["slots"]}]}],
}
