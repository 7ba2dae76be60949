"""Leaving and coming back: a deleted account is out at once, and can be taken back until it is erased."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy.orm import Session

from domain.errors import Conflict
from domain.notices import NoticeKind
from domain.one_time import OneTimeTokens, Purpose
from domain.users import Role, SessionEnd
from domain.vault import Vault
from models.locks import lock_super_admins, lock_user
from models.users import User
from services.accounts import sessions
from services.accounts.attempts import forgive_account
from services.accounts.devices import remove_all_devices
from services.accounts.one_time_tokens import issue, lock_who_used, redeem, withdraw_all
from services.accounts.two_factor import show_where_on
from services.accounts.users import known_password
from services.accounts.verification import confirm_email
from services.applications import records
from services.catalogue.offering import offer_listings_again, withdraw_listings
from services.context import Context
from services.personal_data.exports import withdraw_exports
from services.personal_data.obligations import Obligation, obligations_of
from services.telling import tell_owner


def delete_account(
    session: Session, ctx: Context, tokens: OneTimeTokens, vault: Vault, checked_hash: str, code: str | None = None
) -> list[uuid.UUID]:
    """Delete the actor's account, to be erased when its grace is over; answers which sessions ended. Where two-factor
    sign-in is on, it takes a code besides.

    ``checked_hash`` is the one that the password was found to be right for. Raises ``wrong_password`` where it was
    changed since, ``session_ended`` where the actor is out already, ``last_super_admin``, ``account_in_use`` with
    whatever is not settled, and what :func:`services.accounts.two_factor.show_where_on` raises.
    """
    _refuse_last_super_admin(session, ctx)
    user = known_password(session, ctx, checked_hash, "password")
    show_where_on(session, ctx, vault, user, code)
    # First: whoever books one of the host's listings is waited for, and seen below, or finds it withdrawn.
    withdrawn = withdraw_listings(session, ctx, user.id)
    now = ctx.now(session)
    if open_ones := obligations_of(session, user.id, now):
        raise _in_use(open_ones)
    records.claim(session, user)
    user.delete(now, now + ctx.policy.links.account_restore)
    withdraw_all(session, user, now)
    withdraw_exports(session, ctx, user)
    removed = remove_all_devices(session, user)
    ended = sessions.end_all(session, ctx, user.id, SessionEnd.ACCOUNT_DELETED)
    data = {"sessions_ended": len(ended), "devices_removed": removed, "listings_withdrawn": withdrawn}
    ctx.audit(session, "user.deleted", user, now=now, data=data)
    token = issue(session, ctx, tokens, user, Purpose.ACCOUNT_RESTORE)
    tell_owner(session, ctx, NoticeKind.ACCOUNT_DELETED, user.id, now=now, about=token.id, one_time_token_id=token.id)
    return ended


def restore_account(session: Session, ctx: Context, token_hash: str) -> None:
    """Take an account back with the token of its mail; once more with the same token changes nothing.

    Who follows the link reads the mailbox, so the address is confirmed too. Raises ``one_time_token_invalid``.
    """
    if lock_who_used(session, token_hash, Purpose.ACCOUNT_RESTORE):
        return
    user = redeem(session, ctx, token_hash, Purpose.ACCOUNT_RESTORE)
    _take_back(session, ctx, user)
    confirm_email(session, ctx, user)


def restore_for_owner(session: Session, ctx: Context, user_id: uuid.UUID) -> User:
    """Take an account back for an owner who asked us. Raises ``account_not_restorable``."""
    user = lock_user(session, user_id)
    now = ctx.now(session)
    if not user.can_be_taken_back(now):
        raise Conflict("account_not_restorable", f"This account is {user.status} and cannot be taken back.")
    withdraw_all(session, user, now)
    _take_back(session, ctx, user)
    return user


def _refuse_last_super_admin(session: Session, ctx: Context) -> None:
    """Two super administrators who leave at once are locked together, so that one of them stays."""
    if Role.SUPER_ADMIN not in ctx.actor.roles:
        return
    if not any(peer.may_sign_in for peer in lock_super_admins(session) if peer.id != ctx.actor.user_id):
        raise Conflict("last_super_admin", "You are the last super administrator. Appoint another one first.")


def _take_back(session: Session, ctx: Context, user: User) -> None:
    user.take_back()
    offered, now = offer_listings_again(session, ctx, user), ctx.now(session)
    forgive_account(session, user)
    ctx.audit(session, "user.restored", user, now=now, data={"listings_offered_again": offered})


def _in_use(open_ones: Sequence[Obligation]) -> Conflict:
    named = ", ".join(dict.fromkeys(f"{each.kind} {each.reference}" for each in open_ones))
    return Conflict(
        "account_in_use",
        f"Your account cannot be deleted while something is open: {named}.",
        extra={
            "blockers": [
                {"kind": each.kind, "id": str(each.id), "reference": each.reference, "reason": each.reason}
                for each in open_ones
            ]
        },
    )
