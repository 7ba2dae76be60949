"""Suggestions as one types: what begins like it, in one question, and what is spelled most like it."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from domain.searching import MOST_FAR_ENTRIES
from models.prepared import HotReads
from models.search import SearchDocument, SearchWord
from services.search.suggesting import suggest
from tests.services.search.test_by_words import HOSTILE


@pytest.fixture
def town(make):
    guide = make.guide(first_name="Baraka", last_name="Njoroge")
    plain = {"summary": "A day out.", "description": "With matatus."}
    make.listing(guide, title="Nairobi Food Walk", slug="nairobi-food-walk", rating_average=4, rating_count=90, **plain)
    make.listing(guide, title="Nakuru flamingos", location="Nakuru", **plain)
    make.words_known()
    return guide


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        (
            "na",
            [
                ("place", "Nairobi"),
                ("place", "Nakuru"),
                ("experience", "Nairobi Food Walk"),
                ("experience", "Nakuru flamingos"),
            ],
        ),
        ("FOO", [("experience", "Nairobi Food Walk"), ("words", "food")]),
        ("nairobi wa", [("experience", "Nairobi Food Walk"), ("words", "nairobi walk")]),
        ("bara", [("guide", "Baraka Njoroge"), ("words", "baraka")]),
        ("mata", [("words", "matatus")]),
        ("flaminngo", [("experience", "Nakuru flamingos"), ("words", "flamingos")]),
        ("wlak", [("experience", "Nairobi Food Walk"), ("words", "walk")]),
        ("fod", [("experience", "Nairobi Food Walk"), ("words", "food")]),
        ("fod wlak", [("experience", "Nairobi Food Walk"), ("words", "food walk")]),
        ("fod wal", [("experience", "Nairobi Food Walk"), ("words", "food walk")]),
        ("flma", [("experience", "Nakuru flamingos"), ("words", "flamingos")]),
        ("abraka", [("guide", "Baraka Njoroge"), ("words", "baraka")]),
        # Two slips are too many, two letters too few, and another first letter another word.
        ("lfaminngo", []),
        ("wl", []),
        ("xalk", []),
        ("quokka", []),
        # Only the last three words are mended.
        ("fod wlak fod wlak", [("words", "fod walk food walk")]),
        ("w" * 200, []),
        ("f", []),
        ("!!", []),
    ],
)
def test_what_begins_like_it_is_suggested(db, town, q, expected):
    found = [(kind.value, text) for kind, text, _, _ in suggest(db, q)]
    assert found[: len(expected)] == expected
    assert len(found) == len(expected) or q == "na"


def test_what_can_be_gone_to_says_where_it_is(db, town, make):
    (walk,) = [one for one in suggest(db, "food walk") if one.kind == "experience"]
    assert (walk.text, walk.slug) == ("Nairobi Food Walk", "nairobi-food-walk")
    (guide,) = [one for one in suggest(db, "baraka") if one.kind == "guide"]
    assert guide.slug == f"kamau-{town.id}"


def test_it_is_one_question(db, town, monkeypatch):
    asked = []
    ask = HotReads.ask
    monkeypatch.setattr(HotReads, "ask", lambda self, *args, **values: asked.append(1) or ask(self, *args, **values))
    suggest(db, "nairobi fo")
    suggest(db, "fod wlak")
    assert len(asked) == 2


def test_what_begins_a_word_is_not_mended(db, make):
    make.listing(title="Wal by the sea", location="Lamu")
    for _ in range(3):
        make.listing(title="Walk", location="Lamu")
    make.words_known()
    assert {text for kind, text, _, _ in suggest(db, "wal") if kind == "words"} == {"wal", "walk"}
    assert "Walk" not in {text for _, text, _, _ in suggest(db, "wal by")}


def test_what_nobody_has_counted_yet_is_suggested_as_it_is_typed(db, town, make):
    make.listing(town, title="Kalbash carving", location="Kisii")
    assert ("experience", "Kalbash carving") in [(kind.value, text) for kind, text, _, _ in suggest(db, "kalbash")]


@pytest.mark.parametrize("q", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_somebody_types_is_words_and_nothing_else(db, town, q):
    assert len(suggest(db, q)) <= 14


@pytest.mark.parametrize(
    ("common", "band", "is_suggested"),
    [
        ((), 5, True),
        (("lamu",), 5, True),
        (("dhow",), 5, True),
        (("lamu", "dhow"), 5, False),
        (("lamu", "dhow"), 3, True),
    ],
)
def test_beyond_the_best_only_rare_words_are_sought(db, make, common, band, is_suggested):
    make.listing(title="Lamu dhow", location="Lamu")
    make.words_known()
    with db.transaction() as session:
        session.execute(update(SearchDocument).values(band=band))
        many = update(SearchWord).where(SearchWord.word.in_(common)).values(document_count=MOST_FAR_ENTRIES + 1)
        session.execute(many)
    assert ("experience" in [one.kind for one in suggest(db, "lamu dh")]) == is_suggested
    assert ("experience" in [one.kind for one in suggest(db, "dho")]) == (band == 3 or "dhow" not in common)
