"""While nobody knows whether money came, no text says that none did or invites to pay again."""

import re
from dataclasses import replace

import pytest

from documents import render_mail, render_sms
from ops.samples import BOOKED, PAID, REFUNDED, for_guide
from tests.documents.samples import LOCALES

IN_DOUBT = replace(BOOKED, payment_in_doubt=True)
CHECKING = {"en": "checking", "sw": "Bado tunakagua malipo"}


def _everything(mail) -> str:
    return mail.subject + mail.text + mail.html


@pytest.mark.parametrize("locale", LOCALES)
def test_an_ended_hold_with_a_payment_in_doubt_neither_denies_the_money_nor_asks_for_more(locale):
    said = _everything(render_mail("hold_expired", locale, IN_DOUBT))
    assert not re.search("No payment|not received|Book again|hayakutufikia|Hatujapokea|Weka nafasi tena", said)
    for needed in {
        "en": ("we are checking your payment", "Please do not pay again.", "the full amount goes back to you"),
        "sw": ("tunakagua malipo yako", "Tafadhali usilipe tena.", "tutakurudishia pesa zote"),
    }[locale]:
        assert needed in said


@pytest.mark.parametrize("locale", LOCALES)
def test_an_ended_hold_without_doubt_invites_to_book_again(locale):
    said = _everything(render_mail("hold_expired", locale, BOOKED))
    assert {"en": "Book again", "sw": "Weka nafasi tena"}[locale] in said
    assert not re.search("checking|tunakagua", said)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("by", ["tourist", "guide", "admin"])
def test_a_cancellation_with_a_payment_in_doubt_promises_it_back(locale, by):
    facts = replace(IN_DOUBT, cancelled_by=by)
    needed = {"en": "all of it goes back to you", "sw": "tutakurudishia yote"}[locale]
    checking = re.compile(CHECKING[locale], re.IGNORECASE)
    for said in (
        _everything(render_mail("booking_cancelled", locale, facts)),
        render_sms("booking_cancelled", locale, facts),
    ):
        assert needed in said
        assert checking.search(said)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(
    "facts",
    [for_guide(IN_DOUBT), BOOKED, replace(REFUNDED, payment_in_doubt=True)],
    ids=["guide", "no doubt", "refund"],
)
def test_doubt_is_told_to_the_tourist_alone_and_only_where_nothing_goes_back(locale, facts):
    facts = replace(facts, cancelled_by="tourist")
    checking = re.compile(CHECKING[locale], re.IGNORECASE)
    assert not checking.search(_everything(render_mail("booking_cancelled", locale, facts)))
    assert not checking.search(render_sms("booking_cancelled", locale, facts))


def test_a_second_payment_in_doubt_is_told_apart_from_the_first():
    facts = replace(PAID, cancelled_by="tourist", payment_in_doubt=True)
    assert "still checking another payment" in render_mail("booking_cancelled", "en", facts).text
    assert "tunakagua malipo mengine" in render_mail("booking_cancelled", "sw", facts).text
