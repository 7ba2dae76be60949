"""What the edge works with: the ports handed in by the composition root, and the few things a process keeps for itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, BinaryIO, Protocol

from flask import current_app

from api.bodies import Bodies
from api.figures import FiguresOfHouse
from api.google import GoogleTokens
from api.passwords import Passwords
from api.session_cache import SessionCache
from api.tokens import DeviceTokens, QuoteSigner, RefreshTokens
from api.waiting import Waits
from api.workplaces import Workplaces
from domain.one_time import OneTimeTokens
from domain.policy import Policy
from domain.vault import Vault
from models.clock import Clock
from models.session import Database
from services.catalogue.lists import Totals
from settings import Settings

if TYPE_CHECKING:
    from api.kept import KeptAnswers
    from api.limits import Limits
    from api.tallies import Tallies

#: Where the application keeps its edge.
EXTENSION = "elite"


class Storage(Protocol):
    """Where files are kept. Raises provider errors; never to be asked inside a transaction."""

    def put(self, key: str, content: bytes | BinaryIO, *, content_type: str) -> None: ...

    def size(self, key: str) -> int | None: ...

    def signed_url(self, key: str, lifetime: timedelta, filename: str) -> str: ...

    def presigned_post(
        self, key: str, content_type: str, most: int, lifetime: timedelta
    ) -> tuple[str, Mapping[str, str]]: ...


@dataclass(frozen=True, slots=True)
class Ports:
    """The outside things that the edge needs. ``broker_ping`` raises where the broker takes no message soon."""

    db: Database
    clock: Clock
    policy: Policy
    broker_ping: Callable[[], None]
    storage: Storage


@dataclass(frozen=True, slots=True)
class Edge:
    """One process's edge."""

    settings: Settings
    ports: Ports
    workplaces: Workplaces
    bodies: Bodies
    limits: Limits
    kept: KeptAnswers
    passwords: Passwords
    refresh_tokens: RefreshTokens
    device_tokens: DeviceTokens
    one_time_tokens: OneTimeTokens
    vault: Vault
    quotes: QuoteSigner
    sessions: SessionCache
    waits: Waits
    google: GoogleTokens
    figures: FiguresOfHouse
    totals: Totals
    tallies: Tallies

    @property
    def db(self) -> Database:
        return self.ports.db


def edge() -> Edge:
    """The edge of the application that answers this request."""
    return current_app.extensions[EXTENSION]
