"""Google's word for who somebody is: ID tokens, held against keys that workers have fetched. The edge calls nobody."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from typing import Any

import jwt

from api.waiting import Waits
from domain.errors import Busy, NotFound
from domain.identities import Provider, Vouched, google_token_invalid, read_google_claims
from domain.jobs import JobKind
from models.identities import key_of, newest_keys
from models.session import Database
from services.accounts.identities import ask_for_google_keys
from services.context import Context

ALGORITHM = "RS256"
#: A key that Google has withdrawn is believed at most so much longer than its row lives.
REMEMBERED_SECONDS = 60.0
#: Google has a handful.
MOST_REMEMBERED = 32
#: How long a sign-in waits for keys to be fetched, and is told to wait where there are none.
PATIENCE_SECONDS, COME_BACK_SECONDS = 3.0, 5
LONGEST_KID = 200
#: Times, issuer and audience are ours to judge: by the product's clock, and with one refusal for all.
_SIGNATURE_ALONE = {f"verify_{claim}": False for claim in ("exp", "nbf", "iat", "aud", "iss", "sub", "jti")} | {
    "verify_signature": True
}


class GoogleTokens:
    """Reads ID tokens made out to ``client_ids``. Safe for many threads."""

    def __init__(
        self, db: Database, waits: Waits, client_ids: tuple[str, ...], clock: Callable[[], float] = time.monotonic
    ):
        self._db = db
        self._waits = waits
        self._client_ids = client_ids
        self._clock = clock
        self._keys: dict[str, tuple[float, Any]] = {}

    def read(self, ctx: Context, token: str, nonce: str) -> Vouched:
        """Who Google says it is. Raises ``google_not_offered``, ``google_token_invalid`` or ``google_keys_unavailable``."""
        if not self._client_ids:
            raise NotFound("google_not_offered", "Signing in by Google is not offered here.")
        claims = self._claims(token, self._key(ctx, _kid(token)))
        with self._db.reading() as session:
            now = ctx.now(session)
        # Of what is signed: whoever can make two tokens of one by its signature's spelling uses it twice.
        digest = hashlib.sha256(token.rpartition(".")[0].encode()).digest()
        return read_google_claims(claims, client_ids=self._client_ids, nonce=nonce, digest=digest, now=now)

    def forget_keys(self) -> None:
        """Read every key anew."""
        self._keys.clear()

    def _key(self, ctx: Context, kid: str) -> Any:
        """Google's key of this id, fetched by a worker while we wait where it is not there yet."""
        key = self._known(kid)
        if key is not None:
            return key
        with self._db.transaction() as session:
            asked = ask_for_google_keys(session, ctx)
        if asked is not None:
            self._waits.for_job(asked, JobKind.FETCH_GOOGLE_KEYS.queue, PATIENCE_SECONDS)
            key = self._known(kid)
        if key is not None:
            return key
        with self._db.reading() as session:
            has_keys = newest_keys(session, Provider.GOOGLE) is not None
        if has_keys:
            raise google_token_invalid()
        raise Busy(
            "google_keys_unavailable",
            "Google cannot be asked right now. Try again, or sign in by your password.",
            retry_after=COME_BACK_SECONDS,
        )

    def _known(self, kid: str) -> Any | None:
        read_at, key = self._keys.get(kid, (0.0, None))
        if key is not None and self._clock() - read_at < REMEMBERED_SECONDS:
            return key
        with self._db.reading() as session:
            row = key_of(session, Provider.GOOGLE, kid)
        if row is None:
            self._keys.pop(kid, None)
            return None
        if len(self._keys) >= MOST_REMEMBERED:
            self._keys.clear()
        key = jwt.PyJWK(row.jwk, algorithm=ALGORITHM).key
        self._keys[kid] = (self._clock(), key)
        return key

    @staticmethod
    def _claims(token: str, key: Any) -> dict[str, Any]:
        try:
            return jwt.decode(token, key, algorithms=[ALGORITHM], options=_SIGNATURE_ALONE)
        except (jwt.PyJWTError, ValueError, TypeError):
            raise google_token_invalid() from None


def _kid(token: str) -> str:
    """The key that a token names, of tokens that could be Google's at all: nobody is asked about others."""
    try:
        header = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError, TypeError):
        raise google_token_invalid() from None
    kid = header.get("kid")
    if header.get("alg") != ALGORITHM or not isinstance(kid, str) or not 0 < len(kid) <= LONGEST_KID:
        raise google_token_invalid()
    if not kid.isprintable():
        raise google_token_invalid()
    return kid
