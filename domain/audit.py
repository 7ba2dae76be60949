"""What makes the audit log provable: one spelling of each entry, and links of which each holds the hash of the one before."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

HASH_BYTES = 32
#: What the first link follows.
GENESIS = bytes(HASH_BYTES)
#: Stands for an entry that was announced and was gone before it could be chained; no entry has it.
MISSING = bytes(HASH_BYTES)
#: The one column that is JSON.
DATA = "data"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def entry_digest(columns: Mapping[str, str | None]) -> bytes:
    """SHA-256 of one entry, given as text by column name.

    What is NULL is left out, so that a column which is added later, and is NULL in older entries, leaves their digests as
    they are.
    """
    told: dict[str, Any] = {name: text for name, text in columns.items() if text is not None}
    if DATA in told:
        # Not as floats, to which 0.1 and 0.10000000000000001 are the same.
        told[DATA] = json.loads(told[DATA], parse_float=Decimal, parse_int=Decimal)
    return hashlib.sha256(_spelled(told).encode()).digest()


def link_hash(number: int, previous: bytes, made_at: str, entries: Iterable[tuple[uuid.UUID, bytes]]) -> bytes:
    """SHA-256 of one link: its number, the hash before it, when it was made (:func:`spell_instant`), and each entry's id
    with its digest, in the link's order."""
    told = {
        "number": str(number),
        "previous": previous.hex(),
        "made_at": made_at,
        "entries": [[str(entry_id), digest.hex()] for entry_id, digest in entries],
    }
    return hashlib.sha256(_spelled(told).encode()).digest()


def spell_instant(at: datetime) -> str:
    """Seconds since 1970 with six decimals, as PostgreSQL's ``extract(epoch FROM …)`` has them: no zone, no format."""
    seconds, rest = divmod(at - _EPOCH, timedelta(seconds=1))
    return f"{seconds}.{rest.microseconds:06d}"


def _spelled(value: Any) -> str:
    """JSON with one spelling: keys sorted, no spaces, ASCII, numbers digit by digit as they were read."""
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{json.dumps(key)}:{_spelled(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(_spelled(part) for part in value) + "]"
    return str(value) if isinstance(value, Decimal) else json.dumps(value)
