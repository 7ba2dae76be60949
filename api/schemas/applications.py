"""Applications: what somebody sends who wants to guide, how they see it, and what reviewers see and decide."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate, validates_schema

from api.schemas.base import Answer, Day, Name, NewEmail, Phone, Request, Text
from api.schemas.guides import LONGEST_BIO, LONGEST_REGION, LONGEST_WORD, Languages
from api.schemas.licences import LicenceHolderAnswer
from api.schemas.pages import CursorQuery, Pagination
from domain.applications import (
    EXPLAINED,
    LONGEST_ADDRESSES,
    LONGEST_EXPERIENCE,
    LONGEST_LICENCE,
    LONGEST_NAME,
    LONGEST_REASON,
    LONGEST_SOCIAL,
    REVIEWS,
    ApplicationState,
    ApplicationVerb,
    Milestone,
    Part,
)
from domain.media import MediaState, Refusal
from services.applications.reviewing import SORTS

#: What spreadsheets take for the beginning of a formula.
_FORMULA = tuple("=+-@")
_VERBS = [*ApplicationVerb, *Milestone]
_FILE_STATES = [state for state in MediaState if state is not MediaState.REMOVED]


class PlainText(Text):
    """A short text that no spreadsheet takes for a formula."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text.startswith(_FORMULA):
            raise ValidationError("Must not begin with = + - or @.")
        return text


class PlainName(Name):
    """A person's name that no spreadsheet takes for a formula."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        name = super()._deserialize(value, attr, data, **kwargs)
        if name.startswith(_FORMULA):
            raise ValidationError("Must not begin with = + - or @.")
        return name


class Spoken(Languages):
    """Languages as a form sends them: several parts, a comma list, or a list in JSON."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[str]:
        texts = [value] if isinstance(value, str) else value
        if not isinstance(texts, list):
            raise self.make_error("invalid")
        given = [part.strip() for text in texts for part in _listed(text)]
        if not any(given):
            raise ValidationError("Name at least one language.")
        if any(part.startswith(_FORMULA) for part in given):
            raise ValidationError("Must not begin with = + - or @.")
        named = [part for part in given if part]
        if any(len(part) > LONGEST_WORD for part in named):
            # Said of the field: what a form sends as one text has no numbered parts.
            raise ValidationError(f"Each at most {LONGEST_WORD} characters.")
        return super()._deserialize(named, attr, data, **kwargs)


