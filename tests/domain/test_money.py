"""Amounts keep every cent, whatever is done with them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.money import EXPONENTS, CurrencyMismatch, Money

#: A machine that is busy with something else is no fault of the code.
unhurried = settings(deadline=None)

currencies = st.sampled_from(sorted(EXPONENTS))
minors = st.integers(min_value=-(10**15), max_value=10**15)
amounts = st.builds(Money, minors, currencies)
shillings = st.builds(Money, minors, st.just("KES"))


@unhurried
@given(amounts)
def test_an_amount_survives_its_way_over_the_wire(amount):
    assert Money.parse(amount.decimal, amount.currency) == amount


@unhurried
@given(shillings, shillings, shillings)
def test_sums_do_not_depend_on_order_and_lose_nothing(a, b, c):
    assert (a + b) + c == c + (b + a)
    assert a + b - b == a


@unhurried
@given(shillings, st.integers(min_value=0, max_value=1000))
def test_times_is_repeated_addition(amount, times):
    assert amount * times == sum([amount] * times, Money(0, "KES"))


@unhurried
@given(shillings.filter(lambda amount: amount.minor >= 0), st.integers(min_value=0, max_value=100))
def test_a_share_and_the_rest_are_the_whole_and_a_share_is_within_half_a_cent(amount, rate):
    share = amount.percent(Decimal(rate))
    assert share + (amount - share) == amount
    assert 0 <= share.minor <= amount.minor
    assert abs(Decimal(share.minor) - Decimal(amount.minor) * rate / 100) <= Decimal("0.5")


@unhurried
@given(amounts)
def test_whole_units_are_never_less_and_less_than_one_unit_more(amount):
    whole = amount.whole_units_up()
    unit = 10 ** EXPONENTS[amount.currency]
    assert whole.minor % unit == 0
    assert 0 <= whole.minor - amount.minor < unit
    assert whole.whole_units_up() == whole


@unhurried
@given(amounts, amounts)
def test_different_currencies_never_mix(a, b):
    if a.currency == b.currency:
        assert (a + b).currency == a.currency
        return
    with pytest.raises(CurrencyMismatch):
        a + b
    with pytest.raises(CurrencyMismatch):
        a - b


@pytest.mark.parametrize(
    ("amount", "currency", "wire", "people"),
    [
        (250_000, "KES", "2500.00", "KES 2,500"),
        (250_050, "KES", "2500.50", "KES 2,500.50"),
        (1950, "USD", "19.50", "USD 19.50"),
        (7, "EUR", "0.07", "EUR 0.07"),
        (45_000, "UGX", "45000", "UGX 45,000"),
        (-100, "KES", "-1.00", "KES -1"),
        (0, "KES", "0.00", "KES 0"),
    ],
)
def test_an_amount_is_written_for_the_wire_and_for_people(amount, currency, wire, people):
    assert Money(amount, currency).decimal == wire
    assert str(Money(amount, currency)) == people


@pytest.mark.parametrize(
    ("amount", "currency"),
    [("1.001", "KES"), ("0.5", "UGX"), (Decimal("0.001"), "USD"), ("1." + 40 * "0" + "1", "KES")],
)
def test_more_decimals_than_the_currency_has_are_refused(amount, currency):
    with pytest.raises(ValueError, match="more decimals"):
        Money.parse(amount, currency)


@pytest.mark.parametrize(
    "amount",
    [
        *("abc", "", "1,000", "1.2.3", "0x10", "Infinity", "-Infinity", "NaN", "sNaN", "1e999999", "1e1000000"),
        *("9" * 20, "9" * 100, "1." + "0" * 100 + "1", Decimal("NaN"), Decimal("Infinity")),
    ],
)
def test_what_is_no_amount_of_money_is_refused_as_a_value_error(amount):
    with pytest.raises(ValueError, match="not an amount of money"):
        Money.parse(amount, "KES")


def test_the_largest_amount_that_the_database_keeps_is_read_exactly():
    assert Money.parse("92233720368547758.07", "KES").minor == 2**63 - 1
    with pytest.raises(ValueError, match="not an amount of money"):
        Money.parse("92233720368547758.08", "KES")


@pytest.mark.parametrize("minor", [1.0, "1", None, Decimal(1), True, False])
def test_minor_units_are_whole_numbers(minor):
    with pytest.raises(TypeError):
        Money(minor, "KES")


def test_a_currency_in_which_we_do_not_price_is_refused():
    with pytest.raises(ValueError, match="unknown currency"):
        Money(1, "XAU")
    with pytest.raises(ValueError, match="unknown currency"):
        Money.parse("1.00", "XAU")
