"""Every mail, in both languages, says what it must and lets nobody else's words break it."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

import documents
from documents import NothingToSay, palette, render_mail, render_notice
from documents.rendering import NEEDED
from domain.facts import AccountFacts, ApplicationFacts, BookingFacts, ExperienceFacts, Person
from domain.money import Money
from domain.mpesa_results import MEANINGS, message
from domain.notices import NOTICES, Channel
from ops.samples import ACCOUNT, AMINA, APPLIED, BOOKED, HELD, LINKED, LISTED, PAID, REFUNDED, SAMPLES, for_guide
from tests.documents.samples import ACCOUNT_MAILS, BOOKING_MAILS, LOCALES, MAILS, PROMISED_TIME

HOSTILE = '<script>alert("x")</script>\r\nBcc: everybody@example.com\x00\u202e & "co" \ud800'


class _Page(HTMLParser):
    """What a reader sees of an HTML mail, and what a mail client would have to load for it."""

    def __init__(self, html: str):
        super().__init__()
        self.words: list[str] = []
        self.tags: list[str] = []
        self.links: list[str] = []
        self._silent = 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self._silent += tag == "style"
        self.links += [value for name, value in attrs if name in {"href", "src", "background"}]

    def handle_endtag(self, tag):
        self._silent -= tag == "style"

    def handle_data(self, data):
        if not self._silent:
            self.words.append(data)

    @property
    def text(self) -> str:
        return _flat(" ".join(self.words))


def _flat(text: str) -> str:
    return " ".join(text.split())


def test_every_notice_has_its_templates_and_no_template_is_forgotten():
    endings = {Channel.EMAIL: (".html",), Channel.SMS: (".sms",)}
    # The plain text is the notification's too, so that a kind without a mail has one as well.
    expected = {
        f"{locale}/{kind}{ending}"
        for locale in LOCALES
        for kind, notice in NOTICES.items()
        for ending in (".txt", *(ending for channel in notice.channels for ending in endings[channel]))
    }
    folder = Path(documents.__file__).parent / "templates"
    assert {str(path.relative_to(folder)) for path in folder.glob("*/*")} == expected
    assert set(SAMPLES) == set(NOTICES)


@pytest.mark.parametrize(("kind", "locale", "facts"), BOOKING_MAILS)
def test_every_mail_about_a_booking_names_it(kind, locale, facts):
    mail = render_mail(kind, locale, facts)
    page = _Page(mail.html)
    shared = ["Nairobi Food Walk", facts.reference, "EAT"]
    shared += ["21 November 2026", "10:00–13:30 EAT"] if locale == "en" else ["21 Novemba 2026", "Jumamosi", "Wageni 2"]
    for needed in shared:
        assert needed in mail.text
        assert needed in page.text


@pytest.mark.parametrize(("kind", "locale", "facts"), MAILS)
def test_every_mail_is_whole_in_html_and_in_plain_text(kind, locale, facts):
    mail = render_mail(kind, locale, facts)
    page = _Page(mail.html)
    for needed in (facts.reader.first_name, facts.url):
        assert needed in mail.text
        assert needed in page.text or needed in page.links
    assert f'lang="{locale}"' in mail.html
    assert 10 < len(mail.subject) <= 110
    assert "\n\n\n" not in mail.text
    for broken in ("None", "{{", "{%", "Undefined", "&lt;", "  ,"):
        assert broken not in page.text
        assert broken not in mail.text


@pytest.mark.parametrize(("kind", "locale", "facts"), [mail for mail in ACCOUNT_MAILS if mail[0] == "backup_code_used"])
@pytest.mark.parametrize("left", [0, 1, 9])
def test_how_many_codes_are_left_is_a_paragraph_of_its_own(kind, locale, facts, left):
    paragraphs = render_mail(kind, locale, replace(facts, codes_left=left)).text.split("\n\n")
    after = {"en": "It was not you?", "sw": "Si wewe?"}[locale]
    assert any(paragraph.startswith(after) for paragraph in paragraphs)


@pytest.mark.parametrize(("kind", "locale", "facts"), MAILS)
def test_both_twins_speak_the_same_sentences(kind, locale, facts):
    mail = render_mail(kind, locale, facts)
    seen = _Page(mail.html).text
    seen_bare = re.sub(r"\W", "", seen)
    body = mail.text.split("\n--\n")[0]
    for line in body.splitlines():
        sentence = line.removesuffix(facts.url).rstrip(": ")
        for piece in re.split(r"\s{2,}|: |, (?=\d\d:|\+)", sentence):
            assert re.sub(r"\W", "", piece) in seen_bare, piece


@pytest.mark.parametrize(("kind", "locale", "facts"), MAILS)
def test_mails_have_one_button_and_load_nothing(kind, locale, facts):
    html = render_mail(kind, locale, facts).html
    page = _Page(html)
    assert html.count('class="x-button"') == 1
    assert html.count(f'href="{facts.url}"') == 1
    assert not {"img", "script", "link", "iframe", "form"} & set(page.tags)
    assert "url(" not in html
    assert "@import" not in html
    assert {link.partition(":")[0] for link in page.links} <= {"https", "tel"}
    assert len(html.encode()) < 40_000, "webmail cuts long mails off"


@pytest.mark.parametrize("kind", [kind for kind, notice in NOTICES.items() if Channel.EMAIL in notice.channels])
def test_the_two_languages_differ_in_every_sentence(kind):
    facts = SAMPLES[kind][0]
    english, swahili = (render_mail(kind, locale, facts) for locale in LOCALES)
    own = {facts.url, getattr(facts, "reason", None)}
    if isinstance(facts, ExperienceFacts):
        own |= {f"{facts.message or facts.reason}".replace("\n", " ")}
    elif isinstance(facts, BookingFacts):
        own |= {facts.title, *(line for line in english.text.splitlines() if facts.reference in line)}
    shared = set(english.text.splitlines()) & set(swahili.text.splitlines())
    assert {line for line in shared if len(line.split()) > 3} <= own
    assert english.subject != swahili.subject


@pytest.mark.parametrize(("kind", "locale", "facts"), MAILS)
def test_hostile_words_stay_words(kind, locale, facts):
    person = Person(HOSTILE, HOSTILE, "+254712345678")
    words = {"reader": person, "tourist": person, "guide": person, "title": HOSTILE, "meeting_point": HOSTILE}
    words |= {"writer": person, "message": HOSTILE}
    mail = render_mail(kind, locale, replace(facts, **{name: words[name] for name in words if hasattr(facts, name)}))
    assert "script" not in _Page(mail.html).tags
    assert "<script" not in mail.html
    assert not re.search(r"[\r\n\x00]", mail.subject)
    assert "\r" not in mail.text
    assert not any(line.startswith("Bcc:") for line in mail.text.splitlines())
    for text in (mail.subject, mail.html, mail.text):
        assert "\u202e" not in text
        text.encode()


def test_a_special_request_and_a_reason_are_escaped_and_cut():
    long = HOSTILE + "word " * 300
    mail = render_mail("new_booking", "en", for_guide(replace(PAID, special_requests=long)))
    assert "&lt;script&gt;" in mail.html
    assert mail.text.count("word") < 120
    assert "…" in mail.text
    told = render_mail("booking_cancelled", "en", replace(REFUNDED, cancelled_by="guide", reason=long))
    assert "&lt;script&gt;" in told.html
    assert told.text.count("word") < 80


def test_subjects_of_long_titles_stay_short():
    mail = render_mail("booking_confirmed", "sw", replace(PAID, title="Safari " * 60))
    assert len(mail.subject) <= 160


@pytest.mark.parametrize("locale", LOCALES)
def test_a_confirmation_has_people_price_receipt_and_calendar(locale):
    mail = render_mail("booking_confirmed", locale, PAID)
    for text in (mail.text, _Page(mail.html).text):
        for needed in ("Amina Wanjiku", "+254 712 345 678", "Kenya National Archives", "KES 5,000", "KES 500"):
            assert needed in text
        assert "KES 5,500" in text
        assert "SKL7RT61SV" in text
    assert 'href="tel:+254712345678"' in mail.html
    (attachment,) = mail.attachments
    assert (attachment.filename, attachment.media_type) == ("elite-events-B7K2M9QX.ics", "text/calendar")
    assert attachment.content.startswith(b"BEGIN:VCALENDAR")


def test_a_confirmation_without_payment_or_phone_speaks_of_neither():
    facts = replace(BOOKED, guide=replace(AMINA, phone=None))
    mail = render_mail("booking_confirmed", "en", facts)
    assert "Paid by" not in mail.text + mail.html
    assert "tel:" not in mail.html
    assert "Your guide: Amina Wanjiku\n" in mail.text


def test_a_receipt_without_a_number_says_where_it_is():
    mail = render_mail("payment_receipt", "en", replace(PAID, receipt=None))
    assert "The M-Pesa receipt number is in the SMS" in mail.text
    assert "Receipt number:" not in mail.text
    assert "in the SMS" not in render_mail("payment_receipt", "en", PAID).text


def test_a_receipt_in_another_currency_names_both():
    lines = (replace(PAID.lines[0], amount=Money(4_250, "USD")),)
    mail = render_mail("payment_receipt", "en", replace(PAID, total=Money(4_250, "USD"), lines=lines))
    assert "Paid: KES 5,500" in mail.text
    assert re.search(r"Total +USD 42\.50", mail.text)


@pytest.mark.parametrize("code", [code for code in MEANINGS if code != "0"])
@pytest.mark.parametrize("locale", LOCALES)
def test_a_failed_payment_says_what_happened(code, locale):
    mail = render_mail("payment_failed", locale, replace(HELD, failure_code=code))
    assert message(code, locale) in mail.text
    assert message(code, locale) in _Page(mail.html).text


def test_a_failed_payment_offers_to_pay_while_the_seats_are_held():
    held = render_mail("payment_failed", "en", replace(HELD, failure_code="1032")).text
    assert "We are holding 2 seats for you until 14:25 EAT." in held
    assert "Try the payment again: https" in held
    unknown = render_mail("payment_failed", "en", replace(HELD, hold_ends_at=None, failure_code="1032")).text
    assert "until" not in unknown
    assert "See your booking: https" in unknown
    for_us = render_mail("payment_failed", "en", replace(HELD, failure_code="2028")).text
    assert "Try the payment again" not in for_us


def test_swahili_says_the_hour_as_it_is_spoken():
    assert "hadi 14:25 EAT (saa 8:25 mchana)" in _flat(render_mail("payment_under_review", "sw", HELD).text)


@pytest.mark.parametrize(
    ("audience", "by", "english", "swahili"),
    [
        ("tourist", "tourist", "You have cancelled, Jane.", "Jane, umeghairi."),
        ("tourist", "guide", "Amina had to cancel, Jane.", "Jane, Amina amelazimika kughairi."),
        ("tourist", "admin", "We had to cancel, Jane.", "Jane, tumelazimika kughairi."),
        ("tourist", None, "We had to cancel, Jane.", "Jane, tumelazimika kughairi."),
        ("guide", "tourist", "Jane has cancelled, Amina.", "Amina, Jane ameghairi."),
        ("guide", "guide", "You have cancelled, Amina.", "Amina, umeghairi."),
        ("guide", "admin", "We had to cancel, Amina.", "Amina, tumelazimika kughairi."),
    ],
)
def test_a_cancellation_names_who_cancelled(audience, by, english, swahili):
    facts = replace(REFUNDED, cancelled_by=by)
    facts = for_guide(facts) if audience == "guide" else facts
    for locale, opening in (("en", english), ("sw", swahili)):
        mail = render_mail("booking_cancelled", locale, facts)
        assert mail.text.startswith(opening)
        assert opening in _Page(mail.html).text
        assert "KES 5,500" in mail.text
        assert "KES 5,500" in mail.html


def test_a_cancellation_too_late_for_money_says_so_only_to_who_cancelled():
    late = "it was too late for a refund"
    assert late in render_mail("booking_cancelled", "en", replace(PAID, cancelled_by="tourist")).text
    nothing_back = replace(PAID, cancelled_by="tourist", refund=Money(0, "KES"))
    assert late in render_mail("booking_cancelled", "en", nothing_back).text
    assert late not in render_mail("booking_cancelled", "en", replace(BOOKED, cancelled_by="tourist")).text
    assert late not in render_mail("booking_cancelled", "en", for_guide(replace(PAID, cancelled_by="tourist"))).text


@pytest.mark.parametrize(
    ("provider", "way"), [("mpesa", "to the M-Pesa number that paid"), ("stripe", "the way you paid")]
)
def test_money_going_back_says_where(provider, way):
    for kind in ("late_money_refunded", "surplus_refunded"):
        assert f"KES 5,500 back {way}." in render_mail(kind, "en", replace(REFUNDED, provider=provider)).text


@pytest.mark.parametrize(
    ("by", "english", "swahili"),
    [
        ("tourist", "after you had cancelled this booking.", "baada ya wewe kughairi nafasi hii."),
        ("guide", "after Amina had cancelled this booking.", "baada ya Amina kughairi nafasi hii."),
        ("admin", "after we had cancelled this booking.", "baada ya sisi kughairi nafasi hii."),
    ],
)
def test_money_for_a_cancelled_booking_is_not_told_as_lost_seats(by, english, swahili):
    for locale, needed in (("en", english), ("sw", swahili)):
        mail = render_mail("late_money_refunded", locale, replace(REFUNDED, cancelled_by=by))
        for text in (mail.text, _Page(mail.html).text):
            assert needed in text
            assert "KES 5,500" in text
            assert not re.search("sorry|seats|too late|samahani|kuisha|yalichelewa", text, re.IGNORECASE)


@pytest.mark.parametrize("locale", LOCALES)
def test_late_money_whose_seats_are_gone_says_so(locale):
    mail = render_mail("late_money_refunded", locale, REFUNDED)
    assert {"en": "could no longer give you the seats", "sw": "hatukuweza tena kukupa nafasi"}[locale] in mail.text
    assert not re.search("cancel|ghairi", mail.text + _Page(mail.html).text)


@pytest.mark.parametrize(("kind", "locale", "facts"), [mail for mail in BOOKING_MAILS if mail[2].refund])
def test_no_mail_promises_when_a_refund_arrives(kind, locale, facts):
    mail = render_mail(kind, locale, facts)
    assert not PROMISED_TIME.search(mail.subject + mail.text + _Page(mail.html).text)


def test_the_end_of_a_tour_of_several_days_has_its_date():
    facts = replace(BOOKED, ends_at=BOOKED.starts_at + timedelta(days=9, hours=3))
    english, swahili = (render_mail("booking_confirmed", locale, facts).text for locale in LOCALES)
    assert "10:00–Mon 30 Nov 13:00 EAT" in english
    assert "10:00–Jumatatu 30 Nov 13:00 EAT" in _flat(swahili)


def test_other_guests_and_other_zones_are_named():
    facts = replace(
        BOOKED,
        guests=(("adult", 2), ("child", 1), ("VIP", 1), ("infant", 0)),
        timezone="Asia/Dubai",
        starts_at=datetime(2026, 12, 31, 18, 0, tzinfo=UTC),
        ends_at=datetime(2026, 12, 31, 22, 0, tzinfo=UTC),
    )
    english, swahili = (render_mail("booking_confirmed", locale, facts).text for locale in LOCALES)
    assert "4 guests (2 adults, 1 child, 1 VIP)" in english
    assert "Thursday 31 December 2026, 22:00–Fri 02:00 UTC+04" in english
    assert "Wageni 4 (watu wazima 2, mtoto 1, VIP 1)" in swahili
    assert "Alhamisi 31 Desemba 2026, 22:00–Ijumaa 02:00 UTC+04 (saa 4 usiku)" in _flat(swahili)


def test_a_private_party_is_told_its_own_seats():
    assert "We have confirmed 2 seats for you." in render_mail("booking_confirmed", "en", replace(PAID, seats=8)).text


@pytest.mark.parametrize(("kind", "needed"), NEEDED.items())
def test_a_kind_without_its_facts_is_refused(kind, needed):
    bare = {AccountFacts: ACCOUNT, ApplicationFacts: APPLIED, BookingFacts: BOOKED, ExperienceFacts: LISTED}[
        NOTICES[kind].facts
    ]
    with pytest.raises(NothingToSay, match=needed[0]):
        render_notice(kind, "en", bare)


@pytest.mark.parametrize(("kind", "locale"), [("no_such_kind", "en"), ("booking_confirmed", "fr"), ("../base", "en")])
def test_unknown_kinds_and_locales_are_refused(kind, locale):
    with pytest.raises(NothingToSay):
        render_mail(kind, locale, PAID)


@pytest.mark.parametrize(("kind", "facts"), [("booking_confirmed", ACCOUNT), ("password_changed", PAID)])
def test_a_kind_is_told_from_its_own_facts(kind, facts):
    with pytest.raises(NothingToSay):
        render_mail(kind, "en", facts)


@pytest.mark.parametrize(("kind", "locale", "facts"), ACCOUNT_MAILS)
def test_a_mail_about_an_account_keeps_its_link_out_of_the_notification(kind, locale, facts):
    assert "token" not in "".join(render_notice(kind, locale, facts))
    mail = render_mail(kind, locale, facts)
    assert mail.text.count(facts.url) == 1
    assert not mail.attachments


@pytest.mark.parametrize("kind", ["email_verification", "password_reset"])
def test_a_link_says_how_long_it_works(kind):
    assert "until 21 November 2026, 10:00 EAT." in render_mail(kind, "en", LINKED).text
    assert "hadi 21 Novemba 2026, 10:00 EAT." in render_mail(kind, "sw", LINKED).text


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.03928 else ((one + 0.055) / 1.055) ** 2.4 for one in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("colours", [palette.LIGHT, palette.DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), palette.TEXT_ON_GROUND)
def test_text_is_readable_on_its_ground(colours, text, ground):
    lighter, darker = sorted((_luminance(colours[text]), _luminance(colours[ground])), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


@pytest.mark.parametrize(("kind", "locale", "facts"), MAILS)
def test_a_notification_says_the_news_however_short_the_names(kind, locale, facts):
    short = Person("Bo", "Bo Li")
    people = {name: short for name in ("reader", "tourist", "guide") if hasattr(facts, name)}
    facts = replace(facts, **people)
    title, body = render_notice(kind, locale, facts)
    mail = render_mail(kind, locale, facts)
    assert title == mail.subject
    assert 30 < len(body) <= 300
    assert body in _flat(mail.text)
    assert "Bo" in body
    # What comes after the news: the ticket with its day and hours.
    assert "2026" not in body or isinstance(facts, AccountFacts)
