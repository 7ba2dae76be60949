"""Wanjiru applies to guide in Nairobi; Otieno, who is an administrator, asks for more and then invites her."""

from __future__ import annotations

from typing import Any

from api.answers.applications import APPLIED
from api.examples.story import PAGINATION

_ID = "0193f1a4-11b2-7c3d-8e4f-5a6b7c8d9e0f"
_OTIENO = {"id": "0193f1a0-52b7-7c1e-9a64-0a1b2c3d4e60", "name": "Otieno Odhiambo"}
_LINK = "https://storage.elite-events.example/private/documents/20261121T081000-0193f1a4?X-Amz-Signature=5f3c1e"
_REASON = "Please send a copy of your first-aid certificate."

APPLY: dict[str, Any] = {
    "full_name": "Wanjiru Kamau",
    "email": "wanjiru@example.com",
    "phone": "0712 345 678",
    "location": "Nairobi",
    "languages": "English, Swahili, Kikuyu",
    "experience_years": "10+",
    "bio": "I have shown friends of friends around Gikomba for ten years.",
    "instagram": "@wanjiru.walks",
    "resume": "(the bytes of cv.pdf)",
    "video_file": "(the bytes of hello.mp4)",
}
ANSWER: dict[str, Any] = {"message": "Here is my certificate.", "documents": ["(the bytes of first-aid.pdf)"]}
APPLIED_ANSWER = APPLIED

_STEPS: list[dict[str, Any]] = [
    {"verb": "submit", "status": "submitted", "at": "2026-11-21T08:10:00Z", "reason": None},
    {"verb": "confirm", "status": "submitted", "at": "2026-11-21T08:12:00Z", "reason": None},
    {"verb": "more_info", "status": "more_info", "at": "2026-11-21T10:00:00Z", "reason": _REASON},
]
_FILES: list[dict[str, Any]] = [
    {"part": "resume", "state": "ready", "refusal": None},
    {"part": "video", "state": "ready", "refusal": None},
]
STATUS: dict[str, Any] = {
    "full_name": "Wanjiru Kamau",
    "email": "wanjiru@example.com",
    "status": "more_info",
    "reason": _REASON,
    "submitted_at": "2026-11-21T08:10:00Z",
    "confirmed_at": "2026-11-21T08:12:00Z",
    "confirm_until": None,
    "can_answer": True,
    "can_accept": False,
    "accepted_at": None,
    "files": _FILES,
    "history": _STEPS,
}
CONFIRMED: dict[str, Any] = STATUS | {
    "status": "submitted",
    "reason": None,
    "can_answer": False,
    "history": _STEPS[:2],
}
ANSWERED: dict[str, Any] = STATUS | {
    "status": "in_review",
    "reason": None,
    "can_answer": False,
    "files": [*_FILES, {"part": "document", "state": "processing", "refusal": None}],
    "history": [
        *_STEPS,
        {"verb": "answer", "status": "in_review", "at": "2026-11-21T12:00:00Z", "reason": "Here is my certificate."},
    ],
}
ACCEPTED: dict[str, Any] = {
    "application": STATUS
    | {
        "status": "approved",
        "reason": None,
        "can_answer": False,
        "accepted_at": "2026-11-22T06:00:00Z",
        "history": [
            *_STEPS[:2],
            {"verb": "approve", "status": "approved", "at": "2026-11-21T15:00:00Z", "reason": None},
            {"verb": "accept", "status": "approved", "at": "2026-11-22T06:00:00Z", "reason": None},
        ],
    },
    "guide": {"id": "0193f1a5-22c3-7d4e-9f50-6b7c8d9e0f1a", "slug": "wanjiru-kamau"},
}
_ITEM: dict[str, Any] = {
    "id": _ID,
    "full_name": "Wanjiru Kamau",
    "email": "wanjiru@example.com",
    "location": "Nairobi",
    "languages": ["English", "Swahili", "Kikuyu"],
    "experience_years": "10+",
    "status": "more_info",
    "submitted_at": "2026-11-21T08:10:00Z",
    "confirmed_at": "2026-11-21T08:12:00Z",
    "changed_at": "2026-11-21T10:00:00Z",
    "accepted_at": None,
}
PAGE = {"items": [_ITEM], "pagination": PAGINATION}
APPLICATION: dict[str, Any] = _ITEM | {
    "phone": "+254712345678",
    "bio": APPLY["bio"],
    "social_emails": None,
    "facebook": None,
    "instagram": "@wanjiru.walks",
    "twitter": None,
    "tiktok": None,
    "youtube": None,
    "locale": "en",
    "user_id": None,
    "reason": _REASON,
    "reviewed_by": _OTIENO,
    "reviewed_at": "2026-11-21T10:00:00Z",
    "licence": None,
    "files": [
        _FILES[0]
        | {
            "id": "0193f1a4-3d4e-7f50-8a61-7c8d9e0f1a2b",
            "content_type": "application/pdf",
            "size": 183_204,
            "url": _LINK,
        },
        _FILES[1]
        | {
            "id": "0193f1a4-4e5f-7061-9b72-8d9e0f1a2b3c",
            "content_type": "video/mp4",
            "size": 31_204_118,
            "url": _LINK.replace("documents", "videos"),
        },
    ],
    "history": [step | {"by": _OTIENO if step["verb"] == "more_info" else None} for step in _STEPS],
}
APPROVED: dict[str, Any] = APPLICATION | {
    "status": "approved",
    "reason": None,
    "reviewed_at": "2026-11-21T15:00:00Z",
    "changed_at": "2026-11-21T15:00:00Z",
    "licence": {"number": "TRA/G/2026/0417", "expires_on": "2027-12-31", "also_held_by": []},
    "history": [
        *APPLICATION["history"][:2],
        {"verb": "approve", "status": "approved", "at": "2026-11-21T15:00:00Z", "reason": None, "by": _OTIENO},
    ],
}
REVIEWS = {
    "approve": {
        "value": {"action": "approve", "licence_number": "TRA/G/2026/0417", "licence_expires_on": "2027-12-31"}
    },
    "more_info": {"value": {"action": "more_info", "reason": _REASON}},
    "reject": {"value": {"action": "reject", "reason": "In Nairobi we have more guides than guests at the moment."}},
    "start": {"value": {"action": "start"}},
}
