"""The product's own web application with its guards against overselling taken away: the negative control of the race.

Served against a database without the two constraints, it shows that the race test can fail.
"""

from __future__ import annotations

import time

from sqlalchemy import select, update

import services.bookings.reserving
import services.bookings.seats
from models.departures import Departure
from wsgi import app as app  # noqa: PLC0414


def _take_without_guard(session, request):
    """Read, think, write: what most booking systems do."""
    departure = session.scalars(select(Departure).where(Departure.listing_id == request.listing_id)).one()
    if departure.seats_taken + request.seats > departure.capacity:
        raise services.bookings.seats.sold_out(request.seats, 0)
    time.sleep(0.01)
    session.execute(
        update(Departure).where(Departure.id == departure.id).values(seats_taken=departure.seats_taken + request.seats)
    )
    return departure


services.bookings.reserving.lock_resources = lambda *_: None
services.bookings.reserving.seats.free_ended_holds = lambda *_, **__: None
services.bookings.seats._take = _take_without_guard
