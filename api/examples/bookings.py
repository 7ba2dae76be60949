"""Ingrid asks for a price, holds two seats, and changes her mind."""

from __future__ import annotations

from typing import Any

from api.examples.catalogue import CARD
from api.examples.story import BOOKING_ID, END, HELD_UNTIL, LISTING_ID, PAGINATION, START, kes

QUOTE_REQUEST = {"experience_id": LISTING_ID, "date": "2026-12-05", "time": "09:00", "guests": 2}
BOOKING_REQUEST = {
    "experience_id": "nairobi-food-walk",
    "starts_at": "2026-12-05T09:00:00+03:00",
    "guests": {"adult": 2},
    "special_requests": "One of us is vegetarian.",
}
_PRICED = {
    "starts_at": START,
    "ends_at": END,
    "seats": 2,
    "guests": {"adult": 2},
    "lines": [
        {
            "kind": "base",
            "description": "Nairobi Food Walk (adult)",
            "quantity": 2,
            "unit_amount": kes("3500.00"),
            "amount": kes("7000.00"),
        },
        {
            "kind": "fee",
            "description": "Service fee",
            "quantity": 1,
            "unit_amount": kes("700.00"),
            "amount": kes("700.00"),
        },
    ],
    "total": kes("7700.00"),
    "amount_due_now": kes("7700.00"),
}
QUOTE = _PRICED | {
    "experience_id": LISTING_ID,
    "quote": "eyJmb3IiOlsiLi4uIl19.c2lnbmF0dXJl",
    "expires_at": HELD_UNTIL,
}
_TIERS = [
    {"until": "2026-11-30T06:00:00Z", "refund_percent": 100},
    {"until": "2026-12-04T06:00:00Z", "refund_percent": 50},
]
BOOKING: dict[str, Any] = _PRICED | {
    "id": BOOKING_ID,
    "reference": "B7K2M9QX",
    "status": "pending",
    "experience": {
        "id": LISTING_ID,
        "title": CARD["title"],
        "slug": CARD["slug"],
        "timezone": "Africa/Nairobi",
        "location": "Nairobi",
        "meeting_point": "The steps of the National Archives",
        "images": CARD["images"],
    },
    "guide": {"name": "Amina Warsame", "phone": None},
    "tourist": {"name": "Ingrid Larsen", "phone": None},
    "payment_schedule": [{"purpose": "full", "amount": kes("7700.00"), "due_at": HELD_UNTIL, "state": "open"}],
    "refunds": [],
    "hold_expires_at": HELD_UNTIL,
    "confirmation": "instant",
    "cancellation": {"tiers": _TIERS, "cancelled_at": None, "cancelled_by": None, "reason": None},
    "special_requests": "One of us is vegetarian.",
    "booked_at": "2026-11-21T08:00:00Z",
}
BOOKINGS = {"items": [BOOKING], "pagination": PAGINATION}
CANCELLED: dict[str, Any] = BOOKING | {
    "status": "cancelled",
    "hold_expires_at": None,
    "amount_due_now": kes("0.00"),
    "payment_schedule": [{"purpose": "full", "amount": kes("7700.00"), "due_at": HELD_UNTIL, "state": "void"}],
    "cancellation": {
        "tiers": _TIERS,
        "cancelled_at": "2026-11-21T08:05:00Z",
        "cancelled_by": "tourist",
        "reason": "Our plans have changed.",
    },
}
CANCEL = {"reason": "Our plans have changed."}
CANCELLATION_QUOTE = {
    "booking_id": BOOKING_ID,
    "status": "confirmed",
    "refund_percent": 50,
    "refund": kes("3850.00"),
    "tiers": _TIERS,
}
