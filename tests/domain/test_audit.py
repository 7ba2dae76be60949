"""An entry has one spelling whatever the order of its keys, and another one as soon as anything in it is different."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta, timezone

import pytest

from domain.audit import GENESIS, entry_digest, link_hash, spell_instant

ENTRY = {"id": "7", "action": "a", "ip": None, "data": '{"a": 1, "b": {"c": [1, 2], "d": null}}'}
IDS = [uuid.UUID(int=1), uuid.UUID(int=2)]
LINK = (2, GENESIS, "1780304400.000001", [(IDS[0], b"x" * 32), (IDS[1], b"y" * 32)])


def test_the_digest_of_an_entry_is_the_same_for_ever():
    assert entry_digest(ENTRY).hex() == "ab141afab371bfbd8a8fe33c5881b87e237a7e6dab03a7c14e031ac1633e408f"


def test_the_hash_of_a_link_is_the_same_for_ever():
    assert link_hash(*LINK).hex() == "55f4282c0cdce2e0b93ef16afeb5a37360fea27f56aeae734a080706f242443d"


@pytest.mark.parametrize(
    "same",
    [
        {"data": '{"b":{"d":null,"c":[1,2]},"a":1}'},
        {"a_later_column": None},
    ],
)
def test_order_spaces_and_columns_without_a_value_do_not_count(same):
    assert entry_digest(ENTRY | same) == entry_digest(ENTRY)
    assert entry_digest(dict(reversed(ENTRY.items()))) == entry_digest(ENTRY)


@pytest.mark.parametrize(
    "other",
    [
        {"action": "b"},
        {"ip": ""},
        {"ip": "null"},
        {"data": '{"a": 1, "b": {"c": [2, 1], "d": null}}'},
        {"data": '{"a": "1", "b": {"c": [1, 2], "d": null}}'},
        {"data": '{"a": 1.0, "b": {"c": [1, 2], "d": null}}'},
        {"data": '{"a": 1.0000000000000000001, "b": {"c": [1, 2], "d": null}}'},
        {"data": '{"a": true, "b": {"c": [1, 2], "d": null}}'},
        {"data": '{"a": 1, "b": {"c": [1, 2]}}'},
        {"data": '"a"'},
        {"a_later_column": "x"},
    ],
)
def test_whatever_is_different_makes_another_digest(other):
    assert entry_digest(ENTRY | other) != entry_digest(ENTRY)


def test_a_number_of_any_length_is_spelled_digit_by_digit():
    long = "1" * 10_000
    assert entry_digest({"data": long}) != entry_digest({"data": long[:-1] + "2"})


@pytest.mark.parametrize(
    "other",
    [
        (3, *LINK[1:]),
        (2, b"z" * 32, *LINK[2:]),
        (*LINK[:2], "1780304400.000002", LINK[3]),
        (*LINK[:3], LINK[3][::-1]),
        (*LINK[:3], LINK[3][:1]),
        (*LINK[:3], [(IDS[1], b"x" * 32), (IDS[0], b"y" * 32)]),
    ],
)
def test_whatever_is_different_makes_another_link(other):
    assert link_hash(*other) != link_hash(*LINK)


def test_an_instant_is_spelled_alike_in_every_zone():
    nairobi = datetime(2026, 6, 1, 12, 0, 0, 50, tzinfo=timezone(timedelta(hours=3)))
    assert spell_instant(nairobi) == spell_instant(nairobi.astimezone(UTC)) == "1780304400.000050"
