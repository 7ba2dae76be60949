"""What was found, as it goes out: cards as lists show them, with what was searched for marked."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Any

import orjson

from api.answers import experiences, guides
from domain.searching import marked
from models.search import FoundKind
from models.searches import OwnSearch
from services.catalogue.experiences import Card
from services.catalogue.guides import GuideCard
from services.search.by_words import Hit
from services.search.suggesting import Suggestion

#: Letters of a title and of a text that a hit shows.
LONGEST_TITLE, LONGEST_TEXT = 300, 200


def hits(found: Iterable[Hit], words: Collection[str] | None, base: str) -> list[dict[str, Any]]:
    """What was found; ``words`` are marked in it, None where nothing was typed."""
    return [_hit(hit, words, base) for hit in found]


def suggestions(found: Iterable[Suggestion]) -> dict[str, Any]:
    return {"items": [{"type": one.kind, "text": one.text, "id": one.id, "slug": one.slug} for one in found]}


def own_search(own: OwnSearch) -> dict[str, Any]:
    return {"query": own.query, "searched_at": own.searched_at}


def _hit(hit: Hit, words: Collection[str] | None, base: str) -> dict[str, Any]:
    is_experience = hit.kind is FoundKind.EXPERIENCE
    card = orjson.Fragment((experiences if is_experience else guides).written_card(hit.row, base))
    return {
        "type": hit.kind,
        "experience": card if is_experience else None,
        "guide": None if is_experience else card,
        "highlights": None if words is None else _highlights(hit, words),
    }


def _highlights(hit: Hit, words: Collection[str]) -> dict[str, str]:
    title, text = _texts(hit.row, hit.kind is FoundKind.EXPERIENCE)
    return {"title": marked(title, words, LONGEST_TITLE), "text": marked(text, words, LONGEST_TEXT)}


@lru_cache(maxsize=4096)
def _texts(row: str, is_experience: bool) -> tuple[str, str]:
    """What words are marked in: like the card, it follows from the row alone."""
    if is_experience:
        card = Card.read(row)
        return card.title, card.summary
    guide = GuideCard.read(row)
    return f"{guide.first_name} {guide.last_name}".strip(), guide.bio
