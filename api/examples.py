"""One coherent story in examples, of the demo data: Ingrid books two seats of Amina's food walk and pays by M-Pesa."""

from __future__ import annotations

from typing import Any

from api.answers.preferences import preferences_answer
from api.titles import title_of
from domain.preferences import preferences

_USER_ID = "0193f1a0-52b7-7c1e-9a64-0a1b2c3d4e5f"
_LISTING_ID = "0193f1a0-6d2e-7b0a-8f11-5c6d7e8f9a0b"
_BOOKING_ID = "0193f1a1-03c4-7f5d-b2e6-1f2e3d4c5b6a"
_PAYMENT_ID = "0193f1a1-2a9b-7d3c-a1b0-6b5a4c3d2e1f"
_START, _END = "2026-12-05T06:00:00Z", "2026-12-05T09:00:00Z"
_HELD_UNTIL = "2026-11-21T08:15:00Z"


def _kes(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "KES"}


USER: dict[str, Any] = {
    "id": _USER_ID,
    "email": "ingrid@example.com",
    "email_verified": False,
    "first_name": "Ingrid",
    "last_name": "Larsen",
    "phone": "+254712345149",
    "user_type": "tourist",
    "roles": ["tourist"],
    "intends_to_guide": False,
    "status": "pending",
    "locale": "en",
    "timezone": "Africa/Nairobi",
    "currency": "KES",
    "avatar_url": None,
    "created_at": "2026-11-21T07:58:00Z",
}
DETAILS = {"first_name": "Ingrid Marie", "phone": None, "timezone": "Europe/Oslo", "currency": "USD"}
CHANGED_USER: dict[str, Any] = USER | DETAILS
WISHES = {"preferences": {"payments": {"email": True}}}
PREFERENCES = preferences_answer(preferences({}))
DEVICE_REQUEST = {"token": "fGk3xq0bT6Y:APA91bHx3b8m7r2Q1t5w9y4u6i8o0pLkJhGfDsA", "platform": "android"}
DEVICE: dict[str, Any] = {
    "id": "0193f1a0-9b1c-7d2e-8f3a-6b7c8d9e0f1a",
    "platform": "android",
    "registered_at": "2026-11-21T07:59:00Z",
}
REGISTER = {
    "email": "ingrid@example.com",
    "password": "two zebras at dawn",
    "first_name": "Ingrid",
    "last_name": "Larsen",
    "phone": "0712 345 149",
    "user_type": "tourist",
}
LOGIN = {"email": "ingrid@example.com", "password": "two zebras at dawn"}
TOKENS = {
    "access_token": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIuLi4ifQ.c2lnbmF0dXJl",
    "refresh_token": "0193f1a0-7e8f-7a9b-8c0d-1e2f3a4b5c6d.kq3vXbq0b6Yx3b8m7r2Q1t5w9y4u6i8o0pLkJhGfDsA",
    "token_type": "Bearer",
    "expires_in": 900,
}
SIGNED_IN = TOKENS | {"user": USER}
REFRESH = {"refresh_token": TOKENS["refresh_token"]}
CHANGE_PASSWORD = {"current_password": LOGIN["password"], "new_password": "three giraffes at noon"}

ONE_TIME_TOKEN = {"token": "hV9q2mXc7Lw0sYb4Ad8kRt1uZf6nGe3jPo5iQx-Ty_M"}
FORGOT_PASSWORD = {"email": REGISTER["email"]}
RESET_PASSWORD = ONE_TIME_TOKEN | {"password": "three giraffes at dusk"}

