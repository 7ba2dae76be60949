"""POSTs that may be sent again: the effect and its key are one transaction, and a replay shows the stored resource anew."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import request
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from api.edge import edge
from api.errors import lock_timed_out
from api.parsing import request_json
from domain.errors import Conflict, RuleViolation
from models.operations import IdempotencyKey
from services import idempotency
from services.context import Context

HEADER = "Idempotency-Key"
LONGEST_KEY = 200


@dataclass(slots=True)
class Effect:
    """The one transaction of a POST. ``resource_id`` is known before anything is done where this is a replay."""

    session: Session
    _row: IdempotencyKey | None
    replayed: bool = False
    resource_id: uuid.UUID | None = None

    def complete(self, resource_id: uuid.UUID, status: int, location: str) -> uuid.UUID:
        """Remember what was made, for replays; hands the id on."""
        self.resource_id = resource_id
        if self._row is not None:
            idempotency.complete(self._row, status=status, location=location, resource_id=resource_id)
        return resource_id

    @property
    def headers(self) -> dict[str, str]:
        return {"Idempotent-Replayed": "true"} if self.replayed else {}


@contextmanager
def once(ctx: Context, asked: Any = None) -> Iterator[Effect]:
    """The transaction in which a POST has its effect, once per Idempotency-Key of the user and route. ``asked`` is what a form
    brought; otherwise it is the JSON of the body.

    Raises ``idempotency_key_invalid``, ``idempotency_key_reused`` and, while a twin is at work, ``idempotency_in_progress``.
    """
    key = _key()
    with edge().db.transaction() as session:
        row = _begin(session, ctx, key, asked) if key is not None else None
        if row is not None and row.status is not None:
            yield Effect(session, row, replayed=True, resource_id=row.resource_id)
        else:
            yield Effect(session, row)


def _begin(session: Session, ctx: Context, key: str, asked: Any) -> IdempotencyKey:
    route = f"{request.method} {request.url_rule}"
    try:
        return idempotency.begin(session, ctx.actor.user_id, route, key, _fingerprint(asked))
    except DBAPIError as error:
        if not lock_timed_out(error):
            raise
        raise Conflict(
            "idempotency_in_progress",
            "The same request is still being carried out. Try again in a moment.",
            retry_after=1,
        ) from error


def _key() -> str | None:
    key = request.headers.get(HEADER)
    if key is None:
        return None
    key = key.strip()
    if not 1 <= len(key) <= LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise RuleViolation(
            "idempotency_key_invalid",
            f"{HEADER} must be 1 to {LONGEST_KEY} printable ASCII characters.",
            errors={HEADER: [f"must be 1 to {LONGEST_KEY} printable ASCII characters"]},
        )
    return key


def _fingerprint(form: Any) -> str:
    """A digest of what was asked, and of what in the address it was asked about, however its members were ordered."""
    body = request_json() if form is None else form
    asked = [request.view_args, body] if request.view_args else body
    canonical = json.dumps(asked, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()
