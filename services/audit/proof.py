"""Proving the audit log: every link and every entry is worked out anew, and what does not fit is named."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from domain.audit import GENESIS, MISSING, link_hash, spell_instant
from models.audit import AuditLink, entry_digests

#: The job chains every few seconds; what has waited this long waits for a job that does not run.
GRACE = timedelta(minutes=5)
#: Read at once. A link holds 50 kB at most, an entry is rarely longer than half a kilobyte.
LINKS_AT_ONCE, ENTRIES_AT_ONCE, IDS_AT_ONCE = 200, 5_000, 20_000

_COUNT = text("SELECT count(*) FROM audit_logs")
#: Entries that still may wait: announced by the trigger, and lately.
_YOUNG = """
    SELECT e.id FROM audit_unchained u JOIN audit_logs e ON e.id = u.id
    WHERE e.created_at BETWEEN clock_timestamp() - :grace AND clock_timestamp()
"""
_COUNT_YOUNG = text(f"SELECT count(*) FROM ({_YOUNG}) young")  # noqa: S608  (our own words)
_REMOVED = text("SELECT u.id FROM audit_unchained u LEFT JOIN audit_logs e ON e.id = u.id WHERE e.id IS NULL")
_PAGE_END = text(
    "SELECT id FROM (SELECT id FROM audit_logs WHERE id > :after ORDER BY id LIMIT :limit) page ORDER BY id DESC LIMIT 1"
)
_UNLINKED = text(
    f"""
    SELECT e.id, u.id IS NOT NULL, clock_timestamp() - e.created_at
    FROM audit_logs e LEFT JOIN audit_unchained u ON u.id = e.id
    WHERE e.id > :after AND e.id <= :end AND e.id NOT IN ({_YOUNG}) AND NOT EXISTS (
        SELECT FROM (
            SELECT unnest(entry_ids) AS id FROM audit_chain WHERE last_id > :after AND first_id <= :end
        ) linked WHERE linked.id = e.id
    ) ORDER BY e.id
    """  # noqa: S608  (our own words)
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not fit: the link, the entry, or both that it is about, and what is wrong."""

    link: int | None
    entry: uuid.UUID | None
    what: str


@dataclass(slots=True)
class Proof:
    """What was read, and how much of it does not fit."""

    entries: int = 0
    links: int = 0
    waiting: int = 0
    faults: int = 0
    head: bytes = GENESIS
    head_number: int = 0


def prove(
    session: Session, tell: Callable[[Fault], None], *, head: str | None = None, grace: timedelta = GRACE
) -> Proof:
    """Check everything that this session sees, a part at a time, and ``tell`` each fault as it is found.

    ``head`` is the hash (64 hexadecimal digits) of a link that is known from elsewhere: the chain must still lead through
    it. Give it a session whose transaction is REPEATABLE READ, or entries that arrive meanwhile seem to be in no link.
    """
    return _Prover(session, tell, head).run(grace)


class _Prover:
    def __init__(self, session: Session, tell: Callable[[Fault], None], head: str | None):
        self._session = session
        self._tell = tell
        self._head = head
        self._seen_head = head is None
        self._linked = 0
        self._proof = Proof()

    def run(self, grace: timedelta) -> Proof:
        batch: dict[AuditLink, bool] = {}
        for link in self._links():
            batch[link] = self._follows(link)
            if sum(len(each.entry_ids) for each in batch) >= ENTRIES_AT_ONCE:
                self._check_entries(batch)
                batch = {}
        self._check_entries(batch)
        self._check_rest(grace)
        if not self._seen_head:
            self._fault(
                None, None, f"no link has the hash {self._head}: the chain was cut off at its end, or made anew"
            )
        return self._proof

    def _links(self) -> Iterator[AuditLink]:
        after = 0
        while links := self._session.scalars(
            select(AuditLink).where(AuditLink.number > after).order_by(AuditLink.number).limit(LINKS_AT_ONCE)
        ).all():
            yield from links
            after = links[-1].number
            self._session.expunge_all()

    def _follows(self, link: AuditLink) -> bool:
        """Check a link by itself and against the one before; whether it holds what it held when it was made."""
        proof = self._proof
        if link.number > proof.head_number + 1:
            first, last = proof.head_number + 1, link.number - 1
            self._fault(first, None, f"missing, with all up to link {last}" if last > first else "missing")
        elif bytes(link.previous_hash) != proof.head:
            before = f"link {proof.head_number}" if proof.head_number else "the beginning"
            self._fault(link.number, None, f"does not follow {before}: one of the two was changed")
        made = link_hash(link.number, bytes(link.previous_hash), spell_instant(link.made_at), link.entries)
        is_sound = made == bytes(link.hash)
        if not is_sound:
            self._fault(link.number, None, "was changed: its hash is not that of what it holds")
        proof.links += 1
        proof.head_number, proof.head = link.number, bytes(link.hash)
        self._seen_head = self._seen_head or proof.head.hex() == self._head
        return is_sound

    def _check_entries(self, batch: dict[AuditLink, bool]) -> None:
        found = entry_digests(self._session, [entry_id for link in batch for entry_id in link.entry_ids])
        self._linked += len(found)
        for link, is_sound in batch.items():
            for entry_id, digest in link.entries:
                self._proof.entries += 1
                if entry_id not in found:
                    was = "removed before it was chained" if digest == MISSING else "missing"
                    self._fault(
                        link.number, entry_id, was if is_sound else f"{was}, or its changed link names it falsely"
                    )
                elif found[entry_id] != digest:
                    self._fault(
                        link.number, entry_id, "changed" if is_sound else "differs from what its changed link says"
                    )

    def _check_rest(self, grace: timedelta) -> None:
        """Whatever is in no link. Counting tells whether there is anything; only then is it looked for."""
        for removed in self._session.scalars(_REMOVED):
            self._fault(None, removed, "removed before it was chained")
        self._proof.waiting = self._session.scalar(_COUNT_YOUNG, {"grace": grace}) or 0
        if self._session.scalar(_COUNT) == self._linked + self._proof.waiting:
            return
        after = uuid.UUID(int=0)
        while end := self._session.scalar(_PAGE_END, {"after": after, "limit": IDS_AT_ONCE}):
            for entry_id, is_announced, age in self._session.execute(
                _UNLINKED, {"after": after, "end": end, "grace": grace}
            ):
                waits = f"not chained, although it was written {_spoken(age)} ago: the job does not run"
                forced = "in no link and not waiting for one: inserted past the trigger, or its link was removed"
                self._fault(None, entry_id, waits if is_announced else forced)
            after = end

    def _fault(self, link: int | None, entry: uuid.UUID | None, what: str) -> None:
        self._proof.faults += 1
        self._tell(Fault(link, entry, what))


def _spoken(age: timedelta) -> str:
    minutes = age.total_seconds() / 60
    return f"{minutes:.0f} min" if minutes < 180 else f"{minutes / 60:.0f} h"
