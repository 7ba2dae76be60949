"""What M-Pesa charges for an amount, and what it does not charge at all."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.gateways import ABILITIES, NotChargeable, chargeable
from domain.money import Money

#: A machine that is busy with something else is no fault of the code.
unhurried = settings(deadline=None)

MPESA = ABILITIES["mpesa"]


def kes(amount: str) -> Money:
    return Money.parse(amount, "KES")


def test_m_pesa_takes_whole_shillings_from_1_to_250000_and_has_no_keys():
    assert MPESA.currencies == ("KES",)
    allowed = MPESA.ranges["KES"]
    assert (allowed.smallest_unit, allowed.minimum, allowed.maximum) == (kes("1"), kes("1"), kes("250000"))
    assert not MPESA.keyed
    assert not MPESA.partial_refunds
    assert MPESA.prompt_seconds == 90


@pytest.mark.parametrize(
    ("due", "charged"),
    [("2500", "2500"), ("2500.01", "2501"), ("0.01", "1"), ("249999.50", "250000"), ("250000", "250000")],
)
def test_an_amount_is_rounded_up_to_whole_shillings(due, charged):
    assert chargeable(kes(due), "mpesa") == kes(charged)


@pytest.mark.parametrize(
    ("amount", "code", "limit"),
    [
        (kes("0"), "below_minimum", kes("1")),
        (Money(-1, "KES"), "below_minimum", kes("1")),
        (kes("250000.01"), "above_maximum", kes("250000")),
        (Money(100, "USD"), "currency_not_taken", None),
        (Money(100, "UGX"), "currency_not_taken", None),
    ],
)
def test_an_amount_that_m_pesa_does_not_charge_is_refused_by_name(amount, code, limit):
    with pytest.raises(NotChargeable) as caught:
        chargeable(amount, "mpesa")
    assert (caught.value.code, caught.value.limit) == (code, limit)
    assert isinstance(caught.value, ValueError)
    assert limit is None or str(limit) in str(caught.value)


def test_a_gateway_that_we_do_not_have_is_our_mistake():
    with pytest.raises(KeyError):
        chargeable(kes("1"), "cowries")


def test_the_table_cannot_be_changed_at_run_time():
    with pytest.raises(TypeError):
        ABILITIES["mpesa"] = MPESA
    with pytest.raises(TypeError):
        MPESA.ranges["USD"] = MPESA.ranges["KES"]
    with pytest.raises(dataclasses.FrozenInstanceError):
        MPESA.keyed = True


@unhurried
@given(st.integers(min_value=1, max_value=25_000_000))
def test_what_is_charged_is_enough_less_than_a_unit_more_and_stays(minor):
    due = Money(minor, "KES")
    charged = chargeable(due, "mpesa")
    assert 0 <= (charged - due).minor < 100
    assert charged.minor % 100 == 0
    assert chargeable(charged, "mpesa") == charged
