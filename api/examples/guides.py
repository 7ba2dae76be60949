"""Amina, who leads the food walk, as everybody meets her and as she sees herself."""

from __future__ import annotations

from typing import Any

from api.examples.catalogue import CARD as FOOD_WALK
from api.examples.licences import LICENCE, SENT
from api.examples.story import PAGINATION, USER_ID

GUIDE_ID = "0193f1a0-6000-7abc-8def-0123456789ab"
BIO = "Raised in Eastleigh, eating my way through Nairobi ever since."
CARD: dict[str, Any] = {
    "id": GUIDE_ID,
    "slug": "amina-warsame",
    "name": "Amina Warsame",
    "avatar_url": None,
    "summary": BIO,
    "region": "Nairobi",
    "languages": ["English", "Swahili", "Somali"],
    "specializations": ["Street food", "Markets", "City history"],
    "years_experience": 9,
    "is_licensed": True,
    "rating_average": 4.9,
    "rating_count": 240,
    "experience_count": 1,
}
CARDS = {"items": [CARD], "pagination": PAGINATION}
DETAIL = CARD | {"bio": BIO, "experiences": [FOOD_WALK], "reviews_url": "/api/reviews/guide/amina-warsame"}
OWN = CARD | {
    "user_id": USER_ID,
    "bio": BIO,
    "licence": LICENCE | {"sent": SENT},
    "missing": ["avatar_url"],
    "listings": {"active": 1, "draft": 2},
    "not_offered_because": [],
    "created_at": "2025-03-02T08:00:00Z",
}
CHANGE = {"languages": ["en", "sw", "Somali", "Italian"], "years_experience": 10}
CHANGED = OWN | {"languages": ["English", "Swahili", "Somali", "Italian"], "years_experience": 10}
