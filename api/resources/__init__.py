"""The resources, one blueprint a file; a new one is one more line here."""

from __future__ import annotations

from api.resources import auth, bookings, callbacks, experiences, health, payments, users

BLUEPRINTS = (
    auth.blueprint,
    users.blueprint,
    experiences.blueprint,
    bookings.blueprint,
    payments.blueprint,
    callbacks.blueprint,
    health.blueprint,
)
