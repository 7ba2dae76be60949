"""Sealed texts: open where they were sealed for, under a key that we have, and nowhere else."""

from __future__ import annotations

import base64

import pytest

from domain.vault import Unopenable, Vault, is_sealed


def key(byte: int) -> str:
    return base64.urlsafe_b64encode(bytes([byte]) * 32).decode()


OLD, NEW = key(1), key(2)
TEXT, PLACE = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "two_factor.secret:0193f1a1-03c4-7f5d-b2e6-1f2e3d4c5b6a"


@pytest.mark.parametrize("text", ["", TEXT, "ŋ€ " * 1_000])
def test_what_was_sealed_opens_where_it_was_sealed_for(text):
    vault = Vault([NEW])
    sealed = vault.seal(text, PLACE)
    assert is_sealed(sealed)
    assert not text or text not in sealed
    assert vault.open(sealed, PLACE) == text


def test_no_two_sealings_are_alike():
    assert len({Vault([NEW]).seal(TEXT, PLACE) for _ in range(100)}) == 100


def test_it_opens_nowhere_else():
    sealed = Vault([NEW]).seal(TEXT, PLACE)
    for place in ("two_factor.secret:another", "two_factor.other:" + PLACE.partition(":")[2], ""):
        with pytest.raises(Unopenable):
            Vault([NEW]).open(sealed, place)


def test_all_keys_open_and_the_first_one_seals():
    before = Vault([OLD]).seal(TEXT, PLACE)
    both = Vault([NEW, OLD])
    assert both.open(before, PLACE) == TEXT
    assert not both.is_under_first_key(before)
    after = both.seal(TEXT, PLACE)
    assert both.is_under_first_key(after)
    assert Vault([NEW]).open(after, PLACE) == TEXT
    for vault, sealed in ((Vault([OLD]), after), (Vault([NEW]), before)):
        with pytest.raises(Unopenable):
            vault.open(sealed, PLACE)


def test_no_changed_character_is_overlooked():
    sealed = Vault([NEW]).seal(TEXT, PLACE)
    vault, letters = Vault([NEW, OLD]), "ABCDEFGH"
    for position in range(len(sealed) - 1):
        other = next(letter for letter in letters if letter != sealed[position])
        with pytest.raises(Unopenable):
            vault.open(sealed[:position] + other + sealed[position + 1 :], PLACE)


def test_a_key_id_that_was_put_on_another_keys_text_does_not_open_it():
    ours, theirs = (Vault([each]).seal(TEXT, PLACE) for each in (NEW, OLD))
    forged = ".".join([*ours.split(".")[:2], theirs.split(".")[2]])
    with pytest.raises(Unopenable):
        Vault([NEW, OLD]).open(forged, PLACE)


@pytest.mark.parametrize("text", ["", "plain", "v1", "v1..", "v1.0123456789abcdef.short", "gAAAAABl0000", "v2.x.y"])
def test_what_no_vault_made_is_refused_without_a_word_of_it(text):
    assert not is_sealed(text)
    with pytest.raises(Unopenable) as refusal:
        Vault([NEW]).open(text, PLACE)
    assert str(refusal.value) == PLACE


@pytest.mark.parametrize("text", ["", "not-a-key", key(1)[:-4], base64.urlsafe_b64encode(bytes(16)).decode()])
def test_a_key_has_32_bytes(text):
    with pytest.raises(ValueError):
        Vault([text])
