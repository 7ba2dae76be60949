"""Every job that a worker can do: importing a module registers its handlers, so all are imported here and nowhere else."""

from __future__ import annotations

from workers import (  # noqa: F401
    accounts,
    applications,
    bookings,
    deliveries,
    exports,
    identity,
    licences,
    media,
    notifications,
    payments,
    periodic,
    search,
    webhooks,
)
from workers.running import HANDLERS

__all__ = ["HANDLERS"]
