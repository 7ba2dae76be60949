"""Reviews in figures and names: what everybody may see of them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from domain.reviews import average_of, public_name


@pytest.mark.parametrize(
    ("votes", "average"),
    [({}, "0"), ({5: 3}, "5.00"), ({5: 2, 4: 1}, "4.67"), ({5: 33, 4: 7}, "4.83"), ({1: 1, 2: 1}, "1.50")],
)
def test_a_rating_is_the_mean_to_two_places_and_halves_go_up(votes, average):
    assert average_of(votes) == Decimal(average)


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [("Ingrid", "Larsen", "Ingrid L."), (" Awa ", " diop", "Awa D."), ("Baraka", "", "Baraka"), ("Li", "王", "Li 王.")],
)
def test_a_reviewer_is_shown_by_first_name_and_initial(first, last, shown):
    assert public_name(first, last) == shown
