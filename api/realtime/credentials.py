"""What a client brings when it connects: an access token and the last event it saw, both in ``auth`` and nowhere else."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from api.auth import claims_of, token_missing
from domain.errors import DomainError, field_error

#: PostgreSQL's bigint.
LARGEST_SEQ = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Credentials:
    """Whose token it is, and the number after which the client wants to be told what it missed."""

    user_id: uuid.UUID
    session_id: uuid.UUID
    since: int | None


def read(auth: Any) -> Credentials:
    """The credentials in ``auth``; raises a named refusal."""
    given = auth if isinstance(auth, dict) else {}
    # First of all, so that a token under another name is said to be just that.
    for name in sorted(given.keys() - {"token", "since"}):
        raise field_error(name[:100], "is not known; auth takes token and since")
    if given.get("token") is None:
        raise token_missing("Sign in first: put the access token into auth.token.")
    since = given.get("since")
    is_number = isinstance(since, int) and not isinstance(since, bool) and 0 <= since <= LARGEST_SEQ
    if since is not None and not is_number:
        raise field_error("since", "must be the number of an event, from 0")
    return Credentials(*claims_of(str(given["token"])), since)


def problem(error: DomainError, status: int) -> dict[str, Any]:
    """A refusal as a client reads it in ``err.data``: the members of a problem document that it can act on."""
    members = {"code": error.code, "message": error.message, "status": status, "errors": error.errors}
    return members | ({"retry_after": error.retry_after} if error.retry_after else {})
