"""The picture that a user shows: one at a time, while one may be on its way to take its place."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.media import MediaKind, MediaState
from models.locks import lock_user
from models.media import Media
from services.context import Context


def in_state(session: Session, owner_id: uuid.UUID, *states: MediaState) -> Sequence[Media]:
    """A user's avatars in some states, locked; the owner's row is locked by the caller."""
    mine = select(Media).where(Media.owner_id == owner_id, Media.kind == MediaKind.AVATAR, Media.state.in_(states))
    locked = mine.order_by(Media.id).with_for_update().execution_options(populate_existing=True)
    return session.scalars(locked).all()


def show(session: Session, ctx: Context, media: Media, now: datetime) -> None:
    """Let an avatar be seen in place of the one before."""
    owner = lock_user(session, media.owner_id)
    owner.avatar_url = largest_variant(media)
    ctx.audit(session, "avatar.changed", media, now=now)


def largest_variant(media: Media) -> str:
    """The key of the largest picture that was made."""
    return media.variants[max(media.variants, key=int)]
