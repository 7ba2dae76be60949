"""Experiences as visitors see them, from plain rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from api.answers import money, written
from api.answers.media import full_address
from domain.cancellation import CancellationPolicy, terms_of
from domain.clocks import even_midnight, shown_by_clocks
from domain.money import Money
from domain.weeks import FreeDay
from services.availability.experiences import FreeTimes
from services.catalogue.experiences import Card, Detail
from services.search.by_filters import Found

#: Every time of day as clocks on the wall show it, by the minute.
_CLOCK = [f"{minute // 60:02d}:{minute % 60:02d}" for minute in range(24 * 60)]


def cards(rows: Iterable[str], base: str) -> orjson.Fragment:
    """Experiences in a list; their pictures are under ``base``."""
    return orjson.Fragment(b"[" + b",".join([written_card(row, base) for row in rows]) + b"]")


def found_cards(rows: Iterable[Found], base: str) -> orjson.Fragment:
    """The same with their distances, where a place was asked for."""
    return orjson.Fragment(b"[" + b",".join([_with_distance(row, base) for row in rows]) + b"]")


def _with_distance(row: Found, base: str) -> bytes:
    card = written_card(row.card, base)
    return card if row.distance_km is None else card[:-1] + b',"distance_km":%.2f}' % row.distance_km


@lru_cache(maxsize=4096)
def written_card(row: str, base: str) -> bytes:
    """What a row says follows from its text alone, so it is written once for as long as the row stays as it is."""
    return written(_card(Card.read(row), base))


def _card(row: Card, base: str) -> dict[str, Any]:
    return {
        "id": row.id,
        "slug": row.slug,
        "title": row.title,
        "summary": row.summary,
        "category": row.category,
        "location": row.location,
        "coordinates": coordinates(row.latitude, row.longitude),
        "price": _price(row.price_minor, row.currency),
        "price_per": row.price_per,
        "duration_minutes": row.duration_minutes,
        "min_guests": row.min_guests,
        "max_guests": row.max_guests,
        "is_private": row.is_private,
        "confirmation": row.confirmation,
        "images": [full_address(key, base) for key in row.images],
        "rating_average": row.rating_average,
        "rating_count": row.rating_count,
    }


@lru_cache(maxsize=1024)
def detail(text: str, base: str) -> orjson.Fragment:
    """An experience on its own page. Where exactly to meet is told to those who have booked."""
    return orjson.Fragment(written(_detail(*Detail.read(text), base)))


def _detail(shown: Card, row: Detail, base: str) -> dict[str, Any]:
    return _card(shown, base) | {
        "description": row.description,
        "timezone": row.timezone,
        "tiers": [tier_answer(tier, shown.currency) for tier in row.tiers],
        "capacity": row.capacity,
        "cut_off_hours": row.cut_off_hours,
        "inclusions": row.inclusions,
        "exclusions": row.exclusions,
        "cancellation_policy": policy_answer(CancellationPolicy(row.cancellation_policy)),
        "pictures": [_picture(*picture, base) for picture in row.pictures or ()],
        "guide": {
            "id": row.guide_id,
            "slug": row.guide_slug,
            "name": f"{row.guide_first_name} {row.guide_last_name}".strip(),
            "avatar_url": full_address(row.guide_avatar_url, base) if row.guide_avatar_url else None,
            "bio": row.guide_bio,
            "languages": row.guide_languages or [],
            "rating_average": row.guide_rating_average or 0.0,
            "rating_count": row.guide_rating_count or 0,
        },
    }


def _picture(key: str | None, alt_text: str, variants: Mapping[str, str] | None, base: str) -> dict[str, Any]:
    """A picture in the widths that there are; one of our own is drawn for every width."""
    made = {width: full_address(each, base) for width, each in (variants or {}).items()}
    url = full_address(key, base) if key else made[max(made, key=int)]
    return {"url": url, "alt_text": alt_text, "variants": made}


def availability(free: FreeTimes) -> dict[str, Any]:
    """The free starts of a listing, with their local day and time beside the instant."""
    return {
        "experience_id": free.listing_id,
        "timezone": free.zone.key,
        "from": free.first,
        "to": free.last,
        "guests": free.guests,
        "slots": orjson.Fragment(b"[" + b",".join([slots_of_day(day, free.zone) for day in free.days]) + b"]"),
    }


def slots_of_day(day: FreeDay, zone: ZoneInfo) -> bytes:
    """The slots of a day as JSON, one after the other."""
    return _lasting_day(day, zone) if day.is_lasting else _written_day(day, zone)


def _written_day(day: FreeDay, zone: ZoneInfo) -> bytes:
    midnight = even_midnight(day.day, zone)
    slots = [
        {
            "starts_at": start,
            "ends_at": end,
            "date": day.day,
            "time": _time_shown(start, zone, midnight),
            "seats_free": free,
            "capacity": capacity,
        }
        for start, end, free, capacity in day.slots
    ]
    return written(slots)[1:-1]


def _time_shown(instant: datetime, zone: ZoneInfo, midnight: datetime | None) -> str:
    """What the clocks show, which run evenly since ``midnight`` where there is one."""
    minute = shown_by_clocks(instant, zone)[1] if midnight is None else (instant - midnight).seconds // 60
    return _CLOCK[minute]


#: A day that lasts says the same each time: most of any listing's.
_lasting_day = lru_cache(maxsize=16_384)(_written_day)


def coordinates(latitude: float | None, longitude: float | None) -> dict[str, float] | None:
    return None if latitude is None or longitude is None else {"latitude": latitude, "longitude": longitude}


def tier_answer(tier: Mapping[str, Any], currency: str) -> dict[str, Any]:
    return {"name": tier["name"], "price": _price(tier["price_minor"], currency), "takes_seat": tier["takes_seat"]}


@lru_cache(maxsize=8192)
def _price(minor: int, currency: str) -> dict[str, str]:
    """Not to be changed by whoever gets it."""
    return money(Money(minor, currency))


@lru_cache
def policy_answer(policy: CancellationPolicy) -> dict[str, Any]:
    return {
        "name": policy.value,
        "tiers": [
            {"hours_before": int(before / timedelta(hours=1)), "refund_percent": percent}
            for before, percent in terms_of(policy)
        ],
    }
