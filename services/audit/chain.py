"""Chaining the audit log: entries are hashed into links soon after they were written, and never by who writes them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from domain.audit import GENESIS, MISSING, link_hash, spell_instant
from models.audit import AuditLink, entry_digests, last_link, take_unchained

#: Entries in a link: some 50 kB, worked out in a few hundredths of a second.
LINK_ENTRIES = 1_000


def extend_chain(session: Session, now: datetime, limit: int = LINK_ENTRIES) -> AuditLink | None:
    """Add a link over at most ``limit`` entries that wait; None where none does. The caller holds the turn
    (:func:`models.audit.take_turn`)."""
    ids = take_unchained(session, limit)
    if not ids:
        return None
    found = entry_digests(session, ids)
    entries = [(entry_id, found.get(entry_id, MISSING)) for entry_id in ids]
    before = last_link(session)
    number, previous = (before.number + 1, bytes(before.hash)) if before else (1, GENESIS)
    link = AuditLink(
        number=number,
        entry_ids=ids,
        digests=b"".join(digest for _, digest in entries),
        previous_hash=previous,
        hash=link_hash(number, previous, spell_instant(now), entries),
        made_at=now,
    )
    session.add(link)
    session.flush()
    return link
