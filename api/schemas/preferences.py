"""Wishes by category and channel, made from the table of notices, so that each is documented and refused by its name."""

from __future__ import annotations

from collections.abc import Mapping

from marshmallow import fields

from api.schemas.base import Answer, Request, YesNo
from domain.preferences import offered


class PreferenceAnswer(Answer):
    is_enabled = fields.Boolean(required=True)
    is_always_on = fields.Boolean(
        required=True,
        metadata={"description": "All that comes this way concerns one's own account, bookings or money"},
    )


def _channels() -> Mapping[str, list[str]]:
    """Category → its channels."""
    found: dict[str, list[str]] = {}
    for category, channel in offered():
        found.setdefault(category, []).append(channel.value)
    return found


#: One schema for each category, with a field for each of its channels.
_WISHES = {
    category: Request.from_dict({channel: YesNo() for channel in channels}, name=f"{category.title()}Wishes")
    for category, channels in _channels().items()
}
_STANDS = {
    category: Answer.from_dict(
        {channel: fields.Nested(PreferenceAnswer, required=True) for channel in channels},
        name=f"{category.title()}Preferences",
    )
    for category, channels in _channels().items()
}
WishesByCategory = Request.from_dict(
    {category: fields.Nested(schema) for category, schema in _WISHES.items()}, name="WishesByCategory"
)
PreferencesByCategory = Answer.from_dict(
    {category: fields.Nested(schema, required=True) for category, schema in _STANDS.items()},
    name="PreferencesByCategory",
)


class PreferencesRequest(Request):
    preferences = fields.Nested(
        WishesByCategory, required=True, metadata={"description": "What is named is decided; the rest stays"}
    )


class PreferencesAnswer(Answer):
    preferences = fields.Nested(PreferencesByCategory, required=True)
