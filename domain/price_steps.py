"""Steps of price by which what is offered is counted: prices with the same two first digits are one step."""

from __future__ import annotations

#: More than anything costs, in minor units.
_BEYOND = 10**18


def step_of(minor: int) -> int:
    """The least price of a price's step."""
    return minor - minor % _width(minor)


def whole_steps(least: int | None, most: int | None) -> tuple[int, int]:
    """Where the steps begin that lie wholly in a range of prices, and where they end, which is no part of them. What of the
    range is not among these steps lies below the first of them; where there are none, all of it does."""
    first = 0 if least is None else least if step_of(least) == least else step_of(least) + _width(least)
    if most is None:
        return first, max(first, _BEYOND)
    end = step_of(most + 1)
    return (first, end) if first < end else (most + 1, most + 1)


def _width(minor: int) -> int:
    return 10 ** max(len(str(minor)) - 2, 0)
