"""Steps of price: each price is in one step, and a range is whole steps with what lies on either side of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from domain.price_steps import step_of, whole_steps

prices = st.integers(0, 10**9) | st.sampled_from([0, 9, 10, 99, 100, 109, 110, 990, 999, 1_000, 250_000, 259_999])


def test_prices_with_the_same_first_digits_are_one_step():
    assert [step_of(minor) for minor in (0, 7, 99, 100, 109, 110, 249_999, 250_000)] == [
        *(0, 7, 99, 100, 100, 110, 240_000, 250_000)
    ]
    assert whole_steps(245_000, 381_000) == (250_000, 380_000)
    assert whole_steps(250_000, 379_999) == (250_000, 380_000)
    assert whole_steps(9_500, 10_500) == (9_500, 10_000)
    # Within one step there is no whole one.
    assert whole_steps(241_000, 242_000) == (242_001, 242_001)


@given(prices, prices, prices)
def test_a_price_of_a_range_is_in_a_whole_step_or_beside_them_and_never_both(first, second, price):
    least, most = sorted((first, second))
    start, end = whole_steps(least, most)
    beside = (least <= price < start) + (end <= price <= most)
    assert beside + (start <= step_of(price) < end) == (least <= price <= most)


@given(prices, prices)
def test_a_range_may_be_open(bound, price):
    start, end = whole_steps(bound, None)
    assert (bound <= price < start) + (start <= step_of(price) < end) == (bound <= price)
    start, end = whole_steps(None, bound)
    assert (start <= step_of(price) < end) + (end <= price <= bound) == (price <= bound)
