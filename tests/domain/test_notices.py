"""What people are told, on which channels, and what they are not told any more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.facts import ApplicationFacts
from domain.notices import NOTICES, Audience, Channel, NoticeKind, is_overtaken
from ops.samples import ACCOUNT, BOOKED


def test_every_kind_has_its_place_in_the_table():
    assert set(NOTICES) == set(NoticeKind)


@pytest.mark.parametrize("kind", NoticeKind)
def test_everything_is_told_by_mail_and_to_somebody_and_codes_by_sms(kind):
    notice = NOTICES[kind]
    assert (Channel.EMAIL in notice.channels) == (kind is not NoticeKind.PHONE_CODE)
    assert notice.channels
    assert notice.audiences
    assert notice.category in {"bookings", "payments", "account", "messages", "experiences", "applications"}


def test_what_changes_somebodys_day_also_goes_by_sms():
    by_sms = {kind.value for kind, notice in NOTICES.items() if Channel.SMS in notice.channels}
    assert {"booking_confirmed", "new_booking", "booking_cancelled"} <= by_sms
    assert not by_sms & {"hold_expired", "payment_failed", "payment_under_review", "surplus_refunded"}


def test_money_is_told_to_the_tourist_alone_and_a_cancellation_to_both():
    for kind, notice in NOTICES.items():
        if notice.category == "payments":
            assert notice.audiences == (Audience.TOURIST,), kind
    assert NOTICES[NoticeKind.BOOKING_CANCELLED].audiences == (Audience.TOURIST, Audience.GUIDE)
    assert NOTICES[NoticeKind.NEW_BOOKING].audiences == (Audience.GUIDE,)


def test_nobody_can_unsubscribe_from_their_own_bookings_and_payments():
    assert all(notice.is_transactional for notice in NOTICES.values())


def test_a_failure_is_not_told_once_the_payment_has_been_paid_after_all():
    failed = replace(BOOKED, failure_code="1032")
    paid = replace(failed, failure_code=None)
    assert not is_overtaken(NoticeKind.PAYMENT_FAILED, failed)
    assert is_overtaken(NoticeKind.PAYMENT_FAILED, paid)


@pytest.mark.parametrize("kind", sorted(set(NoticeKind) - {NoticeKind.PAYMENT_FAILED}))
def test_no_other_news_is_overtaken(kind):
    assert not is_overtaken(kind, replace(BOOKED, failure_code=None))


def test_what_is_about_an_account_goes_to_its_mailbox_or_phone_and_not_into_the_list():
    about = {kind for kind, notice in NOTICES.items() if notice.is_about_account}
    # What becomes of a guide's licence is news wherever they look.
    listed = {kind for kind in about if kind.startswith("licence_")}
    applications = {kind for kind, notice in NOTICES.items() if notice.facts is ApplicationFacts}
    assert (about - listed) | applications == {kind for kind, notice in NOTICES.items() if not notice.has_badge}
    assert {NOTICES[kind].channels for kind in about} == {(Channel.EMAIL,), (Channel.SMS,)}


def test_applicants_are_told_by_mail_for_they_need_no_account():
    for kind in NoticeKind:
        is_about_application = NOTICES[kind].audiences == (Audience.APPLICANT,)
        assert is_about_application == kind.startswith("application_")
        assert not is_about_application or NOTICES[kind].channels == (Channel.EMAIL,)


def test_a_link_that_does_not_work_any_more_is_not_sent():
    assert not is_overtaken(NoticeKind.PASSWORD_RESET, ACCOUNT)
    assert is_overtaken(NoticeKind.PASSWORD_RESET, replace(ACCOUNT, is_over=True))
