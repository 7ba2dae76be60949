"""Finding experiences: one page of those that pass the filters, in an order of the visitor's choice, in one question."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Double, and_, bindparam, cast, func, literal_column, or_

from domain.geography import EARTH_KM, Circle
from models.catalogue import Listing
from models.session import Database
from services.catalogue import LIVE, WRITTEN_CARD, folded
from services.hot_lists import HotList, Totals
from services.pages import Order, Page, Window, falling, rising

#: How near a title must come to mistyped words: "fod wlak" and "Nairobi Food Walk" score 0.36, strangers below 0.28.
NEAR_ENOUGH = 0.3
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
    # Words as typed, or a title close enough to forgive a typo ("fod wlak").
    "q": or_(
        Listing.search.op("@@")(func.plainto_tsquery(literal_column("'english'"), bindparam("q"))),
        func.word_similarity(bindparam("q"), Listing.title) >= literal_column(str(NEAR_ENOUGH)),
    ),
    "near": and_(_in_box(0), _distance() <= _asked("radius")),
    "near_across": and_(or_(_in_box(0), _in_box(1)), _distance() <= _asked("radius")),
}


class Found(NamedTuple):
    """An experience in a list: its card as :meth:`Card.read` reads it, and how far it is from the place that is asked for."""

    card: str
    distance_km: float | None = None


def find_listings(db: Database, totals: Totals, query: ListingQuery, window: Window) -> Page[Found]:
    """One page of live experiences."""
    asked, values = query.parameters()
    found = LIST.find(db, totals, asked, values, query.sort, window)
    return Page([Found(*row) for row in found.rows], found.total, found.is_capped, found.next_keys)


LIST = HotList(
    Listing.id,
    Listing.__table__,
    LIVE,
    WRITTEN_CARD,
    _FILTERS,
    _ORDERS,
    extra={"near": _distance(), "near_across": _distance()},
    costly=frozenset({"q"}),
)
page_question = LIST.question
