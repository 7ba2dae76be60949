"""Finding guides: hot public reads of those who may be met now, as plain rows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
from sqlalchemy import BigInteger, Double, Select, Text, bindparam, cast, func, literal_column, select, text
from sqlalchemy.dialects.postgresql import ARRAY

from domain.errors import NotFound
from domain.users import MAY_SIGN_IN, Role
from models.catalogue import Guide, Listing
from models.prepared import Question
from models.session import Database
from models.users import User
from services.catalogue import COUNT_CAP, LIVE, WRITTEN_CARD, folded, listing_id, written_row

#: So much of a biography is in a list (its line ends and blanks read as one), and so many experiences are on the guide's page.
SUMMARY_LENGTH, EXPERIENCES_SHOWN = 200, 6

_SORTS = {
    "rating": (Guide.rating_average.desc(), Guide.id),
    "newest": (Guide.id.desc(),),
    "experience": (Guide.years_experience.desc(), Guide.id),
    "name": (func.lower(User.first_name), func.lower(User.last_name), Guide.id),
}
SORTS = tuple(_SORTS)


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
    """A guide's own page: the card, and some of what they offer, to be read by :meth:`services.catalogue.Card.read`."""

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
    limit: int = 20
    offset: int = 0


#: Written out, for these questions are prepared. Whoever is suspended or has left is not there.
_MET = text(
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


def find_guides(db: Database, query: GuideQuery) -> tuple[list[str], int]:
    """One page of guides, to be read by :meth:`GuideCard.read`, and how many there are (never counted beyond
    :data:`services.catalogue.COUNT_CAP` + 1)."""
    asked = tuple(name for name in _FILTERS if getattr(query, name) is not None)
    values = {name: _meant(name, getattr(query, name)) for name in asked}
    rows = db.hot.ask(page_question(asked, query.sort), **values, limit=query.limit, offset=query.offset)
    if rows:
        return [row for row, _ in rows], rows[0][1]
    # Beyond the last page there is no row to bring the count along.
    return [], db.hot.ask(count_question(asked), **values)[0][0] if query.offset else 0


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
    Guide.licence_number.is_not(None),
    cast(Guide.rating_average, Double),
    Guide.rating_count,
    _OFFERED,
)


def _some_offered() -> Any:
    best = select(WRITTEN_CARD.label("card")).where(Listing.host_id == Guide.user_id, LIVE).correlate(Guide)
    best = best.order_by(Listing.rating_average.desc(), Listing.id).limit(literal_column(str(EXPERIENCES_SHOWN)))
    cards = best.subquery()
    return select(func.coalesce(func.json_agg(cards.c.card), text("'[]'::json"))).scalar_subquery()


@lru_cache(maxsize=256)
def page_question(asked: tuple[str, ...], sort: str) -> Question:
    """A page and the count, for one set of filters."""
    order = _SORTS[sort]
    found = select(Guide.id).join(User, User.id == Guide.user_id).where(_MET, *(_FILTERS[name] for name in asked))
    found = found.order_by(*order)
    found = found.limit(bindparam("limit", type_=BigInteger)).offset(bindparam("offset", type_=BigInteger))
    ids = found.subquery()
    beginning = func.left(Guide.bio, literal_column(str(2 * SUMMARY_LENGTH)))
    page = select(written_row(*_PERSON, beginning, *_FIGURES), _counted(asked).scalar_subquery())
    page = page.select_from(Guide).join(User, User.id == Guide.user_id).join(ids, ids.c.id == Guide.id)
    return Question(page.order_by(*order))


@lru_cache(maxsize=64)
def count_question(asked: tuple[str, ...]) -> Question:
    """The count alone."""
    return Question(_counted(asked))


def _counted(asked: tuple[str, ...]) -> Select[Any]:
    conditions = (_MET, *(_FILTERS[name] for name in asked))
    capped = select(literal_column("1")).select_from(Guide).join(User, User.id == Guide.user_id).where(*conditions)
    return select(func.count()).select_from(capped.limit(literal_column(str(COUNT_CAP + 1))).subquery())


def _profile_by(column: Any) -> Question:
    page = select(written_row(*_PERSON, Guide.bio, *_FIGURES, _some_offered())).select_from(Guide)
    return Question(page.join(User, User.id == Guide.user_id).where(column == bindparam("name"), _MET))


PROFILE_BY_ID, PROFILE_BY_SLUG = _profile_by(Guide.id), _profile_by(Guide.slug)
