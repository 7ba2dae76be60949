"""Writing down what was looked at and searched for, and choosing what to show of it: what many look for, without anybody's name.

A day's counts are written as they are, and never added to what is there: writing them twice counts nothing twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from domain.tallies import FEWEST_SEARCHERS, KEPT_DAYS, MOST_POPULAR, POPULAR_DAYS
from models.prepared import Question
from models.searches import PopularSearch, SearchQuery
from models.session import Database

#: Rows that one statement writes at most.
BATCH = 1_000
#: What is no experience any more, or never was, is left out.
_WRITE_VIEWS = text(
    """
    INSERT INTO view_counts AS v (listing_id, viewed_on, view_count)
    SELECT l.id, :day, told.count FROM unnest(CAST(:names AS uuid[]), CAST(:counts AS integer[])) AS told (id, count)
    JOIN listings l ON l.id = told.id ORDER BY l.id
    ON CONFLICT (listing_id, viewed_on) DO UPDATE SET view_count = excluded.view_count
    WHERE v.view_count < excluded.view_count
    """
)
_WRITE_SEARCHES = text(
    """
    INSERT INTO search_queries AS s (searched_on, query, searcher_count)
    SELECT :day, told.query, max(told.count)
    FROM (
        SELECT search_folded(query) AS query, count
        FROM unnest(CAST(:names AS text[]), CAST(:counts AS integer[])) AS given (query, count)
    ) told WHERE told.query <> '' GROUP BY told.query ORDER BY told.query
    ON CONFLICT (searched_on, query) DO UPDATE SET searcher_count = excluded.searcher_count
    WHERE s.searcher_count < excluded.searcher_count
    """
)
#: Whatever holds a word that is in nothing that can be found is nobody else's business: names, numbers, abuse.
_CHOOSE = text(
    """
    INSERT INTO popular_searches (query, searcher_count)
    SELECT query, sum(searcher_count) FROM search_queries s
    WHERE searched_on > :since AND NOT EXISTS (
        SELECT FROM string_to_table(s.query, ' ') AS asked (term)
        WHERE NOT EXISTS (SELECT FROM search_words w WHERE w.word = asked.term))
    GROUP BY query HAVING max(searcher_count) >= :fewest
    ORDER BY sum(searcher_count) DESC, query LIMIT :most
    """
)
_POPULAR = Question(select(PopularSearch.query).order_by(PopularSearch.searcher_count.desc(), PopularSearch.query))


def write_views(session: Session, day: date, views: Mapping[str, int]) -> None:
    """How often each experience was looked at on a day, as far as it is known by now."""
    for names, counts in _batches(views):
        session.execute(_WRITE_VIEWS, {"day": day, "names": names, "counts": counts})


def write_searches(session: Session, day: date, searchers: Mapping[str, int]) -> None:
    """How many searched for what on a day. One searcher's searches are no pattern and are not written."""
    several = {query: count for query, count in searchers.items() if count > 1}
    for names, counts in _batches(several):
        session.execute(_WRITE_SEARCHES, {"day": day, "names": names, "counts": counts})


def choose_popular(session: Session, today: date) -> None:
    """Choose anew what is shown as popular, and forget what is too old to count."""
    session.execute(delete(SearchQuery).where(SearchQuery.searched_on <= today - timedelta(days=KEPT_DAYS)))
    session.execute(delete(PopularSearch))
    since = today - timedelta(days=POPULAR_DAYS)
    session.execute(_CHOOSE, {"since": since, "fewest": FEWEST_SEARCHERS, "most": MOST_POPULAR})


def popular_searches(db: Database) -> list[str]:
    """What many have searched for lately, the most frequent first."""
    return [query for (query,) in db.hot.ask(_POPULAR)]


def _batches(counts: Mapping[str, int]) -> Iterator[tuple[Sequence[str], Sequence[int]]]:
    items: list[Any] = sorted(counts.items())
    for start in range(0, len(items), BATCH):
        names, numbers = zip(*items[start : start + BATCH], strict=True)
        yield list(names), list(numbers)
