"""Finding guides: hot public reads of those who may be met now, as plain rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Double, Text, and_, bindparam, cast, func, join, literal_column, or_, select, text
from sqlalchemy.dialects.postgresql import ARRAY

from domain.errors import NotFound
from domain.users import MAY_SIGN_IN, Role
from models.catalogue import Guide, Listing
from models.prepared import Question
from models.session import Database
from models.users import User
from services.catalogue import experiences
from services.catalogue.experiences import LIVE, folded, listing_id, written_row
from services.catalogue.lists import HotList, Totals
from services.pages import Order, Page, Window, falling, rising

#: So much of a biography is in a list (its line ends and blanks read as one), and so many experiences are on the guide's page.
SUMMARY_LENGTH, EXPERIENCES_SHOWN = 200, 6

_ORDERS = {
    "rating": Order(falling(Guide.rating_average), falling(Guide.id)),
    "newest": Order(falling(Guide.id)),
    "experience": Order(falling(Guide.years_experience), falling(Guide.id)),
    "name": Order(
        rising(func.lower(User.first_name, type_=Text), "first_name"),
        rising(func.lower(User.last_name, type_=Text), "last_name"),
        rising(Guide.id),
    ),
}
SORTS = tuple(_ORDERS)


class GuideCard(NamedTuple):
    """A guide as a list shows them; ``bio`` is its beginning there, and the whole of it on their own page."""

    id: str
    slug: str
    first_name: str
    last_name: str
    avatar_url: str | None
    bio: str
    region: str
    languages: list[str]
    specializations: list[str]
    years_experience: int
    is_licensed: bool
    rating_average: float
    rating_count: int
    experience_count: int

    @classmethod
    def read(cls, row: str) -> GuideCard:
        """The card that the database wrote."""
        return cls._make(orjson.loads(row))


class GuideProfile(NamedTuple):
    """A guide's own page: the card, and some of what they offer, to be read by
    :meth:`services.catalogue.experiences.Card.read`.
    """

    card: GuideCard
    experiences: list[str]

    @classmethod
    def read(cls, row: str) -> GuideProfile:
        """The page that the database wrote."""
        *card, experiences = orjson.loads(row)
        return cls(GuideCard._make(card), experiences)


@dataclass(frozen=True, slots=True)
class GuideQuery:
    """What a visitor filters by; words in whatever case."""

    region: str | None = None
    specialization: str | None = None
    language: str | None = None
    min_rating: float | None = None
    sort: str = "rating"


#: Written out, for these questions are prepared. Whoever is suspended or has left is not there.
MET = text(
    f"users.status IN ({', '.join(repr(status.value) for status in sorted(MAY_SIGN_IN))})"
    f" AND '{Role.GUIDE.value}' = ANY (users.roles)"
)
#: What each member of a query asks of a guide; the parameter has the member's name.
_FILTERS = {
    "region": func.lower(Guide.region) == bindparam("region"),
    "specialization": func.lower_all(Guide.specializations, type_=ARRAY(Text)).contains(
        bindparam("specialization", type_=ARRAY(Text))
    ),
    "language": func.lower_all(Guide.languages, type_=ARRAY(Text)).contains(bindparam("language", type_=ARRAY(Text))),
    "min_rating": Guide.rating_average >= bindparam("min_rating"),
}
_IN_ARRAYS = frozenset({"specialization", "language"})


def find_guides(db: Database, totals: Totals, query: GuideQuery, window: Window) -> Page[str]:
    """One page of guides, to be read by :meth:`GuideCard.read`."""
    asked = tuple(name for name in _FILTERS if getattr(query, name) is not None)
    values = {name: _meant(name, getattr(query, name)) for name in asked}
    found = _LIST.find(db, totals, asked, values, query.sort, window)
    return Page([card for (card,) in found.rows], found.total, found.is_capped, found.next_keys)


def get_guide(db: Database, id_or_slug: str) -> str:
    """A guide with some of what they offer, by id or slug, to be read by :meth:`GuideProfile.read`. Raises
    ``guide_not_found``."""
    known = listing_id(id_or_slug)
    rows = db.hot.ask(PROFILE_BY_ID if known else PROFILE_BY_SLUG, name=known or id_or_slug)
    if not rows:
        raise unknown_guide()
    return rows[0][0]


def unknown_guide() -> NotFound:
    return NotFound("guide_not_found", "There is no such guide.")


def _meant(name: str, value: Any) -> Any:
    """The value that a filter compares with: made here, where it is made once."""
    if isinstance(value, str):
        return [folded(value)] if name in _IN_ARRAYS else folded(value)
    return value


_OFFERED = select(func.count()).where(Listing.host_id == Guide.user_id, LIVE).correlate(Guide).scalar_subquery()
_PERSON = (Guide.id, Guide.slug, User.first_name, User.last_name, User.avatar_url)
_FIGURES = (
    Guide.region,
    Guide.languages,
    Guide.specializations,
    Guide.years_experience,
    # As the hourly run has seen it: no clock is asked here.
    and_(
        Guide.licence_number.is_not(None),
        or_(Guide.licence_expires_on.is_(None), Guide.licence_lapsed_for.is_distinct_from(Guide.licence_expires_on)),
    ),
    cast(Guide.rating_average, Double),
    Guide.rating_count,
    _OFFERED,
)
#: What :meth:`GuideCard.read` reads, of a guide and their user. A list needs no more of a biography than its beginning.
WRITTEN_CARD = written_row(*_PERSON, func.left(Guide.bio, literal_column(str(2 * SUMMARY_LENGTH))), *_FIGURES)


def _some_offered() -> Any:
    best = select(experiences.WRITTEN_CARD.label("card")).where(Listing.host_id == Guide.user_id, LIVE).correlate(Guide)
    best = best.order_by(Listing.rating_average.desc(), Listing.id).limit(literal_column(str(EXPERIENCES_SHOWN)))
    cards = best.subquery()
    return select(func.coalesce(func.json_agg(cards.c.card), text("'[]'::json"))).scalar_subquery()


_LIST = HotList(
    Guide.id,
    join(Guide, User, User.id == Guide.user_id),
    MET,
    WRITTEN_CARD,
    _FILTERS,
    _ORDERS,
)


def _profile_by(column: Any) -> Question:
    page = select(written_row(*_PERSON, Guide.bio, *_FIGURES, _some_offered())).select_from(Guide)
    return Question(page.join(User, User.id == Guide.user_id).where(column == bindparam("name"), MET))


PROFILE_BY_ID, PROFILE_BY_SLUG = _profile_by(Guide.id), _profile_by(Guide.slug)
