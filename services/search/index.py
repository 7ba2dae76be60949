"""Keeping what is searched apart from it in order: the words that there are, and who stands in which band."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Text, delete, func, select, text, true, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from domain.jobs import JobKind
from domain.searching import BAND_SIZES, BANDS, LAST_BAND
from models.search import CountedDocument, SearchDocument, SearchWord, UncountedDocument
from services.context import Context

#: Documents that one transaction counts, or moves, at most.
BATCH = 500
#: Every distinct word of a document, as people read it; what narrows a search down is no word.
_WORDS = text(
    """
    SELECT d.id, (SELECT coalesce(array_agg(word ORDER BY word), '{}') FROM search_words_of(search_folded(d.words)) word)
    FROM (
        SELECT l.id, concat_ws(' ', l.title, l.location, l.summary, l.description) AS words
        FROM listings l JOIN search_documents s ON s.id = l.id WHERE l.id = ANY(:ids)
        UNION ALL
        SELECT g.id, concat_ws(' ', u.first_name, u.last_name, g.region, array_to_string(g.specializations || g.languages, ' '),
            g.bio)
        FROM guides g JOIN search_documents s ON s.id = g.id JOIN users u ON u.id = g.user_id WHERE g.id = ANY(:ids)
    ) d
    """
)


def note_listing(session: Session, ctx: Context, listing_id: uuid.UUID, now: datetime) -> None:
    """The words of a listing, or whether it is offered, have changed: have them counted soon."""
    _note(session, ctx, listing_id, now)


def note_guide(session: Session, ctx: Context, guide_id: uuid.UUID, now: datetime) -> None:
    """The words of a guide's profile, their name, or whether they are shown, have changed: have them counted soon."""
    _note(session, ctx, guide_id, now)


def _note(session: Session, ctx: Context, document_id: uuid.UUID, now: datetime) -> None:
    # What is found is right already, by triggers; this makes new words known at once and not only at the next tick.
    ctx.enqueue(session, JobKind.COUNT_WORDS, f"count_words:{document_id}:{now.isoformat()}", {}, now=now)


def count_words(session: Session) -> bool:
    """Count the words of some documents that have changed; whether there may be more. The caller has the turn, so nobody
    else counts at the same time."""
    some = select(UncountedDocument.document_id).order_by(UncountedDocument.document_id).limit(BATCH)
    taken = delete(UncountedDocument).where(UncountedDocument.document_id.in_(some))
    ids = session.scalars(
        taken.returning(UncountedDocument.document_id), execution_options={"synchronize_session": False}
    ).all()
    if not ids:
        return False
    have: dict[uuid.UUID, list[str]] = dict(session.execute(_WORDS, {"ids": list(ids)}).all())
    counted = select(CountedDocument.document_id, CountedDocument.words).where(CountedDocument.document_id.in_(ids))
    had = dict(session.execute(counted).all())
    _remember(session, have, [id_ for id_ in had if id_ not in have])
    _add(session, _difference(had, have))
    return len(ids) == BATCH


def _difference(had: Mapping[uuid.UUID, list[str]], have: Mapping[uuid.UUID, list[str]]) -> dict[str, int]:
    more: Counter[str] = Counter()
    for id_ in had.keys() | have.keys():
        before, after = set(had.get(id_, ())), set(have.get(id_, ()))
        more.update(after - before)
        more.subtract(before - after)
    return {word: count for word, count in more.items() if count}


def _remember(session: Session, have: Mapping[uuid.UUID, list[str]], gone: Sequence[uuid.UUID]) -> None:
    if have:
        rows = [{"document_id": id_, "words": words} for id_, words in have.items()]
        added = insert(CountedDocument).values(rows)
        session.execute(
            added.on_conflict_do_update(index_elements=["document_id"], set_={"words": added.excluded.words})
        )
    session.execute(delete(CountedDocument).where(CountedDocument.document_id.in_(gone)))


def _add(session: Session, more: Mapping[str, int]) -> None:
    """Words that nobody says any more are forgotten: some of them were names."""
    if not more:
        return
    words, counts = list(more), list(more.values())
    changed = select(func.unnest(words, type_=Text).label("word"), func.unnest(counts).label("more")).subquery()
    stem = func.array_to_string(func.tsvector_to_array(func.to_tsvector("english", changed.c.word)), " ")
    rows = insert(SearchWord).from_select(
        ["word", "stem", "document_count"], select(changed.c.word, stem, changed.c.more)
    )
    total = SearchWord.document_count + rows.excluded.document_count
    session.execute(rows.on_conflict_do_update(index_elements=["word"], set_={"document_count": total}))
    fewer = [word for word, count in more.items() if count < 0]
    session.execute(delete(SearchWord).where(SearchWord.word.in_(fewer), SearchWord.document_count <= 0))


def rank_documents(session: Session) -> bool:
    """Move some documents into the bands that they belong to; whether there may be more. They are found by the borders alone,
    so this costs what has moved."""
    borders = [_border(session, sum(BAND_SIZES[: band + 1])) for band in range(LAST_BAND)]
    place = tuple_(SearchDocument.quality, SearchDocument.id)
    full = False
    for target in BANDS:
        above = borders[target - 1] if target else None
        if target and above is None:
            break
        best = place < tuple_(*above) if above else true()
        worst = place >= tuple_(*borders[target]) if target < LAST_BAND and borders[target] else true()
        for band in BANDS:
            if band != target:
                full |= _move(session, SearchDocument.band == band, best, worst, to=target)
    return full


def _border(session: Session, size: int) -> tuple[int, uuid.UUID] | None:
    """The last of the best ``size``; None where there are no more than that."""
    best = select(SearchDocument.quality, SearchDocument.id)
    ordered = best.order_by(SearchDocument.quality.desc(), SearchDocument.id.desc())
    rows = session.execute(ordered.offset(size - 1).limit(2)).all()
    return (rows[0].quality, rows[0].id) if len(rows) == 2 else None


def _move(session: Session, *misplaced: ColumnElement[bool], to: int) -> bool:
    """Rows that somebody is changing at this moment have their turn the next time."""
    some = select(SearchDocument.id).where(*misplaced).limit(BATCH)
    ids = session.scalars(some.with_for_update(skip_locked=True)).all()
    moved = update(SearchDocument).where(SearchDocument.id.in_(ids)).values(band=to)
    session.execute(moved, execution_options={"synchronize_session": False})
    return len(ids) == BATCH
