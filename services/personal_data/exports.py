"""Copies of one's own data: asked for once a day, written by a worker, fetched by the link of a mail, and deleted again."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Text, func, literal, select, update
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import Session

from domain.errors import Conflict, NotFound
from domain.exports import ExportState
from domain.jobs import JobKind
from domain.notices import NoticeKind
from domain.one_time import OneTimeTokens, Purpose
from domain.personal_data import PERSONAL, Side
from models.exports import DataExport
from models.jobs import Job, is_open
from models.locks import lock_user
from models.one_time_tokens import OneTimeToken
from models.users import User
from services import limits
from services.accounts.one_time_tokens import issue
from services.accounts.users import still_signed_in
from services.applications import records
from services.context import Context
from services.personal_data.subjects import concerns, table_of
from services.telling import tell_owner

#: Rows that are in memory at once.
ROWS_AT_ONCE = 500
#: What the keys of the jobs begin with that write copies.
_WRITE = "export:"


def ask_for_export(session: Session, ctx: Context) -> DataExport:
    """The actor's open export, or a new one. Raises ``email_not_verified``, for the link goes to their mailbox,
    ``too_many_export_user`` where there was one lately, and ``session_ended``."""
    user = still_signed_in(session, ctx)
    if not user.has_confirmed_email:
        raise Conflict("email_not_verified", "Confirm your e-mail address first: the link goes there.")
    waiting = select(DataExport).where(DataExport.user_id == user.id, DataExport.state == ExportState.WAITING)
    if found := session.scalar(waiting):
        return found
    limits.enforce(session, ctx, "export_user", str(user.id), ctx.policy.limits.export_user)
    records.claim(session, user)
    now = ctx.now(session)
    export = DataExport(user_id=user.id, requested_at=now)
    session.add(export)
    session.flush()
    ctx.enqueue(session, JobKind.WRITE_EXPORT, _write_key(export.id), {"export_id": export.id}, now=now)
    ctx.audit(session, "export.requested", export, now=now)
    return export


def sections(session: Session, user_id: uuid.UUID) -> Iterator[tuple[str, tuple[str, ...], Iterator[Sequence[Any]]]]:
    """Everything that a user gets a copy of, table by table: its name, its columns, and its rows, a few at a time."""
    for name, personal in PERSONAL.items():
        for side in personal.sides:
            yield side.name, side.shows, _rows(session, name, side, user_id)


def _rows(session: Session, name: str, side: Side, user_id: uuid.UUID) -> Iterator[Sequence[Any]]:
    table = table_of(name)
    theirs = select(*(table.c[column] for column in side.shows)).where(concerns(table, side, user_id))
    for column, values in side.only.items():
        theirs = theirs.where(table.c[column].in_(values))
    ordered = theirs.order_by(*table.primary_key.columns).execution_options(yield_per=ROWS_AT_ONCE)
    yield from session.execute(ordered)


def finish_export(session: Session, ctx: Context, tokens: OneTimeTokens, export_id: uuid.UUID, size: int) -> None:
    """The file is there: tell its owner by mail. Where the account was deleted meanwhile, it goes again."""
    export = session.get_one(DataExport, export_id)
    user = lock_user(session, export.user_id)
    session.refresh(export, with_for_update=True)
    if export.state != ExportState.WAITING:
        return
    now = ctx.now(session)
    if not user.may_sign_in:
        export.be_over(now)
        return
    token = issue(session, ctx, tokens, user, Purpose.DATA_EXPORT)
    export.be_ready(now, size, token)
    ctx.audit(session, "export.ready", export, now=now)
    tell_owner(session, ctx, NoticeKind.EXPORT_READY, user.id, now=now, about=export.id, one_time_token_id=token.id)


def find_export(session: Session, ctx: Context, token_hash: str) -> DataExport:
    """The file behind the link of a mail, as often as it is followed. Raises ``export_not_found``."""
    query = (
        select(DataExport, OneTimeToken, User)
        .join(OneTimeToken, OneTimeToken.id == DataExport.token_id)
        .join(User, User.id == DataExport.user_id)
        .where(OneTimeToken.token_hash == token_hash, OneTimeToken.purpose == Purpose.DATA_EXPORT.value)
    )
    row = session.execute(query).first()
    if row is None or not row.OneTimeToken.is_live(ctx.now(session)) or not row.User.may_sign_in:
        raise NotFound("export_not_found", "This link does not work any more. Ask for a new copy of your data.")
    export: DataExport = row.DataExport
    return export


def withdraw_exports(session: Session, ctx: Context, user: User) -> None:
    """The copies of a user, whose row the caller has locked, are to be deleted now; those being written as soon as they are."""
    theirs = (DataExport.user_id == user.id, DataExport.state == ExportState.READY)
    now = func.least(DataExport.expires_at, ctx.now(session))
    session.execute(update(DataExport).where(*theirs).values(state=ExportState.OVER.value, expires_at=now))


def end_unwritten(session: Session, ctx: Context, limit: int) -> None:
    """End the copies whose job gave up: part of their file may lie there, and whoever asked may ask again at once."""
    key = literal(_WRITE) + sql_cast(DataExport.id, Text)
    given_up = select(DataExport.id, DataExport.user_id).join(Job, (Job.key == key) & Job.dead_at.is_not(None))
    now = ctx.now(session)
    for row in session.execute(given_up.where(DataExport.state == ExportState.WAITING).limit(limit)).all():
        lock_user(session, row.user_id)
        export = session.get_one(DataExport, row.id, with_for_update=True, populate_existing=True)
        # Somebody may have given the job a new life meanwhile.
        if export.state == ExportState.WAITING and not is_open(session, _write_key(export.id)):
            export.be_over(now)
            limits.give_back(session, "export_user", str(export.user_id))
            ctx.audit(session, "export.given_up", export, now=now)


def exports_to_delete(session: Session, ctx: Context, limit: int) -> Sequence[uuid.UUID]:
    """Whose time is over."""
    over = select(DataExport.id).where(
        DataExport.state != ExportState.DELETED, DataExport.expires_at <= ctx.now(session)
    )
    return session.scalars(over.order_by(DataExport.expires_at).limit(limit)).all()


def _write_key(export_id: uuid.UUID) -> str:
    return f"{_WRITE}{export_id}"
