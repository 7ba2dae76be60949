"""Lists as clients page through them: by number, or by a cursor that says behind which row the next page begins."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import orjson

from services.pages import Page, Window, not_a_cursor, writable

#: What says where in a list one is, and nothing about which list it is.
_PLACE = frozenset({"page", "limit", "cursor"})


class Asked:
    """A page as it was asked for: ``query`` by a schema of :class:`~api.schemas.pages.CursorQuery`, ``of`` names the list
    and whose it is.

    A cursor holds the keys of the last row and a mark of its list, order and filters, so that one of another list is refused
    by name. It is not secret and grants nothing: whoever makes one up begins at a place of their choice.
    """

    def __init__(self, query: Mapping[str, Any], *of: object):
        self._mark = _mark(of, tuple((name, str(value)) for name, value in query.items() if name not in _PLACE))
        self._limit = query["limit"]
        cursor = query.get("cursor")
        self._page: int | None = None if cursor else query.get("page", 1)
        if cursor:
            self.window = Window(self._limit, after=self._keys(cursor))
        else:
            self.window = Window(self._limit, ((self._page or 1) - 1) * self._limit)

    def answer(self, items: Any, found: Page[Any]) -> dict[str, Any]:
        """The page, as all lists go out."""
        return {
            "items": items,
            "pagination": {
                "page": self._page,
                "limit": self._limit,
                "total": found.total,
                "total_is_capped": found.is_capped,
                "total_pages": -(-found.total // self._limit),
                "has_next": found.next_keys is not None,
                "has_prev": self._page != 1,
                "next_cursor": None if found.next_keys is None else self._cursor(found.next_keys),
            },
        }

    def _cursor(self, keys: tuple[Any, ...]) -> str:
        written = orjson.dumps([self._mark, *map(writable, keys)])
        return base64.urlsafe_b64encode(written).rstrip(b"=").decode()

    def _keys(self, cursor: str) -> list[Any]:
        try:
            read = orjson.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True))
        except (binascii.Error, ValueError) as error:
            raise not_a_cursor() from error
        if not isinstance(read, list) or not read or read[0] != self._mark:
            raise not_a_cursor()
        return read[1:]


@lru_cache(maxsize=4096)
def _mark(of: tuple[object, ...], filters: tuple[tuple[str, str], ...]) -> str:
    told = repr((*map(str, of), *sorted(filters)))
    return hashlib.sha256(told.encode()).hexdigest()[:10]
