"""What each user wants to be told on which channel: kept, changed, and heeded where channels are chosen."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from domain.errors import RuleViolation
from domain.notices import Channel, Notice
from domain.preferences import Preference, Wishes, channels_of, not_refusable, preferences
from models.messages import NotificationPreference
from services.accounts.users import still_signed_in
from services.context import Context


def preferences_of(session: Session, user_id: uuid.UUID) -> list[Preference]:
    """Everything the user may decide, and how it stands."""
    return preferences(_wishes_of(session, user_id))


def change_preferences(session: Session, ctx: Context, wishes: Wishes) -> list[Preference]:
    """Decide what is named and leave the rest. Raises ``notice_always_on``, with every name, before anything is changed."""
    refused = not_refusable(wishes)
    if refused:
        raise RuleViolation(
            "notice_always_on",
            "What concerns one's own account, bookings or money is always sent.",
            errors={f"preferences.{category}.{channel}": ["cannot be turned off"] for category, channel in refused},
        )
    user = still_signed_in(session, ctx)
    stands = {(each.category, each.channel): each.is_enabled for each in preferences_of(session, user.id)}
    changed = {way: wanted for way, wanted in wishes.items() if stands.get(way, True) != wanted}
    if changed:
        now = ctx.now(session)
        for (category, channel), wanted in changed.items():
            values = {"is_enabled": wanted, "changed_at": now}
            session.execute(
                insert(NotificationPreference)
                .values(user_id=user.id, category=category, channel=channel, **values)
                .on_conflict_do_update(index_elements=["user_id", "category", "channel"], set_=values)
            )
        ways = {f"{category}.{channel}": wanted for (category, channel), wanted in changed.items()}
        ctx.audit(session, "user.preferences_changed", user, now=now, data=ways)
    return preferences_of(session, user.id)


def channels_for(session: Session, user_id: uuid.UUID, notice: Notice) -> tuple[Channel, ...]:
    """The channels on which the user is to be told."""
    # Most notices are transactional, and need not ask.
    return channels_of(notice, {} if notice.is_transactional else _wishes_of(session, user_id))


def _wishes_of(session: Session, user_id: uuid.UUID) -> Wishes:
    rows = session.execute(
        select(
            NotificationPreference.category, NotificationPreference.channel, NotificationPreference.is_enabled
        ).where(NotificationPreference.user_id == user_id)
    )
    return {(row.category, row.channel): row.is_enabled for row in rows}
