"""The resources, one blueprint a file; a new one is one more line here."""

from __future__ import annotations

from api.resources import (
    auth,
    bookings,
    callbacks,
    experiences,
    health,
    metrics,
    notifications,
    payments,
    recovery,
    reviews,
    sessions,
    users,
)

BLUEPRINTS = (
    auth.blueprint,
    recovery.blueprint,
    sessions.blueprint,
    users.blueprint,
    experiences.blueprint,
    reviews.blueprint,
    bookings.blueprint,
    payments.blueprint,
    notifications.blueprint,
    callbacks.blueprint,
    health.blueprint,
    metrics.blueprint,
)
