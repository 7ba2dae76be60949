"""After the storm: the house is left alone, and the product's clock is moved over what would only be waiting."""

from __future__ import annotations

import time

from tests.chaos.house import House

#: Longer than any lease and than the two minutes after which M-Pesa's word for a failure is believed; with the waits
#: before and after it, shorter than the five minutes in which everything has to be known.
FIRST_MOVE = 150
#: Holds end and questions are given up after half an hour.
SECOND_MOVE = 31 * 60
#: What is further ahead than that is no end of anything that the storm began.
HORIZON = 40 * 60
MOST_MOVES = 5
#: The longest call to a provider takes 25 s.
CALM_SECONDS = 45.0
_COMES_BY_ITSELF = "kind NOT LIKE 'periodic.%' AND kind NOT LIKE '%.canary' AND done_at IS NULL AND dead_at IS NULL"


def settle(house: House) -> int:
    """Let everything come to its end; by how many seconds the clock was moved for it."""
    _calm_down(house)
    move = FIRST_MOVE
    for _ in range(MOST_MOVES):
        house.move_clock(move)
        _calm_down(house)
        ahead = _seconds_ahead(house)
        if ahead is None:
            break
        move = SECOND_MOVE if move == FIRST_MOVE else int(ahead) + 2
    return house.clock_offset


def product_now(house: House) -> str:
    """The product's clock, as the rows have it."""
    (row,) = house.query(f"SELECT {_now(house)} AS at")
    return row["at"]


def _calm_down(house: House) -> None:
    """Wait until nothing is due and nothing runs; what a dead worker has leased is waited for as long as a call takes."""
    deadline = time.monotonic() + CALM_SECONDS
    while time.monotonic() < deadline:
        house.look()
        (row,) = house.query(
            f"SELECT count(*) AS busy FROM jobs WHERE {_COMES_BY_ITSELF}"
            f" AND (due_at <= {_now(house)} OR lease_until > {_now(house)})"
        )
        if row["busy"] == 0:
            return
        time.sleep(0.2)


def _seconds_ahead(house: House) -> float | None:
    """Until the last of what is still to be done, soon enough to matter; None where there is nothing."""
    (row,) = house.query(
        f"SELECT extract(epoch FROM max(greatest(due_at, coalesce(lease_until, due_at))) - {_now(house)})::float AS ahead"
        f" FROM jobs WHERE {_COMES_BY_ITSELF} AND due_at < {_now(house)} + interval '{HORIZON} seconds'"
    )
    return None if row["ahead"] is None else max(row["ahead"], 1.0)


def _now(house: House) -> str:
    return f"(clock_timestamp() + interval '{house.clock_offset} seconds')"
