"""Telling a guide of experiences that nobody can book on any day to come, because neither they nor their guide have hours."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from models.catalogue import AvailabilityException, Listing, ScheduleRule
from services.context import Context

#: Hours of yesterday's may last past midnight, and the day differs from zone to zone: a hint may come late, never wrongly.
_MAY_LAST = timedelta(days=1)


def without_hours(session: Session, ctx: Context, listings: Iterable[Listing]) -> frozenset[uuid.UUID]:
    """Those of these listings for which no weekly rule holds any more and no extra hours are ahead, in one query. As in
    :func:`services.availability.experiences.timetable_of` own rules replace the body's, and extra hours of both count."""
    since = ctx.now(session).date() - _MAY_LAST
    own = aliased(ScheduleRule)
    has_own = select(own.id).where(own.listing_id == Listing.id).correlate(Listing).exists()
    rule = select(ScheduleRule.id).where(
        or_(
            ScheduleRule.listing_id == Listing.id,
            and_(ScheduleRule.resource_id == Listing.resource_id, ~has_own),
        ),
        or_(ScheduleRule.valid_until.is_(None), ScheduleRule.valid_until >= since),
    )
    extra = select(AvailabilityException.id).where(
        or_(
            AvailabilityException.listing_id == Listing.id,
            AvailabilityException.resource_id == Listing.resource_id,
        ),
        AvailabilityException.is_available,
        func.coalesce(AvailabilityException.until_on, AvailabilityException.on_date) >= since,
    )
    asked = Listing.id.in_([listing.id for listing in listings])
    return frozenset(session.scalars(select(Listing.id).where(asked, ~rule.exists(), ~extra.exists())))
