"""The resources, one blueprint a file; a new one is one more line here."""

from __future__ import annotations

from api.resources import (
    admin,
    auth,
    bookings,
    callbacks,
    experiences,
    exports,
    guides,
    health,
    media,
    metrics,
    notifications,
    own_experiences,
    payments,
    phone,
    recovery,
    reviews,
    sessions,
    social,
    two_factor,
    users,
)

BLUEPRINTS = (
    auth.blueprint,
    recovery.blueprint,
    phone.blueprint,
    two_factor.blueprint,
    sessions.blueprint,
    social.blueprint,
    users.blueprint,
    media.blueprint,
    exports.blueprint,
    experiences.blueprint,
    own_experiences.blueprint,
    guides.blueprint,
    reviews.blueprint,
    bookings.blueprint,
    payments.blueprint,
    notifications.blueprint,
    admin.blueprint,
    callbacks.blueprint,
    health.blueprint,
    metrics.blueprint,
)
