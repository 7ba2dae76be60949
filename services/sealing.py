"""Going through sealed texts a batch at a time: which no key opens, and bringing the others under the first key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from domain.vault import Unopenable, Vault
from models.sealed import SealedColumn


@dataclass(frozen=True, slots=True)
class Resealed:
    """What became of one batch: how many texts came under the first key, whose no key opens, and after which row to go
    on (None at the end)."""

    count: int
    lost: tuple[Any, ...]
    last: Any


def reseal(session: Session, vault: Vault, sealed: SealedColumn, after: Any, limit: int) -> Resealed:
    """Seal one batch anew where it is under another key; every text of it is opened, so that a lost one is found."""
    rows, count, lost = sealed.batch(session, after, limit), 0, []
    for key, before in rows:
        text = _opened(vault, sealed, key, before)
        if text is None:
            lost.append(key)
        elif not vault.is_under_first_key(before):
            count += sealed.replace(session, key, before, vault.seal(text, sealed.place(key)))
    return Resealed(count, tuple(lost), rows[-1][0] if len(rows) == limit else None)


def unopened(vault: Vault, sealed: SealedColumn, rows: Sequence[tuple[Any, str]]) -> list[Any]:
    """The keys of those rows of a batch whose text no key opens."""
    return [key for key, text in rows if _opened(vault, sealed, key, text) is None]


def _opened(vault: Vault, sealed: SealedColumn, key: Any, text: str) -> str | None:
    try:
        return vault.open(text, sealed.place(key))
    except Unopenable:
        return None
