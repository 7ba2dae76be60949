"""What people may refuse to be told, by category and channel; never what is transactional."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from domain.notices import NOTICES, Audience, Channel, Notice, NoticeKind

#: (category, channel) → whether the user wants it. What nobody has decided is wanted.
Wishes = Mapping[tuple[str, str], bool]


@dataclass(frozen=True, slots=True)
class Preference:
    """One channel of one category. ``is_always_on`` where all that comes this way is transactional."""

    category: str
    channel: Channel
    is_enabled: bool
    is_always_on: bool


def offered(notices: Mapping[NoticeKind, Notice] = NOTICES) -> dict[tuple[str, Channel], bool]:
    """Every (category, channel) that anything comes by, in the table's order → whether it can be refused."""
    found: dict[tuple[str, Channel], bool] = {}
    for notice in notices.values():
        # Applicants are told as such, whether they have an account or not.
        if notice.audiences == (Audience.APPLICANT,):
            continue
        for channel in notice.channels:
            way = notice.category, channel
            found[way] = found.get(way, False) or not notice.is_transactional
    return found


def preferences(wishes: Wishes, notices: Mapping[NoticeKind, Notice] = NOTICES) -> list[Preference]:
    """Everything there is to decide, as it stands; wishes for what is not offered (any more) are left out."""
    return [
        Preference(category, channel, wishes.get((category, channel), True) or not refusable, not refusable)
        for (category, channel), refusable in offered(notices).items()
    ]


def not_refusable(wishes: Wishes, notices: Mapping[NoticeKind, Notice] = NOTICES) -> list[tuple[str, str]]:
    """Those of the wishes that cannot be granted: they refuse what is always on, or what does not exist."""
    refusable = offered(notices)
    return [way for way, wanted in wishes.items() if not wanted and not refusable.get(way)]


def channels_of(notice: Notice, wishes: Wishes) -> tuple[Channel, ...]:
    """The channels on which a user with these wishes is told; all of them where the notice is transactional."""
    if notice.is_transactional:
        return notice.channels
    return tuple(channel for channel in notice.channels if wishes.get((notice.category, channel), True))
