"""``./elite admin``: how the first administrator comes in, since nobody can be asked for it over HTTP, and how anybody, an
administrator included, is put out and let in again when there is nobody to ask, or has lost the second factor."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from typing import Any

from marshmallow import ValidationError

from api.passwords import Passwords
from api.schemas.admin import SuspendRequest
from api.schemas.auth import RegisterRequest
from api.schemas.base import Email
from domain.errors import DomainError
from domain.users import Role
from models.locks import lock_user
from models.users import User
from ops.command import inside
from ops.errors import OpsError
from ops.product import Product, opened
from ops.terminal import Terminal
from services.accounts import suspension, two_factor, users
from services.personal_data import leaving
from services.personal_data.obligations import obligations_of

_NOTHING_CHANGED = "Nothing was changed."


def run(options: argparse.Namespace, terminal: Terminal) -> int:
    """What the verb says; refusals are OpsErrors."""
    verbs = {
        "create": _create_or_promote,
        "suspend": _suspend,
        "unsuspend": _unsuspend,
        "restore": _restore,
        "reset-2fa": _reset,
    }
    try:
        email = Email().deserialize(options.email)
        with opened(os.environ, f"elite-admin-{options.verb}") as product:
            terminal.good(verbs[options.verb](product, options, email, terminal))
    except ValidationError as error:
        faults = error.messages if isinstance(error.messages, dict) else {"email": error.messages}
        details = [f"{name}: {' '.join(sentences)}" for name, sentences in faults.items()]
        raise OpsError("This cannot be done.", f"Correct it and try again. {_NOTHING_CHANGED}", details) from None
    except DomainError as error:
        raise OpsError(error.message, _NOTHING_CHANGED) from error
    return 0


def _create_or_promote(product: Product, options: argparse.Namespace, email: str, terminal: Terminal) -> str:
    """Open an administrator's account, or add the role to an existing one after asking."""
    role = Role.SUPER_ADMIN if options.super else Role.ADMIN
    known = _account(product, email)
    if known:
        _promote(product, known, role, terminal)
    else:
        _create(product, options, role)
    return f"{email} is {_title(role)}. {_what_is_missing(known)}"


def _suspend(product: Product, options: argparse.Namespace, email: str, _: Terminal) -> str:
    reason = SuspendRequest().load({"reason": options.reason})["reason"]
    known = _existing(product, email)
    with product.database.transaction() as session:
        _, ended = suspension.suspend(session, product.ctx, known.id, reason)
        open_still = obligations_of(session, known.id, product.ctx.now(session))
    said = f"{email} is suspended. Sessions ended: {len(ended)}."
    if open_still:
        named = ", ".join(f"{one.kind} {one.reference}" for one in open_still)
        said += f" Goes on: {named}. Look at what is near (docs/operations.md, 'Suspending somebody')."
    return said


def _unsuspend(product: Product, _: argparse.Namespace, email: str, __: Terminal) -> str:
    known = _existing(product, email)
    with product.database.transaction() as session:
        suspension.unsuspend(session, product.ctx, known.id)
    return f"{email} may sign in."


def _restore(product: Product, _: argparse.Namespace, email: str, __: Terminal) -> str:
    """Who asks for it has to be known as the owner by other means than the mailbox."""
    known = _existing(product, email)
    with product.database.transaction() as session:
        leaving.restore_for_owner(session, product.ctx, known.id)
    return f"{email} is back, with everything that it offered."


def _reset(product: Product, _: argparse.Namespace, email: str, terminal: Terminal) -> str:
    """Switch two-factor sign-in off, after asking."""
    known = _existing(product, email)
    terminal.line(f"{email}: {known.full_name}, {known.user_type}, opened on {known.created_at:%d %B %Y}.")
    terminal.line("Be sure that it is they who ask: call back on a number that you know, or look at their face.")
    terminal.line("Then the password is enough until they set it up anew. Switch it off? Type yes:")
    if sys.stdin.readline().strip().lower() != "yes":
        raise OpsError(f"{email} was left as it is.", _NOTHING_CHANGED)
    with product.database.transaction() as session:
        ended = two_factor.reset(session, product.ctx, lock_user(session, known.id))
    return f"Two-factor sign-in is off for {email}. Sessions ended: {len(ended)}. A mail tells them."


def _existing(product: Product, email: str) -> User:
    known = _account(product, email)
    if known is None:
        raise OpsError(f"There is no account with the address {email}.", _NOTHING_CHANGED)
    return known


def _account(product: Product, email: str) -> User | None:
    with product.database.reading() as session:
        return users.find_by_email(session, email)


def _create(product: Product, options: argparse.Namespace, role: Role) -> None:
    given = {"email": options.email, "first_name": options.first_name, "last_name": options.last_name}
    body: dict[str, Any] = RegisterRequest().load({**given, "password": _password()})
    password_hash = Passwords(rounds=product.settings.bcrypt_rounds, slots=1, queue=0).hash(body.pop("password"))
    account = users.NewAccount(
        email=body["email"],
        password_hash=password_hash,
        first_name=body["first_name"],
        last_name=body["last_name"],
        phone=None,
        intends_to_guide=False,
        locale=product.ctx.locale,
    )
    with product.database.transaction() as session:
        user = users.register(session, product.ctx, account)
        users.appoint(session, product.ctx, user, role)


def _promote(product: Product, known: User, role: Role, terminal: Terminal) -> None:
    _refuse(known, role)
    terminal.line(f"{known.email} is an account already: {known.full_name}, opened on {known.created_at:%d %B %Y}.")
    if not known.has_confirmed_email:
        terminal.line("Nobody has confirmed that this address is theirs: ask the person before you say yes.")
    terminal.line(f"It keeps its name and password. Make it {_title(role)}? Type yes:")
    if sys.stdin.readline().strip().lower() != "yes":
        raise OpsError(f"{known.email} was left as it is.", _NOTHING_CHANGED)
    with product.database.transaction() as session:
        # The answer may have taken its time.
        user = lock_user(session, known.id)
        _refuse(user, role)
        users.appoint(session, product.ctx, user, role)


def _refuse(user: User, role: Role) -> None:
    if not user.may_sign_in:
        raise OpsError(f"{user.email} is {user.status}, so it gets no role.", _NOTHING_CHANGED)
    if {role, Role.SUPER_ADMIN} & set(user.roles):
        raise OpsError(f"{user.email} has this role already ({', '.join(user.roles)}).", _NOTHING_CHANGED)


def _password() -> str:
    """Typed twice on a terminal, else the first line of standard input; never an argument, which others can list."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass("  Password: ")
    if getpass.getpass("  The same again: ") != password:
        raise OpsError("The two passwords differ.", f"Try again. {_NOTHING_CHANGED}")
    return password


def _what_is_missing(known: User | None) -> str:
    """What an administrator has to do before admin routes open."""
    if known is not None and known.has_two_factor:
        return "Admin routes open after signing in again with a code."
    return (
        "Admin routes open once two-factor sign-in is set up: sign in, then POST /api/auth/2fa/setup "
        "(docs/operations.md has the commands)."
    )


def _title(role: Role) -> str:
    return {Role.ADMIN: "an administrator", Role.SUPER_ADMIN: "a super administrator"}[role]


if __name__ == "__main__":
    sys.exit(inside("admin", sys.argv[1:]))
