"""Guides as visitors meet them, from plain rows, and as they see themselves."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import orjson

from api.answers import written
from api.answers.experiences import cards as experience_cards
from api.answers.licences import licence_answer, sent_answer
from api.answers.media import full_address
from services.catalogue.guides import SUMMARY_LENGTH, GuideCard, GuideProfile
from services.guides.profiles import OwnProfile


def cards(rows: Iterable[str], base: str) -> orjson.Fragment:
    """Guides in a list; their pictures are under ``base``."""
    return orjson.Fragment(b"[" + b",".join([written_card(row, base) for row in rows]) + b"]")


@lru_cache(maxsize=1024)
def written_card(row: str, base: str) -> bytes:
    """What a row says follows from its text alone, so it is written once for as long as the row stays as it is."""
    return written(_card(GuideCard.read(row), base))


@lru_cache(maxsize=512)
def profile(text: str, base: str) -> orjson.Fragment:
    """A guide's own page."""
    shown = GuideProfile.read(text)
    page = _card(shown.card, base) | {
        "bio": shown.card.bio,
        "experiences": experience_cards(shown.experiences, base),
        "reviews_url": f"/api/reviews/guide/{shown.card.slug}",
    }
    return orjson.Fragment(written(page))


def own_profile(own: OwnProfile, base: str) -> dict[str, Any]:
    """A guide's profile as they see it themselves."""
    user, guide = own.user, own.guide
    return {
        "id": guide.id,
        "user_id": user.id,
        "slug": guide.slug,
        "name": user.full_name,
        "avatar_url": full_address(user.avatar_url, base) if user.avatar_url else None,
        "summary": _beginning(guide.bio),
        "bio": guide.bio,
        "region": guide.region,
        "languages": guide.languages,
        "specializations": guide.specializations,
        "years_experience": guide.years_experience,
        "is_licensed": own.is_licensed,
        "rating_average": float(guide.rating_average),
        "rating_count": guide.rating_count,
        "experience_count": own.offered,
        "licence": licence_answer(guide, own.today) | {"sent": sent_answer(own.sent) if own.sent else None},
        "missing": own.missing,
        "listings": own.listings,
        "not_offered_because": sorted(own.obstacles),
        "created_at": guide.created_at,
    }


def _card(row: GuideCard, base: str) -> dict[str, Any]:
    return {
        "id": row.id,
        "slug": row.slug,
        "name": f"{row.first_name} {row.last_name}".strip(),
        "avatar_url": full_address(row.avatar_url, base) if row.avatar_url else None,
        "summary": _beginning(row.bio),
        "region": row.region,
        "languages": row.languages,
        "specializations": row.specializations,
        "years_experience": row.years_experience,
        "is_licensed": row.is_licensed,
        "rating_average": row.rating_average,
        "rating_count": row.rating_count,
        "experience_count": row.experience_count,
    }


def _beginning(bio: str) -> str:
    return textwrap.shorten(bio, SUMMARY_LENGTH, placeholder="…")
