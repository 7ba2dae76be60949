"""What searching and listing cost as the catalogue grows: the same kinds of questions of a small and of a large one, in turns.

    ./elite bench scale [10000 1000000] [--asked 300]

Each question is another one, chosen by how often its words are used in that catalogue: common and middling words by their rank,
rare ones by how many documents have them, so that they find about as much in either. The rarest third of the words is asked for,
too: of ten thousand such a word finds one, of a million a page. Times are those of the use case, which is asked in this process:
over HTTP the same is added to both, and the ratio would be kinder.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

import psycopg2
from alembic import command

from domain.listings import Category
from models.search import FoundKind
from models.session import Database
from ops.terminal import Terminal
from services.catalogue.experiences import get_listing
from services.catalogue.lists import Totals
from services.pages import Window
from services.search.by_filters import ListingQuery, find_listings
from services.search.by_words import search
from services.search.matching import Filters
from services.search.suggesting import suggest
from settings import normalise_database_url
from tests.bench import scale_data
from tests.bench.data import SEED, TOWNS
from tests.bench.servers import ROOT
from tests.support.database import alembic_config

#: Of the specification: p95 of the largest over that of the smallest.
BAR = 2.0
#: In so many documents is a word that is called rare.
FEW = (20, 100)
HEADS = ("asked", "p50 ms", "p95 ms", "ratio of p95", "bar")
Ask = Callable[[], object]


@dataclass(slots=True)
class Catalogue:
    """One size: its database, its words by how often they are used, those that few documents have, and the times of what was
    asked."""

    size: int
    db: Database
    words: list[str]
    rare: list[str]
    listings: list[str]
    times: dict[str, list[float]] = field(default_factory=dict)

    def percentile(self, name: str, part: int) -> float:
        return statistics.quantiles(self.times[name], n=100, method="inclusive")[part - 1]


def main(options: argparse.Namespace) -> int:
    """Make the catalogues, ask, and print."""
    terminal = Terminal()
    catalogues = []
    for size in options.sizes:
        with terminal.step(f"{size:,} experiences"):
            url = made(os.environ["DATABASE_URL"], size)
            catalogues.append(opened(url, size))
    with terminal.step("Questions, in turns"):
        measure(catalogues, options.asked)
    pool(catalogues)
    terminal.gap()
    terminal.table([HEADS, *rows(catalogues)])
    path = ROOT / f".state/bench/scale-{datetime.now():%Y%m%d-%H%M%S}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    record = {str(one.size): one.times for one in catalogues}
    path.write_text(json.dumps({"load_average": os.getloadavg(), "ms": record}))
    terminal.line(f"{options.asked} of each; the whole record is {path}")
    return 0


def made(server: str, size: int) -> str:
    """A database with so many experiences, beside the one that ``server`` names."""
    name = f"scale_{size}"
    connection = psycopg2.connect(server)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    connection.close()
    url = f"{server.rpartition('/')[0]}/{name}"
    command.upgrade(alembic_config(normalise_database_url(url)), "head")
    scale_data.fill(url, size)
    return url


def opened(url: str, size: int) -> Catalogue:
    """A catalogue to be asked."""
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT word, document_count FROM search_words WHERE stem <> '' ORDER BY document_count DESC, word"
        )
        counted = cursor.fetchall()
        words, rare = [word for word, _ in counted], [word for word, count in counted if FEW[0] <= count <= FEW[1]]
        cursor.execute("SELECT id::text FROM listings ORDER BY id LIMIT 100000")
        listings = [id_ for (id_,) in cursor.fetchall()]
    return Catalogue(
        size, Database(normalise_database_url(url), pool_size=2, name="bench scale"), words, rare, listings
    )


def measure(catalogues: list[Catalogue], asked: int) -> None:
    """Every kind of question of every catalogue in turn, so that what else the machine does hits all."""
    streams = [{name: _warm(one, make) for name, make in QUESTIONS.items()} for one in catalogues]
    for _ in range(asked):
        for name in QUESTIONS:
            for one, stream in zip(catalogues, streams, strict=True):
                ask = next(stream[name])
                begun = time.perf_counter()
                ask()
                one.times.setdefault(name, []).append(1_000 * (time.perf_counter() - begun))


def rows(catalogues: list[Catalogue]) -> Iterator[tuple[str, ...]]:
    small, large = catalogues[0], catalogues[-1]
    for name in small.times:
        medians, slowest = ([f"{one.percentile(name, part):.2f}" for one in catalogues] for part in (50, 95))
        ratio = large.percentile(name, 95) / small.percentile(name, 95)
        yield name, " : ".join(medians), " : ".join(slowest), f"{ratio:.2f} ×", "met" if ratio <= BAR else "missed"


def pool(catalogues: list[Catalogue]) -> None:
    """All kinds of search as one more kind: what the specification says of searching."""
    for one in catalogues:
        one.times["all searches"] = [time for name in QUESTIONS if name not in _NO_SEARCHES for time in one.times[name]]


def _warm(one: Catalogue, make: Callable[[Catalogue, random.Random], Ask]) -> Iterator[Ask]:
    """Questions without end; the first ones, which plan, are asked here and not counted."""
    chance = random.Random(SEED)
    for _ in range(12):
        make(one, chance)()

    def endless() -> Iterator[Ask]:
        while True:
            yield make(one, chance)

    return endless()


def _search(one: Catalogue, q: str | None, window: Window = Window(), **filters: object) -> Ask:  # noqa: B008
    return lambda: search(one.db, q, Filters(**filters), window)


def _common(one: Catalogue, chance: random.Random) -> str:
    return chance.choice(one.words[:40])


def _middling(one: Catalogue, chance: random.Random) -> str:
    return chance.choice(one.words[200:3_000])


def _rare(one: Catalogue, chance: random.Random) -> str:
    return chance.choice(one.rare)


def _rarest(one: Catalogue, chance: random.Random) -> str:
    return chance.choice(one.words[-len(one.words) // 3 :])


def _typo(word: str, chance: random.Random) -> str:
    at = chance.randrange(len(word) - 1)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _town(chance: random.Random) -> str:
    return chance.choice(TOWNS).split(",")[0]


def _priced(chance: random.Random) -> Mapping[str, object]:
    least = chance.randrange(1_000, 20_000)
    return {"currency": "KES", "min_price_minor": least * 100, "max_price_minor": 2 * least * 100}


def _list(one: Catalogue, chance: random.Random) -> Ask:
    filters = {"category": chance.choice(list(Category)).value, **(_priced(chance) if chance.random() < 0.5 else {})}
    return _listed(one, ListingQuery(**filters, sort=chance.choice(("rating", "price", "-price", "newest"))))


def _listed(one: Catalogue, query: ListingQuery) -> Ask:
    # A new one does not know what was counted a moment ago, so every count is counted.
    return lambda: find_listings(one.db, Totals(), query, Window())


QUESTIONS: Mapping[str, Callable[[Catalogue, random.Random], Ask]] = {
    "rare word": lambda one, chance: _search(one, _rare(one, chance)),
    "middling word": lambda one, chance: _search(one, _middling(one, chance)),
    "common word": lambda one, chance: _search(one, _common(one, chance)),
    "two common words": lambda one, chance: _search(one, f"{_common(one, chance)} {_common(one, chance)}"),
    "common and middling": lambda one, chance: _search(one, f"{_common(one, chance)} {_middling(one, chance)}"),
    "common and rare": lambda one, chance: _search(one, f"{_common(one, chance)} {_rare(one, chance)}"),
    "one of the rarest": lambda one, chance: _search(one, _rarest(one, chance)),
    "common and one of the rarest": lambda one, chance: _search(one, f"{_common(one, chance)} {_rarest(one, chance)}"),
    "typo": lambda one, chance: _search(one, f"{_typo(_middling(one, chance), chance)} {_common(one, chance)}"),
    "word with category and price": lambda one, chance: _search(
        one, _common(one, chance), category=chance.choice(list(Category)), **_priced(chance)
    ),
    "word with rating": lambda one, chance: _search(one, _common(one, chance), min_rating=chance.choice((4, 4.5, 4.8))),
    "word among guides": lambda one, chance: _search(one, _common(one, chance), kind=FoundKind.GUIDE),
    "location alone": lambda one, chance: _search(one, None, location=_town(chance)),
    "word in a location": lambda one, chance: _search(one, _common(one, chance), location=_town(chance)),
    "filters alone": lambda one, chance: _search(one, None, category=chance.choice(list(Category)), **_priced(chance)),
    "deep page": lambda one, chance: _search(one, _common(one, chance), Window(20, chance.randrange(120, 180))),
    "suggest": lambda one, chance: partial(suggest, one.db, _middling(one, chance)[: chance.randint(2, 5)]),
    "suggest, two words": lambda one, chance: partial(
        suggest, one.db, f"{_common(one, chance)} {_common(one, chance)[:2]}"
    ),
    "list by words": lambda one, chance: _listed(one, ListingQuery(q=_common(one, chance), sort="price")),
    "list": _list,
    "detail": lambda one, chance: partial(get_listing, one.db, chance.choice(one.listings)),
}
_NO_SEARCHES = frozenset({"suggest", "suggest, two words", "list by words", "list", "detail"})
