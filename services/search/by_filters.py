"""Finding experiences: one page of those that pass the filters, in an order of the visitor's choice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from sqlalchemy import Double, and_, bindparam, cast, false, func, literal_column, or_

from domain.geography import EARTH_KM, Circle
from domain.searching import CANDIDATES
from models.catalogue import Listing
from models.search import FoundKind
from models.session import Database
from services.catalogue.experiences import LIVE, WRITTEN_CARD, folded
from services.catalogue.lists import HotList, Totals
from services.pages import Order, Page, Window, falling, rising
from services.search.candidates import ids
from services.search.counting import counted, steps
from services.search.matching import Filters, understand, values_of

#: Filters that are asked of the listings that words have found.
_BESIDE_WORDS = frozenset({"near", "near_across"})
#: Kilometres of the circles in which the nearest are looked for, and so many at most are looked at without.
_RADII, _FEW = (1.0, 4.0, 16.0, 64.0, 256.0), 200
#: Where more are near, or cost so much, a list in another order is gone through instead of all of them: among a million
#: either costs the same there, about a millisecond for a price.
_MANY, _MANY_PRICED = 5_000, 3_000
#: What LIKE would take for more than itself.
_WILD = re.compile(r"[\\%_]")


def _asked(name: str) -> Any:
    """A parameter in degrees or kilometres."""
    return cast(bindparam(name), Double)


def _number(value: float) -> Any:
    """A constant that needs no casting row by row."""
    return literal_column(f"'{value!r}'::double precision", Double)


_HALF = _number(0.5)


def _distance() -> Any:
    """Kilometres from the place that is asked for, as :meth:`Circle.distance_km` has them."""
    latitude, longitude = cast(Listing.latitude, Double), cast(Listing.longitude, Double)
    rise = func.sin(func.radians(latitude - _asked("latitude")) * _HALF)
    turn = func.sin(func.radians(longitude - _asked("longitude")) * _HALF)
    across = func.cos(func.radians(_asked("latitude"))) * func.cos(func.radians(latitude))
    part = func.sqrt(rise * rise + across * turn * turn)
    return (_number(2 * EARTH_KM) * func.asin(func.least(_number(1), part))).cast(Double)


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
_BY_PRICE, _PRICED = frozenset({"price", "-price"}), frozenset({"min_price_minor", "max_price_minor"})


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

    def parameters(
        self, within: Circle | None = None, *, everywhere: bool = False
    ) -> tuple[tuple[str, ...], dict[str, Any]]:
        """The names of the filters that are asked for, and the values of their parameters: ``within`` another circle than
        ``near``, or with the whole list gone through in its order instead of a box of degrees (``everywhere``)."""
        values = {name: value for name in _FILTERS if (value := getattr(self, name, None)) is not None}
        if self.location is not None:
            # Made here: whatever stands around a parameter, PostgreSQL works out anew for each row.
            values["location"] = "%" + _WILD.sub(r"\\\g<0>", folded(self.location)) + "%"
        circle = within or self.near
        if circle is None:
            return tuple(values), values | steps(values)
        boxes = () if everywhere else circle.boxes()
        values.pop("near")
        asked = *values, ("near_wide", "near", "near_across")[len(boxes)]
        values |= {"latitude": circle.latitude, "longitude": circle.longitude, "radius": circle.radius_km}
        for number, box in enumerate(boxes):
            values |= {f"{side}_{number}": degrees for side, degrees in box._asdict().items()}
        return asked, values


#: How words are asked for: whether one of them is in few documents, and whether more is asked that no lexeme tells exactly.
_BY_WORDS = {(False, False): "q", (False, True): "q_narrowed", (True, False): "few", (True, True): "few_narrowed"}
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
    **{
        name: Listing.id == func.any(func.array(ids(is_few=is_few, is_narrowed=is_narrowed).scalar_subquery()))
        for (is_few, is_narrowed), name in _BY_WORDS.items()
    },
    "near": and_(_in_box(0), _distance() <= _asked("radius")),
    "near_wide": _distance() <= _asked("radius"),
    "near_across": and_(or_(_in_box(0), _in_box(1)), _distance() <= _asked("radius")),
}
#: Filters by which an index finds, with the same asked of whatever a list comes by. PostgreSQL, which plans for pages of any
#: length, would find and sort all else: an index finds nothing by these, and it expects every other row to pass.
_GONE_THROUGH = {name: f"{name}_passed" for name in ("category", "currency", "min_price_minor", "max_price_minor")}
_FILTERS |= {passed: func.coalesce(_FILTERS[name], false()) for name, passed in _GONE_THROUGH.items()}


class Found(NamedTuple):
    """An experience in a list: its card as :meth:`Card.read` reads it, and how far it is from the place that is asked for."""

    card: str
    distance_km: float | None = None


def find_listings(db: Database, totals: Totals, query: ListingQuery, window: Window) -> Page[Found]:
    """One page of live experiences."""
    if query.near is not None and query.q is None:
        return _near(db, totals, query, query.near, window)
    parameters = parameters_of(db, query)
    if parameters is None:
        return Page([], 0)
    if query.q is None and not _PRICED.isdisjoint(parameters[0]) and query.sort not in _BY_PRICE:
        return _priced(db, totals, *parameters, query.sort, window)
    found = _shown(LIST.find(db, totals, *parameters, query.sort, window))
    return replace(found, is_capped=found.is_capped or (query.q is not None and found.total >= CANDIDATES))


def parameters_of(db: Database, query: ListingQuery) -> tuple[tuple[str, ...], dict[str, Any]] | None:
    """The names of the filters that are asked for, words understood, and the values of their parameters; None where nothing
    has such words."""
    asked, values = query.parameters()
    if query.q is None:
        return asked, values
    understood = understand(db.hot, query.q)
    if not understood.terms:
        return None
    filters = query.filters()
    sought, more = values_of(db.hot, understood, filters)
    values |= more
    words = _BY_WORDS[sought.few is not None, filters.is_narrow]
    return (words, *(name for name in asked if name in _BESIDE_WORDS)), values


def _priced(
    db: Database, totals: Totals, asked: tuple[str, ...], values: dict[str, Any], sort: str, window: Window
) -> Page[Found]:
    """The count says what is less work: all that cost so much put in order, or the list gone through until a page is full."""
    total = LIST.total(db, totals, asked, values)
    if total > _MANY_PRICED:
        asked = tuple(_GONE_THROUGH.get(name, name) for name in asked)
    return _shown(LIST.find(db, totals, asked, values, sort, window, total=total))


def _near(db: Database, totals: Totals, query: ListingQuery, near: Circle, window: Window) -> Page[Found]:
    """It takes a question more than other lists, for the count, and by distance up to seven."""
    total = LIST.total(db, totals, *query.parameters())
    if query.sort == "distance":
        return _nearest(db, totals, query, near, window, total)
    asked, values = query.parameters(everywhere=total > _MANY)
    return _shown(LIST.find(db, totals, asked, values, query.sort, window, total=total))


def _nearest(
    db: Database, totals: Totals, query: ListingQuery, near: Circle, window: Window, total: int
) -> Page[Found]:
    """A page of the nearest: looked for in wider and wider circles, the smallest that fills the page has all of it."""
    reached = 0.0 if window.after is None else LIST.bounds("distance", window.after)["after_0"]
    radii = [radius for radius in _RADII if reached < radius < near.radius_km] if total > _FEW else []
    for radius in (*radii, near.radius_km):
        asked, values = query.parameters(replace(near, radius_km=radius))
        page = LIST.find(db, totals, asked, values, "distance", window, total=total)
        if page.next_keys is not None:
            break
    return _shown(page)


def _shown(page: Page[Sequence[Any]]) -> Page[Found]:
    return replace(page, rows=[Found(*row) for row in page.rows])


LIST = HotList(
    Listing.id,
    Listing.__table__,
    LIVE,
    WRITTEN_CARD,
    _FILTERS,
    _ORDERS,
    extra={name: _distance() for name in ("near", "near_wide", "near_across")},
    counted=counted,
)
