"""Finding experiences: hot public reads as plain rows, and the one listing that a booking is made of."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from domain.errors import NotFound
from domain.listings import ListingKind, ListingStatus
from models.catalogue import Guide, Listing
from models.users import User

#: Beyond this nobody counts: a page says "more than" instead.
COUNT_CAP = 10_000
#: How near a title must come to mistyped words: "fod wlak" and "Nairobi Food Walk" score 0.36, strangers below 0.28.
NEAR_ENOUGH = 0.3

_SORTS = {
    "rating": (Listing.rating_average.desc(), Listing.id),
    "price": (Listing.price_minor.asc(), Listing.id),
    "-price": (Listing.price_minor.desc(), Listing.id),
    "newest": (Listing.id.desc(),),
}
SORTS = tuple(_SORTS)

_CARD = (
    Listing.id,
    Listing.slug,
    Listing.title,
    Listing.summary,
    Listing.category,
    Listing.location,
    Listing.latitude,
    Listing.longitude,
    Listing.price_minor,
    Listing.currency,
    Listing.price_per,
    Listing.duration_minutes,
    Listing.min_guests,
    Listing.max_guests,
    Listing.is_private,
    Listing.confirmation,
    Listing.images,
    Listing.rating_average,
    Listing.rating_count,
    Listing.version,
)
_DETAIL = (
    *_CARD,
    Listing.description,
    Listing.timezone,
    Listing.tiers,
    Listing.capacity,
    Listing.cut_off_hours,
    Listing.inclusions,
    Listing.exclusions,
    Listing.meeting_point,
    Listing.cancellation_policy,
    Guide.id.label("guide_id"),
    Guide.slug.label("guide_slug"),
    User.first_name.label("guide_first_name"),
    User.last_name.label("guide_last_name"),
    User.avatar_url.label("guide_avatar_url"),
    Guide.bio.label("guide_bio"),
    Guide.languages.label("guide_languages"),
    Guide.rating_average.label("guide_rating_average"),
    Guide.rating_count.label("guide_rating_count"),
)


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


def find_listings(session: Session, query: ListingQuery) -> tuple[Sequence[Mapping[str, Any]], int]:
    """One page of live experiences and how many there are (never counted beyond :data:`COUNT_CAP` + 1)."""
    conditions = _conditions(query)
    counted = select(Listing.id).where(*conditions).limit(COUNT_CAP + 1).subquery()
    total = session.scalar(select(func.count()).select_from(counted)) or 0
    page = select(*_CARD).where(*conditions).order_by(*_SORTS[query.sort]).limit(query.limit).offset(query.offset)
    return session.execute(page).mappings().all(), total


def get_listing(session: Session, id_or_slug: str) -> Mapping[str, Any]:
    """A live experience with its guide, by id or slug. Raises ``experience_not_found``."""
    statement = _with_guide(select(*_DETAIL)).where(_is_named(id_or_slug), *_live())
    row = session.execute(statement).mappings().first()
    if row is None:
        raise _unknown()
    return row


def get_live_listing(session: Session, id_or_slug: uuid.UUID | str) -> Listing:
    """The live listing itself, for those who go on to book it. Raises ``experience_not_found``."""
    listing = session.scalar(select(Listing).where(_is_named(str(id_or_slug)), *_live()))
    if listing is None:
        raise _unknown()
    return listing


def find_live_id(session: Session, id_or_slug: str) -> uuid.UUID:
    """The id of a live experience, by id or slug. Raises ``experience_not_found``."""
    found = session.scalar(select(Listing.id).where(_is_named(id_or_slug), *_live()))
    if found is None:
        raise _unknown()
    return found


def _live() -> tuple[Any, ...]:
    return Listing.kind == ListingKind.EXPERIENCE, Listing.status == ListingStatus.ACTIVE


def _is_named(id_or_slug: str) -> Any:
    try:
        return Listing.id == uuid.UUID(id_or_slug)
    except ValueError:
        return Listing.slug == id_or_slug


def _with_guide(statement: Select[Any]) -> Select[Any]:
    return statement.join(User, User.id == Listing.host_id).outerjoin(Guide, Guide.user_id == User.id)


def _conditions(query: ListingQuery) -> list[Any]:
    conditions = list(_live())
    if query.category:
        conditions.append(Listing.category == query.category)
    if query.location:
        conditions.append(Listing.location.icontains(query.location, autoescape=True))
    if query.currency:
        conditions.append(Listing.currency == query.currency)
    if query.min_price_minor is not None:
        conditions.append(Listing.price_minor >= query.min_price_minor)
    if query.max_price_minor is not None:
        conditions.append(Listing.price_minor <= query.max_price_minor)
    if query.min_rating is not None:
        conditions.append(Listing.rating_average >= query.min_rating)
    if query.guests is not None:
        conditions += [Listing.min_guests <= query.guests, Listing.max_guests >= query.guests]
    if query.q:
        # Words as typed, or a title close enough to forgive a typo ("fod wlak").
        conditions.append(
            or_(
                Listing.search.op("@@")(func.plainto_tsquery("english", query.q)),
                func.word_similarity(query.q, Listing.title) >= NEAR_ENOUGH,
            )
        )
    return conditions


def _unknown() -> NotFound:
    return NotFound("experience_not_found", "There is no such experience.")
