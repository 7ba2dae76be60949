"""Bringing sealed texts under the first key, a batch at a time, so that an old key can be taken away."""

from __future__ import annotations

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
        try:
            text = vault.open(before, sealed.place(key))
        except Unopenable:
            lost.append(key)
            continue
        if not vault.is_under_first_key(before):
            count += sealed.replace(session, key, before, vault.seal(text, sealed.place(key)))
    return Resealed(count, tuple(lost), rows[-1][0] if len(rows) == limit else None)
