"""What is searched, written from the rows that are there all at once, as triggers and jobs would have written it one by one."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor

import psycopg2
import psycopg2.extensions

from domain.searching import BAND_SIZES, LAST_BAND

#: Every document with its band; each of two connections writes its half.
_DOCUMENTS = """
    INSERT INTO search_documents (
        id, kind, vector, quality, rating_average, currency, price_minor, min_guests, max_guests, band)
    SELECT d.*, CASE {bands} ELSE {last} END
    FROM (
        SELECT id, row_number() OVER (ORDER BY search_quality(rating_average, rating_count) DESC, id DESC) AS place
        FROM (SELECT id, rating_average, rating_count FROM listings WHERE kind = 'experience' AND status = 'active'
              UNION ALL SELECT id, rating_average, rating_count FROM guides) everything
    ) known, searchable(known.id) d
    WHERE hashtext(known.id::text) %% 2 = %s OR hashtext(known.id::text) %% 2 = -%s
"""
_WORDS = """
    INSERT INTO search_words (word, stem, document_count)
    SELECT word, array_to_string(tsvector_to_array(to_tsvector('english', word)), ' '), count(*)
    FROM (
        SELECT concat_ws(' ', l.title, l.location, l.summary, l.description) AS words
        FROM listings l JOIN search_documents s ON s.id = l.id
        UNION ALL
        SELECT concat_ws(' ', u.first_name, u.last_name, g.region, array_to_string(g.specializations || g.languages, ' '), g.bio)
        FROM guides g JOIN search_documents s ON s.id = g.id JOIN users u ON u.id = g.user_id
    ) document, search_words_of(search_folded(document.words)) word
    GROUP BY word
"""


_OFFERED = """
    INSERT INTO listing_counts (category, currency, price_step, listings)
    SELECT category, currency, price_step(price_minor), count(*) FROM listings
    WHERE kind = 'experience' AND status = 'active' GROUP BY 1, 2, 3
"""


def fill(connection: psycopg2.extensions.connection) -> None:
    """Documents and words of everything that is there."""
    with connection, connection.cursor() as cursor:
        # What PostgreSQL knows nothing about yet it would read from end to end for each document.
        cursor.execute("ANALYZE listings, guides, users")
        for half in (0, 1):
            cursor.execute(_statement(), (half, half))
        cursor.execute(_WORDS)
        cursor.execute(_OFFERED)


def write_documents(url: str) -> None:
    """Documents of everything, each in its band, and how much is offered."""

    def write(half: int) -> None:
        with psycopg2.connect(url) as connection, connection.cursor() as cursor:
            cursor.execute(_statement(), (half, half))

    with ThreadPoolExecutor(2) as both:
        list(both.map(write, (0, 1)))
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(_OFFERED)


def _statement() -> str:
    ends = list(itertools.accumulate(BAND_SIZES))
    bands = " ".join(f"WHEN place <= {end} THEN {band}" for band, end in enumerate(ends))
    return _DOCUMENTS.format(bands=bands, last=LAST_BAND)
