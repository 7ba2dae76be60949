"""What a party pays, line by line, and the seats it pays for."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import RuleViolation
from domain.money import Money
from domain.pricing import LineKind, Offer, PricePer, Tier, price_for, seats_for

#: A machine that is busy with something else is no fault of the code.
unhurried = settings(deadline=None)
TEN = Decimal(10)


def kes(shillings: str) -> Money:
    return Money.parse(shillings, "KES")


WALK = Offer(
    title="Food walk",
    price=kes("2500"),
    price_per=PricePer.PERSON,
    tiers=[],
    min_guests=1,
    max_guests=8,
    is_private=False,
    capacity=10,
)
FAMILY = replace(
    WALK, tiers=[Tier("adult", kes("2500")), Tier("child", kes("1000")), Tier("infant", kes("0"), takes_seat=False)]
)


def lines(offer: Offer, guests: dict[str, int], fee: Decimal = TEN) -> list[tuple]:
    price = price_for(offer, guests, fee)
    return [(line.kind, line.description, line.quantity, line.amount.decimal) for line in price.lines]


def test_a_number_of_guests_pays_the_one_price():
    assert lines(WALK, {"adult": 2}) == [
        (LineKind.BASE, "Food walk (adult)", 2, "5000.00"),
        (LineKind.FEE, "Service fee", 1, "500.00"),
    ]


def test_each_tier_pays_its_own_price_on_its_own_line():
    assert lines(FAMILY, {"adult": 2, "child": 1, "infant": 1}) == [
        (LineKind.BASE, "Food walk (adult)", 2, "5000.00"),
        (LineKind.BASE, "Food walk (child)", 1, "1000.00"),
        (LineKind.BASE, "Food walk (infant)", 1, "0.00"),
        (LineKind.FEE, "Service fee", 1, "600.00"),
    ]


def test_a_tier_without_guests_has_no_line():
    assert [line[1] for line in lines(FAMILY, {"adult": 1, "child": 0})] == ["Food walk (adult)", "Service fee"]


def test_a_group_pays_the_group_price_whatever_its_size():
    group = replace(WALK, price_per=PricePer.GROUP)
    assert lines(group, {"adult": 7}) == lines(group, {"adult": 1})
    assert lines(group, {"adult": 7})[0] == (LineKind.BASE, "Food walk", 1, "2500.00")


def test_there_is_no_fee_line_when_there_is_no_fee():
    assert [line[0] for line in lines(WALK, {"adult": 1}, Decimal(0))] == [LineKind.BASE]
    assert [line[0] for line in lines(replace(WALK, price=kes("0")), {"adult": 1})] == [LineKind.BASE]


@pytest.mark.parametrize(("price", "fee"), [("0.04", None), ("0.05", "0.01"), ("0.14", "0.01"), ("0.15", "0.02")])
def test_the_fee_rounds_half_a_cent_up(price, fee):
    last = price_for(replace(WALK, price=kes(price)), {"adult": 1}, TEN).lines[-1]
    assert (last.amount.decimal if last.kind is LineKind.FEE else None) == fee


def test_the_fee_is_of_the_whole_base_and_rounded_once():
    assert lines(replace(WALK, price=kes("0.05")), {"adult": 3})[-1][3] == "0.02"


@pytest.mark.parametrize(
    ("guests", "seats"), [({"adult": 2}, 2), ({"adult": 2, "child": 3}, 5), ({"adult": 1, "infant": 2}, 1)]
)
def test_a_party_takes_a_seat_for_each_guest_whose_tier_does(guests, seats):
    assert seats_for(FAMILY, guests) == price_for(FAMILY, guests, TEN).seats == seats


def test_a_private_party_takes_the_whole_departure_and_pays_for_its_guests():
    private = replace(WALK, is_private=True)
    assert seats_for(private, {"adult": 2}) == 10
    assert lines(private, {"adult": 2}) == lines(WALK, {"adult": 2})


@pytest.mark.parametrize(
    ("guests", "complaint"),
    [
        ({}, "at least one guest is needed"),
        ({"adult": 0}, "at least one guest is needed"),
        ({"adult": 1}, "at least 2 guests are needed"),
        ({"adult": 9}, "at most 8 guests can book together"),
        ({"adult": 2, "pensioner": 1}, "unknown kind of guest 'pensioner'; known: adult, child, infant"),
        ({"infant": 2}, "at least one guest must take a seat"),
        ({"adult": 3, "child": -1}, "a number of guests cannot be negative"),
    ],
)
def test_a_party_that_does_not_fit_is_refused_at_its_field(guests, complaint):
    with pytest.raises(RuleViolation) as refusal:
        price_for(replace(FAMILY, min_guests=2), guests, TEN)
    assert refusal.value.errors == {"guests": [complaint]}


def test_the_smallest_and_the_largest_party_are_welcome():
    bounded = replace(WALK, min_guests=2)
    assert seats_for(bounded, {"adult": 2}) == 2
    assert seats_for(bounded, {"adult": 8}) == 8


@unhurried
@given(
    st.lists(st.integers(0, 10**9), min_size=1, max_size=4),
    st.lists(st.integers(0, 50), min_size=1, max_size=4),
    st.decimals(0, 100, places=2),
    st.sampled_from(PricePer),
)
def test_the_total_is_the_sum_of_the_lines_and_the_fee_its_share_of_the_base(prices, counts, percent, per):
    tiers = [Tier(f"tier{position}", Money(price, "KES")) for position, price in enumerate(prices)]
    offer = replace(WALK, tiers=tiers, price_per=per, max_guests=1000, capacity=1000)
    guests = {tier.name: count for tier, count in zip(tiers, counts, strict=False)}
    if not any(guests.values()):
        return
    price = price_for(offer, guests, percent)
    base = sum(line.quantity * line.unit.minor for line in price.lines if line.kind is LineKind.BASE)
    fees = [line.amount.minor for line in price.lines if line.kind is LineKind.FEE]
    assert price.total.minor == base + sum(fees) == sum(line.amount.minor for line in price.lines)
    assert len(fees) <= 1
    assert abs(sum(fees) - Decimal(base) * percent / 100) <= Decimal("0.5")
