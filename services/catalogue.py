"""Finding experiences: hot public reads as plain rows, and the one listing that a booking is made of."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
from sqlalchemy import BigInteger, Double, Select, Text, and_, bindparam, cast, func, literal_column, or_, select, text
from sqlalchemy.orm import Session

from domain.errors import NotFound
from domain.listings import ListingKind, ListingStatus
from models.catalogue import Guide, Listing
from models.prepared import Question
from models.session import Database
from models.users import User

#: Beyond this nobody counts: a page says "more than" instead.
COUNT_CAP = 10_000
#: How near a title must come to mistyped words: "fod wlak" and "Nairobi Food Walk" score 0.36, strangers below 0.28.
NEAR_ENOUGH = 0.3
#: What LIKE would take for more than itself.
_WILD = re.compile(r"[\\%_]")

_SORTS = {
    "rating": (Listing.rating_average.desc(), Listing.id),
    "price": (Listing.price_minor.asc(), Listing.id),
    "-price": (Listing.price_minor.desc(), Listing.id),
    "newest": (Listing.id.desc(),),
}
SORTS = tuple(_SORTS)


class Card(NamedTuple):
    """An experience as a list shows it. ``id`` is text, and decimals are floats: rows of hot reads go out as they are.

    The database writes a row as the JSON array of these fields. That costs it no more than writing each of them, and whoever
    has seen a row before knows it by its text.
    """

    id: str
    slug: str
    title: str
    summary: str
    category: str
    location: str
    latitude: float | None
    longitude: float | None
    price_minor: int
    currency: str
    price_per: str
    duration_minutes: int
    min_guests: int
    max_guests: int
    is_private: bool
    confirmation: str
    images: list[str]
    rating_average: float
    rating_count: int

    @classmethod
    def read(cls, row: str) -> Card:
        """The card that the database wrote."""
        return cls._make(orjson.loads(row))


class Detail(NamedTuple):
    """The rest of an experience, as its own page shows it."""

    description: str
    timezone: str
    tiers: list[dict[str, Any]]
    capacity: int
    cut_off_hours: int
    inclusions: list[str]
    exclusions: list[str]
    cancellation_policy: str
    guide_id: str | None
    guide_slug: str | None
    guide_first_name: str
    guide_last_name: str
    guide_avatar_url: str | None
    guide_bio: str | None
    guide_languages: list[str] | None
    guide_rating_average: float | None
    guide_rating_count: int | None

    @staticmethod
    def read(row: str) -> tuple[Card, Detail]:
        """The card that the database wrote, and what follows it."""
        values = orjson.loads(row)
        return Card._make(values[: len(_CARD)]), Detail._make(values[len(_CARD) :])


_AS_FLOAT = frozenset({"latitude", "longitude", "rating_average"})
_CARD = tuple(
    cast(getattr(Listing, name), Double).label(name) if name in _AS_FLOAT else getattr(Listing, name)
    for name in Card._fields
)
_DETAIL = (
    *(getattr(Listing, name) for name in Detail._fields if not name.startswith("guide_")),
    Guide.id,
    Guide.slug,
    User.first_name,
    User.last_name,
    User.avatar_url,
    Guide.bio,
    Guide.languages,
    cast(Guide.rating_average, Double),
    Guide.rating_count,
)
#: Written out, for the indexes of what is offered are partial.
LIVE = text(f"listings.kind = '{ListingKind.EXPERIENCE}' AND listings.status = '{ListingStatus.ACTIVE}'")


@dataclass(frozen=True, slots=True)
class ListingQuery:
    """What a visitor filters by. Prices are in minor units of ``currency``."""

    q: str | None = None
    category: str | None = None
    location: str | None = None
    currency: str | None = None
    min_price_minor: int | None = None
    max_price_minor: int | None = None
    min_rating: float | None = None
    guests: int | None = None
    sort: str = "rating"
    limit: int = 20
    offset: int = 0


#: What each member of a query asks of a listing; the parameter has the member's name.
_FILTERS = {
    "category": Listing.category == bindparam("category"),
    "location": func.lower(Listing.location).like(bindparam("location")),
    "currency": Listing.currency == bindparam("currency"),
    "min_price_minor": Listing.price_minor >= bindparam("min_price_minor"),
    "max_price_minor": Listing.price_minor <= bindparam("max_price_minor"),
    "min_rating": Listing.rating_average >= bindparam("min_rating"),
    "guests": and_(Listing.min_guests <= bindparam("guests"), Listing.max_guests >= bindparam("guests")),
    # Words as typed, or a title close enough to forgive a typo ("fod wlak").
    "q": or_(
        Listing.search.op("@@")(func.plainto_tsquery(literal_column("'english'"), bindparam("q"))),
        func.word_similarity(bindparam("q"), Listing.title) >= literal_column(str(NEAR_ENOUGH)),
    ),
}


def find_listings(db: Database, query: ListingQuery) -> tuple[list[str], int]:
    """One page of live experiences, to be read by :meth:`Card.read`, and how many there are (never counted beyond
    :data:`COUNT_CAP` + 1)."""
    asked = tuple(name for name in _FILTERS if getattr(query, name) is not None)
    values = {name: getattr(query, name) for name in asked}
    if query.location is not None:
        # Made here: whatever stands around a parameter, PostgreSQL works out anew for each row.
        values["location"] = "%" + _WILD.sub(r"\\\g<0>", folded(query.location)) + "%"
    rows = db.hot.ask(page_question(asked, query.sort), **values, limit=query.limit, offset=query.offset)
    if rows:
        return [row for row, _ in rows], rows[0][1]
    # Beyond the last page there is no row to bring the count along.
    return [], db.hot.ask(count_question(asked), **values)[0][0] if query.offset else 0


def folded(text: str) -> str:
    """``text`` in small letters as PostgreSQL's ``lower`` has them: letter by letter, whatever stands around."""
    return "".join(letter.lower()[0] for letter in text)


