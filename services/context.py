"""What every use case is told besides its own arguments: who asks, under which policy, and how to read the clock."""

from __future__ import annotations

import ipaddress
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from domain.jobs import JobKind
from domain.policy import Policy
from domain.users import ADMINS, Role
from models.base import Base
from models.clock import Clock
from models.jobs import add_job
from models.operations import AuditEntry


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks. Without a user it is a stranger (``ip`` known) or the system itself."""

    user_id: uuid.UUID | None = None
    session_id: uuid.UUID | None = None
    roles: frozenset[str] = frozenset()
    ip: str | None = None
    #: Whether two factors were shown when the session began.
    two_factor: bool = False

    @property
    def is_admin(self) -> bool:
        """Whether they may do what administrators may, wherever that is: one who showed a password alone is like anybody."""
        return self.two_factor and bool(self.roles & ADMINS)

    @property
    def role(self) -> str:
        """One word for the audit log."""
        if self.user_id is None:
            return "anonymous" if self.ip else "system"
        return next((role.value for role in reversed(Role) if role in self.roles), "user")


SYSTEM = Actor()


def network_of(ip: str | None) -> str | None:
    """The network that an address lies in. The audit log outlives whoever it speaks of, and nothing in it is ever erased,
    so it says from where somebody acted and not from which connection."""
    if ip is None:
        return None
    bits = 24 if ipaddress.ip_address(ip).version == 4 else 48
    return str(ipaddress.ip_network((ip, bits), strict=False))


@dataclass(frozen=True, slots=True)
class Context:
    """The circumstances of one request or job."""

    policy: Policy
    clock: Clock
    actor: Actor = SYSTEM
    request_id: str | None = None
    locale: str = "en"

    def now(self, session: Session) -> datetime:
        """The database's clock; read it after taking locks."""
        return self.clock.now(session)

    def enqueue(
        self,
        session: Session,
        kind: JobKind,
        key: str,
        payload: Mapping[str, Any],
        *,
        now: datetime,
        due_at: datetime | None = None,
    ) -> bool:
        """Add a job to the caller's transaction; the same ``key`` is added once. Ids are written as text."""
        ids = {name: str(value) for name, value in payload.items()}
        return add_job(session, kind, key, ids, due_at=due_at or now, now=now, request_id=self.request_id)

    def audit(
        self,
        session: Session,
        action: str,
        entity: Base,
        *,
        now: datetime,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        """Write who did what to which row. ``data``: field names, states and amounts, never personal values."""
        session.add(
            AuditEntry(
                at=now,
                actor_id=self.actor.user_id,
                actor_role=self.actor.role,
                action=action,
                entity_type=entity.__tablename__,
                entity_id=entity.id,
                data=dict(data or {}),
                ip=network_of(self.actor.ip),
                request_id=self.request_id,
            )
        )
