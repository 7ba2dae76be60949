"""Names of people in mails of ours: whatever somebody calls themselves, no reader of mail makes a link of it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from api.schemas.applications import PlainName
from domain.names import unlinked


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Visit evil.com now", "Visit evil. com now"),
        ("www.evil.co.ke", "www. evil. co. ke"),
        ("evil\u3002com", "evil. com"),
        ("J.Kamau", "J. Kamau"),
        ("St.John", "St. John"),
    ],
)
def test_a_dot_inside_a_word_gets_a_blank_behind_it(typed, kept):
    assert unlinked(typed) == kept


@pytest.mark.parametrize("name", ["Amina", "J.R.", "J.R.R. Tolkien", "Dr. Amina Otieno", "Otieno Jr.", "Ng'ang'a", ""])
def test_names_as_they_are_written_stay(name):
    assert unlinked(name) == name


@pytest.mark.parametrize("mark", ["\u202e", "\u2067"], ids=["override", "isolate"])
def test_no_name_turns_the_rest_of_a_mail_round(mark):
    with pytest.raises(ValidationError):
        PlainName(longest=100).deserialize(f"Wanjiru {mark}moc.live")


@given(st.text(alphabet="ab1 .\u3002\uff0e\uff61é", max_size=20))
def test_what_has_been_through_it_stays_and_names_no_host(typed):
    once = unlinked(typed)
    assert unlinked(once) == once
    assert not re.search(r"\w[.\u3002\uff0e\uff61]\w\w", once)
