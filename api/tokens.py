"""The kinds of tokens that we hand out: access (JWT), refresh (opaque, rotated), device (sealed) and quotes (signed prices)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import uuid
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import jwt
from flask import Flask, current_app
from flask_jwt_extended import JWTManager, create_access_token
from itsdangerous import BadSignature, URLSafeSerializer

from domain.errors import Conflict, Unauthenticated, field_error
from domain.money import Money
from domain.pricing import Line, LineKind
from services.bookings.reserving import Wish
from settings import Settings

#: Ours has some 500 characters; what is longer is not even looked at.
LONGEST_ACCESS_TOKEN = 4096
QUOTE_LIFETIME = timedelta(minutes=15)
_REFRESH = re.compile(r"([0-9a-f-]{36})\.[A-Za-z0-9_-]{43}\.([A-Za-z0-9_-]{43})")


def configure_access_tokens(app: Flask, settings: Settings) -> None:
    """Pin what an access token of ours looks like; everything else is refused."""
    audience = f"{settings.app_env}.elite-events"
    app.config |= {
        "JWT_SECRET_KEY": settings.jwt_secret,
        "JWT_ALGORITHM": "HS256",
        "JWT_DECODE_ALGORITHMS": ["HS256"],
        "JWT_ENCODE_ISSUER": settings.api_url,
        "JWT_DECODE_ISSUER": settings.api_url,
        "JWT_ENCODE_AUDIENCE": audience,
        "JWT_DECODE_AUDIENCE": audience,
        "JWT_ACCESS_TOKEN_EXPIRES": settings.jwt_expires_in,
        "JWT_TOKEN_LOCATION": ["headers"],
        # Clocks of two machines may differ by this many seconds.
        "JWT_DECODE_LEEWAY": 5,
    }
    JWTManager(app)


def access_token(user_id: uuid.UUID, session_id: uuid.UUID) -> str:
    """A signed token that names a user and the session it lives by."""
    return create_access_token(str(user_id), additional_claims={"sid": str(session_id)})


def read_access_token(token: str) -> dict[str, Any]:
    """The claims of a token that we signed, for us, and that is in force; raises whatever is wrong with it.

    The library that signs them would take a token without a type for an access token, so it is not asked.
    """
    if len(token) > LONGEST_ACCESS_TOKEN:
        raise ValueError("length")
    config = current_app.config
    read = jwt.decode_complete(
        token,
        config["JWT_SECRET_KEY"],
        algorithms=config["JWT_DECODE_ALGORITHMS"],
        issuer=config["JWT_DECODE_ISSUER"],
        audience=config["JWT_DECODE_AUDIENCE"],
        leeway=config["JWT_DECODE_LEEWAY"],
        options={"require": ["exp", "iss", "aud", "sub", "jti"]},
    )
    claims: dict[str, Any] = read["payload"]
    if read["header"].get("typ") != "JWT" or claims["type"] != "access" or not claims["jti"]:
        raise ValueError("typ, type or jti")
    return claims


class RefreshTokens:
    """Opaque tokens, ``<session id>.<random>.<seal>``, of which only keyed hashes are stored.

    The seal tells tokens that were once ours from invented ones: only a genuine old token ends its family.
    """

    def __init__(self, key: str):
        self._key = key.encode()

    def first(self, session_id: uuid.UUID) -> str:
        """The token that begins a family."""
        return self._sealed(f"{session_id}.{secrets.token_urlsafe(32)}")

    def successor(self, token: str) -> str:
        """The token that follows ``token``: always the same one, so that a lost answer can be given again."""
        session_id = token.partition(".")[0]
        return self._sealed(f"{session_id}.{_text(self._digest(f'next:{token}'))}")

    def hash(self, token: str) -> str:
        return self._digest(token).hex()

    def session_of(self, token: str) -> uuid.UUID:
        """The family that a token claims to belong to; raises ``invalid_refresh_token`` for other texts."""
        match = _REFRESH.fullmatch(token)
        if match is None or not hmac.compare_digest(self._sealed(token.rpartition(".")[0]), token):
            return _refuse()
        try:
            return uuid.UUID(match[1])
        except ValueError:
            return _refuse()

    def _sealed(self, unsealed: str) -> str:
        return f"{unsealed}.{_text(self._digest(f'seal:{unsealed}'))}"

    def _digest(self, text: str) -> bytes:
        return hmac.digest(self._key, text.encode(), hashlib.sha256)


class DeviceTokens:
    """What a device keeps beyond signing out, ``<session id>.<seal>``: it tells a device on which an account was signed in from
    strangers', and lets nobody in. Nothing is stored."""

    def __init__(self, secret: str):
        self._key = hmac.digest(secret.encode(), b"device tokens", hashlib.sha256)

    def token(self, session_id: uuid.UUID) -> str:
        """The token of the device that a session was opened on."""
        return f"{session_id}.{_text(hmac.digest(self._key, session_id.bytes, hashlib.sha256))}"

    def session_of(self, token: str) -> uuid.UUID | None:
        """The session that it was made for; None for what is none of ours, which is as good as none at all."""
        try:
            session_id = uuid.UUID(token.partition(".")[0])
        except ValueError:
            return None
        return session_id if hmac.compare_digest(self.token(session_id).encode(), token.encode()) else None


def _text(digest: bytes) -> str:
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _refuse() -> uuid.UUID:
    raise Unauthenticated("invalid_refresh_token", "This refresh token is not valid. Sign in again.")


class QuoteSigner:
    """Signs the lines of a price, so that a client can bring them back within fifteen minutes and nobody can change them."""

    def __init__(self, key: str):
        self._serializer = URLSafeSerializer(key, salt="booking-quote")

    def sign(self, wish: Wish, lines: tuple[Line, ...], now: datetime) -> tuple[str, datetime]:
        """The signed quote and when it ends."""
        expires_at = (now + QUOTE_LIFETIME).replace(microsecond=0)
        payload = {
            "for": _subject(wish),
            "until": int(expires_at.timestamp()),
            "lines": [
                [line.kind.value, line.description, line.quantity, line.unit.minor, line.unit.currency]
                for line in lines
            ],
        }
        return self._serializer.dumps(payload), expires_at

    def honour(self, quote: str, wish: Wish, now: datetime) -> Wish:
        """The wish at the quoted price.

        Raises ``quote_invalid``, ``quote_mismatch`` or ``quote_expired``.
        """
        try:
            payload: dict[str, Any] = self._serializer.loads(quote)
        except BadSignature:
            raise field_error("quote", "is not a quote of ours", "quote_invalid") from None
        if payload["for"] != _subject(wish):
            raise field_error("quote", "was made for another experience, time or party", "quote_mismatch")
        if payload["until"] < now.timestamp():
            raise Conflict("quote_expired", "This quote has expired. Ask for a new one.")
        lines = (
            Line(LineKind(kind), description, quantity, Money(minor, currency))
            for kind, description, quantity, minor, currency in payload["lines"]
        )
        return replace(wish, quoted=tuple(lines))


def _subject(wish: Wish) -> list[Any]:
    return [str(wish.listing_id), int(wish.starts_at.timestamp()), [list(pair) for pair in sorted(wish.guests.items())]]
