"""Prices as visitors filter by them: decimals of a currency, which is shillings where none is named."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from domain.errors import field_error
from domain.money import Money

DEFAULT_CURRENCY = "KES"


def prices_asked(query: Mapping[str, Any]) -> dict[str, Any]:
    """The currency and the bounds in its minor units, None where there are none."""
    priced = "min_price" in query or "max_price" in query
    currency = query.get("currency") or (DEFAULT_CURRENCY if priced else None)
    bounds = {f"{name}_minor": _minor(query.get(name), currency, name) for name in ("min_price", "max_price")}
    return {"currency": currency} | bounds


def _minor(amount: Decimal | None, currency: str | None, field: str) -> int | None:
    if amount is None or currency is None:
        return None
    try:
        return Money.parse(amount, currency).minor
    except ValueError as error:
        raise field_error(field, str(error)) from error
