"""What applicants send of their application besides its words: its files, and whatever a reviewer has asked for."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy.orm import Session

from domain.applications import ApplicationVerb, Part, next_state
from domain.errors import field_error
from domain.formats import Format
from domain.media import MediaKind, MediaState
from domain.notices import NoticeKind
from models.applications import GuideApplication
from models.locks import lock_application
from models.media import Media
from services import limits
from services.applications.applying import claim_intake
from services.applications.records import files_of, find_by_link, not_found, tell_applicant
from services.context import Context
from services.media import uploads

#: Documents that an application has at most, whatever was asked for.
MOST_DOCUMENTS_KEPT = 20
#: Of these the last one counts.
_SINGLE = (Part.RESUME, Part.VIDEO)


def begin_file(
    session: Session,
    ctx: Context,
    kind: MediaKind,
    content_type: Format,
    size: int,
    *,
    application_id: uuid.UUID,
    part: Part,
) -> Media:
    """The row of a file that is about to be stored; the application uses it from the beginning. Raises
    ``application_not_found`` where it went meanwhile."""
    application = lock_application(session, application_id)
    if application is None:
        raise not_found()
    now = ctx.now(session)
    return uploads.add_upload(
        session, kind, content_type, size, now, application_id=application.id, application_part=part, attached_at=now
    )


def begin_answer(session: Session, ctx: Context, token_hash: str, size: int, documents: int) -> GuideApplication:
    """Whether an answer is taken whose files weigh ``size``, before any of them is stored.

    Raises ``application_not_found``, ``application_not_answerable``, ``too_many_application_answers`` and ``applications_full``.
    """
    application = find_by_link(session, ctx, token_hash)
    next_state(application.state, ApplicationVerb.ANSWER)
    limits.enforce(session, ctx, "application_answers", str(application.id), ctx.policy.limits.application_answers)
    kept = [file for file in files_of(session, application) if file.application_part == Part.DOCUMENT]
    if documents and len(kept) + documents > MOST_DOCUMENTS_KEPT:
        raise field_error("documents", f"An application has at most {MOST_DOCUMENTS_KEPT} of them.")
    claim_intake(session, ctx, size)
    return application


def finish_answer(
    session: Session,
    ctx: Context,
    application_id: uuid.UUID,
    message: str | None,
    words: Mapping[str, Any],
    sent: Collection[uuid.UUID],
) -> GuideApplication:
    """Everything of an answer is stored: it goes on to the reviewers. A new CV or video takes the place of the one before, and
    what we could not take is left out. Raises ``application_not_found`` and ``application_not_answerable``."""
    application = lock_application(session, application_id)
    if application is None:
        raise not_found()
    now = ctx.now(session)
    application.move(session, ApplicationVerb.ANSWER, now, reason=message)
    for name, value in words.items():
        setattr(application, name, value)
    application.reason = None
    files = files_of(session, application)
    renewed = {file.application_part for file in files if file.id in sent}
    for file in files:
        is_replaced = file.application_part in _SINGLE and file.application_part in renewed
        if file.id not in sent and (is_replaced or file.state == MediaState.REFUSED):
            uploads.discard(session, ctx, file, now)
    ctx.audit(session, "application.answered", application, now=now, data={"fields": sorted(words), "files": len(sent)})
    tell_applicant(session, ctx, NoticeKind.APPLICATION_IN_REVIEW, application, now)
    return application


def abandon_files(session: Session, ctx: Context, application_id: uuid.UUID, sent: Collection[uuid.UUID]) -> None:
    """An answer came to nothing: what was stored of it goes, and the application is as it was."""
    application = lock_application(session, application_id)
    if application is not None:
        now = ctx.now(session)
        for file in files_of(session, application):
            if file.id in sent:
                uploads.discard(session, ctx, file, now)
