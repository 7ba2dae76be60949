"""Spellings near a word, questions in the language of tsquery, and marks that can hold no HTML of anybody's."""

from __future__ import annotations

import html
import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.searching import MOST_PRICE_STEPS, Sought, Term, costing, in_place, marked, property_of, sought, spellings


@pytest.mark.parametrize("slip", ["wlak", "wal", "walkk", "valk", "alk", "wakl"])
def test_a_word_is_among_the_spellings_of_its_slips(slip):
    assert "walk" in spellings(slip)


@given(st.text("abcxyz", min_size=1, max_size=12))
def test_nothing_is_its_own_misspelling_nor_empty(word):
    near = spellings(word)
    assert word not in near
    assert "" not in near
    assert len(near) == len(set(near)) <= 54 * len(word) + 26


def test_a_question_asks_title_and_place_first_and_then_everything_else():
    terms = [Term("walks", ("walk",), ("walk", "walks"), 4_000), Term("in", ())]
    assert sought(terms, [property_of("food")]) == Sought(
        "('^walks' | '^walk') & '#food'", "'walk' & '#food'", "'walk'"
    )
    assert sought([Term("the", ())], []) == Sought("('^the')", "", "")
    assert sought([], [property_of("food")]) == Sought("'#food'", "", "")


def test_a_word_of_which_there_are_few_finds_them_and_all_else_is_asked_of_those():
    common, rare, new = (Term(word, (word,), (word,), entries) for word, entries in (("a", 900), ("b", 200), ("c", 0)))
    asked = sought([common, rare], [property_of("food")])
    assert (asked.few, asked.rest) == ("'b'", "'a' & '#food'")
    # What nobody has counted yet is in hardly anything.
    assert sought([rare, new], []).few == "'c'"
    assert (sought([rare], []).few, sought([rare], []).rest) == ("'b'", None)
    more = Term("d", ("d",), ("d",), 201)
    assert sought([more], []).few is None
    # Of several words hardly anything has all.
    assert sought([common, more], []).few == "'d'"
    assert sought([common, Term("e", ("e",), ("e",), 401)], []).few is None


def test_whatever_a_word_is_it_stays_one_lexeme():
    assert property_of("a' & 'b\\") == "'#a'' & ''b\\\\'"
    assert in_place([["o'b", "c"], ["d"]]) == "('@o''b' | '@c') & ('@d')"


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_what_costs_as_much_as_is_asked_is_always_among_it(first, second):
    least, most = sorted((first, second))
    steps = costing("KES", least, most)
    if steps is None:
        # Two steps to the double, of which the first and the last may be touched at their edges only.
        assert most + 1 > 0.999 * 2 ** ((MOST_PRICE_STEPS - 1) / 2) * (least + 1)
        return
    # Of what is far from it there is little, for whoever finds it looks at each row.
    assert steps.count("|") <= 2 * math.log2((most + 1) / (least + 1)) + 2
    assert costing("KES", least, most, "food") == steps.replace("'#KES", "'#food KES")
    for price in (least, (least + most) // 2, most):
        # As the function ``searchable`` has it, whose logarithm may differ in the last place.
        step = next(n for n in range(200) if 2 ** ((n + 1) / 2) > price + 1)
        assert f"'#KES{step}'" in steps


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("Nairobi Food Walk", {"food", "walk"}, "Nairobi <mark>Food</mark> <mark>Walk</mark>"),
        ("Ng'ombe & Château", {"ngombe", "chateau"}, "<mark>Ng&#x27;ombe</mark> &amp; <mark>Château</mark>"),
        ("<b>food</b>", {"food"}, "&lt;b&gt;<mark>food</mark>&lt;/b&gt;"),
        ("foodie", {"food"}, "foodie"),
        ("", {"food"}, ""),
    ],
)
def test_words_are_marked_and_all_else_is_escaped(text, words, expected):
    assert marked(text, words, 200) == expected


def test_of_a_long_text_what_stands_around_the_first_word_is_shown():
    text = "word " * 100 + "needle " + "word " * 100
    shown = marked(text, {"needle"}, 60)
    assert shown.startswith("…word")
    assert shown.endswith("word…")
    assert "<mark>needle</mark>" in shown
    assert marked(text, set(), 11) == "word word…"
    assert marked("x" * 300, set(), 100) == "x" * 100 + "…"


@pytest.mark.parametrize("written", ["Safari", "SAFARI", "sáfari", "Sa'fari", "sa’fari", "ｓafari"])
def test_a_word_is_marked_however_it_is_written(written):
    assert marked(f"a {written} there", {"safari"}, 200) == f"a <mark>{html.escape(written)}</mark> there"


@given(st.text(max_size=300), st.sets(st.text(max_size=5), max_size=3), st.integers(1, 120))
def test_no_html_but_marks_ever_leaves(text, words, longest):
    shown = marked(text, words, longest)
    plain = re.sub(r"</?mark>", "", shown)
    assert not set("<>\"'") & set(plain)
    assert html.unescape(plain).strip("…") in text or "…" in text
    assert len(html.unescape(plain)) <= longest + 2
