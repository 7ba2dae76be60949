"""The one way to search: what was typed becomes words that there are, and those find the best few hundred that have them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    Boolean,
    Select,
    Text,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from domain.listings import Category
from domain.searching import (
    BANDS,
    LONGEST_WORD,
    MOST_MENDED,
    MOST_WORDS,
    SHORTEST_MENDED,
    Sought,
    Term,
    costing,
    in_place,
    property_of,
    sought,
    spellings,
    telling,
)
from models.prepared import HotReads, Question
from models.search import FoundKind, SearchDocument, SearchWord
from services.search.candidates import given, in_band

#: How near a word must come to one that is more than a slip away.
NEAR_ENOUGH = "0.4"
#: The words of a question with what the dictionary makes of them, whether they are known, and their kin.
READ = Question(
    text(
        """
        SELECT asked.word, stems.stems, coalesce(kin.words[1\\:8], '{}') AS words, coalesce(kin.entries, 0) AS entries
        FROM string_to_table(search_folded(CAST(:q AS text)), ' ') WITH ORDINALITY AS asked (word, number),
        LATERAL (SELECT tsvector_to_array(to_tsvector('english', asked.word)) AS stems) stems,
        LATERAL (
            SELECT array_agg(w.word ORDER BY w.document_count DESC, w.word) AS words, sum(w.document_count) AS entries
            FROM search_words w WHERE w.stem = array_to_string(stems.stems, ' ') AND w.stem <> ''
        ) kin
        WHERE asked.word <> '' ORDER BY asked.number LIMIT CAST(:most AS bigint)
        """
    )
)


def _mending() -> Select[Any]:
    """The likeliest word that is one slip away, else the nearest; the very word where it is so new that nobody has counted it."""
    word = given("word", Text)
    says = SearchWord.stem != literal_column("''")
    likely = (SearchWord.document_count.desc(), SearchWord.word)
    slipped = select(SearchWord.word).where(SearchWord.word == func.any(given("spellings", ARRAY(Text))), says)
    begins_alike = (func.left(SearchWord.word, 1) == func.left(word, 1)).desc()
    nearness = func.similarity(SearchWord.word, word)
    near = select(SearchWord.word).where(SearchWord.word.op("%")(word), says, nearness >= literal_column(NEAR_ENOUGH))
    mended = func.coalesce(
        slipped.order_by(begins_alike, *likely).limit(1).scalar_subquery(),
        near.order_by(nearness.desc(), *likely).limit(1).scalar_subquery(),
    )
    says_it = SearchDocument.vector.op("@@", is_comparison=True)(
        func.plainto_tsquery(literal_column("'english'"), word)
    )
    is_there = or_(*(exists().where(in_band(band), says_it) for band in BANDS))
    found = select(case((is_there, word), (given("is_mendable", Boolean), mended)).label("word")).subquery()
    return select(found.c.word).where(found.c.word.is_not(None))


MEND = Question(_mending())
#: The words of a place, each with itself and the likeliest words that begin like it.
PLACE = Question(
    text(
        """
        SELECT ARRAY(
            SELECT asked.word UNION
            (SELECT w.word FROM search_words w WHERE w.word >= asked.word AND w.word < asked.word || chr(1114111)
             ORDER BY w.document_count DESC, w.word LIMIT 20)
        )
        FROM string_to_table(search_folded(CAST(:text AS text)), ' ') WITH ORDINALITY AS asked (word, number)
        WHERE asked.word <> '' ORDER BY asked.number LIMIT CAST(:most AS bigint)
        """
    )
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a search down. Prices are in minor units of ``currency``."""

    kind: FoundKind | None = None
    category: Category | str | None = None
    location: str | None = None
    currency: str | None = None
    min_price_minor: int | None = None
    max_price_minor: int | None = None
    min_rating: float | Decimal | None = None
    guests: int | None = None

    @property
    def is_narrow(self) -> bool:
        """Whether something is asked that has to be looked at closely: no lexeme tells it exactly."""
        bounds = (self.currency, self.min_price_minor, self.max_price_minor, self.min_rating, self.guests)
        return any(bound is not None for bound in bounds)


@dataclass(frozen=True, slots=True)
class Understood:
    """What a search looks for. ``corrected`` is what was typed with its typos mended; None where it was right. Where it has
    no words, nothing can be found."""

    terms: Sequence[Term]
    corrected: str | None = None

    @property
    def words(self) -> frozenset[str]:
        """What is marked in what was found."""
        return frozenset(word for term in telling(self.terms) for word in (term.word, *term.variants))

    @property
    def normal(self) -> str:
        """The search as others may be shown it: words of what can be found, and nothing else."""
        return " ".join(term.word for term in telling(self.terms))


def understand(hot: HotReads, q: str) -> Understood:
    """Read what was typed: known words stay, typos are mended, and what is no word of anything is left out."""
    typed = hot.ask(READ, q=q, most=MOST_WORDS)
    unknown = [word for word, stems, variants, _ in typed if stems and not variants][:MOST_MENDED]
    if not unknown:
        return Understood(_terms(typed))
    # Beyond those that are mended, unknown words find nothing anyway.
    known = {word for word, stems, variants, _ in typed if variants or not stems}
    mended = {word: word for word in known} | {word: _mended(hot, word) for word in unknown}
    words = [word for word in (mended.get(word) for word, *_ in typed) if word]
    if words == [word for word, *_ in typed]:
        return Understood(_terms(typed))
    corrected = " ".join(words)
    return Understood(_terms(hot.ask(READ, q=corrected, most=MOST_WORDS)), corrected or None)


def _terms(rows: Sequence[tuple[str, list[str], list[str], int]]) -> tuple[Term, ...]:
    return tuple(
        dict.fromkeys(
            Term(word, tuple(stems), tuple(variants), int(entries)) for word, stems, variants, entries in rows
        )
    )


def _mended(hot: HotReads, word: str) -> str | None:
    is_mendable = SHORTEST_MENDED <= len(word) <= LONGEST_WORD
    near = spellings(word) if is_mendable else []
    found = hot.ask(MEND, word=word, spellings=near, is_mendable=is_mendable)
    return found[0][0] if found else None


def values_of(hot: HotReads, understood: Understood | None, filters: Filters) -> tuple[Sought, dict[str, Any]]:
    """The question, and the parameters of what :mod:`services.search.candidates` asks."""
    properties = [property_of(filters.kind)] if filters.kind else []
    prices = filters.currency and costing(
        filters.currency, filters.min_price_minor, filters.max_price_minor, filters.category
    )
    if prices or filters.category:
        properties.append(prices or property_of(str(filters.category)))
    if filters.location:
        places = [kin for (kin,) in hot.ask(PLACE, text=filters.location, most=MOST_WORDS)]
        properties.append(in_place(places) if places else property_of("nowhere"))
    if not properties and understood is None:
        properties.append(f"({' | '.join(property_of(kind) for kind in FoundKind)})")
    asked = sought(understood.terms if understood else (), properties)
    return asked, {
        "heads": asked.heads,
        "others": asked.others,
        "few": asked.few,
        "rest": asked.rest,
        "min_rating": filters.min_rating,
        "currency": filters.currency,
        "least": filters.min_price_minor,
        "most": filters.max_price_minor,
        "guests": filters.guests,
    }
