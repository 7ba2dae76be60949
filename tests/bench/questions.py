"""What is asked of the servers: many different questions of each route, always the same ones."""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlencode

import jwt

from domain.listings import Category
from settings import Settings
from tests.bench.data import SEED, TOWNS, WORDS, Catalogue

LISTS, POPULAR, LISTINGS, SEARCHES = 3_000, 50, 5_000, 3_000


def lists(count: int = LISTS) -> list[str]:
    """Pages with filters and every order."""
    chance = random.Random(SEED)
    return [f"/api/experiences?{urlencode(_filters(chance))}" for _ in range(count)]


def popular(count: int = POPULAR) -> list[str]:
    """A few of them, which come again and again."""
    return lists(count)


def _filters(chance: random.Random) -> dict[str, object]:
    asked: dict[str, object] = {"sort": chance.choice(("rating", "price", "-price", "newest"))}
    if chance.random() < 0.7:
        asked["category"] = chance.choice(list(Category)).value
    if chance.random() < 0.15:
        asked["location"] = chance.choice(TOWNS).split(",")[0]
    if chance.random() < 0.3:
        asked["guests"] = chance.randint(1, 6)
    if chance.random() < 0.3:
        asked["min_price"] = chance.randrange(500, 8_000, 250)
    if chance.random() < 0.4:
        asked["max_price"] = chance.randrange(9_000, 25_000, 250)
    if chance.random() < 0.3:
        asked["rating"] = chance.choice(("3", "3.5", "4"))
    asked["page"] = min(int(chance.expovariate(0.7)) + 1, 20)
    return asked


def details(catalogue: Catalogue, count: int = LISTINGS) -> list[str]:
    return [f"/api/experiences/{listing}" for listing in _live(catalogue, count)]


def availability(catalogue: Catalogue, count: int = LISTINGS) -> list[str]:
    """Free times of the next 31 days."""
    return [f"/api/experiences/{listing}/availability" for listing in _live(catalogue, count)]


def searches(count: int = SEARCHES) -> list[str]:
    """One to three words, one in eight of the questions with a typo, half of them narrowed down."""
    chance = random.Random(SEED)
    return [f"/api/search?{urlencode(_searched(chance))}" for _ in range(count)]


def _searched(chance: random.Random) -> dict[str, object]:
    words = chance.sample(WORDS, chance.choice((1, 2, 2, 3)))
    if chance.random() < 0.125:
        words[0] = _typo(words[0], chance)
    asked: dict[str, object] = {"q": " ".join(words)}
    if chance.random() < 0.2:
        asked["type"] = chance.choice(("experiences", "guides"))
    if chance.random() < 0.2:
        asked["category"] = chance.choice(list(Category)).value
    if chance.random() < 0.15:
        asked["location"] = chance.choice(TOWNS).split(",")[0]
    if chance.random() < 0.15:
        asked |= {"min_price": chance.randrange(500, 8_000, 250), "max_price": chance.randrange(9_000, 25_000, 250)}
    if chance.random() < 0.15:
        asked["rating"] = chance.choice(("3", "3.5", "4"))
    if chance.random() < 0.1:
        asked["page"] = chance.randint(2, 10)
    return asked


def _typo(word: str, chance: random.Random) -> str:
    at = chance.randrange(len(word) - 1)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def suggestions(count: int = SEARCHES) -> list[str]:
    """Beginnings of words and of places, half of them behind a word that is typed whole, one in eight with a typo."""
    chance = random.Random(SEED)
    return [f"/api/search/suggest?{urlencode({'q': _begun(chance)})}" for _ in range(count)]


def _begun(chance: random.Random) -> str:
    word = chance.choice(chance.choice((WORDS, TOWNS))).split(",")[0]
    if chance.random() < 0.125:
        return _typo(word, chance)
    begun = word[: chance.randint(2, 6)]
    return begun if chance.random() < 0.5 else f"{chance.choice(WORDS)} {begun}"


def oddities(catalogue: Catalogue) -> list[str]:
    """Questions for the comparison alone: refusals, the last page and beyond, and what does not exist."""
    listing, path = catalogue.starts[0][0], "/api/experiences"
    queries = [
        "",
        "?page=10000",
        "?limit=100&page=2",
        "?q=&limit=3",
        "?location=%25",
        "?currency=USD&sort=price",
    ]
    queries += [
        "?category=crime",
        "?min_price=1.001",
        "?minPrice=1&min_price=2",
        "?min_price=2&max_price=1",
        "?rating=6",
    ]
    queries += ["?guests=two&limit=0", "/nothing", "/nothing/availability", f"/{listing}/availability?guests=3"]
    queries += [
        f"/{listing}/availability?guests={guests}" for guests in ("500", "0", "adult:2", "lion:1", "adult:", "a:1,a:1")
    ]
    queries += [f"/{listing}/availability?from=2020-01-01&to=2020-01-02", f"/{listing}/availability?to=9999-01-01"]
    search = ["", "?q=%20", "?q=a+b+c+d+e+f+g+h+i+j+k+l", "?q=zzzzzzzzzz", "?q=the", "?q=kamau", "?q=nairobii+wlak"]
    search += ["?q=Ng%27ombe+%26+walk", "?location=Lamu", "?location=nowhere+at+all", "?type=crime", "?q=" + 201 * "a"]
    search += ["?type=guides&page=10", "?type=guides&page=11&q=", "?min_price=2000&max_price=3000&currency=USD"]
    search += ["?q=tea&page=300", "?q=safari+nigth&location=nai&rating=3&type=experiences"]
    begun = ("", "?q=", "?q=a", "?q=+", "?q=kam", "?q=nobody", "?q=tea+", "?q=walk+nai")
    search += ["/suggest" + query for query in begun]
    return [path + query for query in queries] + ["/api/search" + query for query in search]


def bookings(catalogue: Catalogue, settings: Settings, first: int, count: int) -> list[str]:
    """POSTs for two guests, each of another traveller, start and guide's day; ``first`` skips those of earlier rounds."""
    tokens: dict[int, str] = {}
    lines = []
    for number in range(first, first + count):
        listing, starts_at = catalogue.starts[number % len(catalogue.starts)]
        traveller = number % len(catalogue.travellers)
        if traveller not in tokens:
            tokens[traveller] = token(settings, *catalogue.travellers[traveller])
        body = {"experience_id": str(listing), "starts_at": starts_at.isoformat(), "guests": 2}
        lines.append(f"/api/bookings\t{tokens[traveller]}\t{json.dumps(body)}")
    return lines


def token(settings: Settings, user: uuid.UUID, session: uuid.UUID) -> str:
    """An access token as a login hands it out."""
    now = datetime.now(UTC)
    claims = {
        "sub": str(user),
        "sid": str(session),
        "type": "access",
        "fresh": False,
        "jti": str(uuid.UUID(int=user.int ^ session.int)),
        "iat": now,
        "nbf": now,
        "exp": now + settings.jwt_expires_in * 8,
        "iss": settings.api_url,
        "aud": f"{settings.app_env}.elite-events",
    }
    return jwt.encode(claims, settings.jwt_secret, "HS256")


def _live(catalogue: Catalogue, count: int) -> Sequence[uuid.UUID]:
    chosen = random.Random(SEED).sample(range(len(catalogue.starts)), min(count, len(catalogue.starts)))
    return [catalogue.starts[number][0] for number in chosen]
