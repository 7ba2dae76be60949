"""SMS stay in GSM-7 and inside one segment, or two where names are long, whatever people type."""

import re
from dataclasses import replace

import pytest

from documents import NothingToSay, gsm, render_notice, render_sms
from domain.facts import AccountFacts, Person
from domain.money import Money
from domain.notices import NOTICES, Channel
from ops.samples import AMINA, CODED, PAID, REFUNDED, for_guide
from tests.documents.samples import BOOKING_TEXTS, LOCALES, PROMISED_TIME, TEXTS

LONG = Person("Wanjikũ-Nyambura Atieno-Otieno", "Wanjikũ-Nyambura Atieno-Otieno", "+254712345678")


@pytest.mark.parametrize(("kind", "locale", "facts"), TEXTS)
def test_every_sms_fits_one_segment(kind, locale, facts):
    text = render_sms(kind, locale, facts)
    assert text.startswith("Elite Events: ")
    assert (facts.code if isinstance(facts, AccountFacts) else facts.reference) in text
    assert gsm.length(text) <= gsm.ONE_SEGMENT
    assert "None" not in text
    assert "  " not in text


def test_samples_read_as_written():
    assert render_sms("booking_confirmed", "en", PAID) == (
        "Elite Events: B7K2M9QX confirmed. Nairobi Food Walk, Sat 21 Nov 10:00 EAT, 2 guests. "
        "Meet: Kenya National Archives. Guide Amina +254712345678"
    )
    assert render_sms("booking_confirmed", "sw", PAID) == (
        "Elite Events: B7K2M9QX imethibitishwa. Nairobi Food Walk, Jumamosi 21 Nov 10:00 EAT, wageni 2. "
        "Mahali: Kenya National Archives. Mwongozaji Amina +254712345678"
    )


@pytest.mark.parametrize(("kind", "locale", "facts"), BOOKING_TEXTS)
def test_long_and_foreign_words_never_cost_a_third_segment(kind, locale, facts):
    facts = replace(
        facts,
        title="“Zoë’s café” – the very best of Nairobi’s street food, markets & music 🎉" * 3,
        meeting_point="In front of the main entrance of the Kenya National Archives, Moi Avenue, beside the statue" * 2,
        tourist=LONG,
        guide=LONG,
        refund=facts.refund and Money(99_999_999_99, "KES"),
    )
    assert gsm.length(render_sms(kind, locale, facts)) <= gsm.TWO_SEGMENTS


def test_a_longer_place_is_cut_before_a_second_segment_is_paid():
    text = render_sms(
        "booking_confirmed", "en", replace(PAID, meeting_point="Kenya National Archives, Moi Avenue, main gate")
    )
    assert gsm.length(text) <= gsm.ONE_SEGMENT
    assert "Meet: Kenya National Archives, Moi" in text
    assert "+254712345678" in text


def test_typographic_and_foreign_characters_are_spelt_plainly():
    title = "Zoë’s “café” – été… 日本 🎉"
    text = render_sms("booking_confirmed", "en", replace(PAID, title=title))
    assert 'Zoe\'s "café" - été...' in text
    gsm.length(text)


def test_a_name_in_another_script_becomes_your_guest():
    facts = for_guide(replace(PAID, tourist=Person("美咲", "佐藤 美咲", None)))
    assert render_sms("new_booking", "en", facts).endswith("Guest your guest")
    assert render_sms("new_booking", "sw", facts).endswith("Mgeni mgeni wako")


def test_hostile_words_stay_on_the_line():
    text = render_sms("booking_confirmed", "en", replace(PAID, title="Walk\r\nFree money\x00 {{ 7*7 }} \u202e"))
    assert "Walk Free money {{ 7*7 }}," in text


def test_without_a_phone_the_name_stands_alone():
    text = render_sms("booking_confirmed", "en", replace(PAID, guide=replace(AMINA, phone=None)))
    assert text.endswith("Guide Amina")


def test_a_code_says_who_we_are_how_long_it_works_and_to_keep_it():
    assert render_sms("phone_code", "en", CODED) == (
        "Elite Events: 402715 is the code that confirms this phone, until 10:10 EAT. "
        "Never pass it on: we do not ask for it. Not you? Then ignore this."
    )
    assert render_sms("phone_code", "sw", CODED) == (
        "Elite Events: 402715 ni nambari ya kuthibitisha simu hii, hadi 10:10 EAT (saa 4:10 asubuhi). "
        "Usimpe mtu yeyote: hatutakuuliza. Si wewe? Puuza ujumbe huu."
    )


@pytest.mark.parametrize("locale", LOCALES)
def test_a_code_is_in_the_sms_and_not_in_what_is_kept_of_it(locale):
    assert CODED.code not in repr(CODED)
    title, body = render_notice("phone_code", locale, CODED)
    assert "SMS" in body
    assert not re.search(r"[0-9]{6}", title + body)


def test_a_code_without_its_end_is_not_told():
    with pytest.raises(NothingToSay, match="until"):
        render_sms("phone_code", "en", replace(CODED, until=None))


def test_money_going_back_is_promised_to_m_pesa_only_if_it_came_from_there():
    assert "to your M-Pesa" in render_sms("late_money_refunded", "en", REFUNDED)
    assert "M-Pesa" not in render_sms("late_money_refunded", "sw", replace(REFUNDED, provider="stripe"))


@pytest.mark.parametrize(
    ("by", "english", "swahili"),
    [
        ("tourist", "came after you cancelled it.", "baada ya wewe kughairi."),
        ("guide", "came after Amina cancelled it.", "baada ya Amina kughairi."),
        ("admin", "came after we cancelled it.", "baada ya sisi kughairi."),
    ],
)
def test_money_for_a_cancelled_booking_is_not_told_as_lost_seats(by, english, swahili):
    for locale, needed in (("en", english), ("sw", swahili)):
        text = render_sms("late_money_refunded", locale, replace(REFUNDED, cancelled_by=by))
        assert needed in text
        assert "KES 5,500" in text
        assert not re.search("sorry|seats|samahani|kuisha", text)


@pytest.mark.parametrize(("kind", "locale", "facts"), [text for text in BOOKING_TEXTS if text[2].refund])
def test_no_sms_promises_when_a_refund_arrives(kind, locale, facts):
    assert not PROMISED_TIME.search(render_sms(kind, locale, facts))


@pytest.mark.parametrize("kind", [kind for kind, notice in NOTICES.items() if Channel.SMS not in notice.channels])
@pytest.mark.parametrize("locale", LOCALES)
def test_kinds_told_by_mail_alone_have_no_sms(kind, locale):
    with pytest.raises(NothingToSay, match="sms"):
        render_sms(kind, locale, PAID)


def test_length_counts_extended_characters_twice_and_refuses_foreign_ones():
    assert gsm.length("€[x]") == 7
    with pytest.raises(ValueError, match="GSM-7"):
        gsm.length("’")
