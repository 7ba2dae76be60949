"""Who is asking: views that need somebody to be signed in read the token, then the session that it lives by."""

from __future__ import annotations

import functools
import hmac
import uuid
from collections.abc import Callable
from typing import Any

from flask import g, request
from flask.views import MethodView
from flask_jwt_extended import get_jwt, verify_jwt_in_request
from flask_jwt_extended.exceptions import JWTExtendedException, NoAuthorizationError
from jwt import ExpiredSignatureError, PyJWTError

from api.context import context
from api.edge import edge
from domain.errors import Unauthenticated
from services.sessions import Identity, identify


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


def by_operators(view: Callable[..., Any]) -> Callable[..., Any]:
    """Let only those through who know METRICS_TOKEN; everybody where it is empty, which production refuses."""

    @functools.wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        expected = f"Bearer {edge().settings.metrics_token}"
        given = request.headers.get("Authorization", "")
        if edge().settings.metrics_token and not hmac.compare_digest(given.encode(), expected.encode()):
            raise Unauthenticated("metrics_token_invalid", "This is for operators: send METRICS_TOKEN as bearer token.")
        return view(*args, **kwargs)

    return guarded


class OperatorView(PublicView):
    """A resource for the machines that watch ours."""

    decorators = (by_operators,)


def _identity() -> Identity:
    user_id, session_id = _claims()
    known = edge().identities.recall(session_id)
    if known is None:
        with edge().db.reading() as session:
            known = identify(session, context(), session_id)
        if known is not None:
            edge().identities.remember(known)
    if known is None or known.user_id != user_id:
        raise Unauthenticated("session_ended", "You are no longer signed in. Sign in again.")
    return known


def _claims() -> tuple[uuid.UUID, uuid.UUID]:
    """User and session of a token that is ours, in every claim; raises a named refusal."""
    try:
        verify_jwt_in_request()
        claims = get_jwt()
        if not {"exp", "jti"} <= claims.keys():
            raise KeyError("exp")
        return uuid.UUID(claims["sub"]), uuid.UUID(claims["sid"])
    except NoAuthorizationError:
        raise Unauthenticated("token_missing", "Sign in first: this needs an access token.") from None
    except ExpiredSignatureError:
        raise Unauthenticated("token_expired", "The access token has expired. Refresh it.") from None
    except (JWTExtendedException, PyJWTError, KeyError, ValueError, TypeError, AttributeError):
        raise Unauthenticated("token_invalid", "The access token is not valid.") from None
