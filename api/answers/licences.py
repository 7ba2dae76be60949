"""Licences as their guides see them, and administrators."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from api.answers.media import kept_format_of, private_link
from domain.licences import local_day, state_on
from models.catalogue import Guide
from models.licences import LicenceRenewal
from models.media import Media
from models.users import User
from services.guides.licence_directory import EndingLicence, SentLicence
from services.guides.licence_holders import Holder, Holders, others_with


def licence_answer(guide: Guide, today: date) -> dict[str, Any]:
    """The licence that is a guide's."""
    expires_on = guide.licence_expires_on
    return {"number": guide.licence_number, "expires_on": expires_on, "state": state_on(today, expires_on).value}


def sent_answer(sent: LicenceRenewal) -> dict[str, Any]:
    """A licence that was sent, and what became of it."""
    return {
        "id": sent.id,
        "number": sent.number,
        "expires_on": sent.expires_on,
        "state": sent.state,
        "reason": sent.reason,
        "submitted_at": sent.submitted_at,
        "decided_at": sent.decided_at,
    }


def to_review(sent: SentLicence, held: Holders, now: datetime) -> dict[str, Any]:
    """A licence that was sent, with its guide, and who else has its number."""
    return sent_answer(sent.renewal) | {
        "guide": _guide(sent.user, sent.guide, now),
        "also_held_by": [holder(other) for other in others_with(held, sent.renewal.number, [sent.user.id])],
    }


def proof(document: Media | None) -> dict[str, Any]:
    """What shows a licence, by a link for some minutes. Not to be asked for inside a transaction."""
    return {
        "document_url": private_link(document) if document else None,
        "document_type": kept_format_of(document).value if document else None,
    }


def holder(held: Holder) -> dict[str, Any]:
    """Somebody with a number of a licence."""
    return {
        "held_as": held.held_as,
        "user_id": held.user_id,
        "slug": held.slug,
        "name": held.name,
        "number": held.number,
        "expires_on": held.expires_on,
    }


def ending(found: EndingLicence, now: datetime) -> dict[str, Any]:
    """A guide whose licence ends soon or has ended."""
    return _guide(found.user, found.guide, now) | {"waiting": sent_answer(found.waiting) if found.waiting else None}


def _guide(user: User, guide: Guide, now: datetime) -> dict[str, Any]:
    return {
        "id": guide.id,
        "slug": guide.slug,
        "user_id": user.id,
        "name": user.full_name,
        "email": user.email,
        "licence": licence_answer(guide, local_day(now, user.timezone)),
    }
