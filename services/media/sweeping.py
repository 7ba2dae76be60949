"""Uploads that came to nothing: what never finished, what was refused long ago, and what nothing ever used."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from domain.media import GIVEN_UP_AFTER, REFUSALS_KEPT, UNUSED_AFTER, MediaKind, MediaState, Refusal
from models.media import Media
from services.context import Context
from services.media import uploads

#: What one sweep takes of each sort.
BATCH = 1_000


def sweep(session: Session, ctx: Context) -> None:
    """End what never finished, forget refusals after some days, collect orphans, and delete again what a lost job has left."""
    _end_unfinished(session, ctx)
    _collect_orphans(session, ctx)


def _end_unfinished(session: Session, ctx: Context) -> None:
    now = ctx.now(session)
    is_stale = or_(
        and_(Media.state != MediaState.REFUSED, Media.changed_at < now - GIVEN_UP_AFTER),
        and_(Media.state == MediaState.REFUSED, Media.changed_at < now - REFUSALS_KEPT),
    )
    for media in _locked(session, Media.state != MediaState.READY, is_stale):
        if media.state == MediaState.PROCESSING:
            uploads.refuse(session, ctx, media, Refusal.NOT_FINISHED, now)
        else:
            media.move(MediaState.REMOVED, now)
            uploads.delete_files(session, ctx, media, f"swept:{now.date()}", now)


def _collect_orphans(session: Session, ctx: Context) -> None:
    """What is ready for a day and used by nothing: somebody chose it in a form and went away."""
    now = ctx.now(session)
    is_unused = and_(Media.state == MediaState.READY, Media.attached_at.is_(None), Media.kind != MediaKind.AVATAR)
    for media in _locked(session, is_unused, Media.changed_at < now - UNUSED_AFTER):
        uploads.discard(session, ctx, media, now)
        ctx.audit(session, f"{media.kind}.orphaned", media, now=now)


def _locked(session: Session, *conditions: ColumnElement[bool]) -> Sequence[Media]:
    # Whoever holds one is about to change it.
    some = select(Media).where(*conditions).order_by(Media.changed_at).limit(BATCH).with_for_update(skip_locked=True)
    return session.scalars(some).all()
