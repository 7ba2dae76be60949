"""The catalogue that the benchmarks run on: always the same rows for the same size, written by COPY within seconds."""

from __future__ import annotations

import csv
import io
import json
import random
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from time import sleep
from typing import Any
from zoneinfo import ZoneInfo

import psycopg2.extensions

from domain.cancellation import CancellationPolicy
from domain.clocks import local_instant
from domain.listings import Category
from tests.bench import search_data

SEED = 20_261_121
EXPERIENCES, TRAVELLERS = 20_000, 6_000
LISTINGS_A_GUIDE = 10
NAIROBI = ZoneInfo("Africa/Nairobi")
TOWNS = (
    *("Nairobi", "Karen, Nairobi", "Westlands, Nairobi", "Mombasa Old Town", "Nyali, Mombasa", "Diani Beach", "Kilifi"),
    *("Malindi", "Watamu", "Lamu Town", "Shela, Lamu", "Kisumu", "Homa Bay", "Kakamega Forest", "Eldoret", "Iten"),
    *("Nakuru", "Naivasha", "Hell's Gate", "Lake Bogoria", "Lake Baringo", "Nyeri", "Nanyuki", "Mount Kenya", "Meru"),
    *("Samburu", "Isiolo", "Amboseli", "Tsavo West", "Taita Hills", "Machakos", "Maasai Mara", "Narok", "Kericho"),
)
WORDS = (
    *("street", "food", "walk", "market", "dawn", "forest", "hike", "dhow", "sunset", "sail", "tea", "farm", "coffee"),
    *(
        "lake",
        "bird",
        "safari",
        "night",
        "jazz",
        "drum",
        "dance",
        "story",
        "village",
        "cooking",
        "class",
        "reef",
        "run",
    ),
    *("snorkel", "river", "camel", "ridge", "waterfall", "crater", "museum", "art", "pottery", "weaving", "cycle"),
)
#: Windows of a body's week; the second of them gives two turns a day, so that slots have to be computed, and the last ends on
#: the next day.
_WINDOWS = (
    ((time(8), time(18)),),
    ((time(8), time(12)), (time(13), time(19))),
    ((time(6, 30), time(20)),),
    ((time(18), time(2)),),
)
_DURATIONS = (60, 90, 120, 180, 240, 300)
#: The tables that the benchmarks read, and how often they are vacuumed before we give up.
_READ, SETTLING_TRIES = (
    (
        *("listings", "listing_images", "users", "guides", "schedule_rules", "availability_calendar", "departures"),
        *("search_documents", "search_words"),
    ),
    60,
)
#: Departures are within so many days; bookings of the benchmark lie beyond them.
BUSY_DAYS, FIRST_FREE_DAY, LAST_FREE_DAY = 30, 40, 100


class NotSettled(Exception):
    """The rows are there and cannot be measured on."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What load can be made of: every listing's id, and starts of distinct bodies that are free for two."""

    listings: tuple[uuid.UUID, ...]
    starts: tuple[tuple[uuid.UUID, datetime], ...]
    travellers: tuple[tuple[uuid.UUID, uuid.UUID], ...]


def load(connection: psycopg2.extensions.connection, experiences: int, travellers: int, today: date) -> Catalogue:
    """Fill an empty, migrated database and hand out what is in it. Departures lie around ``today``."""
    maker = _Maker(experiences, travellers, today)
    with connection, connection.cursor() as cursor:
        # Triggers write what is searched row by row; all at once it takes a third of the time.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table, columns, rows in maker.tables():
            copy(cursor, table, columns, rows)
    search_data.fill(connection)
    connection.autocommit = True
    with connection.cursor() as cursor:
        _settle(cursor)
    return maker.catalogue()


def _settle(cursor: Any) -> None:
    """Vacuum until PostgreSQL knows that everybody sees every row, which any open transaction delays: before that, reading
    from an index alone visits the table as well, at ten times the cost. Raises :class:`NotSettled`."""
    for _ in range(SETTLING_TRIES):
        cursor.execute("VACUUM ANALYZE")
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE relname = ANY(%s) AND relallvisible < relpages", (list(_READ),)
        )
        if not cursor.fetchone()[0]:
            return
        sleep(0.5)
    raise NotSettled("An open transaction keeps VACUUM from marking the rows as seen by everybody.")