class Profile(Text):
    """One's page in a social network: its address on the web, or what one is called there."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        scheme, colon, rest = text.partition(":")
        # A reviewer clicks on it.
        if colon and not (scheme.lower() in ("http", "https") and rest.startswith("//")):
            raise ValidationError("Must be an address that begins with https://, or a name.")
        return text


def _listed(text: Any) -> list[str]:
    if not isinstance(text, str):
        raise ValidationError("Not a valid list of languages.")
    if not text.strip().startswith("["):
        return text.split(",")
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        raise ValidationError("Not a valid list of languages.") from None
    if not all(isinstance(one, str) for one in given):
        raise ValidationError("Not a valid list of languages.")
    return given


class _Socials(Request):
    social_emails = Text(longest=LONGEST_ADDRESSES, multiline=True)
    facebook = Profile(longest=LONGEST_SOCIAL)
    instagram = Profile(longest=LONGEST_SOCIAL)
    twitter = Profile(longest=LONGEST_SOCIAL)
    tiktok = Profile(longest=LONGEST_SOCIAL)
    youtube = Profile(longest=LONGEST_SOCIAL)


class ApplyRequest(_Socials):
    """The texts of the form; whatever else it brings is ignored."""

    full_name = PlainName(required=True, longest=LONGEST_NAME)
    email = NewEmail(required=True)
    phone = Phone(required=True)
    location = PlainText(required=True, longest=LONGEST_REGION)
    languages = Spoken(required=True)
    experience_years = Text(required=True, longest=LONGEST_EXPERIENCE)
    bio = Text(required=True, longest=LONGEST_BIO, multiline=True)


class AnswerRequest(_Socials):
    """What was asked for: some words, other files, or fields that are to be as given now."""

    message = Text(longest=LONGEST_REASON, multiline=True)
    phone = Phone()
    location = PlainText(longest=LONGEST_REGION)
    languages = Spoken()
    experience_years = Text(longest=LONGEST_EXPERIENCE)
    bio = Text(longest=LONGEST_BIO, multiline=True)


class AppliedAnswer(Answer):
    status = fields.String(required=True, validate=validate.OneOf(list(ApplicationState)))
    message = fields.String(required=True)


class StatusFileAnswer(Answer):
    part = fields.String(required=True, validate=validate.OneOf(list(Part)))
    state = fields.String(required=True, validate=validate.OneOf(_FILE_STATES))
    refusal = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf([*Refusal, None]),
        metadata={"description": "Why we could not take the file, in the words of an upload's `refusal`"},
    )


class StatusStepAnswer(Answer):
    verb = fields.String(required=True, validate=validate.OneOf(_VERBS))
    status = fields.String(required=True, validate=validate.OneOf(list(ApplicationState)))
    at = fields.AwareDateTime(required=True)
    reason = fields.String(required=True, allow_none=True, metadata={"description": "What was said with it"})


class ApplicationStatusAnswer(Answer):
    full_name = fields.String(required=True)
    email = fields.String(required=True)
    status = fields.String(required=True, validate=validate.OneOf(list(ApplicationState)))
    reason = fields.String(required=True, allow_none=True, metadata={"description": "A reviewer's words"})
    submitted_at = fields.AwareDateTime(required=True)
    confirmed_at = fields.AwareDateTime(
        required=True, allow_none=True, metadata={"description": "Null until the address is confirmed"}
    )
    confirm_until = fields.AwareDateTime(
        required=True,
        allow_none=True,
        metadata={"description": "By then it has to be confirmed, or it is deleted; null once it is"},
    )
    can_answer = fields.Boolean(
        required=True, metadata={"description": "Whether something was asked that one may send"}
    )
    can_accept = fields.Boolean(required=True, metadata={"description": "Whether an invitation waits to be accepted"})
    accepted_at = fields.AwareDateTime(required=True, allow_none=True)
    files = fields.List(fields.Nested(StatusFileAnswer), required=True)
    history = fields.List(fields.Nested(StatusStepAnswer), required=True)


class NewGuideAnswer(Answer):
    id = fields.UUID(required=True)
    slug = fields.String(required=True)


class InvitationAnswer(Answer):
    application = fields.Nested(ApplicationStatusAnswer, required=True)
    guide = fields.Nested(NewGuideAnswer, required=True)


class ApplicationsQuery(CursorQuery):
    status = fields.String(validate=validate.OneOf(list(ApplicationState)))
    confirmed = fields.String(
        validate=validate.OneOf(["true", "false"]),
        metadata={"description": "Whether the applicant has confirmed the address; both where it is left out"},
    )
    q = Text(
        shortest=3, longest=100, metadata={"description": "Part of a name or of an e-mail address, whatever its case"}
    )
    sort = fields.String(load_default="newest", validate=validate.OneOf(list(SORTS)))


class ApplicationItem(Answer):
    id = fields.UUID(required=True)
    full_name = fields.String(required=True)
    email = fields.String(required=True)
    location = fields.String(required=True)
    languages = fields.List(fields.String(), required=True)
    experience_years = fields.String(required=True)
    status = fields.String(required=True, validate=validate.OneOf(list(ApplicationState)))
    submitted_at = fields.AwareDateTime(required=True)
    confirmed_at = fields.AwareDateTime(
        required=True, allow_none=True, metadata={"description": "Null until the applicant has confirmed the address"}
    )
    changed_at = fields.AwareDateTime(required=True)
    accepted_at = fields.AwareDateTime(
        required=True, allow_none=True, metadata={"description": "When the applicant became a guide by it"}
    )


class ApplicationPage(Answer):
    items = fields.List(fields.Nested(ApplicationItem), required=True)
    pagination = fields.Nested(Pagination, required=True)


class ColleagueAnswer(Answer):
    id = fields.UUID(required=True)
    name = fields.String(required=True)


class ApplicationFileAnswer(StatusFileAnswer):
    id = fields.UUID(required=True)
    content_type = fields.String(required=True)
    size = fields.Integer(required=True, allow_none=True, metadata={"description": "Bytes"})
    url = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "A link of one's own, which works for ten minutes; null unless it is ready"},
    )


class ApplicationStepAnswer(StatusStepAnswer):
    by = fields.Nested(
        ColleagueAnswer, required=True, allow_none=True, metadata={"description": "Null where it was no reviewer"}
    )


class NotedLicenceAnswer(Answer):
    number = fields.String(required=True)
    expires_on = fields.Date(required=True, allow_none=True)
    also_held_by = fields.List(
        fields.Nested(LicenceHolderAnswer),
        required=True,
        metadata={
            "description": "Others who have the same number, however it is written. A hint: nobody is refused for it"
        },
    )


class ApplicationAnswer(ApplicationItem):
    phone = fields.String(required=True)
    bio = fields.String(required=True)
    social_emails = fields.String(required=True, allow_none=True)
    facebook = fields.String(required=True, allow_none=True)
    instagram = fields.String(required=True, allow_none=True)
    twitter = fields.String(required=True, allow_none=True)
    tiktok = fields.String(required=True, allow_none=True)
    youtube = fields.String(required=True, allow_none=True)
    locale = fields.String(required=True)
    user_id = fields.UUID(
        required=True, allow_none=True, metadata={"description": "The account whose confirmed address it is"}
    )
    reason = fields.String(required=True, allow_none=True, metadata={"description": "The last words to the applicant"})
    reviewed_by = fields.Nested(ColleagueAnswer, required=True, allow_none=True)
    reviewed_at = fields.AwareDateTime(required=True, allow_none=True)
    licence = fields.Nested(NotedLicenceAnswer, required=True, allow_none=True)
    files = fields.List(fields.Nested(ApplicationFileAnswer), required=True)
    history = fields.List(fields.Nested(ApplicationStepAnswer), required=True)


class ApplicationReviewRequest(Request):
    aliases: ClassVar = {"decision": "action"}

    action = fields.String(
        required=True, validate=validate.OneOf(list(REVIEWS)), metadata={"description": "Also: decision"}
    )
    reason = Text(
        longest=LONGEST_REASON,
        multiline=True,
        metadata={"description": "Words to the applicant, for `more_info` and `reject` needed"},
    )
    licence_number = PlainText(
        longest=LONGEST_LICENCE,
        metadata={"description": "With `approve` only. Who has it already: `GET /api/admin/licences/holders`"},
    )
    licence_expires_on = Day(metadata={"description": "The last day on which the licence holds"})

    @validates_schema
    def _belongs_together(self, data: dict[str, Any], **_: object) -> None:
        action = data.get("action")
        if action in EXPLAINED and not data.get("reason"):
            raise ValidationError("Tell the applicant why, or what to send.", "reason")
        for name in ("licence_number", "licence_expires_on"):
            if name in data and action != ApplicationVerb.APPROVE:
                raise ValidationError("Is noted on approval only.", name)
        if "licence_expires_on" in data and "licence_number" not in data:
            raise ValidationError("Give the number as well.", "licence_number")
