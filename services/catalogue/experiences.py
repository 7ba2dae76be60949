"""An experience as lists and its own page show it, as plain rows, and the one listing that a booking is made of."""

from __future__ import annotations

import uuid
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Double, Text, bindparam, cast, func, or_, select, text
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from domain.errors import NotFound
from domain.listings import ListingKind, ListingStatus
from domain.media import MediaState
from models.catalogue import Guide, Listing
from models.listing_images import ListingImage
from models.media import Media
from models.prepared import Question
from models.session import Database
from models.users import User


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
    #: Of each picture in its order: its key where it is a file of ours, what it shows, and the keys of its variants.
    pictures: list[tuple[str | None, str, dict[str, str] | None]] | None

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
_PICTURES = (
    select(
        func.json_agg(
            aggregate_order_by(
                func.json_build_array(ListingImage.key, ListingImage.alt_text, Media.variants), ListingImage.position
            )
        )
    )
    .select_from(ListingImage)
    .outerjoin(Media, Media.id == ListingImage.media_id)
    .where(ListingImage.listing_id == Listing.id, or_(Media.id.is_(None), Media.state == MediaState.READY))
    .correlate(Listing)
    .scalar_subquery()
)
_DETAIL = (
    *(getattr(Listing, name) for name in Detail._fields if name in Listing.__table__.columns),
    Guide.id,
    Guide.slug,
    User.first_name,
    User.last_name,
    User.avatar_url,
    Guide.bio,
    Guide.languages,
    cast(Guide.rating_average, Double),
    Guide.rating_count,
    _PICTURES,
)
#: Written out, for the indexes of what is offered are partial.
LIVE = text(f"listings.kind = '{ListingKind.EXPERIENCE}' AND listings.status = '{ListingStatus.ACTIVE}'")


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


def folded(text: str) -> str:
    """``text`` in small letters as PostgreSQL's ``lower`` has them: letter by letter, whatever stands around."""
    return "".join(letter.lower()[0] for letter in text)


def written_row(*columns: Any) -> Any:
    """A row as the JSON array of some columns."""
    return cast(func.json_build_array(*columns), Text)


def _detail_by(column: Any) -> Question:
    found = select(written_row(*_CARD, *_DETAIL)).join(User, User.id == Listing.host_id)
    return Question(found.outerjoin(Guide, Guide.user_id == User.id).where(column == bindparam("name"), LIVE))


#: What :meth:`Card.read` reads.
WRITTEN_CARD = written_row(*_CARD)
DETAIL_BY_ID, DETAIL_BY_SLUG = _detail_by(Listing.id), _detail_by(Listing.slug)
