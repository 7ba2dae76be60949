"""Ingrid mistypes what she is hungry for, and finds it."""

from __future__ import annotations

from api.examples.catalogue import CARD
from api.examples.guides import CARD as GUIDE
from api.examples.story import PAGINATION

FOUND = {
    "query": "fod wlak",
    "corrected_query": "food walk",
    "items": [
        {
            "type": "experience",
            "experience": CARD,
            "guide": None,
            "highlights": {
                "title": "Nairobi <mark>Food</mark> <mark>Walk</mark>",
                "text": "Seven tastings from River Road to City Market, eaten standing up, as Nairobi does.",
            },
        },
        {
            "type": "guide",
            "experience": None,
            "guide": GUIDE,
            "highlights": {
                "title": "Amina Warsame",
                "text": "Raised in Eastleigh, eating my way through Nairobi ever since.",
            },
        },
    ],
    "pagination": PAGINATION | {"total": 2, "total_pages": 1},
}
SUGGESTED = {
    "items": [
        {"type": "experience", "text": CARD["title"], "id": CARD["id"], "slug": CARD["slug"]},
        {"type": "words", "text": "food", "id": None, "slug": None},
    ]
}
POPULAR = {"items": [{"query": "food walk"}, {"query": "dhow lamu"}]}
OWN_SEARCH_REQUEST = {"q": "food walk"}
OWN_SEARCH = {"query": "food walk", "searched_at": "2026-11-20T09:12:31Z"}
HISTORY = {"items": [OWN_SEARCH], "pagination": PAGINATION}
