"""Catalogues of any size whose words are used as people use them: few all the time, most hardly ever (Zipf)."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import psycopg2

from domain.cancellation import CancellationPolicy
from domain.listings import Category
from tests.bench import search_data
from tests.bench.data import LISTINGS_A_GUIDE, SEED, TOWNS, copy, id_of

#: Words that are taken up one after the other as a catalogue grows, the most used first.
VOCABULARY = 120_000
CHUNK = 20_000
_KNOWN = (
    *("safari", "walk", "food", "tour", "beach", "night", "market", "forest", "village", "lake", "sunset", "dhow"),
    *(
        "coffee",
        "tea",
        "hike",
        "ridge",
        "museum",
        "story",
        "drum",
        "dance",
        "cooking",
        "class",
        "river",
        "camel",
        "bird",
    ),
    *(
        "reef",
        "snorkel",
        "crater",
        "waterfall",
        "pottery",
        "weaving",
        "cycle",
        "karibu",
        "chakula",
        "matembezi",
        "nyama",
    ),
)
_SYLLABLES = (
    *("ka", "ma", "ni", "wa", "ro", "bi", "tu", "le", "sha", "ngo", "mwe", "chi", "do", "ha", "ki", "lo", "mba", "ndi"),
    *("pe", "ri", "su", "ta", "vu", "ya", "za", "stra", "ment", "ing", "er", "tion", "al", "ent", "port", "con", "re"),
)
_NAMES = (
    "Amina",
    "Kamau",
    "Wanjiru",
    "Otieno",
    "Achieng",
    "Mwangi",
    "Njeri",
    "Baraka",
    "Zawadi",
    "Juma",
    "Chebet",
    "Kiptoo",
)
_INDEXED = ("listings", "search_documents", "search_words", "guides", "users")
_LISTING = (
    *("id", "host_id", "resource_id", "title", "slug", "summary", "description", "category", "location", "latitude"),
    *("longitude", "price_minor", "currency", "duration_minutes", "max_guests", "capacity", "meeting_point", "status"),
    *("cancellation_policy", "rating_average", "rating_count", "images"),
)


def vocabulary() -> list[str]:
    """Words in the order of their use."""
    chance, words = random.Random(SEED), dict.fromkeys(_KNOWN)
    while len(words) < VOCABULARY:
        words["".join(chance.choices(_SYLLABLES, k=chance.choice((2, 2, 3, 3, 4))))] = None
    return list(words)


def fill(url: str, experiences: int) -> None:
    """Fill an empty, migrated database: rows first, indexes afterwards, and nothing but what searching and lists read."""
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica; SET maintenance_work_mem = '512MB'")
        rebuilt = _without_indexes(cursor)
        counts: Counter[str] = Counter()
        for table, columns, rows in _tables(experiences, counts):
            copy(cursor, table, columns, rows)
        cursor.execute("CREATE TEMP TABLE words (word text, count integer)")
        copy(cursor, "words", ("word", "count"), counts.items())
        cursor.execute(
            "INSERT INTO search_words SELECT word, array_to_string(tsvector_to_array(to_tsvector('english', word)), ' '), count"
            " FROM words ORDER BY random()"
        )
    search_data.write_documents(url)
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for statement in rebuilt:
            cursor.execute(statement)
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    connection.close()


def _without_indexes(cursor: Any) -> list[str]:
    """Take away what is built faster at the end; what builds it again."""
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) AND indexname NOT LIKE 'pk%%'"
        " AND indexname NOT LIKE 'uq%%' ORDER BY indexname",
        (list(_INDEXED),),
    )
    found = cursor.fetchall()
    for name, _ in found:
        cursor.execute(f"DROP INDEX {name}")
    return [definition for _, definition in found]


def _tables(experiences: int, counts: Counter[str]) -> Iterator[tuple[str, Sequence[str], Sequence[Sequence[Any]]]]:
    chance = random.Random(SEED)
    words = vocabulary()
    weights = list(itertools.accumulate(1 / (rank + 2.7) for rank in range(len(words))))
    guides = max(experiences // LISTINGS_A_GUIDE, 1)
    for first in range(0, guides, CHUNK):
        some = range(first, min(first + CHUNK, guides))
        named = [(id_of(2, n), chance.choice(_NAMES), f"{chance.choice(_NAMES)}{chance.randrange(500)}") for n in some]
        yield (
            "users",
            ("id", "first_name", "last_name", "roles", "status"),
            [(*one, "{tourist,guide}", "active") for one in named],
        )
        told = [" ".join(chance.choices(words, cum_weights=weights, k=20)) for _ in some]
        yield (
            "guides",
            ("id", "user_id", "slug", "bio", "region", "rating_average", "rating_count"),
            [
                (
                    id_of(1, n),
                    id_of(2, n),
                    f"guide-{n}",
                    bio,
                    "Kenya",
                    f"{chance.uniform(3, 5):.2f}",
                    int(chance.expovariate(0.02)),
                )
                for n, bio in zip(some, told, strict=True)
            ],
        )
        yield "resources", ("id", "kind", "user_id"), [(id_of(3, n), "person", id_of(2, n)) for n in some]
        for one, bio in zip(named, told, strict=True):
            counts.update({*bio.split(), one[1].lower(), one[2].lower(), "kenya"})
    for first in range(0, experiences, CHUNK):
        rows = []
        for n in range(first, min(first + CHUNK, experiences)):
            used = chance.choices(words, cum_weights=weights, k=66)
            place, guide, most = chance.choice(TOWNS), n // LISTINGS_A_GUIDE % guides, chance.choice((4, 6, 8, 12))
            counts.update({*used, *place.lower().replace(",", " ").replace("'", "").split()})
            rows.append(
                (
                    *(id_of(4, n), id_of(2, guide), id_of(3, guide), " ".join(used[:4]).capitalize(), f"listing-{n}"),
                    *(" ".join(used[4:16]), " ".join(used[16:]), chance.choice(list(Category)).value, place),
                    *(f"{chance.uniform(-4.6, 4.6):.6f}", f"{chance.uniform(34, 41):.6f}"),
                    *(int(chance.lognormvariate(8, 0.8)) * 100, "USD" if chance.random() < 0.05 else "KES"),
                    *(chance.choice((60, 120, 180, 300)), most, most + 2, "At the gate", "active"),
                    *(chance.choice(list(CancellationPolicy)).value, f"{chance.uniform(2.5, 5):.2f}"),
                    *(int(chance.expovariate(0.02)), f"{{https://images.example/{n}.webp}}"),
                )
            )
        yield "listings", _LISTING, rows
