"""Finding accounts, for administrators."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models.users import SOUGHT, User
from services.pages import Order, Page, Window, count, falling

#: Ids follow time.
_NEWEST_FIRST = Order(falling(User.id))
#: What LIKE would take for more than itself.
_WILD, _ESCAPED = re.compile(r"[\\%_]"), r"\\\g<0>"


@dataclass(frozen=True, slots=True)
class UserQuery:
    """What an administrator filters by."""

    status: str | None = None
    user_type: str | None = None
    #: Part of a name or of an e-mail address.
    q: str | None = None


def pattern_of(part: str) -> str:
    """What LIKE finds wherever a text has this part."""
    return f"%{_WILD.sub(_ESCAPED, part)}%"


def find_users(session: Session, query: UserQuery, window: Window) -> Page[User]:
    """One page of accounts, newest first."""
    wanted = []
    if query.status is not None:
        wanted.append(User.status == query.status)
    if query.user_type is not None:
        wanted.append(User.user_type == query.user_type)
    if query.q is not None:
        wanted.append(text(f"{SOUGHT} LIKE lower(:sought)").bindparams(sought=pattern_of(query.q)))
    total = count(session, select(User.id).where(*wanted))
    return _NEWEST_FIRST.scalars(session, select(User).where(*wanted), window, total)