CARD: dict[str, Any] = {
    "id": _LISTING_ID,
    "slug": "nairobi-food-walk",
    "title": "Nairobi Food Walk",
    "summary": "Seven tastings from River Road to City Market, eaten standing up, as Nairobi does.",
    "category": "food",
    "location": "Nairobi",
    "coordinates": {"latitude": -1.286389, "longitude": 36.817223},
    "price": _kes("3500.00"),
    "price_per": "person",
    "duration_minutes": 180,
    "min_guests": 1,
    "max_guests": 8,
    "is_private": False,
    "confirmation": "instant",
    "images": ["https://images.elite-events.example/nairobi-food-walk-1.webp"],
    "rating_average": 4.8,
    "rating_count": 112,
}
PAGINATION = {
    "page": 1,
    "limit": 20,
    "total": 1,
    "total_is_capped": False,
    "total_pages": 1,
    "has_next": False,
    "has_prev": False,
    "next_cursor": None,
}
DEVICES = {"items": [DEVICE], "pagination": PAGINATION}
SESSIONS = {
    "items": [
        {
            "id": "0193f1a0-7e8f-7a9b-8c0d-1e2f3a4b5c6d",
            "device": "Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0",
            "ip": "196.201.214.7",
            "created_at": "2026-11-21T07:58:00Z",
            "last_used_at": "2026-11-21T08:13:00Z",
            "is_current": True,
        }
    ],
    "pagination": PAGINATION,
}
CARDS = {"items": [CARD], "pagination": PAGINATION}
DETAIL = CARD | {
    "description": "We meet in the city centre and eat our way east.",
    "timezone": "Africa/Nairobi",
    "tiers": [{"name": "adult", "price": _kes("3500.00"), "takes_seat": True}],
    "capacity": 8,
    "cut_off_hours": 2,
    "inclusions": ["Seven tastings", "Water"],
    "exclusions": ["Transport"],
    "cancellation_policy": {
        "name": "moderate",
        "tiers": [{"hours_before": 120, "refund_percent": 100}, {"hours_before": 24, "refund_percent": 50}],
    },
    "guide": {
        "id": "0193f1a0-6000-7abc-8def-0123456789ab",
        "slug": "amina-warsame",
        "name": "Amina Warsame",
        "avatar_url": None,
        "bio": "Raised in Eastleigh, eating my way through Nairobi ever since.",
        "languages": ["English", "Swahili"],
        "rating_average": 4.9,
        "rating_count": 240,
    },
}
REVIEWS = {
    "items": [
        {
            "id": "0193f1a1-4b1c-7e2d-8f3a-2b3c4d5e6f70",
            "rating": 5,
            "comment": "Seven stops, no room for dinner. The smokies alone were worth the flight.",
            "photos": [],
            "reviewer": {"name": "Ingrid L."},
            "experience": {"id": _LISTING_ID, "slug": CARD["slug"], "title": CARD["title"]},
            "response": {
                "text": "Asante, Ingrid. Come back for the samosas that we had to leave out.",
                "responded_at": "2026-12-07T06:30:00Z",
            },
            "helpful_count": 3,
            "submitted_at": "2026-12-06T10:12:00Z",
        }
    ],
    "pagination": PAGINATION,
    "summary": {"average": 5.0, "count": 1, "histogram": {"5": 1, "4": 0, "3": 0, "2": 0, "1": 0}},
}
AVAILABILITY = {
    "experience_id": _LISTING_ID,
    "timezone": "Africa/Nairobi",
    "from": "2026-12-05",
    "to": "2026-12-05",
    "guests": 2,
    "slots": [
        {
            "starts_at": _START,
            "ends_at": _END,
            "date": "2026-12-05",
            "time": "09:00",
            "seats_free": 6,
            "capacity": 8,
        }
    ],
}

QUOTE_REQUEST = {"experience_id": _LISTING_ID, "date": "2026-12-05", "time": "09:00", "guests": 2}
BOOKING_REQUEST = {
    "experience_id": "nairobi-food-walk",
    "starts_at": "2026-12-05T09:00:00+03:00",
    "guests": {"adult": 2},
    "special_requests": "One of us is vegetarian.",
}
_PRICED = {
    "starts_at": _START,
    "ends_at": _END,
    "seats": 2,
    "guests": {"adult": 2},
    "lines": [
        {
            "kind": "base",
            "description": "Nairobi Food Walk (adult)",
            "quantity": 2,
            "unit_amount": _kes("3500.00"),
            "amount": _kes("7000.00"),
        },
        {
            "kind": "fee",
            "description": "Service fee",
            "quantity": 1,
            "unit_amount": _kes("700.00"),
            "amount": _kes("700.00"),
        },
    ],
    "total": _kes("7700.00"),
    "amount_due_now": _kes("7700.00"),
}
QUOTE = _PRICED | {
    "experience_id": _LISTING_ID,
    "quote": "eyJmb3IiOlsiLi4uIl19.c2lnbmF0dXJl",
    "expires_at": _HELD_UNTIL,
}
_TIERS = [
    {"until": "2026-11-30T06:00:00Z", "refund_percent": 100},
    {"until": "2026-12-04T06:00:00Z", "refund_percent": 50},
]
BOOKING: dict[str, Any] = _PRICED | {
    "id": _BOOKING_ID,
    "reference": "B7K2M9QX",
    "status": "pending",
    "experience": {
        "id": _LISTING_ID,
        "title": CARD["title"],
        "slug": CARD["slug"],
        "timezone": "Africa/Nairobi",
        "location": "Nairobi",
        "meeting_point": "The steps of the National Archives",
        "images": CARD["images"],
    },
    "guide": {"name": "Amina Warsame", "phone": None},
    "tourist": {"name": "Ingrid Larsen", "phone": None},
    "payment_schedule": [{"purpose": "full", "amount": _kes("7700.00"), "due_at": _HELD_UNTIL, "state": "open"}],
    "refunds": [],
    "hold_expires_at": _HELD_UNTIL,
    "confirmation": "instant",
    "cancellation": {"tiers": _TIERS, "cancelled_at": None, "cancelled_by": None, "reason": None},
    "special_requests": "One of us is vegetarian.",
    "booked_at": "2026-11-21T08:00:00Z",
}
BOOKINGS = {"items": [BOOKING], "pagination": PAGINATION}
CANCELLED: dict[str, Any] = BOOKING | {
    "status": "cancelled",
    "hold_expires_at": None,
    "amount_due_now": _kes("0.00"),
    "payment_schedule": [{"purpose": "full", "amount": _kes("7700.00"), "due_at": _HELD_UNTIL, "state": "void"}],
    "cancellation": {
        "tiers": _TIERS,
        "cancelled_at": "2026-11-21T08:05:00Z",
        "cancelled_by": "tourist",
        "reason": "Our plans have changed.",
    },
}
CANCEL = {"reason": "Our plans have changed."}
CANCELLATION_QUOTE = {
    "booking_id": _BOOKING_ID,
    "status": "confirmed",
    "refund_percent": 50,
    "refund": _kes("3850.00"),
    "tiers": _TIERS,
}

