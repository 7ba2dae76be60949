"""Lists by the page, asked for and answered alike everywhere."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from api.schemas.base import Answer, Query, Text, Whole

#: Pages beyond this are nobody's; asking for them would only make the database count.
LAST_PAGE = 10_000
MOST_PER_PAGE = 100
LONGEST_CURSOR = 400


class CursorQuery(Query):
    """A list that goes by number or by cursor; :class:`api.paging.Asked` reads it."""

    page = Whole(
        least=1, most=LAST_PAGE, metadata={"description": "From 1; the first where neither it nor a cursor is given"}
    )
    limit = Whole(least=1, most=MOST_PER_PAGE, load_default=20)
    cursor = Text(
        longest=LONGEST_CURSOR,
        metadata={
            "description": "`next_cursor` of the page before, with the same filters and sort. Costs the same however deep, and "
            "skips or repeats nothing while rows come and go. Not together with `page`"
        },
    )

    @validates_schema
    def _one_place(self, data: dict[str, Any], **_: object) -> None:
        if "page" in data and "cursor" in data:
            raise ValidationError("Give page or cursor, not both.", "cursor")


class Pagination(Answer):
    page = fields.Integer(required=True, allow_none=True, metadata={"description": "Null where one goes by cursor"})
    limit = fields.Integer(required=True)
    total = fields.Integer(required=True, metadata={"description": "Exact unless total_is_capped: then there are more"})
    total_is_capped = fields.Boolean(required=True)
    total_pages = fields.Integer(required=True)
    has_next = fields.Boolean(required=True)
    has_prev = fields.Boolean(required=True)
    next_cursor = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Where the next page begins, to be sent as `cursor`; null at the end of the list"},
    )
