"""What a user has searched for: kept where their client says so, because a public search asks nobody who they are."""

from __future__ import annotations

import uuid

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models.searches import OwnSearch
from services.accounts.users import still_signed_in
from services.context import Context
from services.pages import Order, Page, Window, count, falling

#: The last so many are kept.
MOST_KEPT = 50
_NEWEST_FIRST = Order(falling(OwnSearch.searched_at), falling(OwnSearch.query))


def remember_search(session: Session, ctx: Context, query: str) -> OwnSearch:
    """Keep a search of the actor's as their newest; what was searched for before moves up. Raises ``session_ended``."""
    user, now = still_signed_in(session, ctx), ctx.now(session)
    kept = insert(OwnSearch).values(user_id=user.id, query=query, searched_at=now)
    kept = kept.on_conflict_do_update(index_elements=["user_id", "query"], set_={"searched_at": now})
    own = session.scalars(kept.returning(OwnSearch), execution_options={"populate_existing": True}).one()
    oldest = select(OwnSearch.query).where(OwnSearch.user_id == user.id).order_by(*_NEWEST_FIRST.columns)
    beyond = oldest.offset(MOST_KEPT)
    session.execute(
        delete(OwnSearch).where(OwnSearch.user_id == user.id, OwnSearch.query.in_(beyond)),
        execution_options={"synchronize_session": False},
    )
    return own


def searches_of(session: Session, user_id: uuid.UUID, window: Window) -> Page[OwnSearch]:
    """One page of the user's searches, the last one first."""
    mine = select(OwnSearch).where(OwnSearch.user_id == user_id)
    return _NEWEST_FIRST.scalars(session, mine, window, count(session, mine))


def forget_searches(session: Session, ctx: Context, query: str | None) -> None:
    """Forget one of the actor's searches, or all of them."""
    mine = delete(OwnSearch).where(OwnSearch.user_id == ctx.actor.user_id)
    session.execute(mine if query is None else mine.where(OwnSearch.query == query))