class _Maker:
    def __init__(self, experiences: int, travellers: int, today: date):
        self._random = random.Random(SEED)
        self._today = today
        self._guides = [self._guide(number) for number in range(max(experiences // LISTINGS_A_GUIDE, 1))]
        self._listings = [self._listing(number) for number in range(experiences)]
        self._travellers = [(id_of(5, number), id_of(6, number)) for number in range(travellers)]

    def tables(self) -> Iterable[tuple[str, Sequence[str], Iterable[Sequence[Any]]]]:
        """Name, columns and rows of each table, in the order of their foreign keys."""
        people = [(guide["user"], *guide["name"], "{tourist,guide}", "active") for guide in self._guides]
        people += [
            (user, "Amina", f"Otieno {n}", "{tourist}", "active") for n, (user, _) in enumerate(self._travellers)
        ]
        yield "users", ("id", "first_name", "last_name", "roles", "status"), people
        yield (
            "sessions",
            ("id", "user_id", "token_hash", "rotated_at", "expires_at"),
            ((live, user, str(live), "2026-01-01Z", "2126-01-01Z") for user, live in self._travellers),
        )
        yield (
            "guides",
            ("id", "user_id", "slug", "bio", "region", "languages", "rating_average", "rating_count"),
            (
                (g["id"], g["user"], g["slug"], self._prose(30), "Kenya", "{en,sw}", g["rating"], 40)
                for g in self._guides
            ),
        )
        yield "resources", ("id", "kind", "user_id"), ((g["body"], "person", g["user"]) for g in self._guides)
        yield "listings", tuple(self._listings[0]), (tuple(listing.values()) for listing in self._listings)
        yield (
            "listing_images",
            ("id", "listing_id", "position", "key", "alt_text"),
            (
                (
                    id_of(10, 3 * number + n),
                    each["id"],
                    n + 1,
                    f"https://images.example/{number}/{n}.webp",
                    each["title"],
                )
                for number, each in enumerate(self._listings)
                for n in range(3)
            ),
        )
        yield "schedule_rules", ("id", "resource_id", "weekday", "start_time", "end_time"), self._rules()
        yield (
            "availability_calendar",
            ("id", "resource_id", "on_date", "start_time", "end_time", "is_available"),
            self._exceptions(),
        )
        yield (
            "departures",
            ("id", "listing_id", "resource_id", "during", "capacity", "seats_taken"),
            self._departures(),
        )

    def catalogue(self) -> Catalogue:
        """Starts in an order that never names one body twice on a day."""
        shuffled = random.Random(SEED)
        starts = []
        for number in range(FIRST_FREE_DAY, LAST_FREE_DAY):
            day = self._today + timedelta(days=number)
            for guide in self._guides:
                listing = shuffled.choice(guide["listings"])
                starts.append((listing["id"], local_instant(day, _first_start(guide, listing), NAIROBI)))
        shuffled.shuffle(starts)
        return Catalogue(tuple(each["id"] for each in self._listings), tuple(starts), tuple(self._travellers))

    def _guide(self, number: int) -> dict[str, Any]:
        return {
            "id": id_of(1, number),
            "user": id_of(2, number),
            "body": id_of(3, number),
            "slug": f"guide-{number}",
            "name": ("Kamau", f"Njoroge {number}"),
            "rating": f"{self._random.uniform(3, 5):.2f}",
            "windows": self._random.choice(_WINDOWS),
            "listings": [],
        }

    def _listing(self, number: int) -> dict[str, Any]:
        chance, guide = self._random, self._guides[number // LISTINGS_A_GUIDE % len(self._guides)]
        title = " ".join(chance.sample(WORDS, 3)).capitalize()
        most = chance.choice((4, 6, 8, 10, 12))
        listing = {
            "id": id_of(4, number),
            "host_id": guide["user"],
            "resource_id": guide["body"],
            "title": title,
            "slug": f"{title.lower().replace(' ', '-')}-{number}",
            "summary": self._prose(14).capitalize(),
            "description": self._prose(90),
            "category": chance.choice(list(Category)).value,
            "location": chance.choice(TOWNS),
            "latitude": f"{chance.uniform(-4.6, 4.6):.6f}",
            "longitude": f"{chance.uniform(34, 41):.6f}",
            "price_minor": chance.randrange(500, 25_000, 50) * 100,
            "currency": "USD" if chance.random() < 0.05 else "KES",
            "price_per": "group" if chance.random() < 0.1 else "person",
            "tiers": json.dumps(
                [{"name": name, "price_minor": 150_000, "takes_seat": True} for name in ("adult", "child")]
                if chance.random() < 0.3
                else []
            ),
            "duration_minutes": chance.choice(_DURATIONS),
            "min_guests": 1 if chance.random() < 0.8 else 2,
            "max_guests": most,
            "capacity": most + 2,
            "buffer_minutes": chance.choice((0, 0, 30)),
            "inclusions": "{Guide,Water,Transfers}",
            "exclusions": "{Tips}",
            "meeting_point": "At the gate",
            "images": "{" + ",".join(f"https://images.example/{number}/{n}.webp" for n in range(3)) + "}",
            "cancellation_policy": chance.choice(list(CancellationPolicy)).value,
            "status": "active" if chance.random() < 0.97 else "draft",
            "rating_average": f"{chance.uniform(2.5, 5):.2f}",
            "rating_count": chance.randrange(300),
        }
        if listing["status"] == "active":
            guide["listings"].append(listing)
        return listing

    def _rules(self) -> Iterable[Sequence[Any]]:
        number = 0
        for guide in self._guides:
            for weekday in range(7):
                for opening, closing in guide["windows"]:
                    number += 1
                    yield id_of(7, number), guide["body"], weekday, opening, closing

    def _exceptions(self) -> Iterable[Sequence[Any]]:
        for number, guide in enumerate(self._guides):
            first, second = self._random.sample(range(2, FIRST_FREE_DAY - 2), 2)
            yield id_of(8, 2 * number), guide["body"], self._today + timedelta(days=first), None, None, "f"
            noon = (time(12), time(14), "f")
            yield id_of(8, 2 * number + 1), guide["body"], self._today + timedelta(days=second), *noon

    def _departures(self) -> Iterable[Sequence[Any]]:
        for number, guide in enumerate(self._guides):
            for position, day in enumerate(sorted(self._random.sample(range(1, BUSY_DAYS), 6))):
                listing = self._random.choice(guide["listings"])
                start = local_instant(self._today + timedelta(days=day), guide["windows"][0][0], NAIROBI)
                end = start + timedelta(minutes=listing["duration_minutes"])
                taken = self._random.randint(1, listing["capacity"])
                during = f"[{start.isoformat()},{end.isoformat()})"
                yield id_of(9, 6 * number + position), listing["id"], guide["body"], during, listing["capacity"], taken

    def _prose(self, words: int) -> str:
        return " ".join(self._random.choices(WORDS, k=words))


def id_of(kind: int, number: int) -> uuid.UUID:
    """A UUIDv7 of the distant past that grows with ``number``."""
    moment = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp() * 1000) + number
    return uuid.UUID(int=moment << 80 | 0x7 << 76 | 0x2 << 62 | kind << 32 | number)


def _first_start(guide: dict[str, Any], listing: dict[str, Any]) -> time:
    """The beginning of the first window that the tour fits into."""
    minutes = listing["duration_minutes"]
    return next(
        opening
        for opening, closing in guide["windows"]
        if ((closing.hour - opening.hour) * 60 + closing.minute - opening.minute) % (24 * 60) >= minutes
    )


def copy(cursor: Any, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows into a table by COPY."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerows(["\\N" if value is None else value for value in row] for row in rows)
    text.seek(0)
    cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT csv, NULL '\\N')", text)
