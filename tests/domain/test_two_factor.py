"""Codes by time as RFC 6238 has them, each for one step, and backup codes that rows alone do not give away."""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from domain import two_factor

RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()
#: Seconds since 1970, and the code of RFC 6238, appendix B, whose last six digits an app shows.
RFC = [
    (59, "94287082"),
    (1111111109, "07081804"),
    (1111111111, "14050471"),
    (1234567890, "89005924"),
    (2000000000, "69279037"),
    (20000000000, "65353130"),
]
NOW = datetime(2026, 11, 21, 9, 0, 5, tzinfo=UTC)
STEP = timedelta(seconds=two_factor.STEP_SECONDS)


def code_at(at: datetime) -> str:
    return pyotp.TOTP(RFC_SECRET).at(at)


@pytest.mark.parametrize(("seconds", "code"), RFC)
def test_codes_are_those_of_the_rfc(seconds, code):
    at = datetime.fromtimestamp(seconds, UTC)
    assert two_factor.step_of(RFC_SECRET, code[-6:], at, None) == seconds // 30


@pytest.mark.parametrize(("steps", "counts"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_phones_clock_may_be_one_step_off(steps, counts):
    found = two_factor.step_of(RFC_SECRET, code_at(NOW + steps * STEP), NOW, None)
    assert (found is not None) == counts
    if counts:
        assert found == int(NOW.timestamp()) // 30 + steps


def test_no_step_counts_again_nor_one_before_it():
    current = int(NOW.timestamp()) // 30
    assert two_factor.step_of(RFC_SECRET, code_at(NOW), NOW, current - 1) == current
    assert two_factor.step_of(RFC_SECRET, code_at(NOW), NOW, current) is None
    assert two_factor.step_of(RFC_SECRET, code_at(NOW - STEP), NOW, current) is None
    assert two_factor.step_of(RFC_SECRET, code_at(NOW + STEP), NOW, current) == current + 1


@pytest.mark.parametrize("code", ["", "000000", "１２３４５６", "abcdef"])
def test_what_is_no_code_of_now_does_not_count(code):
    assert two_factor.step_of(RFC_SECRET, code, NOW, None) is None


def test_seeds_have_160_bits_and_the_uri_says_whose_they_are():
    secrets = {two_factor.new_secret() for _ in range(50)}
    assert len(secrets) == 50
    assert {len(base64.b32decode(secret)) for secret in secrets} == {20}
    uri = two_factor.provisioning_uri(RFC_SECRET, "alice+tours@example.com")
    parsed = pyotp.parse_uri(uri)
    assert (parsed.secret, parsed.name, parsed.issuer) == (RFC_SECRET, "alice+tours@example.com", two_factor.ISSUER)


def test_backup_codes_are_ten_and_readable():
    codes = two_factor.new_backup_codes()
    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"[a-hj-km-np-z2-9]{5}-[a-hj-km-np-z2-9]{5}", code) for code in codes)
    assert not set("ilo01") & set("".join(codes))
    assert len(set(two_factor.BACKUP_ALPHABET)) == len(two_factor.BACKUP_ALPHABET) == 31


def test_a_backup_codes_hash_needs_the_seed_and_forgives_its_spelling():
    kept = two_factor.backup_hash(RFC_SECRET, "7kqpw-m3xhd")
    assert kept == two_factor.backup_hash(RFC_SECRET, " 7KQPW M3XHD ")
    assert kept != two_factor.backup_hash(two_factor.new_secret(), "7kqpw-m3xhd")
    assert kept != two_factor.backup_hash(RFC_SECRET, "7kqpw-m3xhe")
    assert "7kqpw" not in kept


@pytest.mark.parametrize(
    ("code", "is_app", "is_backup"),
    [
        ("287082", True, False),
        ("287 082", True, False),
        ("7kqpw-m3xhd", False, True),
        ("7KQPWM3XHD", False, True),
        ("28708", False, False),
        ("1234567890", False, True),
        ("１２３４５６", False, False),
        ("１２３４５６７８９０", False, False),
        ("\ud800" * 10, False, False),
    ],
)
def test_the_two_kinds_of_codes_are_told_by_their_form(code, is_app, is_backup):
    assert (two_factor.is_app_code(code), two_factor.is_backup_code(code)) == (is_app, is_backup)
