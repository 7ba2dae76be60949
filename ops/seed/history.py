"""Gives a fresh demo its past and its near future, once, and makes the ratings what the reviews say."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from domain.policy import Policy
from domain.reviews import ReviewStatus
from models import Guide, Listing, Review, User
from ops.seed.booking_rows import ORDER, Ledger
from ops.seed.calendar import Calendar
from ops.seed.coming import Coming
from ops.seed.notices import add_notices
from ops.seed.past import Past
from ops.seed.shapes import Experience
from ops.seed.travellers import TRAVELLERS, WITHOUT_MAIL


def add_history(
    session: Session,
    policy: Policy,
    now: datetime,
    today: date,
    experiences: Sequence[tuple[Experience, uuid.UUID]],
    people: dict[str, uuid.UUID],
) -> dict[str, int]:
    """Rows added, by table. ``people`` are the ids of travellers by e-mail, and of ``regular`` and ``guide``, who sign in.

    Nothing becomes due by this but the end of the holds: no mail, no SMS, no job for what is past.
    """
    ids = [listing_id for _, listing_id in experiences]
    listings = {each.id: each for each in session.scalars(select(Listing).where(Listing.id.in_(ids)))}
    offered = [(experience, listings[listing_id]) for experience, listing_id in experiences if listing_id in listings]
    users = {user.id: user for user in session.scalars(select(User).where(User.id.in_(people.values())))}
    guests = [(users[people[one.email]], one.tongue) for one in TRAVELLERS if people.get(one.email) in users]
    regular = users.get(people["regular"])
    ledger, calendar = Ledger(policy), Calendar.of(session, list(listings.values()), today)

    past = Past(ledger, calendar, guests)
    for index, (experience, listing) in enumerate(offered):
        past.add(experience, listing, [(regular, "en")] if regular and index in _REGULARS_PAST else [])
    holders = [user for user, _ in guests if user.email is None]
    others = [user for user, _ in guests if user.email is not None]
    coming = Coming(ledger, calendar, list(listings.values()), others, now)
    for index, days in _TOMORROW + _REGULARS_COMING:
        customer = others[index] if (index, days) in _TOMORROW else regular
        if customer and index < len(offered):
            coming.add_confirmed(offered[index][1], customer, days)
    coming.add_all(holders[: len(WITHOUT_MAIL)])
    ledger.close_runs(calendar.runs)

    connection = session.connection()
    for table in ORDER:
        if rows := ledger.rows[table]:
            connection.execute(insert(table.__table__), rows)
    _rate(session, list(listings))
    told = sum(add_notices(session, policy, reader) for reader in (regular, users.get(people["guide"])) if reader)
    return {table.__tablename__: len(ledger.rows[table]) for table in ORDER} | {"notifications": told}


#: Experiences by their place in the list, whose first ones are those of the guide who signs in: what the regular
#: traveller has done and booked, and what the guide has to do tomorrow.
_REGULARS_PAST = frozenset({0, 2, 9, 31, 57, 88, 140})
_REGULARS_COMING = ((0, (3, 3)), (1, (9, 20)), (44, (21, 40)))
_TOMORROW = ((0, (1, 1)), (3, (1, 1)), (2, (1, 1)))


def _rate(session: Session, listing_ids: list[uuid.UUID]) -> None:
    """Ratings of listings and guides are the mean and the number of their approved reviews."""
    approved = Review.status == ReviewStatus.APPROVED
    for table, own, subject in ((Listing, Listing.id, Review.listing_id), (Guide, Guide.user_id, Review.host_id)):
        votes = (
            select(
                subject.label("subject"),
                func.round(func.avg(Review.rating), 2).label("mean"),
                func.count().label("votes"),
            )
            .where(approved, Review.listing_id.in_(listing_ids))
            .group_by(subject)
            .subquery()
        )
        session.execute(
            update(table)
            .where(own == votes.c.subject)
            .values(rating_average=votes.c.mean, rating_count=votes.c.votes)
            .execution_options(synchronize_session=False)
        )
