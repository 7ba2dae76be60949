"""Who else has a licence's number: whether two guides may share one is for an administrator to find out."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Date, String, Uuid, column, text
from sqlalchemy.orm import Session

from domain.licences import HeldAs, RenewalState
from domain.users import UserStatus
from models.applications import GuideApplication
from models.catalogue import PLAIN_LICENCE
from services.accounts.users import find_by_email

#: More of one number are not named: it is a word such as "none" then.
MOST_NAMED = 20


class Holder(NamedTuple):
    """Somebody who has a licence of that number, has sent one, or is invited with one."""

    #: Their account, or their application where there is none.
    party: uuid.UUID
    held_as: str
    user_id: uuid.UUID | None
    slug: str | None
    name: str
    #: As it is written there.
    number: str
    expires_on: date | None


Holders = Mapping[str, Sequence[Holder]]


def holders_of(session: Session, numbers: Iterable[str]) -> Holders:
    """All who have each of these numbers, however they are written: case, spaces and punctuation say nothing. One query."""
    found: dict[str, list[Holder]] = defaultdict(list)
    for asked, *held in session.execute(_HELD, {"numbers": sorted(set(numbers))}):
        found[asked].append(Holder(*held))
    return found


def others_with(holders: Holders, number: str | None, but: Iterable[uuid.UUID | None]) -> list[Holder]:
    """Those who have a number and are not ``but``, by their accounts or applications."""
    themselves = set(but)
    return [held for held in holders.get(number or "", ()) if held.party not in themselves]


def others_with_licence_of(session: Session, application: GuideApplication) -> list[Holder]:
    """Who else has the number that a reviewer has noted of an applicant. An account under the same address is the applicant's."""
    if application.licence_number is None:
        return []
    account = find_by_email(session, application.email)
    themselves = (application.id, application.user_id, account.id if account else None)
    return others_with(holders_of(session, [application.licence_number]), application.licence_number, themselves)


def _same(column: str) -> str:
    """That the number in a column is the one that is asked for. Of profiles the expression has an index."""
    return " = ".join(PLAIN_LICENCE.replace("licence_number", name) for name in (column, "asked.number"))


_HELD = text(
    f"""
    SELECT asked.number AS asked, held.*
    FROM unnest(CAST(:numbers AS text[])) AS asked(number) CROSS JOIN LATERAL (
      SELECT DISTINCT ON (party) *
      FROM (
        SELECT g.user_id AS party, '{HeldAs.LICENCE.value}' AS held_as, g.user_id, g.slug,
          trim(u.first_name || ' ' || u.last_name) AS name, g.licence_number AS number, g.licence_expires_on AS expires_on
        FROM guides g JOIN users u ON u.id = g.user_id AND u.status <> '{UserStatus.DELETED.value}'
        WHERE {_same("licence_number")}
        UNION ALL
        SELECT r.user_id, '{HeldAs.SENT.value}', r.user_id, g.slug, trim(u.first_name || ' ' || u.last_name), r.number,
          r.expires_on
        FROM licence_renewals r JOIN guides g ON g.user_id = r.user_id
          JOIN users u ON u.id = r.user_id AND u.status <> '{UserStatus.DELETED.value}'
        WHERE r.state = '{RenewalState.WAITING.value}'
          AND {_same("r.number")}
        UNION ALL
        SELECT coalesce(a.user_id, a.id), '{HeldAs.INVITED.value}', a.user_id, NULL, a.full_name, a.licence_number,
          a.licence_expires_on
        FROM guide_applications a
        WHERE a.status = 'approved' AND a.accepted_at IS NULL
          AND {_same("licence_number")}
      ) AS each
      ORDER BY party, held_as = '{HeldAs.LICENCE.value}' DESC
      LIMIT {MOST_NAMED}
    ) AS held
    WHERE {PLAIN_LICENCE.replace("licence_number", "asked.number")} <> ''
    ORDER BY asked.number, held.name, held.party
    """  # noqa: S608 - nothing of a client's is in it
).columns(
    column("asked", String),
    column("party", Uuid),
    column("held_as", String),
    column("user_id", Uuid),
    column("slug", String),
    column("name", String),
    column("number", String),
    column("expires_on", Date),
)
