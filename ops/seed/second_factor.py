"""The second factor of the demo's administrator, whose seed is published like the password: a stranger gets in at once."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from domain.vault import Vault
from models import TwoFactor, User
from models.sealed import place_of


def switch_on(session: Session, vault: Vault, user_id: uuid.UUID, secret: str, now: datetime) -> None:
    """Have an account that has no second factor asked for codes of ``secret``."""
    sealed = vault.seal(secret, place_of(TwoFactor.secret, user_id))
    session.execute(insert(TwoFactor).values(user_id=user_id, secret=sealed))
    session.execute(update(User).where(User.id == user_id).values(two_factor_since=now))
