"""The food walk that Ingrid finds, and what others say of it."""

from __future__ import annotations

from typing import Any

from api.examples.story import BOOKING_ID, END, LISTING_ID, PAGINATION, START, kes

CARD: dict[str, Any] = {
    "id": LISTING_ID,
    "slug": "nairobi-food-walk",
    "title": "Nairobi Food Walk",
    "summary": "Seven tastings from River Road to City Market, eaten standing up, as Nairobi does.",
    "category": "food",
    "location": "Nairobi",
    "coordinates": {"latitude": -1.286389, "longitude": 36.817223},
    "price": kes("3500.00"),
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
CARDS = {"items": [CARD], "pagination": PAGINATION}
DETAIL = CARD | {
    "description": "We meet in the city centre and eat our way east.",
    "timezone": "Africa/Nairobi",
    "tiers": [{"name": "adult", "price": kes("3500.00"), "takes_seat": True}],
    "capacity": 8,
    "cut_off_hours": 2,
    "inclusions": ["Seven tastings", "Water"],
    "exclusions": ["Transport"],
    "pictures": [
        {
            "url": "https://images.elite-events.example/public/images/1763712000-3f2a-1600.webp",
            "alt_text": "Smokies over charcoal on River Road",
            "variants": {
                width: f"https://images.elite-events.example/public/images/1763712000-3f2a-{width}.webp"
                for width in ("320", "800", "1600")
            },
        }
    ],
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
TIERS = [
    {"name": "adult", "price": "3500.00"},
    {"name": "child", "price": "2000.00"},
    {"name": "infant", "price": "0.00", "takes_seat": False},
]
EXPERIENCE_REQUEST = {
    "title": "Nairobi Food Walk",
    "category": "food",
    "price": "3500.00",
    "duration_minutes": 180,
    "max_guests": 8,
    "inclusions": ["Seven tastings", "Water"],
}
EXPERIENCE_CHANGE = {
    "summary": CARD["summary"],
    "description": DETAIL["description"],
    "location": "Nairobi",
    "meeting_point": "The steps of the National Archives",
    "status": "active",
    "version": 1,
}
OWN_PICTURE = DETAIL["pictures"][0] | {
    "id": "0193f1a0-7d2e-7b0a-8f11-5c6d7e8f9a0c",
    "media_id": "0193f1a0-7c2e-7b0a-8f11-5c6d7e8f9a0d",
    "state": "ready",
    "refusal": None,
}
OWN_PICTURE_COMING = OWN_PICTURE | {"state": "processing", "url": None, "variants": {}}
OWN_PICTURES = {"items": [OWN_PICTURE]}
IMAGE_REQUEST = {"media_id": OWN_PICTURE["media_id"], "alt_text": OWN_PICTURE["alt_text"]}
IMAGE_ORDER = {"images": [{"id": OWN_PICTURE["id"], "alt_text": OWN_PICTURE["alt_text"]}]}
OWN_CARD = {
    name: CARD[name] for name in ("id", "slug", "title", "category", "location", "price", "price_per", "images")
}
OWN_CARD |= {"status": "active", "version": 3, "missing": [], "hidden_reason": None}
OWN_CARD |= {name: CARD[name] for name in ("rating_average", "rating_count")}
OWN_CARDS = {"items": [OWN_CARD], "pagination": PAGINATION}
OWN_DETAIL = (
    {name: value for name, value in DETAIL.items() if name != "guide"}
    | OWN_CARD
    | {
        "pictures": [OWN_PICTURE],
        "meeting_point": EXPERIENCE_CHANGE["meeting_point"],
        "buffer_minutes": 30,
        "created_at": "2026-11-02T07:12:00Z",
        "published_at": "2026-11-02T07:40:00Z",
    }
)
OWN_DRAFT = OWN_DETAIL | {
    "status": "draft",
    "version": 1,
    "summary": "",
    "description": "",
    "location": "",
    "coordinates": None,
    "tiers": [],
    "exclusions": [],
    "buffer_minutes": 0,
    "meeting_point": "",
    "images": [],
    "pictures": [],
    "rating_average": 0.0,
    "rating_count": 0,
    "missing": ["summary", "description", "location", "meeting_point", "hours"],
    "published_at": None,
}
BOOKED = {"id": BOOKING_ID, "starts_at": START}
REVIEWS = {
    "items": [
        {
            "id": "0193f1a1-4b1c-7e2d-8f3a-2b3c4d5e6f70",
            "rating": 5,
            "comment": "Seven stops, no room for dinner. The smokies alone were worth the flight.",
            "photos": [],
            "reviewer": {"name": "Ingrid L."},
            "experience": {"id": LISTING_ID, "slug": CARD["slug"], "title": CARD["title"]},
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
    "experience_id": LISTING_ID,
    "timezone": "Africa/Nairobi",
    "from": "2026-12-05",
    "to": "2026-12-05",
    "guests": 2,
    "slots": [
        {
            "starts_at": START,
            "ends_at": END,
            "date": "2026-12-05",
            "time": "09:00",
            "seats_free": 6,
            "capacity": 8,
        }
    ],
}
