"""Every result of M-Pesa has one outcome, one action and a message that a person can act on."""

import pytest

from domain.mpesa_results import MEANINGS, ResultMeaning, meaning, message

DOCUMENTED = ["0", "1", "2", "3", "4", "8", "17", "26", "1001", "1019", "1025", "9999", "1032", "1037", "2001", "2028"]
DOCUMENTED += ["SFC_IC0003", "8006"]
OURS = ["push_rejected", "push_busy", "push_outcome_unknown", "amount_mismatch", "superseded", "prompt_unanswered"]
OURS += ["unconfirmed", "contradiction"]
ACTIONS = {"retry", "retry_other_phone", "wait_a_minute", "wait_two_minutes", "top_up_and_retry", "contact_safaricom"}
ACTIONS |= {"contact_us", "none"}


def test_the_table_is_exactly_what_is_documented_and_what_we_say_ourselves():
    assert set(MEANINGS) == {*DOCUMENTED, *OURS}


@pytest.mark.parametrize(
    ("code", "outcome", "action", "retry_after"),
    [
        ("0", "paid", "none", None),
        ("1", "failed", "top_up_and_retry", None),
        ("4", "failed", "retry_other_phone", None),
        ("17", "failed", "wait_two_minutes", 120),
        ("26", "failed", "wait_a_minute", 60),
        ("1001", "failed", "wait_a_minute", 60),
        ("1019", "expired", "retry", None),
        ("1025", "failed", "retry", None),
        ("9999", "failed", "retry", None),
        ("1032", "cancelled", "retry", None),
        ("1037", "inconclusive", "retry", None),
        ("2001", "failed", "retry", None),
        ("SFC_IC0003", "failed", "contact_us", None),
        ("8006", "failed", "contact_safaricom", None),
        ("push_busy", "failed", "wait_a_minute", 60),
        ("push_outcome_unknown", "inconclusive", "wait_two_minutes", 120),
        ("superseded", "cancelled", "none", None),
        ("prompt_unanswered", "expired", "retry", None),
        ("amount_mismatch", "unknown", "none", None),
        ("unconfirmed", "unknown", "none", None),
    ],
)
def test_outcomes_and_actions(code, outcome, action, retry_after):
    found = meaning(code)
    assert (found.code, found.outcome, found.action, found.retry_after_seconds) == (code, outcome, action, retry_after)


@pytest.mark.parametrize("code", ["7777", "", "00", "O", "succeeded", "-1"])
def test_unknown_codes_are_never_paid(code):
    found = meaning(code)
    assert isinstance(found, ResultMeaning)
    assert (found.code, found.outcome, found.action) == (code, "unknown", "none")
    assert found.message_en
    assert found.message_sw


def test_only_zero_is_paid():
    assert [code for code, found in MEANINGS.items() if found.outcome == "paid"] == ["0"]


@pytest.mark.parametrize("code", [*DOCUMENTED, *OURS, "7777"])
def test_messages_are_two_languages_short_and_plain(code):
    english, swahili = message(code, "en"), message(code, "sw")
    assert english != swahili
    for text in (english, swahili):
        assert text.endswith(".")
        assert text.isascii(), "these texts also travel by SMS"
        assert 20 < len(text) <= 170
        assert code not in text or code in {"0", "1", "2", "3", "4", "8"}


@pytest.mark.parametrize("code", [*DOCUMENTED, *OURS])
def test_messages_never_promise_seats(code):
    assert "seat" not in message(code, "en").lower()


@pytest.mark.parametrize("code", [code for code in DOCUMENTED if code != "0"])
def test_a_failure_says_that_nothing_was_charged(code):
    assert "nothing was charged" in message(code, "en").lower() or "charged nothing" in message(code, "en")
    assert "hukukatwa pesa" in message(code, "sw").lower()


@pytest.mark.parametrize("code", ["amount_mismatch", "unconfirmed", "contradiction", "7777"])
def test_an_open_question_asks_not_to_pay_again(code):
    assert "do not pay again" in message(code, "en")
    assert "usilipe tena" in message(code, "sw")


def test_blanks_around_a_code_do_not_matter():
    assert meaning(" 1032 ").action == "retry"


def test_other_languages_are_refused():
    with pytest.raises(ValueError, match="fr"):
        message("1", "fr")