MPESA_REQUEST = {"booking_id": _BOOKING_ID, "phone": "0712 345 149", "amount": "7700.00"}
PAYMENT_REQUEST = MPESA_REQUEST | {"provider": "mpesa"}
PAYMENT: dict[str, Any] = {
    "id": _PAYMENT_ID,
    "booking_id": _BOOKING_ID,
    "provider": "mpesa",
    "attempt": 1,
    "state": "processing",
    "amount": "7700.00",
    "currency": "KES",
    "phone": "07•• ••• 149",
    "receipt": None,
    "failure": None,
    "started_at": "2026-11-21T08:01:00Z",
    "paid_at": None,
    "refunds": [],
    "next_step": "Enter your M-Pesa PIN on 07•• ••• 149.",
}
PAID: dict[str, Any] = PAYMENT | {
    "state": "succeeded",
    "receipt": "UKL7RT61SV",
    "paid_at": "2026-11-21T08:01:14Z",
    "next_step": "Your payment has arrived. There is nothing more to do.",
}
PAYMENTS = {"items": [PAID], "pagination": PAGINATION}
NOTIFICATION: dict[str, Any] = {
    "id": "0193f1a1-3b1c-7e2d-8f3a-4b5c6d7e8f90",
    "seq": 42,
    "kind": "booking_confirmed",
    "title": "Confirmed: Nairobi Food Walk, Sat 5 Dec 09:00 EAT (B7K2M9QX)",
    "body": "You’re all set, Ingrid. We have confirmed 2 seats for you. Amina is looking forward to showing you around.",
    "data": {"booking_id": _BOOKING_ID, "payment_id": _PAYMENT_ID},
    "has_badge": True,
    "created_at": "2026-11-21T08:01:14Z",
    "read_at": None,
}
NOTIFICATIONS = {"items": [NOTIFICATION], "pagination": PAGINATION}
READ_NOTIFICATION: dict[str, Any] = NOTIFICATION | {"read_at": "2026-11-21T08:02:00Z"}
READ_ALL = {"up_to": 42}
UNREAD = {"unread_count": 0, "last_seq": 42}
CALLBACK = {
    "Body": {
        "stkCallback": {
            "MerchantRequestID": "29115-34620561-1",
            "CheckoutRequestID": "ws_CO_191220191020363925",
            "ResultCode": 0,
            "ResultDesc": "The service request is processed successfully.",
            "CallbackMetadata": {
                "Item": [
                    {"Name": "Amount", "Value": 7700},
                    {"Name": "MpesaReceiptNumber", "Value": "UKL7RT61SV"},
                    {"Name": "TransactionDate", "Value": 20261121110114},
                    {"Name": "PhoneNumber", "Value": 254712345149},
                ]
            },
        }
    }
}
ACCEPTED = {"ResultCode": 0, "ResultDesc": "Accepted"}
ALIVE = {"status": "ok"}
METRICS = (
    "# HELP elite_http_requests_total Requests answered, by method, route template and class of status.\n"
    "# TYPE elite_http_requests_total counter\n"
    'elite_http_requests_total{method="GET",route="/api/experiences",status="2xx"} 1042.0\n'
)
READY = {"status": "ready", "checks": {"database": {"ok": True, "detail": "answers in 1 ms"}}}
NOT_READY = {"status": "not_ready", "checks": {"relay": {"ok": False, "detail": "last seen 42 s ago"}}}


def problem(status: int, code: str, detail: str, **members: Any) -> dict[str, Any]:
    """A problem document as an example."""
    return {
        **members,
        "type": f"urn:elite-events:problem:{code}",
        "title": title_of(code),
        "status": status,
        "detail": detail,
        "message": detail,
        "code": code,
        "errors": members.get("errors", {}),
        "request_id": "6f1c2d3e4b5a69788796a5b4c3d2e1f0",
    }
