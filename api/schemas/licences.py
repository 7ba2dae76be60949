"""Licences as guides send them and administrators decide about them."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate, validates_schema

from api.schemas.base import Answer, Day, Query, Request, Text
from api.schemas.pages import CursorQuery, Pagination
from domain.formats import FORMATS, Format
from domain.licences import LONGEST_NUMBER, LONGEST_REASON, HeldAs, LicenceState, RenewalState
from domain.media import MediaKind

CONFIRM, REFUSE = "confirm", "refuse"
_ENDING = (LicenceState.EXPIRING, LicenceState.EXPIRED)


class LicenceRequest(Request):
    number = Text(required=True, longest=LONGEST_NUMBER)
    expires_on = Day(required=True, metadata={"description": "The last day on which it holds, from today"})
    document_id = fields.UUID(
        required=True,
        metadata={
            "description": "The id of an upload of one's own: a document by `POST /api/upload/document`, or a photo of it by "
            "`POST /api/upload/scan`"
        },
    )


class SentLicenceAnswer(Answer):
    id = fields.UUID(required=True)
    number = fields.String(required=True)
    expires_on = fields.Date(required=True)
    state = fields.String(required=True, validate=validate.OneOf(list(RenewalState)))
    reason = fields.String(required=True, allow_none=True, metadata={"description": "Why it was refused"})
    submitted_at = fields.AwareDateTime(required=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)


class LicenceAnswer(Answer):
    number = fields.String(required=True, allow_none=True)
    expires_on = fields.Date(required=True, allow_none=True, metadata={"description": "The last day on which it holds"})
    state = fields.String(required=True, validate=validate.OneOf(list(LicenceState)))


class OwnLicenceAnswer(LicenceAnswer):
    sent = fields.Nested(
        SentLicenceAnswer, required=True, allow_none=True, metadata={"description": "The one that was sent last"}
    )


class EndingQuery(CursorQuery):
    status = fields.String(
        load_default=LicenceState.EXPIRING.value,
        validate=validate.OneOf(_ENDING),
        metadata={"description": "By the day in Nairobi; each guide's own day decides about their listings"},
    )


class SentQuery(CursorQuery):
    status = fields.String(load_default=RenewalState.WAITING.value, validate=validate.OneOf(list(RenewalState)))


class ReviewRequest(Request):
    aliases: ClassVar = {"decision": "action"}

    action = fields.String(
        required=True, validate=validate.OneOf([CONFIRM, REFUSE]), metadata={"description": "Also: decision"}
    )
    reason = Text(
        longest=LONGEST_REASON,
        multiline=True,
        metadata={"description": "With refuse, and with nothing else: the guide is told these words"},
    )

    @validates_schema
    def _refused_why(self, data: dict[str, Any], **_: object) -> None:
        if data.get("action") == REFUSE and "reason" not in data:
            raise ValidationError("Is needed to refuse.", "reason")
        if data.get("action") == CONFIRM and "reason" in data:
            raise ValidationError("Is only for a refusal.", "reason")


class LicensedGuide(Answer):
    id = fields.UUID(required=True)
    slug = fields.String(required=True)
    user_id = fields.UUID(required=True)
    name = fields.String(required=True)
    email = fields.String(required=True, allow_none=True)
    licence = fields.Nested(LicenceAnswer, required=True)


class LicenceHolderAnswer(Answer):
    held_as = fields.String(
        required=True,
        validate=validate.OneOf(list(HeldAs)),
        metadata={
            "description": "`licence`: it is in their profile; `sent`: it waits for an administrator; `invited`: it was noted "
            "for an applicant who has not accepted yet"
        },
    )
    user_id = fields.UUID(required=True, allow_none=True, metadata={"description": "Null for whoever has no account"})
    slug = fields.String(required=True, allow_none=True, metadata={"description": "Null for whoever is no guide yet"})
    name = fields.String(required=True)
    number = fields.String(required=True, metadata={"description": "As it is written there"})
    expires_on = fields.Date(required=True, allow_none=True)


class HoldersQuery(Query):
    number = Text(
        required=True,
        longest=LONGEST_NUMBER,
        metadata={"description": "Case, spaces, dashes and other punctuation say nothing"},
    )


class LicenceHoldersAnswer(Answer):
    items = fields.List(fields.Nested(LicenceHolderAnswer), required=True)


class LicenceToReview(SentLicenceAnswer):
    guide = fields.Nested(LicensedGuide, required=True)
    also_held_by = fields.List(
        fields.Nested(LicenceHolderAnswer),
        required=True,
        metadata={
            "description": "Others who have the same number, however it is written. A hint: nobody is refused for it"
        },
    )


class LicenceInReview(LicenceToReview):
    document_url = fields.String(
        required=True, allow_none=True, metadata={"description": "Works for some minutes; null once it is deleted"}
    )
    document_type = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf([Format.WEBP, *FORMATS[MediaKind.DOCUMENT], None]),
        metadata={"description": "Of the file behind that link; a photo can be shown in the page"},
    )


class LicenceToReviewPage(Answer):
    items = fields.List(fields.Nested(LicenceToReview), required=True)
    pagination = fields.Nested(Pagination, required=True)


class EndingLicenceAnswer(LicensedGuide):
    waiting = fields.Nested(
        SentLicenceAnswer, required=True, allow_none=True, metadata={"description": "The one that is to follow it"}
    )


class EndingLicencePage(Answer):
    items = fields.List(fields.Nested(EndingLicenceAnswer), required=True)
    pagination = fields.Nested(Pagination, required=True)
