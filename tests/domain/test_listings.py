"""What has to agree in an experience before it is kept, what is needed before it is offered, and its address."""

from __future__ import annotations

import re
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.listings import LONGEST_SLUG, NEEDED_TO_OFFER, faults_of, missing_to_offer, slug_of

GOOD = {
    "min_guests": 1,
    "max_guests": 8,
    "capacity": 8,
    "latitude": None,
    "longitude": None,
    "price_minor": 250_000,
    "price_per": "person",
    "tiers": [],
}


def tier(name, price_minor=250_000, takes_seat=True):
    return {"name": name, "price_minor": price_minor, "takes_seat": takes_seat}


def test_what_agrees_has_no_fault():
    assert faults_of(GOOD) == {}
    assert faults_of(GOOD | {"latitude": 1, "longitude": 2}) == {}
    assert faults_of(GOOD | {"tiers": [tier("adult"), tier("child", 100_000), tier("infant", 0, False)]}) == {}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"min_guests": 9}, "max_guests"),
        ({"capacity": 7}, "capacity"),
        ({"latitude": 1}, "longitude"),
        ({"longitude": 1}, "latitude"),
        ({"tiers": [tier("adult"), tier("Adult", 1)]}, "tiers"),
        ({"tiers": [tier("infant", 0, False)]}, "tiers"),
        ({"tiers": [tier("adult")], "price_per": "group"}, "tiers"),
        ({"tiers": [tier("adult", 1)]}, "price"),
        ({"tiers": [tier("adult", 1), tier("dog", takes_seat=False)]}, "price"),
    ],
)
def test_what_does_not_agree_is_named(changes, field):
    assert list(faults_of(GOOD | changes)) == [field]


def test_whatever_takes_typing_is_needed_to_offer():
    whole = dict.fromkeys(NEEDED_TO_OFFER, "words")
    assert missing_to_offer(whole) == []
    for name in NEEDED_TO_OFFER:
        assert missing_to_offer(whole | {name: ""}) == [name]


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Nairobi Food Walk", "nairobi-food-walk"),
        ("  Café & Chai: Old Town! ", "cafe-chai-old-town"),
        ("Mama Njeri's kitchen", "mama-njeris-kitchen"),
        ("ナイロビ", "experience"),
        ("0193f1a1-03c4-7f5d-b2e6-1f2e3d4c5b6a", "experience-0193f1a1-03c4-7f5d-b2e6-1f2e3d4c5b6a"),
        ("deadbeef" * 4, "experience-" + "deadbeef" * 4),
    ],
)
def test_a_title_becomes_an_address(title, slug):
    assert slug_of(title) == slug


@given(st.text())
def test_an_address_is_plain_and_no_id(title):
    slug = slug_of(title)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
    assert len(slug) <= LONGEST_SLUG
    with pytest.raises(ValueError, match="badly formed"):
        uuid.UUID(slug)
    assert slug_of(slug) == slug
