"""Lists by the page, asked for and answered alike everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from api.schemas.base import Answer, Query, Whole

#: Pages beyond this are nobody's; asking for them would only make the database count.
LAST_PAGE = 10_000
MOST_PER_PAGE = 100


class PageQuery(Query):
    page = Whole(least=1, most=LAST_PAGE, load_default=1)
    limit = Whole(least=1, most=MOST_PER_PAGE, load_default=20)


def window(query: Mapping[str, Any]) -> dict[str, int]:
    """The rows that a :class:`PageQuery` asks for: how many, after how many others."""
    return {"limit": query["limit"], "offset": (query["page"] - 1) * query["limit"]}


class Pagination(Answer):
    page = fields.Integer(required=True)
    limit = fields.Integer(required=True)
    total = fields.Integer(required=True, metadata={"description": "Exact up to 10,000"})
    total_is_capped = fields.Boolean(required=True)
    total_pages = fields.Integer(required=True)
    has_next = fields.Boolean(required=True)
    has_prev = fields.Boolean(required=True)
    next_cursor = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Null: every list goes by `page` until one is given cursors; go on while `has_next`"},
    )
