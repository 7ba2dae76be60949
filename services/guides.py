"""Guides' profiles in the hands of those whom they are about."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.errors import Forbidden
from domain.users import Role
from models.catalogue import Guide
from models.users import User
from services.context import Context


def acting_guide(session: Session, ctx: Context) -> Guide:
    """The actor's profile, as it is now. Raises ``not_a_guide``.

    Who goes on to write locks the actor's row before (:func:`services.accounts.still_signed_in`), so that nobody acts who was
    signed out a moment ago.
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


def not_a_guide() -> Forbidden:
    """The refusal of somebody signed in who does not guide."""
    return Forbidden("not_a_guide", "This is for guides. Apply to become one.")
