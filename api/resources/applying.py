"""Applying to guide, without an account: the form, and what the link of its mails leads to."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from functools import partial
from typing import Any

from flask import Response

from api.answers import answer
from api.answers.applications import APPLIED, accepted_answer, status_answer
from api.auth import PublicView, SignedInView
from api.context import context, limited_address
from api.edge import edge
from api.examples import applications as examples
from api.forms import form_body
from api.openapi import operation
from api.parsing import Blueprint
from api.schemas.applications import (
    AnswerRequest,
    ApplicationStatusAnswer,
    AppliedAnswer,
    ApplyRequest,
    InvitationAnswer,
)
from api.uploads import FileField, Form, Upload, largest_form, received_form, store
from domain.applications import MOST_DOCUMENTS, Part
from domain.errors import DomainError, field_error
from domain.media import MediaKind
from models.applications import GuideApplication
from services.applications import answering, applying, records

_HOW_TO_ANSWER = (
    "Names may be in camelCase. Empty parts and files count as absent, and parts that we do not know are ignored."
)
_HOW_TO_APPLY = (
    f"`resume` has to be there, and a video as `video` or as `video_file`. {_HOW_TO_ANSWER} The mails about the application are "
    "in English or Swahili, after this request's `Accept-Language`, which browsers send by themselves."
)

blueprint = Blueprint("applying", __name__, url_prefix="/api/guides", description="Becoming a guide")

RESUME = FileField("resume", MediaKind.DOCUMENT)
#: Two names for one thing: pages send either, or both, of which one may be empty.
VIDEO, VIDEO_FILE = FileField("video", MediaKind.VIDEO), FileField("video_file", MediaKind.VIDEO)
DOCUMENTS = FileField("documents", MediaKind.DOCUMENT, most=MOST_DOCUMENTS)
FILES = (RESUME, VIDEO, VIDEO_FILE, DOCUMENTS)
_PARTS = {"resume": Part.RESUME, "video": Part.VIDEO, "video_file": Part.VIDEO, "documents": Part.DOCUMENT}

_NOT_FOUND = ("application_not_found", "There is no such application, or it was deleted meanwhile.")
_MISSING = "Missing data for required field."
_REFUSALS: dict[int, Any] = {
    400: ("malformed_request", "The body is not a whole multipart form."),
    413: ("body_too_large", "The body is larger than this address takes."),
    415: ("unsupported_media_type", "Send the file as multipart/form-data."),
    422: (
        ("invalid_fields", "Some fields are not valid; see errors.", {"errors": {"full_name": [_MISSING]}}),
        ("invalid_field", f"resume: {_MISSING}", {"errors": {"resume": [_MISSING]}}),
    ),
    503: (
        (
            "applications_full",
            "We have taken in all the files that we can today. Please send your application again tomorrow.",
        ),
        ("storage_unavailable", "We cannot take files right now. Try again."),
    ),
}


@blueprint.route("/apply")
class Apply(PublicView):
    limited_by = "limit_files_unsigned"
    largest_body = largest_form(*FILES)

    @operation(
        "applyAsGuide",
        "Apply to guide, without an account and from any page: a mail asks to confirm the address within a day. The answer is "
        "the same whether the address has an account or an application or not",
        refusals=_REFUSALS | {429: ("too_many_applications", "Too many attempts. Try again in 24 hours.")},
    )
    @blueprint.doc(
        description=_HOW_TO_APPLY,
        requestBody=form_body(*FILES, texts=ApplyRequest, required=("resume",), example=examples.APPLY),
    )
    @blueprint.response(202, AppliedAnswer, example=examples.APPLIED_ANSWER)
    def post(self) -> Response:
        with received_form(*FILES, texts=ApplyRequest, lenient=True) as form:
            _refuse_without_files(form)
            _apply(form)
        return answer(APPLIED, 202)


@blueprint.route("/applications/<token>")
class AppliedStatus(PublicView):
    limited_by = "limit_public_reads"

    @operation(
        "getAppliedStatus",
        "See how far one's application has come, with the token of its mails; it changes nothing",
        refusals={404: _NOT_FOUND},
    )
    @blueprint.response(200, ApplicationStatusAnswer, example=examples.STATUS)
    def get(self, token: str) -> Response:
        with edge().db.reading() as session:
            return answer(_status(session, records.find_by_link(session, context(), _hash(token))))


@blueprint.route("/applications/<token>/confirm")
class ConfirmApplication(PublicView):
    limited_by = "limit_public_reads"

    @operation(
        "confirmApplication",
        "Confirm that one reads the address that one applied with; once more changes nothing",
        refusals={404: _NOT_FOUND},
    )
    @blueprint.response(200, ApplicationStatusAnswer, example=examples.CONFIRMED)
    def post(self, token: str) -> Response:
        with edge().db.transaction() as session:
            confirmed = applying.confirm(session, context(), _hash(token))
            session.flush()
            return answer(_status(session, confirmed))


@blueprint.route("/applications/<token>/answer")
class AnswerApplication(PublicView):
    limited_by = "limit_files_unsigned"
    largest_body = largest_form(*FILES)

    @operation(
        "answerApplication",
        "Send what was asked for: words, other files, or fields that have changed. A new CV or video takes the place of the old",
        refusals=_REFUSALS
        | {
            404: _NOT_FOUND,
            409: (
                "application_not_answerable",
                "Nothing is asked of you now. The application is in review.",
                {"application_status": "in_review"},
            ),
            429: ("too_many_application_answers", "Too many attempts. Try again in 24 hours."),
        },
    )
    @blueprint.doc(
        description=_HOW_TO_ANSWER, requestBody=form_body(*FILES, texts=AnswerRequest, example=examples.ANSWER)
    )
    @blueprint.response(200, ApplicationStatusAnswer, example=examples.ANSWERED)
    def post(self, token: str) -> Response:
        with edge().db.reading() as session:
            # Nobody's megabytes are taken without an application that they belong to.
            records.find_by_link(session, context(), _hash(token))
        with received_form(*FILES, texts=AnswerRequest, lenient=True) as form:
            _refuse_where_empty(form)
            with edge().db.transaction() as session:
                documents = len(form.files["documents"])
                asked = answering.begin_answer(session, context(), _hash(token), _size(form), documents)
            return answer(_answered(form, asked.id))


@blueprint.route("/applications/<token>/accept")
class AcceptInvitation(SignedInView):
    @operation(
        "acceptInvitation",
        "Accept an invitation, signed in under the address that it went to: from then on one is a guide; again changes nothing",
        refusals={
            403: (
                "not_your_invitation",
                "This invitation went to another e-mail address. Sign in with the account of that address, or open one.",
            ),
            404: _NOT_FOUND,
            409: (
                "application_not_approved",
                "This application is not approved.",
                {"application_status": "in_review"},
            ),
        },
    )
    @blueprint.response(200, InvitationAnswer, example=examples.ACCEPTED)
    def post(self, token: str) -> Response:
        ctx = context()
        with edge().db.transaction() as session:
            application, guide = applying.accept(session, ctx, _hash(token))
            session.flush()
            accepted = accepted_answer(_status(session, application), guide)
        # The role holds at once, for this session at least.
        edge().sessions.forget(ctx.actor.session_id)
        return answer(accepted)


def _hash(token: str) -> str:
    return edge().one_time_tokens.hash(token)


def _status(session: Any, application: GuideApplication) -> dict[str, Any]:
    files, history = records.files_of(session, application), records.history_of(session, application)
    return status_answer(application, files, history)


def _uploads(form: Form) -> Iterator[tuple[Part, Upload]]:
    for name, part in _PARTS.items():
        for upload in form.files[name]:
            yield part, upload


def _size(form: Form) -> int:
    return sum(upload.size for _, upload in _uploads(form))


def _refuse_without_files(form: Form) -> None:
    if form.file("resume") is None:
        raise field_error("resume", _MISSING)
    if form.file("video") is None and form.file("video_file") is None:
        raise field_error("video", _MISSING)


def _refuse_where_empty(form: Form) -> None:
    if not form.texts and not any(True for _ in _uploads(form)):
        raise field_error("message", "Write something, or send a file.")


def _apply(form: Form) -> None:
    """The row first, then its files one by one, then the job; where one of them is not taken, nothing of it stays."""
    ctx, address = context(), limited_address()
    details = applying.Details(**form.texts)
    with edge().db.transaction() as session:
        tokens = edge().one_time_tokens
        application_id = applying.begin_application(session, ctx, tokens, details, address, _size(form)).id
    try:
        _store(form, application_id, [])
        with edge().db.transaction() as session:
            applying.finish_application(session, ctx, application_id)
    except DomainError:
        with edge().db.transaction() as session:
            applying.abandon_application(session, ctx, application_id, address)
        raise


def _answered(form: Form, application_id: uuid.UUID) -> dict[str, Any]:
    """The same for an answer: where something is not taken, the application stays as it was."""
    ctx, words, sent = context(), dict(form.texts), []
    message = words.pop("message", None)
    try:
        _store(form, application_id, sent)
        with edge().db.transaction() as session:
            application = answering.finish_answer(session, ctx, application_id, message, words, sent)
            session.flush()
            return _status(session, application)
    except DomainError:
        with edge().db.transaction() as session:
            answering.abandon_files(session, ctx, application_id, sent)
        raise


def _store(form: Form, application_id: uuid.UUID, stored: list[uuid.UUID]) -> None:
    """Store the form's files; ``stored`` tells which, also where it breaks off."""
    for part, upload in _uploads(form):
        begin = partial(answering.begin_file, application_id=application_id, part=part)
        stored.append(store(upload, begin).id)
