"""Tokens that work once: derived anew whenever they are needed, and found by a hash that leads nowhere."""

from __future__ import annotations

import re
import uuid

from domain.one_time import OneTimeTokens, Purpose

SECRET = "development-refresh-token-key-never-in-production"
ROW = uuid.UUID("0193f1a1-03c4-7f5d-b2e6-1f2e3d4c5b6a")


def test_a_token_is_the_same_whoever_derives_it_and_may_stand_in_an_address():
    token = OneTimeTokens(SECRET).token(Purpose.PASSWORD_RESET, ROW)
    assert token == OneTimeTokens(SECRET).token(Purpose.PASSWORD_RESET, ROW)
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", token)


def test_tokens_differ_by_row_purpose_and_key():
    tokens = OneTimeTokens(SECRET)
    made = {
        tokens.token(Purpose.PASSWORD_RESET, ROW),
        tokens.token(Purpose.EMAIL_VERIFICATION, ROW),
        tokens.token(Purpose.PASSWORD_RESET, uuid.UUID(int=1)),
        OneTimeTokens("another" * 6).token(Purpose.PASSWORD_RESET, ROW),
        tokens.hash(str(ROW)),
    }
    assert len(made) == 5


def test_a_hash_is_no_token_and_needs_the_key():
    tokens = OneTimeTokens(SECRET)
    token = tokens.token(Purpose.PASSWORD_RESET, ROW)
    assert token not in tokens.hash(token)
    assert tokens.hash(token) != OneTimeTokens("another" * 6).hash(token)


def test_a_code_is_the_same_six_digits_whoever_derives_it():
    codes = [OneTimeTokens(SECRET).code(Purpose.PHONE_VERIFICATION, uuid.UUID(int=number)) for number in range(2_000)]
    assert codes == [OneTimeTokens(SECRET).code(Purpose.PHONE_VERIFICATION, uuid.UUID(int=n)) for n in range(2_000)]
    assert all(re.fullmatch(r"[0-9]{6}", code) for code in codes)
    assert len(set(codes)) > 1_950
    assert {code[0] for code in codes} == set("0123456789")
    assert OneTimeTokens("another" * 6).code(Purpose.PHONE_VERIFICATION, uuid.UUID(int=0)) != codes[0]


def test_a_codes_hash_is_good_for_its_row_user_and_phone_and_needs_the_key():
    tokens, user, phone = OneTimeTokens(SECRET), uuid.UUID(int=7), "+254712345678"
    made = {
        tokens.code_hash(ROW, user, phone, "402715"),
        tokens.code_hash(uuid.UUID(int=1), user, phone, "402715"),
        tokens.code_hash(ROW, uuid.UUID(int=8), phone, "402715"),
        tokens.code_hash(ROW, user, "+254712345679", "402715"),
        tokens.code_hash(ROW, user, phone, "402716"),
        OneTimeTokens("another" * 6).code_hash(ROW, user, phone, "402715"),
    }
    assert len(made) == 6
