"""Finding experiences: one page of those that pass the filters, in an order of the visitor's choice, in one question."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Double, and_, bindparam, cast, func, literal_column, or_, select

from domain.geography import EARTH_KM, Circle
from domain.searching import CANDIDATES
from models.catalogue import Listing
from models.search import FoundKind
from models.session import Database
from services.catalogue import LIVE, WRITTEN_CARD, folded
from services.hot_lists import HotList, Totals
from services.pages import Order, Page, Window, falling, rising
from services.searching import Filters, candidates, understand, values_of

#: Filters that are asked of the listings that words have found.
_BESIDE_WORDS = frozenset({"q", "near", "near_across"})
#: What LIKE would take for more than itself.
_WILD = re.compile(r"[\\%_]")


def _asked(name: str) -> Any:
    """A parameter in degrees or kilometres."""
    return cast(bindparam(name), Double)


def _distance() -> Any:
    """Kilometres from the place that is asked for, as :meth:`Circle.distance_km` has them."""
    latitude, longitude = cast(Listing.latitude, Double), cast(Listing.longitude, Double)
    rise = func.sin(func.radians(latitude - _asked("latitude")) / 2)
    turn = func.sin(func.radians(longitude - _asked("longitude")) / 2)
    across = func.cos(func.radians(_asked("latitude"))) * func.cos(func.radians(latitude))
    part = func.sqrt(rise * rise + across * turn * turn)
    return (2 * EARTH_KM * func.asin(func.least(cast(literal_column("1"), Double), part))).cast(Double)


_PLACE = func.point(cast(Listing.longitude, Double), cast(Listing.latitude, Double))


def _in_box(number: int) -> Any:
    """An index finds what is in a box of degrees."""
    corners = (
        func.point(_asked(f"{x}_{number}"), _asked(f"{y}_{number}")) for x, y in (("west", "south"), ("east", "north"))
    )
    return _PLACE.op("<@")(func.box(*corners))


_ORDERS = {
    "rating": Order(falling(Listing.rating_average), falling(Listing.id)),
    "price": Order(rising(Listing.price_minor), rising(Listing.id)),
    "-price": Order(falling(Listing.price_minor), falling(Listing.id)),
    "newest": Order(falling(Listing.id)),
    "distance": Order(rising(_distance(), "distance"), rising(Listing.id)),
}
SORTS = tuple(_ORDERS)


@dataclass(frozen=True, slots=True)
class ListingQuery:
    """What a visitor filters by. Prices are in minor units of ``currency``; sorting by ``distance`` takes ``near``."""

    q: str | None = None
    category: str | None = None
    location: str | None = None
    currency: str | None = None
    min_price_minor: int | None = None
    max_price_minor: int | None = None
    min_rating: float | None = None
    guests: int | None = None
    near: Circle | None = None
    sort: str = "rating"

    def filters(self) -> Filters:
        """What is asked along with words."""
        return Filters(
            kind=FoundKind.EXPERIENCE,
            category=self.category,
            location=self.location,
            currency=self.currency,
            min_price_minor=self.min_price_minor,
            max_price_minor=self.max_price_minor,
            min_rating=self.min_rating,
            guests=self.guests,
        )

    def parameters(self) -> tuple[tuple[str, ...], dict[str, Any]]:
        """The names of the filters that are asked for, and the values of their parameters."""
        values = {name: value for name in _FILTERS if (value := getattr(self, name, None)) is not None}
        if self.location is not None:
            # Made here: whatever stands around a parameter, PostgreSQL works out anew for each row.
            values["location"] = "%" + _WILD.sub(r"\\\g<0>", folded(self.location)) + "%"
        if self.near is None:
            return tuple(values), values
        boxes = self.near.boxes()
        values.pop("near")
        asked = *values, "near" if len(boxes) == 1 else "near_across"
        values |= {"latitude": self.near.latitude, "longitude": self.near.longitude, "radius": self.near.radius_km}
        for number, box in enumerate(boxes):
            values |= {f"{side}_{number}": degrees for side, degrees in box._asdict().items()}
        return asked, values


#: What each member of a query asks of a listing; the parameter has the member's name.
_FILTERS = {
    "category": Listing.category == bindparam("category"),
    "location": func.lower(Listing.location).like(bindparam("location")),
    "currency": Listing.currency == bindparam("currency"),
    "min_price_minor": Listing.price_minor >= bindparam("min_price_minor"),
    "max_price_minor": Listing.price_minor <= bindparam("max_price_minor"),
    "min_rating": Listing.rating_average >= bindparam("min_rating"),
    "guests": and_(Listing.min_guests <= bindparam("guests"), Listing.max_guests >= bindparam("guests")),
    # Whatever else is asked of the listing itself is asked along with the words: they find no more than some hundred.
    # As an array they are found once, and listings by their keys.
    "q": Listing.id == func.any(func.array(select(candidates().c.id).scalar_subquery())),
    "near": and_(_in_box(0), _distance() <= _asked("radius")),
    "near_across": and_(or_(_in_box(0), _in_box(1)), _distance() <= _asked("radius")),
}


class Found(NamedTuple):
    """An experience in a list: its card as :meth:`Card.read` reads it, and how far it is from the place that is asked for."""

    card: str
    distance_km: float | None = None


def find_listings(db: Database, totals: Totals, query: ListingQuery, window: Window) -> Page[Found]:
    """One page of live experiences."""
    parameters = parameters_of(db, query)
    if parameters is None:
        return Page([], 0)
    found = LIST.find(db, totals, *parameters, query.sort, window)
    is_capped = found.is_capped or (query.q is not None and found.total >= CANDIDATES)
    return Page([Found(*row) for row in found.rows], found.total, is_capped, found.next_keys)


def parameters_of(db: Database, query: ListingQuery) -> tuple[tuple[str, ...], dict[str, Any]] | None:
    """The names of the filters that are asked for, words understood, and the values of their parameters; None where nothing
    has such words."""
    asked, values = query.parameters()
    if query.q is None:
        return asked, values
    understood = understand(db.hot, query.q)
    if not understood.terms:
        return None
    values |= values_of(db.hot, understood, query.filters())[1]
    return tuple(name for name in asked if name in _BESIDE_WORDS), values


LIST = HotList(
    Listing.id,
    Listing.__table__,
    LIVE,
    WRITTEN_CARD,
    _FILTERS,
    _ORDERS,
    extra={"near": _distance(), "near_across": _distance()},
)
page_question = LIST.question
