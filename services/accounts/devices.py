"""The devices on which a user wants to be reached: registered, counted, and handed on with the phone."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from domain.devices import MOST_DEVICES, Platform
from domain.errors import NotFound, Unauthenticated
from models.base import new_id
from models.devices import DeviceToken
from models.locks import lock_session, lock_user
from models.users import User
from services.context import Context
from services.pages import Order, Page, Window, count, falling

_NEWEST_FIRST = Order(falling(DeviceToken.registered_at), falling(DeviceToken.id))


def register_device(session: Session, ctx: Context, token: str, platform: Platform) -> tuple[DeviceToken, bool]:
    """The actor's device with this token, taken from whoever had it; and whether it was not the actor's before.

    It is the actor's for as long as the session that registers it lives. Raises ``session_ended`` where it does no more.
    """
    user = lock_user(session, ctx.actor.user_id)
    family, now = lock_session(session, ctx.actor.session_id), ctx.now(session)
    if family is None or not family.is_live(now):
        raise Unauthenticated("session_ended", "You are no longer signed in. Sign in again.")
    owner = session.scalar(select(DeviceToken.user_id).where(DeviceToken.token == token).with_for_update())
    values = {"user_id": user.id, "session_id": family.id, "platform": platform.value, "registered_at": now}
    device = session.scalars(
        insert(DeviceToken)
        .values(id=new_id(), token=token, **values)
        .on_conflict_do_update(index_elements=["token"], set_=values)
        .returning(DeviceToken),
        execution_options={"populate_existing": True},
    ).one()
    if owner != user.id:
        ctx.audit(
            session, "device.registered", device, now=now, data={"platform": platform.value, "moved": bool(owner)}
        )
        _make_room(session, ctx, user)
    return device, owner != user.id


def remove_device(session: Session, ctx: Context, device_id: uuid.UUID) -> None:
    """Forget one of the actor's devices. Raises ``device_not_found``, for somebody else's as well."""
    mine = select(DeviceToken).where(DeviceToken.id == device_id, DeviceToken.user_id == ctx.actor.user_id)
    device = session.scalar(mine.with_for_update())
    if device is None:
        raise NotFound("device_not_found", "There is no such device.")
    session.delete(device)
    ctx.audit(session, "device.removed", device, now=ctx.now(session))


def forget_devices(session: Session, ctx: Context, session_id: uuid.UUID, now: datetime) -> None:
    """Forget the devices that a session registered, whose row the caller has locked: it ends."""
    for device in session.scalars(select(DeviceToken).where(DeviceToken.session_id == session_id).with_for_update()):
        session.delete(device)
        ctx.audit(session, "device.removed", device, now=now, data={"reason": "session_ended"})


def remove_all_devices(session: Session, user: User) -> int:
    """Forget every device of a user whose row the caller has locked; how many."""
    gone = delete(DeviceToken).where(DeviceToken.user_id == user.id).returning(DeviceToken.id)
    return len(session.scalars(gone).all())


def devices_of(session: Session, user_id: uuid.UUID, window: Window) -> Page[DeviceToken]:
    """One page of the user's devices, the last registered first."""
    mine = select(DeviceToken).where(DeviceToken.user_id == user_id)
    return _NEWEST_FIRST.scalars(session, mine, window, count(session, mine))


def _make_room(session: Session, ctx: Context, user: User) -> None:
    # Devices that somebody is taking over at this moment are skipped: waiting for each other's would be a deadlock.
    newest_first = select(DeviceToken).where(DeviceToken.user_id == user.id).order_by(*_NEWEST_FIRST.columns)
    beyond = newest_first.offset(MOST_DEVICES).with_for_update(skip_locked=True)
    for device in session.scalars(beyond).all():
        session.delete(device)
        ctx.audit(session, "device.removed", device, now=ctx.now(session), data={"reason": "too_many"})
