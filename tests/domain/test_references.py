"""References that can be read aloud and that fit into an M-Pesa prompt."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.references import ALPHABET, SPACE, account_reference, reference

#: A machine that is busy with something else is no fault of the code.
unhurried = settings(deadline=None)

numbers = st.integers(min_value=0, max_value=SPACE - 1)


@unhurried
@given(numbers)
def test_a_reference_is_its_kind_and_seven_characters_of_the_alphabet(number):
    text = reference("B", number)
    assert len(text) == 8
    assert text[0] == "B"
    assert set(text[1:]) <= set(ALPHABET)


def test_no_two_characters_are_mistaken_for_one_another():
    assert len(set(ALPHABET)) == len(ALPHABET) == 32
    assert not set(ALPHABET) & set("01IOio")
    assert ALPHABET.upper() == ALPHABET


@unhurried
@given(numbers, numbers)
def test_different_numbers_have_different_references(one, other):
    assert (reference("B", one) == reference("B", other)) is (one == other)


def test_the_first_and_the_last_number_have_references():
    assert (reference("B", 0), reference("B", SPACE - 1)) == ("B2222222", "BZZZZZZZ")


@pytest.mark.parametrize(("kind", "number"), [("", 1), ("BK", 1), ("B", -1), ("B", SPACE)])
def test_a_reference_outside_the_space_is_refused(kind, number):
    with pytest.raises(ValueError, match="kind of one letter"):
        reference(kind, number)


@unhurried
@given(numbers, st.integers(min_value=1, max_value=999))
def test_a_reference_with_its_attempt_fits_the_prompt_and_tells_both_apart(number, attempt):
    text = account_reference(reference("B", number), attempt)
    assert len(text) <= 12
    assert text.split("-") == [reference("B", number), str(attempt)]


def test_an_attempt_that_does_not_fit_the_prompt_is_refused():
    with pytest.raises(ValueError, match="twelve characters"):
        account_reference("B2222222", 1000)
