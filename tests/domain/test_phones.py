"""Phone numbers: the many ways in which one is typed, and who gets to see it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.phones import mask, mpesa_msisdn, normalise

#: A machine that is busy with something else is no fault of the code.
unhurried = settings(deadline=None)

KENYAN = "+254712345149"


@pytest.mark.parametrize(
    "typed",
    [
        "0712345149",
        "712345149",
        "254712345149",
        "+254712345149",
        " +254 712 345 149 ",
        "0712-345-149",
        "(0712) 345 149",
        "+254 (0) 712 345 149",
        "00254712345149",
        "000254712345149",
        "0712\u00a0345\u2011149",
        "0712345149\n",
    ],
)
def test_every_way_of_typing_a_kenyan_number_is_one_number(typed):
    assert normalise(typed) == KENYAN


@pytest.mark.parametrize(
    ("typed", "region", "number"),
    [
        ("0110345149", "KE", "+254110345149"),
        ("+44 7911 123456", "KE", "+447911123456"),
        ("07911 123456", "GB", "+447911123456"),
        ("+1 650-253-0000", "KE", "+16502530000"),
        ("020 222 2222", "KE", "+254202222222"),
    ],
)
def test_numbers_of_other_kinds_and_countries_are_read(typed, region, number):
    assert normalise(typed, region) == number


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "use digits"),
        ("soon", "use digits"),
        ("0800-FLOWERS", "use digits"),
        ("0712345149 ext 5", "use digits"),
        ("tel:+254712345149", "use digits"),
        ("٠٧١٢٣٤٥١٤٩", "use digits"),
        ("0" * 31, "use digits"),
        ("0712", "too short"),
        ("07123451", "exists"),
        ("071234514999", "too long"),
        ("0012", "not a phone number"),
        ("+999712345149", "can be called"),
        ("+2540000000000", "exists"),
        ("0212345149", "exists"),
        ("----", "can be called"),
        ("0900 620 000", "person's phone"),
        ("0800 720 000", "person's phone"),
        ("+44 909 879 0123", "person's phone"),
        ("+44 70 1234 5678", "person's phone"),
        ("+1 900 234 5678", "person's phone"),
        ("+371 90000000", "person's phone"),
        ("+979 123456789", "person's phone"),
        ("+8816 1234 5678", "person's phone"),
        ("+882 16 1234567", "person's phone"),
    ],
)
def test_what_is_no_number_is_refused_with_a_plain_reason(typed, reason):
    with pytest.raises(ValueError, match=reason) as caught:
        normalise(typed)
    assert typed not in str(caught.value) or not typed


@unhurried
@given(st.text(max_size=40))
def test_whatever_is_typed_gives_a_number_or_a_reason(typed):
    try:
        number = normalise(typed)
    except ValueError:
        return
    assert normalise(number) == number


@pytest.mark.parametrize("phone", ["+254712345149", "254712345149", "0712345149", "712345149"])
def test_every_shape_that_m_pesa_takes_becomes_darajas(phone):
    assert mpesa_msisdn(phone) == "254712345149"


def test_numbers_that_start_with_one_are_m_pesas_too():
    assert mpesa_msisdn("+254110345149") == "254110345149"


@pytest.mark.parametrize(
    "phone",
    ["+447911123456", "+254202222222", "+25471234514", "+2547123451499", "", "+254712345149\n", "+٢٥٤712345149"],
)
def test_numbers_without_m_pesa_are_refused(phone):
    with pytest.raises(ValueError, match="Kenyan mobile number") as caught:
        mpesa_msisdn(phone)
    assert not phone or phone not in str(caught.value)


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        (KENYAN, "07•• ••• 149"),
        ("254110345149", "01•• ••• 149"),
        ("+447911123456", "+44 ••• 456"),
        ("+16502530000", "+1 ••• 000"),
        ("+2902", "•••"),
        ("2547 ***** 149", "•••"),
        ("nobody", "•••"),
        ("", "•••"),
    ],
)
def test_a_masked_number_is_known_to_its_owner_only(phone, shown):
    assert mask(phone) == shown
