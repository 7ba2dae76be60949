"""Who is asking: views that need somebody to be signed in read the token, then the session that it lives by."""

from __future__ import annotations

import functools
import hmac
import uuid
from collections.abc import Callable
from typing import Any

from flask import g, request
from flask.views import MethodView
from jwt import ExpiredSignatureError, PyJWTError

from api.context import context
from api.edge import edge
from api.tokens import read_access_token
from domain.errors import Forbidden, Unauthenticated
from domain.users import ADMINS, Role
from services.accounts.sessions import Identity, identify, session_ended
from services.guides.profiles import acting_guide, not_a_guide

#: What a text that is no token of ours ends in: whatever it holds, it is refused and never our fault.
_UNREADABLE = (PyJWTError, KeyError, ValueError, TypeError, AttributeError, ArithmeticError, RecursionError)


def signed_in(view: Callable[..., Any]) -> Callable[..., Any]:
    """Let only live sessions through, before anything else of the request is looked at."""

    @functools.wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        g.identity = _identity()
        return view(*args, **kwargs)

    return guarded


class PublicView(MethodView):
    """A resource for everybody. ``limited_by`` names the setting of the limit that all its requests count towards."""

    init_every_request = False
    limited_by: str | None = None


class SignedInView(PublicView):
    """A resource for signed-in users."""

    decorators = (signed_in,)


def by_admins(view: Callable[..., Any]) -> Callable[..., Any]:
    """Let only administrators through whose session showed two factors; somebody has to be signed in already."""

    @functools.wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if not g.identity.roles & ADMINS:
            raise Forbidden("admins_only", "This is for administrators.")
        if not g.identity.two_factor:
            raise Forbidden(
                "two_factor_required",
                "Administrators sign in with two factors: set up two-factor sign-in, or sign in again with your code.",
            )
        return view(*args, **kwargs)

    return guarded


class AdminView(SignedInView):
    """A resource for administrators."""

    # The last is asked first: who it is comes before what they may do.
    decorators = (by_admins, signed_in)


def by_guides(view: Callable[..., Any]) -> Callable[..., Any]:
    """Let only guides through, who have the role and a profile; somebody has to be signed in already."""

    @functools.wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if Role.GUIDE not in g.identity.roles:
            raise not_a_guide()
        with edge().db.reading() as session:
            acting_guide(session, context())
        return view(*args, **kwargs)

    return guarded


class GuideView(SignedInView):
    """A resource for guides. What they write takes :func:`services.guides.profiles.acting_guide` once more, in its own
    transaction.
    """

    decorators = (by_guides, signed_in)


def by_operators(view: Callable[..., Any]) -> Callable[..., Any]:
    """Let only those through who know METRICS_TOKEN; everybody where it is empty, which production refuses."""

    @functools.wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        expected, given = edge().settings.metrics_token, _bearer() or ""
        if expected and not hmac.compare_digest(given.encode(), expected.encode()):
            raise Unauthenticated("metrics_token_invalid", "This is for operators: send METRICS_TOKEN as bearer token.")
        return view(*args, **kwargs)

    return guarded


class OperatorView(PublicView):
    """A resource for the machines that watch ours."""

    decorators = (by_operators,)


def _identity() -> Identity:
    token = _bearer()
    if token is None:
        raise token_missing()
    user_id, session_id = claims_of(token)
    sessions = edge().sessions
    known = sessions.recall(session_id)
    if known is None:
        forgotten = sessions.forgotten
        with edge().db.reading() as session:
            known = identify(session, context(), session_id)
        if known is not None and not _waits_for_second_factor(known):
            sessions.remember(known, forgotten)
    return owned(known, user_id)


def _waits_for_second_factor(known: Identity) -> bool:
    """Whether an administrator has shown one factor so far: read anew each time, for another process may be shown the other."""
    return not known.two_factor and not known.roles.isdisjoint(ADMINS)


def owned(known: Identity | None, user_id: uuid.UUID) -> Identity:
    """The identity behind a live session, where it is the token's user; raises ``session_ended``."""
    if known is None or known.user_id != user_id:
        raise session_ended()
    return known


def claims_of(token: str) -> tuple[uuid.UUID, uuid.UUID]:
    """User and session of an access token that is ours, in every claim. Raises a named refusal, by whatever way it came."""
    try:
        claims = read_access_token(token)
        return uuid.UUID(claims["sub"]), uuid.UUID(claims["sid"])
    except ExpiredSignatureError:
        raise Unauthenticated("token_expired", "The access token has expired. Refresh it.") from None
    except _UNREADABLE:
        raise Unauthenticated("token_invalid", "The access token is not valid.") from None


def token_missing(message: str = "Sign in first: this needs an access token.") -> Unauthenticated:
    """The refusal of somebody who brings no token at all."""
    return Unauthenticated("token_missing", message)


def _bearer() -> str | None:
    """What the request brings after ``Bearer``, however that is spelled; None where it brings nothing of the kind."""
    scheme, _, token = request.headers.get("Authorization", "").strip().partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None
