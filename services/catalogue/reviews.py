"""Reading what tourists say of experiences and guides: approved reviews only, in a fixed number of queries."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from domain.errors import NotFound
from domain.reviews import STARS, ReviewStatus
from domain.users import MAY_SIGN_IN
from models.catalogue import Guide, Listing
from models.reviews import Review
from models.users import User
from services.catalogue.experiences import find_live_id
from services.pages import Order, Page, Window, falling, rising

_NEWEST = (falling(Review.submitted_at), falling(Review.id))
_SORTS = {
    "newest": Order(*_NEWEST),
    "highest": Order(falling(Review.rating), *_NEWEST),
    "lowest": Order(rising(Review.rating), *_NEWEST),
    "helpful": Order(falling(Review.helpful_count), *_NEWEST),
}
SORTS = tuple(_SORTS)

_SHOWN = (
    Review.id,
    Review.rating,
    Review.comment,
    Review.photos,
    Review.submitted_at,
    Review.response,
    Review.responded_at,
    Review.helpful_count,
    User.first_name,
    User.last_name,
    Listing.id.label("listing_id"),
    Listing.slug.label("listing_slug"),
    Listing.title.label("listing_title"),
)


@dataclass(frozen=True, slots=True)
class Reviews:
    """One page of reviews, and how many there are of each number of stars, from five down to one."""

    page: Page[Any]
    histogram: dict[int, int]

    @property
    def count(self) -> int:
        return sum(self.histogram.values())


def reviews_of_experience(session: Session, id_or_slug: str, sort: str, window: Window) -> Reviews:
    """What was said about a live experience. Raises ``experience_not_found``."""
    return _page(session, Review.listing_id, find_live_id(session, id_or_slug), sort, window)


def reviews_of_guide(session: Session, id_or_slug: str, sort: str, window: Window) -> Reviews:
    """What was said about everything that a guide has led. Raises ``guide_not_found``."""
    return _page(session, Review.host_id, _guides_user(session, id_or_slug), sort, window)


def _page(
    session: Session, subject: InstrumentedAttribute[uuid.UUID], of: uuid.UUID, sort: str, window: Window
) -> Reviews:
    approved = (subject == of, Review.status == ReviewStatus.APPROVED)
    counted = session.execute(select(Review.rating, func.count()).where(*approved).group_by(Review.rating))
    votes = dict(counted.all())
    histogram = {stars: votes.get(stars, 0) for stars in STARS}
    rows = (
        select(*_SHOWN)
        .join(User, User.id == Review.author_id)
        .join(Listing, Listing.id == Review.listing_id)
        .where(*approved)
    )
    page = _SORTS[sort].page(session, rows, window, sum(histogram.values()), of=lambda row: row)
    return Reviews(page, histogram)


def _guides_user(session: Session, id_or_slug: str) -> uuid.UUID:
    try:
        named = Guide.id == uuid.UUID(id_or_slug)
    except ValueError:
        named = Guide.slug == id_or_slug
    found = session.scalar(
        select(Guide.user_id).join(User, User.id == Guide.user_id).where(named, User.status.in_(MAY_SIGN_IN))
    )
    if found is None:
        raise NotFound("guide_not_found", "There is no such guide.")
    return found
