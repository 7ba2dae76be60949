"""The chain over the audit log: which entries wait for it, and the links, each of which holds the hash of the one before."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    Index,
    LargeBinary,
    Uuid,
    bindparam,
    delete,
    func,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, Session, mapped_column

from domain.audit import HASH_BYTES, entry_digest
from models.base import Base, Instant


class UnchainedEntry(Base):
    """An entry of the audit log that is in no link yet.

    A trigger writes it in the entry's own transaction, so it shows together with the entry, however late that commits:
    no order of ids or instants, which transactions that overlap do not keep, decides what is chained.
    """

    __tablename__ = "audit_unchained"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)


class AuditLink(Base):
    """One link of the chain, over some entries in the order of their ids; append-only."""

    __tablename__ = "audit_chain"
    __table_args__ = (
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("cardinality(entry_ids) > 0", name="entries_some"),
        CheckConstraint(f"octet_length(digests) = {HASH_BYTES} * cardinality(entry_ids)", name="digests_whole"),
        CheckConstraint(
            f"octet_length(previous_hash) = {HASH_BYTES} AND octet_length(hash) = {HASH_BYTES}", name="hashes_whole"
        ),
        Index(None, "last_id"),
    )

    #: 1, 2, 3 … without a gap.
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    entry_ids: Mapped[list[uuid.UUID]] = mapped_column(ARRAY(Uuid))
    #: The digest of each entry, one after the other: they say which entry it is that was changed.
    digests: Mapped[bytes] = mapped_column(LargeBinary)
    #: Unique, so that the chain cannot fork.
    previous_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[Instant]
    #: Found by range, without reading the long arrays.
    first_id: Mapped[uuid.UUID] = mapped_column(Computed("entry_ids[1]", persisted=True))
    last_id: Mapped[uuid.UUID] = mapped_column(Computed("entry_ids[cardinality(entry_ids)]", persisted=True))

    @property
    def entries(self) -> list[tuple[uuid.UUID, bytes]]:
        """Each entry's id and digest."""
        digests = bytes(self.digests)
        return [
            (entry_id, digests[at : at + HASH_BYTES])
            for entry_id, at in zip(self.entry_ids, range(0, len(digests), HASH_BYTES), strict=True)
        ]


#: Instants as numbers, everything else as its type's own text: nothing depends on a setting of the server or the session.
SPELLED = {
    "id": "id::text",
    "at": "extract(epoch FROM at)::text",
    "actor_id": "actor_id::text",
    "actor_role": "actor_role",
    "action": "action",
    "entity_type": "entity_type",
    "entity_id": "entity_id::text",
    "data": "data::text",
    "ip": "ip::text",
    "request_id": "request_id",
    "created_at": "extract(epoch FROM created_at)::text",
}
_SPELLED = text(
    f"SELECT {', '.join(f'{how} AS {name}' for name, how in SPELLED.items())} "  # noqa: S608  (our own words)
    "FROM audit_logs WHERE id = ANY(:ids)"
).bindparams(bindparam("ids", type_=ARRAY(Uuid)))

#: Any number, as long as everybody who adds links uses the same.
_TURN = 4_107_255


def take_turn(session: Session) -> bool:
    """Whether this transaction, until it ends, is the only one that may add links; never waits."""
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(_TURN))))


def is_any_unchained(session: Session) -> bool:
    """Whether an entry waits for the chain."""
    return session.scalar(select(UnchainedEntry.id).limit(1)) is not None


def take_unchained(session: Session, limit: int) -> list[uuid.UUID]:
    """The ids of some entries that wait, in their order; they wait no longer."""
    first = select(UnchainedEntry.id).order_by(UnchainedEntry.id).limit(limit)
    taken = delete(UnchainedEntry).where(UnchainedEntry.id.in_(first)).returning(UnchainedEntry.id)
    return sorted(session.scalars(taken, execution_options={"synchronize_session": False}))


def entry_digests(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, bytes]:
    """The digest of each of these entries that is there."""
    rows = session.execute(_SPELLED, {"ids": ids}).mappings()
    return {uuid.UUID(row["id"]): entry_digest(row) for row in rows}


def last_link(session: Session) -> AuditLink | None:
    """The head of the chain."""
    return session.scalar(select(AuditLink).order_by(AuditLink.number.desc()).limit(1))
