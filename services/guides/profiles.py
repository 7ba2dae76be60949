"""Guides' profiles in the hands of those whom they are about."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from domain.errors import Forbidden
from domain.licences import LicenceState, local_day, state_on
from domain.listings import ListingKind, ListingStatus, Obstacle
from domain.users import Role
from models.catalogue import Guide, Listing
from models.licences import LicenceRenewal
from models.users import User
from services.accounts.users import still_signed_in
from services.catalogue.guides import unknown_guide
from services.catalogue.offering import obstacles_of
from services.context import Context
from services.search.index import note_guide

#: What guides change of their profile themselves.
OWN_WORDS = ("bio", "region", "languages", "specializations", "years_experience")
#: What makes a profile whole: the name that clients know it by, and whether it is there.
_WANTED = (
    ("avatar_url", lambda user, guide: user.avatar_url),
    ("bio", lambda user, guide: guide.bio),
    ("region", lambda user, guide: guide.region),
    ("languages", lambda user, guide: guide.languages),
    ("specializations", lambda user, guide: guide.specializations),
    ("phone", lambda user, guide: user.phone),
    ("licence", lambda user, guide: guide.licence_number),
)


@dataclass(frozen=True, slots=True)
class OwnProfile:
    """A guide's profile as they see it themselves: what is missing, and whether what they offer is shown."""

    user: User
    guide: Guide
    today: date
    #: How many of their listings are in each state.
    listings: Mapping[str, int]
    obstacles: frozenset[Obstacle]
    #: The licence that they sent last, whatever became of it.
    sent: LicenceRenewal | None

    @property
    def missing(self) -> list[str]:
        return [name for name, value in _WANTED if not value(self.user, self.guide)]

    @property
    def offered(self) -> int:
        return self.listings.get(ListingStatus.ACTIVE, 0)

    @property
    def is_licensed(self) -> bool:
        return self.guide.licence_number is not None and self.licence_state is not LicenceState.EXPIRED

    @property
    def licence_state(self) -> LicenceState:
        return state_on(self.today, self.guide.licence_expires_on)


def acting_guide(session: Session, ctx: Context) -> Guide:
    """The actor's profile, as it is now. Raises ``not_a_guide``.

    Who goes on to write locks the actor's row before (:func:`services.accounts.users.still_signed_in`), so that nobody acts who
    was signed out a moment ago.
    """
    theirs = (
        select(Guide)
        .join(User, User.id == Guide.user_id)
        .where(Guide.user_id == ctx.actor.user_id, User.roles.contains([Role.GUIDE.value]))
    )
    guide = session.scalar(theirs.execution_options(populate_existing=True))
    if guide is None:
        raise not_a_guide()
    return guide


def own_profile(session: Session, ctx: Context) -> OwnProfile:
    """The actor's profile with all that concerns nobody else. Raises ``not_a_guide``."""
    guide = acting_guide(session, ctx)
    user, now = session.get_one(User, guide.user_id), ctx.now(session)
    counted = (
        select(Listing.status, func.count())
        .where(Listing.host_id == user.id, Listing.kind == ListingKind.EXPERIENCE)
        .group_by(Listing.status)
    )
    listings = dict(session.execute(counted).all())
    sent = select(LicenceRenewal).where(LicenceRenewal.user_id == user.id).order_by(LicenceRenewal.id.desc()).limit(1)
    return OwnProfile(
        user=user,
        guide=guide,
        today=local_day(now, user.timezone),
        listings=listings,
        obstacles=obstacles_of(session, user, now),
        sent=session.scalar(sent),
    )


def change_profile(session: Session, ctx: Context, named: str | None, changes: Mapping[str, Any]) -> OwnProfile:
    """Change those of the actor's ``OWN_WORDS`` that are given and differ; ``named`` is the id or slug by which it is asked for,
    where it is. The log keeps the names of what changed, not the words.

    Raises ``session_ended``, ``not_a_guide``, and ``guide_not_found`` where it is somebody else's.
    """
    still_signed_in(session, ctx)
    guide = acting_guide(session, ctx)
    if named is not None and not is_named(guide, named):
        raise unknown_guide()
    changed = [name for name in OWN_WORDS if name in changes and getattr(guide, name) != changes[name]]
    for name in changed:
        setattr(guide, name, changes[name])
    if changed:
        guide.version += 1
        # The guide is on the pages of their experiences; whoever keeps those by their version reads them anew.
        theirs = update(Listing).where(Listing.host_id == guide.user_id)
        session.execute(theirs.values(version=Listing.version + 1))
        now = ctx.now(session)
        note_guide(session, ctx, guide.id, now)
        ctx.audit(session, "guide.changed", guide, now=now, data={"fields": changed})
    return own_profile(session, ctx)


def is_named(guide: Guide, named: str) -> bool:
    """Whether this is the guide's id or slug."""
    try:
        return guide.id == uuid.UUID(named)
    except ValueError:
        return guide.slug == named


def not_a_guide() -> Forbidden:
    """The refusal of somebody signed in who does not guide."""
    return Forbidden("not_a_guide", "This is for guides. Apply to become one.")