def get_listing(db: Database, id_or_slug: str) -> str:
    """A live experience with its guide, by id or slug, to be read by :meth:`Detail.read`. Raises ``experience_not_found``."""
    known = listing_id(id_or_slug)
    rows = db.hot.ask(DETAIL_BY_ID if known else DETAIL_BY_SLUG, name=known or id_or_slug)
    if not rows:
        raise unknown_listing()
    return rows[0][0]


def get_live_listing(session: Session, id_or_slug: uuid.UUID | str) -> Listing:
    """The live listing itself, for those who go on to book it. Raises ``experience_not_found``."""
    listing = session.scalar(select(Listing).where(_is_named(str(id_or_slug)), *_live()))
    if listing is None:
        raise unknown_listing()
    return listing


def find_live_id(session: Session, id_or_slug: str) -> uuid.UUID:
    """The id of a live experience, by id or slug. Raises ``experience_not_found``."""
    found = session.scalar(select(Listing.id).where(_is_named(id_or_slug), *_live()))
    if found is None:
        raise unknown_listing()
    return found


def _live() -> tuple[Any, ...]:
    return Listing.kind == ListingKind.EXPERIENCE, Listing.status == ListingStatus.ACTIVE


def _is_named(id_or_slug: str) -> Any:
    try:
        return Listing.id == uuid.UUID(id_or_slug)
    except ValueError:
        return Listing.slug == id_or_slug


def listing_id(id_or_slug: str) -> str | None:
    """The id that this is, as the database writes it; None for a slug."""
    try:
        return str(uuid.UUID(id_or_slug))
    except ValueError:
        return None


def unknown_listing() -> NotFound:
    return NotFound("experience_not_found", "There is no such experience.")


@lru_cache(maxsize=1024)
def page_question(asked: tuple[str, ...], sort: str) -> Question:
    """A page and the count, for one set of filters. Its ids are found in an index; only its own rows are read."""
    order = _SORTS[sort]
    found = select(Listing.id).where(LIVE, *(_FILTERS[name] for name in asked)).order_by(*order)
    found = found.limit(bindparam("limit", type_=BigInteger)).offset(bindparam("offset", type_=BigInteger))
    ids = found.subquery()
    page = select(WRITTEN_CARD, _counted(asked).scalar_subquery()).join(ids, ids.c.id == Listing.id)
    return Question(page.order_by(*order), is_costly="q" in asked)


@lru_cache(maxsize=256)
def count_question(asked: tuple[str, ...]) -> Question:
    """The count alone."""
    return Question(_counted(asked), is_costly="q" in asked)


def _counted(asked: tuple[str, ...]) -> Select[Any]:
    conditions = (LIVE, *(_FILTERS[name] for name in asked))
    capped = select(literal_column("1")).select_from(Listing).where(*conditions)
    return select(func.count()).select_from(capped.limit(literal_column(str(COUNT_CAP + 1))).subquery())


def written_row(*columns: Any) -> Any:
    """A row as the JSON array of some columns."""
    return cast(func.json_build_array(*columns), Text)


def _detail_by(column: Any) -> Question:
    found = select(written_row(*_CARD, *_DETAIL)).join(User, User.id == Listing.host_id)
    return Question(found.outerjoin(Guide, Guide.user_id == User.id).where(column == bindparam("name"), LIVE))


#: What :meth:`Card.read` reads.
WRITTEN_CARD = written_row(*_CARD)
DETAIL_BY_ID, DETAIL_BY_SLUG = _detail_by(Listing.id), _detail_by(Listing.slug)
