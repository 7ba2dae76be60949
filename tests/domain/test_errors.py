"""Refusals carry what a client needs to go on, and keep it to themselves."""

from __future__ import annotations

import pytest

from domain.errors import (
    Busy,
    Conflict,
    DomainError,
    Forbidden,
    NotFound,
    RuleViolation,
    TooMany,
    Unauthenticated,
    field_error,
)


@pytest.mark.parametrize("kind", [NotFound, Unauthenticated, Forbidden, Conflict, RuleViolation, TooMany, Busy])
def test_every_refusal_is_one_family_with_a_code_and_a_sentence(kind):
    refusal = kind("some_code", "A sentence.")
    assert isinstance(refusal, DomainError)
    assert (refusal.code, refusal.message, str(refusal)) == ("some_code", "A sentence.", "A sentence.")
    assert (refusal.errors, refusal.extra, refusal.retry_after) == ({}, {}, None)


def test_a_refusal_says_more_where_there_is_more_to_say():
    refusal = TooMany("too_many", "Wait.", errors={"phone": ("a", "b")}, extra={"left": 0}, retry_after=30)
    assert (refusal.errors, refusal.extra, refusal.retry_after) == ({"phone": ["a", "b"]}, {"left": 0}, 30)


def test_what_was_given_can_change_without_changing_the_refusal():
    extra = {"booking_id": "1"}
    refusal = Conflict("already_held", "Held.", extra=extra)
    extra["booking_id"] = "2"
    assert refusal.extra == {"booking_id": "1"}


def test_a_field_error_names_its_field():
    refusal = field_error("guests", "too many")
    assert isinstance(refusal, RuleViolation)
    assert (refusal.code, refusal.message, refusal.errors) == (
        "invalid_field",
        "guests: too many",
        {"guests": ["too many"]},
    )
    assert field_error("currency", "not sold", "currency_not_offered").code == "currency_not_offered"
