"""Finding accounts, for administrators."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from models.users import SOUGHT, User

#: Beyond this nobody counts: a page says "more than" instead.
COUNT_CAP = 10_000


#: What LIKE would take for more than itself.
_WILD, _ESCAPED = re.compile(r"[\\%_]"), r"\\\g<0>"


@dataclass(frozen=True, slots=True)
class UserQuery:
    """What an administrator filters by."""

    status: str | None = None
    user_type: str | None = None
    #: Part of a name or of an e-mail address.
    q: str | None = None


def find_users(session: Session, query: UserQuery, *, limit: int, offset: int) -> tuple[Sequence[User], int]:
    """One page of accounts, newest first, and how many there are (never counted beyond :data:`COUNT_CAP` + 1)."""
    wanted = []
    if query.status is not None:
        wanted.append(User.status == query.status)
    if query.user_type is not None:
        wanted.append(User.user_type == query.user_type)
    if query.q is not None:
        wanted.append(text(f"{SOUGHT} LIKE lower(:sought)").bindparams(sought=f"%{_WILD.sub(_ESCAPED, query.q)}%"))
    capped = select(User.id).where(*wanted).limit(COUNT_CAP + 1).subquery()
    total = session.scalar(select(func.count()).select_from(capped)) or 0
    # Ids follow time.
    page = select(User).where(*wanted).order_by(User.id.desc()).limit(limit).offset(offset)
    return session.scalars(page).all(), total
