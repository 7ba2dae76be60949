"""Who vouches for whom: other houses' names for our users, the keys of their signatures, and tokens already used."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint, delete, func, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from domain.identities import Provider
from models.base import Base, Created, Instant, WithId, one_of


class ExternalIdentity(WithId, Created, Base):
    """A user as a provider knows them. The subject is who it is; the e-mail is what it was when they were linked."""

    __tablename__ = "identities"
    __table_args__ = (
        one_of("provider", Provider),
        UniqueConstraint("provider", "subject"),
        UniqueConstraint("user_id", "provider"),
    )

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    provider: Mapped[str]
    subject: Mapped[str]
    email: Mapped[str | None]


class IdentityKey(Base):
    """A public key with which a provider signs, as it was last seen in the provider's own set."""

    __tablename__ = "identity_keys"
    __table_args__ = (one_of("provider", Provider),)

    provider: Mapped[str] = mapped_column(primary_key=True)
    kid: Mapped[str] = mapped_column(primary_key=True)
    jwk: Mapped[dict[str, Any]] = mapped_column(JSONB)
    fetched_at: Mapped[Instant]
    #: Until then the provider said that its set need not be fetched again.
    fresh_until: Mapped[Instant]


class UsedIdentityToken(Base):
    """A token that has signed somebody in, by its digest; kept until it would be refused for its age."""

    __tablename__ = "used_identity_tokens"
    __table_args__ = (Index(None, "expires_at"),)

    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    expires_at: Mapped[Instant]


def use_up(session: Session, digest: bytes, expires_at: datetime) -> bool:
    """Let a token be used this once; False where it was. Who comes at the same time waits for whoever is first."""
    used = insert(UsedIdentityToken).values(digest=digest, expires_at=expires_at)
    return session.scalar(used.on_conflict_do_nothing().returning(UsedIdentityToken.expires_at)) is not None


def forget_expired(session: Session, now: datetime) -> None:
    """Drop what age alone refuses by now."""
    session.execute(delete(UsedIdentityToken).where(UsedIdentityToken.expires_at < now))


def key_of(session: Session, provider: Provider, kid: str) -> IdentityKey | None:
    return session.get(IdentityKey, (provider.value, kid))


def newest_keys(session: Session, provider: Provider) -> tuple[datetime, datetime] | None:
    """When a provider's keys were last fetched and until when they are fresh; None where there are none."""
    of_provider = IdentityKey.provider == provider.value
    row = session.execute(
        select(func.max(IdentityKey.fetched_at), func.max(IdentityKey.fresh_until)).where(of_provider)
    ).one()
    return (row[0], row[1]) if row[0] else None


def keep_keys(
    session: Session,
    provider: Provider,
    keys: Mapping[str, Mapping[str, Any]],
    *,
    now: datetime,
    fresh_until: datetime,
    grace: timedelta,
) -> None:
    """Write a provider's whole set of keys, by their ids; those that have been out of it for ``grace`` go."""
    for kid, jwk in sorted(keys.items()):
        values = {"jwk": dict(jwk), "fetched_at": now, "fresh_until": fresh_until}
        session.execute(
            insert(IdentityKey)
            .values(provider=provider.value, kid=kid, **values)
            .on_conflict_do_update(index_elements=["provider", "kid"], set_=values)
        )
    left = (IdentityKey.provider == provider.value, IdentityKey.fetched_at < now - grace)
    session.execute(delete(IdentityKey).where(*left))
