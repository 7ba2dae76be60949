"""Applications as their applicants see them, and as reviewers do."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from api.answers.licences import holder
from api.answers.media import private_link
from domain.applications import ApplicationState
from domain.media import MediaState
from models.applications import GuideApplication, GuideApplicationEvent
from models.catalogue import Guide
from models.media import Media
from services.guides.licence_holders import Holder

_WORDS = ("social_emails", "facebook", "instagram", "twitter", "tiktok", "youtube")
#: What is said to somebody who has applied, whether anybody has applied under the address before or has an account.
APPLIED = {
    "status": ApplicationState.SUBMITTED.value,
    "message": "Thank you. We have sent you a mail: open its link within 24 hours, and we read your application.",
}


def status_answer(
    application: GuideApplication, files: Sequence[Media], history: Sequence[GuideApplicationEvent]
) -> dict[str, Any]:
    """What the link of a mail shows."""
    is_invited = application.state is ApplicationState.APPROVED and application.accepted_at is None
    return {
        "full_name": application.full_name,
        "email": application.email,
        "status": application.status,
        "reason": application.reason,
        "submitted_at": application.submitted_at,
        "confirmed_at": application.confirmed_at,
        "confirm_until": None if application.confirmed_at else application.confirm_until,
        "can_answer": application.state is ApplicationState.MORE_INFO,
        "can_accept": is_invited,
        "accepted_at": application.accepted_at,
        "files": [_file(file) for file in files],
        "history": [_step(event) for event in history],
    }


def accepted_answer(application: Mapping[str, Any], guide: Guide) -> dict[str, Any]:
    """An accepted invitation, and the guide that it made."""
    return {"application": application, "guide": {"id": guide.id, "slug": guide.slug}}


def item_answer(application: GuideApplication) -> dict[str, Any]:
    """One of a reviewer's list."""
    return {
        "id": application.id,
        "full_name": application.full_name,
        "email": application.email,
        "location": application.location,
        "languages": application.languages,
        "experience_years": application.experience_years,
        "status": application.status,
        "submitted_at": application.submitted_at,
        "confirmed_at": application.confirmed_at,
        "changed_at": application.changed_at,
        "accepted_at": application.accepted_at,
    }


def application_answer(
    application: GuideApplication,
    files: Sequence[Media],
    history: Sequence[GuideApplicationEvent],
    names: Mapping[uuid.UUID, str],
    also: Sequence[Holder],
) -> dict[str, Any]:
    """All of it, with links to its files; not to be asked for inside a transaction. ``names`` are those of reviewers, and
    ``also`` who else has the number of its licence."""
    return item_answer(application) | {
        "phone": application.phone,
        "bio": application.bio,
        **{name: getattr(application, name) for name in _WORDS},
        "locale": application.locale,
        "user_id": application.user_id,
        "reason": application.reason,
        "reviewed_by": _reviewer(application.reviewer_id, names),
        "reviewed_at": application.reviewed_at,
        "licence": _licence(application, also),
        "files": [_file(file) | _reached(file) for file in files],
        "history": [_step(event) | {"by": _reviewer(event.actor_id, names)} for event in history],
    }


def _licence(application: GuideApplication, also: Sequence[Holder]) -> dict[str, Any] | None:
    if application.licence_number is None:
        return None
    return {
        "number": application.licence_number,
        "expires_on": application.licence_expires_on,
        "also_held_by": [holder(other) for other in also],
    }


def _file(file: Media) -> dict[str, Any]:
    return {"part": file.application_part, "state": file.state, "refusal": file.refusal}


def _reached(file: Media) -> dict[str, Any]:
    return {
        "id": file.id,
        "content_type": file.content_type,
        "size": file.size_bytes,
        "url": private_link(file) if file.state == MediaState.READY else None,
    }


def _step(event: GuideApplicationEvent) -> dict[str, Any]:
    return {"verb": event.verb, "status": event.to_status, "at": event.at, "reason": event.reason}


def _reviewer(user_id: uuid.UUID | None, names: Mapping[uuid.UUID, str]) -> dict[str, Any] | None:
    return {"id": user_id, "name": names.get(user_id, "")} if user_id else None
