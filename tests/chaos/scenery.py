"""What the travellers of a run want: a few guides, their experiences, and departures that are too small for everybody."""

from __future__ import annotations

import os
from datetime import time
from typing import Any

from composition import policy_from
from models import Listing, User
from models.clock import Clock
from models.session import Database
from services.context import Context
from settings import Settings
from tests.factories import Factory, start_in

#: Odd prices: the fee makes fractions of a shilling, and M-Pesa takes whole ones.
OFFERS = ((8, 250_000), (6, 123_450), (9, 99_995), (6, 180_000), (12, 345_650))


def build(env: dict[str, str], wanted: int) -> list[dict[str, Any]]:
    """Departures as a booking request names them. The first two offers are one guide's, who can run only one at a time."""
    settings = Settings.from_env({**os.environ, **env})
    database = Database(settings.database_url, pool_size=2)
    try:
        make = Factory(database, Context(policy=policy_from(settings), clock=Clock()))
        busy, *others = [make.guide() for _ in OFFERS[1:]]
        listings = [_listing(make, host, *offer) for host, offer in zip((busy, busy, *others), OFFERS, strict=True)]
        return [_departure(listings[number % len(OFFERS)], number // len(OFFERS)) for number in range(wanted)]
    finally:
        database.dispose()


def _listing(make: Factory, host: User, seats: int, price_minor: int) -> Listing:
    return make.listing(host, capacity=seats, max_guests=seats, price_minor=price_minor)


def _departure(listing: Listing, slot: int) -> dict[str, Any]:
    """Three tours fit into a day of these listings."""
    starts_at = start_in(days=3 + slot // 3, at=time(8 + 3 * (slot % 3)))
    return {"experience_id": str(listing.id), "starts_at": starts_at.isoformat()}
