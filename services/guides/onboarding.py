"""Making a guide of somebody who has an account: profile, body and role."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from domain.applications import slug_of
from domain.languages import language_named
from domain.listings import ResourceKind
from domain.users import Role
from models.base import new_id
from models.catalogue import Guide, Resource
from models.users import User
from services.accounts.users import appoint
from services.context import Context
from services.search.index import note_guide

#: So many of one name are numbered; whoever comes after them gets a part of their own id.
_NUMBERED = 20


@dataclass(frozen=True, slots=True)
class Profile:
    """What a guide's profile begins with."""

    name: str
    bio: str
    region: str
    languages: tuple[str, ...] = ()
    years_experience: int = 0
    licence_number: str | None = None
    licence_expires_on: date | None = None


def make_guide(session: Session, ctx: Context, user: User, profile: Profile) -> Guide:
    """Make a guide of a user whose row the caller has locked; who is one already stays as they are."""
    guide = session.scalar(select(Guide).where(Guide.user_id == user.id)) or _new_profile(session, ctx, user, profile)
    body = insert(Resource).values(id=new_id(), user_id=user.id, kind=ResourceKind.PERSON.value)
    session.execute(body.on_conflict_do_nothing())
    if Role.GUIDE not in user.roles:
        appoint(session, ctx, user, Role.GUIDE)
    return guide


def _new_profile(session: Session, ctx: Context, user: User, profile: Profile) -> Guide:
    now, guide_id = ctx.now(session), new_id()
    values = {
        "id": guide_id,
        "user_id": user.id,
        "bio": profile.bio,
        "region": profile.region,
        # As guides are found by them, however the form was filled in.
        "languages": list(dict.fromkeys(map(language_named, profile.languages))),
        "years_experience": profile.years_experience,
        "licence_number": profile.licence_number,
        "licence_expires_on": profile.licence_expires_on,
        "verified_at": now,
    }
    for slug in _slugs(profile.name, guide_id):
        # Whoever takes the same one at this moment is waited for.
        made = session.execute(
            insert(Guide).values(slug=slug, **values).on_conflict_do_nothing(index_elements=["slug"]).returning(Guide)
        ).scalar()
        if made is not None:
            ctx.audit(session, "guide.made", made, now=now)
            note_guide(session, ctx, made.id, now)
            return made
    raise AssertionError("the last slug is of the guide's own id")


def _slugs(name: str, guide_id: uuid.UUID) -> Iterator[str]:
    """Addresses to try, the plainest first."""
    slug = slug_of(name)
    yield slug
    for number in range(2, _NUMBERED + 1):
        yield f"{slug}-{number}"
    yield f"{slug}-{guide_id.hex[-12:]}"
